import secrets
from typing import TYPE_CHECKING, Self

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from config.staff import clock
from config.staff.history import tracked
from config.staff.models import User

if TYPE_CHECKING:
    from missions.models.mission import Mission


def new_secret() -> str:
    """256 bits: nobody guesses it."""
    return secrets.token_urlsafe(32)


class CalendarFeedQuerySet(models.QuerySet["CalendarFeed"]):
    def visible_to(self, user: User) -> Self:
        """Each sees the addresses that were made for them, and nobody those of another."""
        return self.filter(user=user)

    def live(self) -> Self:
        return self.filter(revoked_at=None)


@tracked(exclude=("secret", "read_at"))
class CalendarFeed(models.Model):
    """A secret address that a person's calendar program reads: their own appointments, or all of a mission."""

    user = models.ForeignKey(
        "staff.User", models.CASCADE, related_name="calendar_feeds", verbose_name=_("person"), editable=False
    )
    mission = models.ForeignKey(
        "missions.Mission",
        models.CASCADE,
        null=True,
        related_name="calendar_feeds",
        verbose_name=_("mission"),
        editable=False,
    )
    secret = models.CharField(max_length=43, unique=True, default=new_secret, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, editable=False)
    read_at = models.DateTimeField(_("last read"), null=True, editable=False)

    objects = CalendarFeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("calendar address")
        verbose_name_plural = _("calendar addresses")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "mission"],
                condition=models.Q(revoked_at=None),
                nulls_distinct=False,
                name="one_live_address_a_person_and_mission",
            )
        ]

    def __str__(self) -> str:
        return str(self.mission) if self.mission else str(self.user)

    @classmethod
    @transaction.atomic
    def make(cls, user: User, mission: "Mission | None") -> "CalendarFeed":
        """A new address; the one before reads nothing any more."""
        User.objects.select_for_update(no_key=True).get(pk=user.pk)
        cls.revoke(user, mission)
        return cls.objects.create(user=user, mission=mission)

    @classmethod
    def revoke(cls, user: User, mission: "Mission | None") -> None:
        cls.objects.live().filter(user=user, mission=mission).update(revoked_at=clock.now())
