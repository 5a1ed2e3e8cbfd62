from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Self
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from config.staff.history import tracked
from config.staff.zones import validate_zone

if TYPE_CHECKING:
    from config.staff.models.stay import Stay


class Role(models.TextChoices):
    GUEST = "guest", _("Guest delegate")
    OFFICER = "officer", _("Officer")
    MANAGER = "manager", _("Manager")
    ADMINISTRATOR = "administrator", _("Administrator")


class Exports(models.TextChoices):
    AS_THE_ROLE = "", _("As the role says: managers and administrators")
    YES = "yes", _("Yes")
    NO = "no", _("No")


class UserQuerySet(models.QuerySet["User"]):
    def active(self) -> Self:
        return self.filter(is_active=True)

    def staff(self) -> Self:
        """Everybody of the agency; guest delegates are not."""
        return self.exclude(role=Role.GUEST)

    def visible_to(self, user: "User") -> Self:
        """Colleagues see colleagues; a guest sees nobody but themselves."""
        return self if user.is_staff_member else self.filter(pk=user.pk)


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user: User = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        user: User = self.get(email__iexact=username)
        return user


@tracked(exclude=("password", "last_login"))
class User(AbstractBaseUser):
    """A person who may log in. There is no superuser: what a person may see follows from role, team and being named."""

    email = models.EmailField(_("e-mail"), max_length=254)
    name = models.CharField(_("name"), max_length=200)
    role = models.CharField(_("role"), max_length=20, choices=Role, default=Role.OFFICER)
    team = models.ForeignKey(
        "staff.Team", models.PROTECT, null=True, blank=True, related_name="members", verbose_name=_("team")
    )
    manager = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="reports", verbose_name=_("manager")
    )
    deputy = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="deputy_of", verbose_name=_("deputy")
    )
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES, default="es")
    zone = models.CharField(_("time zone"), max_length=64, default="America/Bogota", validators=[validate_zone])
    morning_hour = models.PositiveSmallIntegerField(
        _("morning hour"),
        default=7,
        validators=[MaxValueValidator(23)],
        help_text=_("The hour at which the morning mail comes, in your own time zone."),
    )
    quiet_from = models.PositiveSmallIntegerField(
        _("quiet from"),
        null=True,
        blank=True,
        default=20,
        validators=[MaxValueValidator(23)],
        help_text=_("From this hour until the morning hour nothing is sent to you."),
    )
    theme = models.CharField(
        _("appearance"),
        max_length=10,
        choices=[("auto", _("Like the device")), ("light", _("Light")), ("dark", _("Dark"))],
        default="auto",
    )
    exports = models.CharField(
        _("may export"),
        max_length=3,
        choices=Exports,
        blank=True,
        default=Exports.AS_THE_ROLE,
        help_text=_("Lists as files, which leave the agency. Guest delegates never may."),
    )
    may_override_gates = models.BooleanField(
        _("may move a lead past a gate"),
        default=False,
        help_text=_("For managers and administrators. Each use asks for a reason and stands in the lead's log."),
    )
    is_active = models.BooleanField(_("active"), default=True)
    joined_at = models.DateTimeField(_("joined"), auto_now_add=True)
    closed_at = models.DateTimeField(_("account closed"), null=True, blank=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    objects = UserManager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("staff")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(Lower("email"), name="one_account_an_email"),
            models.CheckConstraint(name="morning_hour_is_an_hour", condition=models.Q(morning_hour__lte=23)),
            models.CheckConstraint(
                name="quiet_hour_is_an_hour", condition=models.Q(quiet_from=None) | models.Q(quiet_from__lte=23)
            ),
            models.CheckConstraint(
                name="a_closed_account_is_not_active",
                condition=models.Q(is_active=True, closed_at=None) | models.Q(is_active=False, closed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="only_managers_override_gates",
                condition=models.Q(may_override_gates=False) | models.Q(role__in=[Role.MANAGER, Role.ADMINISTRATOR]),
                violation_error_message=_("Only managers and administrators may move a lead past a gate."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_guest_delegate(self) -> bool:
        return self.role == Role.GUEST

    @property
    def is_staff_member(self) -> bool:
        """Works at the agency: an officer, a manager or an administrator whose account is open."""
        return self.is_active and self.role in {Role.OFFICER, Role.MANAGER, Role.ADMINISTRATOR}

    @property
    def is_manager(self) -> bool:
        """May see the dashboard and the work of a team; administrators may too."""
        return self.is_active and self.role in {Role.MANAGER, Role.ADMINISTRATOR}

    @property
    def overrides_gates(self) -> bool:
        return self.is_manager and self.may_override_gates

    @property
    def is_administrator(self) -> bool:
        return self.is_active and self.role == Role.ADMINISTRATOR

    @property
    def may_export(self) -> bool:
        """May take records away as a file; a right of its own."""
        if not self.is_staff_member or self.exports == Exports.NO:
            return False
        return self.exports == Exports.YES or self.is_manager

    # Django's admin asks these four names.
    @property
    def is_staff(self) -> bool:
        return self.is_administrator

    def has_perm(self, perm: str, obj: object = None) -> bool:
        return self.is_administrator

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_administrator

    @property
    def is_superuser(self) -> bool:
        return False

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.split(" ", 1)[0]

    def zone_at(self, moment: datetime) -> str:
        """The zone this person lives by at that moment: the place of a stay, or else their own."""
        stays = [stay for stay in self.known_stays if stay.covers(moment)]
        return stays[-1].zone if stays else self.zone

    def quiet_until(self, moment: datetime) -> datetime | None:
        """The end of the quiet hours if the moment lies in them, where this person is then."""
        if self.quiet_from is None or self.quiet_from == self.morning_hour:
            return None
        here = moment.astimezone(ZoneInfo(self.zone_at(moment)))
        since_quiet, until_morning = ((here.hour - self.quiet_from) % 24, (self.morning_hour - self.quiet_from) % 24)
        if since_quiet >= until_morning:
            return None
        day = here.date() + timedelta(days=here.hour >= self.morning_hour)
        return datetime.combine(day, time(self.morning_hour), here.tzinfo).astimezone(UTC)

    @cached_property
    def known_stays(self) -> "list[Stay]":
        """Asked once a request, however often a page asks what day it is."""
        return list(self.stays.all())

    def close(self, *, at: datetime) -> None:
        """End the account: no login any more. Their sessions end with it, see `config.staff.accounts`."""
        if not self.is_active:
            return
        self.is_active, self.closed_at = False, at
        self.save(update_fields=["is_active", "closed_at"])

    close.alters_data = True  # type: ignore[attr-defined]
