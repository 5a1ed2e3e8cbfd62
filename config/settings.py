"""One settings file, fed by the environment; `.env.example` lists every name and its purpose."""

from pathlib import Path

import django_stubs_ext
import environ
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from config.embedded.state import database_url, redis_url, state_folder

# `ModelForm[Lead]` and its like are annotations that Django itself does not carry at run time.
django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent
STATE = state_folder()

env = environ.Env()

# What kind of place this is
DEBUG = env.bool("DEBUG", default=False)
# The demo shows its accounts on the login page and asks nobody for a second factor. Only `manage.py demo` sets it.
DEMO = env.bool("PUENTE_DEMO", default=False)
TESTING = env.bool("PUENTE_TESTING", default=False)
LOCAL = DEMO or TESTING or DEBUG

# Left empty, Django refuses at the first use; `manage.py up` and `check --deploy` say so before that.
SECRET_KEY = env.str("SECRET_KEY", default="a key for one machine, never for a real agency" if LOCAL else "")

SITE_URL = env.str("SITE_URL", default="http://localhost:8000").rstrip("/")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
AGENCY_NAME = env.str("AGENCY_NAME", default="Invest Pacific")
AGENCY_ADDRESS = env.str("AGENCY_ADDRESS", default="Cali, Valle del Cauca, Colombia")
AGENCY_COUNTRY = env.str("AGENCY_COUNTRY", default="CO")
# For so many years after the win somebody verifies jobs and investment.
VERIFICATION_YEARS = min(max(env.int("VERIFICATION_YEARS", default=3), 0), 10)

INSTALLED_APPS = [
    "config",
    "config.staff",
    "companies",
    "missions",
    "leads",
    "config.site.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "csp",
    "pgtrigger",
    "pghistory",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "config.health.DatabaseGoneMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "config.staff.middleware.ReaderMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "config.staff.middleware.SecondFactorMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "pghistory.middleware.HistoryMiddleware",
]

SILENCED_SYSTEM_CHECKS = [
    "templates.W003",  # `i18n` is ours on purpose: Django's tags, looked up once a language
    "auth.W004",  # one account an e-mail is held by a constraint that ignores case
    "staticfiles.W004",  # the vendor folder is made by `manage.py assets`
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context.page",
            ],
            "libraries": {"i18n": "config.translating"},
        },
    },
]
# Widgets are drawn by the project's own templates too.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

# The servers. Without these two names every command speaks to the embedded ones in the state folder.
DATABASES = {"default": env.db_url("DATABASE_URL", default=database_url())}
DATABASES["default"]["ENGINE"] = "django.db.backends.postgresql"
DATABASES["default"]["CONN_MAX_AGE"] = env.int("DATABASE_CONN_MAX_AGE", default=60)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
# A server that does not answer at all is soon told to whoever waits for the page.
DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)
# Our many joins go along keys, and Postgres takes longer to weigh every order of eight of them than to answer; and
# longer to compile a statement of ours than to run it. A pooler in between must pass `options` on.
DATABASES["default"]["OPTIONS"].setdefault("options", "-c join_collapse_limit=6 -c jit=off")
REDIS_URL = env.str("REDIS_URL", default=redis_url())
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": env.str("CACHE_PREFIX", default="puente"),
        "OPTIONS": {"socket_connect_timeout": 3, "socket_timeout": 3},
    }
}

