"""The demo: the whole product on a machine without servers, with sample data, for one person at that machine."""

import json
import os
import secrets
from pathlib import Path

from config.embedded import assets, postgres
from config.embedded.servers import forget, held_state, start_servers
from config.embedded.state import server_folder, state_folder
from config.migrations import pending
from config.running import (
    BEAT,
    MANAGE,
    Group,
    Say,
    any_free_port,
    chosen_port,
    environment_without,
    until_interrupted,
    web,
    worker,
)
from config.staff import clock

# What an agency's own environment may hold, and a demo must never touch or obey.
NOT_FOR_THE_DEMO = (
    *("DATABASE_", "REDIS_", "EMAIL_", "OIDC_", "SECURE_", "SECRET_KEY", "SITE_URL", "ALLOWED_HOSTS", "CSRF_"),
    *("STATIC_ROOT", "MEDIA_ROOT", "CACHE_PREFIX", "DEBUG", "MAIL_", "BEHIND_PROXY", "TRUSTED_", "SECOND_FACTOR"),
    *("DEFAULT_FROM_", "PUENTE_TESTING"),
)


def run(say: Say, *, port: int | None, data_folder: Path | None, reset: bool) -> None:
    if data_folder:
        os.environ["PUENTE_STATE"] = str(data_folder.absolute())
    ignored = [name for name in ("DATABASE_URL", "REDIS_URL") if os.environ.get(name)]
    if ignored:
        say(f"The demo ignores {' and '.join(ignored)}: it always uses servers of its own.")
    port = chosen_port(port)
    url = f"http://localhost:{port}"
    with until_interrupted(), held_state(url) as children:
        if reset:
            forget()
        hint = "" if sample_note().exists() else " The first start takes about a minute."
        say(f"Starting in {state_folder()}.{hint}")
        start_servers(children)
        group = Group(children, environment(url), logs=state_folder() / "logs")
        prepare(group, say)
        serve(group, port, url)
        say(welcome(url))
        group.fetch_fonts(say)
        group.watch()
    say("\nStopped. The data is kept; `--reset` begins anew.")


def environment(url: str) -> dict[str, str]:
    mail_port = any_free_port()
    return environment_without(NOT_FOR_THE_DEMO) | {
        "PUENTE_DEMO": "1",
        "PUENTE_STATE": str(state_folder()),
        "SECRET_KEY": secret_key(),
        "SITE_URL": url,
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": str(mail_port),
        "MAIL_SINK": str(state_folder() / "mail"),
        "C_FORCE_ROOT": "1",
        "PYTHONUNBUFFERED": "1",
    }


def secret_key() -> str:
    """This machine's own, so that nobody else's demo can forge its sessions."""
    kept = state_folder() / "secret_key"
    if not kept.exists():
        kept.touch(mode=0o600)
        kept.write_text(secrets.token_urlsafe(48))
    return kept.read_text()


def prepare(group: Group, say: Say) -> None:
    """The screens' files and the database at the same time: the first start has two cores to use."""
    # A second start finds them as they were, and need not wait for a process that says so.
    is_collected = assets.is_collected(state_folder() / "static", MANAGE.parent)
    collecting = None if is_collected else group.begin("assets", "--collect")
    sample = sample_note()
    if not sample.exists():
        # What an interrupted first start left is no use to anybody.
        postgres.drop_database(postgres.DATABASE)
        postgres.make_database(postgres.DATABASE)
    if pending(postgres.connect(postgres.DATABASE)):
        group.manage("migrate", "--skip-checks", "--verbosity", "0")
    if not sample.exists():
        say("Loading the sample data: a regional agency's first year.")
        load_sample(group, sample)
    if collecting:
        group.finish(collecting)


def sample_note() -> Path:
    return server_folder() / "sample.json"


def load_sample(group: Group, note: Path) -> None:
    today = clock.agency_today().isoformat()
    group.manage("load_first_data")
    group.manage("load_sample", "--size", "regional-1y", "--seed", "1", "--today", today)
    note.write_text(json.dumps({"size": "regional-1y", "seed": 1, "today": today}))


def serve(group: Group, port: int, url: str) -> None:
    """The web first: it answers a person sooner."""
    start_mail_sink(group)
    group.start("web", web(f"127.0.0.1:{port}"))
    group.start("worker", worker())
    group.start("beat", BEAT)
    group.wait_until_ready(url)


def start_mail_sink(group: Group) -> None:
    folder, port = group.environment["MAIL_SINK"], group.environment["EMAIL_PORT"]
    keep = ("-c", "aiosmtpd.handlers.Mailbox", folder)
    group.start("mail sink", ("aiosmtpd", "--nosetuid", "--listen", f"127.0.0.1:{port}", *keep))


def welcome(url: str) -> str:
    from config.sample.accounts import DEMO_ACCOUNTS  # noqa: PLC0415 - the demo only

    wide = max(len(str(role)) for role, _email, _password in DEMO_ACCOUNTS)
    rows = [f"  {role!s:<{wide}}  {email:<34} {password}" for role, email, password in DEMO_ACCOUNTS]
    return "\n".join(
        [
            "",
            f"Puente is ready at {url}",
            "",
            *rows,
            "",
            f"The mail it would have sent is shown at {url}/demo/mail/ - none leaves this machine.",
            f"Its servers are its own, and its logs are in {state_folder() / 'logs'}. Ctrl-C stops everything.",
        ]
    )