# Celery has words of its own for a Unix socket and for the number of a database behind it.
CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1).replace("?db=", "?virtual_host=", 1)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_TASK_TIME_LIMIT = 300
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 600, "global_keyprefix": env.str("CACHE_PREFIX", default="")}
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULER = "config.heartbeat:Scheduler"
CELERY_BEAT_SCHEDULE: dict[str, dict[str, object]] = {
    "open_follow_ups": {"task": "leads.tasks.open_follow_ups", "schedule": 60.0, "options": {"expires": 60}},
    "find_look_alikes": {"task": "companies.tasks.find_look_alikes", "schedule": 60.0, "options": {"expires": 60}},
    "anonymise_people": {"task": "companies.tasks.anonymise_people", "schedule": 60.0, "options": {"expires": 60}},
    "purge_removed_files": {"task": "companies.tasks.purge_removed_files", "schedule": 3600.0},
    "carry_on_imports": {"task": "companies.tasks.carry_on_imports", "schedule": 60.0, "options": {"expires": 60}},
    "carry_on_bulk_edits": {
        "task": "companies.tasks.carry_on_bulk_edits",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
    "make_booklets": {"task": "leads.tasks.make_booklets", "schedule": 60.0, "options": {"expires": 60}},
    "make_papers": {"task": "leads.tasks.make_papers", "schedule": 60.0, "options": {"expires": 60}},
    "remove_old_papers": {"task": "leads.tasks.remove_old_papers", "schedule": 6 * 3600.0},
    "remove_old_booklets": {"task": "leads.tasks.remove_old_booklets", "schedule": 6 * 3600.0},
    "remove_old_bulk_edits": {"task": "companies.tasks.remove_old_bulk_edits", "schedule": 6 * 3600.0},
    "remove_old_imports": {"task": "companies.tasks.remove_old_imports", "schedule": 6 * 3600.0},
    "keep_wall_times": {"task": "missions.tasks.keep_wall_times", "schedule": 300.0, "options": {"expires": 300}},
    "carry_on_purges": {"task": "leads.tasks.carry_on_purges", "schedule": 300.0, "options": {"expires": 300}},
    "note_quality": {"task": "leads.tasks.note_quality", "schedule": 6 * 3600.0},
    "settle_reserves": {"task": "leads.tasks.settle_reserves", "schedule": 60.0, "options": {"expires": 60}},
    "raise_reminders": {"task": "leads.tasks.raise_reminders", "schedule": 30.0, "options": {"expires": 30}},
    "fetch_mail": {"task": "leads.tasks.fetch_mail", "schedule": 60.0, "options": {"expires": 60}},
    "send_due": {"task": "leads.tasks.send_due", "schedule": 15.0, "options": {"expires": 15}},
}

# Who may come in
AUTH_USER_MODEL = "staff.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/today/"
ACCOUNT_ADAPTER = "config.staff.adapters.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "config.staff.adapters.SocialAccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # an administrator invites the address; the invitation mail proves it
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_RATE_LIMITS = {  # beside allauth's own limits
    "invitation": "30/m/ip",
    "enquiry": "10/m/ip,60/h/ip",
    # The servers of a large calendar ask for many people from one address.
    "calendar": "300/m/ip",
    "calendar_address": "30/h/key",
}
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Puente"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = LOCAL
USERSESSIONS_TRACK_ACTIVITY = False
SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_AUTO_SIGNUP = False
OIDC_SERVER_URL = env.str("OIDC_SERVER_URL", default="")
SOCIALACCOUNT_PROVIDERS = (
    {
        "openid_connect": {
            "APPS": [
                {
                    "provider_id": "oidc",
                    "name": env.str("OIDC_NAME", default="Single sign-on"),
                    "client_id": env.str("OIDC_CLIENT_ID", default=""),
                    "secret": env.str("OIDC_SECRET", default=""),
                    "settings": {"server_url": OIDC_SERVER_URL},
                }
            ]
        }
    }
    if OIDC_SERVER_URL
    else {}
)
# Administrators must have a second factor everywhere but in the demo and the tests.
SECOND_FACTOR_FOR_ADMINISTRATORS = env.bool("SECOND_FACTOR_FOR_ADMINISTRATORS", default=not (DEMO or TESTING))

# Outgoing mail. The mail room talks to this server itself, with these time limits.
EMAIL_BACKEND = env.str("EMAIL_BACKEND", default="django.core.mail.backends.smtp.EmailBackend")
EMAIL_HOST = env.str("EMAIL_HOST", default="localhost")
EMAIL_PORT = env.int("EMAIL_PORT", default=25)
EMAIL_HOST_USER = env.str("EMAIL_HOST_USER", default="")
EMAIL_HOST_PASSWORD = env.str("EMAIL_HOST_PASSWORD", default="")
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", default=False)
EMAIL_USE_SSL = env.bool("EMAIL_USE_SSL", default=False)
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", default=20)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Puente <puente@localhost>")
MAIL_DOMAIN = env.str("MAIL_DOMAIN", default="puente.localhost")
# Mails that come in: a secret for the server that hands them over, or a mailbox that is looked into
INBOUND_SECRET = env.str("INBOUND_SECRET", default="")
INBOUND_IMAP_HOST = env.str("INBOUND_IMAP_HOST", default="")
INBOUND_IMAP_PORT = env.int("INBOUND_IMAP_PORT", default=993)
INBOUND_IMAP_USER = env.str("INBOUND_IMAP_USER", default="")
INBOUND_IMAP_PASSWORD = env.str("INBOUND_IMAP_PASSWORD", default="")
INBOUND_IMAP_FOLDER = env.str("INBOUND_IMAP_FOLDER", default="INBOX")
INBOUND_MOST = env.int("INBOUND_MOST_MB", default=10) * 1024 * 1024
# Where the demo's mail sink keeps what was sent, and the page that shows it reads.
MAIL_SINK = env.str("MAIL_SINK", default="")

# Language and time
LANGUAGE_CODE = "es"
LANGUAGES = [("es", _("Spanish")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "config" / "locale"]
USE_TZ = True
TIME_ZONE = "UTC"
AGENCY_ZONE = env.str("AGENCY_ZONE", default="America/Bogota")
FORMAT_MODULE_PATH = ["config.formats"]

# Files
STATIC_URL = "/static/"
STATIC_ROOT = env.str("STATIC_ROOT", default=str(STATE / "static"))
STATICFILES_DIRS = [BASE_DIR / "static", ("vendor", STATE / "vendor")]
MEDIA_ROOT = env.str("MEDIA_ROOT", default=str(STATE / "files"))
PRINT_FONTS = STATE / "fonts"  # the letters of printed pages, fetched by `manage.py assets --fonts`
# A folder of this machine, or a bucket where one is named. Nothing in it has an address of its own.
S3_BUCKET = env.str("S3_BUCKET", default="")
STORAGES = {
    "default": {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": S3_BUCKET,
            "endpoint_url": env.str("S3_ENDPOINT_URL", default="") or None,
            "region_name": env.str("S3_REGION", default="") or None,
            "access_key": env.str("S3_ACCESS_KEY_ID", default="") or None,
            "secret_key": env.str("S3_SECRET_ACCESS_KEY", default="") or None,
            "default_acl": None,
            "file_overwrite": False,
        },
    }
    if S3_BUCKET
    else {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING or DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# The browser's side of safety
SECURE_COOKIES = env.bool("SECURE_COOKIES", default=not LOCAL)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SECURE_COOKIES
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 14 * 24 * 3600
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=SECURE_COOKIES)
SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^healthz$"]
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31536000 if SECURE_COOKIES else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE_COOKIES
if env.bool("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "worker-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "media-src": [SELF, "blob:"],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
    }
}
# In megabytes; a larger file to import is refused before it is read.
IMPORT_MOST_MB = env.int("IMPORT_MOST_MB", default=50)
# The largest file on a record, and the most that is taken in before any form has looked at it.
FILE_SIZE_LIMIT = env.int("FILE_SIZE_LIMIT_MB", default=25) * 1024 * 1024
UPLOAD_LIMIT = max(FILE_SIZE_LIMIT, 2 * IMPORT_MOST_MB * 1024 * 1024)
FILE_UPLOAD_HANDLERS = [
    "config.staff.uploads.SizeGuard",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
}
