from typing import Self
from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from config.staff.models import User


def private_name(_part: "BookletPart", _name: str) -> str:
    name = uuid4().hex
    return f"briefings/{name[:2]}/{name}"


class BookletQuerySet(models.QuerySet["Booklet"]):
    def visible_to(self, user: User) -> Self:
        """One's own: a book holds what its maker may see."""
        return self.filter(by=user) if user.is_staff_member else self.none()

    def busy(self) -> Self:
        return self.filter(state=Booklet.State.MAKING)


class Booklet(models.Model):
    """A briefing book that somebody asked for: of a mission, or of one delegate. Made in parts; kept for a month."""

    class State(models.TextChoices):
        MAKING = "making", _("Being made")
        DONE = "done", _("Ready")
        FAILED = "failed", _("Could not be made")

    mission = models.ForeignKey("missions.Mission", models.CASCADE, related_name="booklets", verbose_name=_("mission"))
    delegate = models.ForeignKey(
        "missions.Delegate", models.CASCADE, null=True, related_name="booklets", verbose_name=_("delegate")
    )
    by = models.ForeignKey("staff.User", models.CASCADE, related_name="booklets", verbose_name=_("by"))
    language = models.CharField(_("language"), max_length=2)
    at = models.DateTimeField(_("at"))
    state = models.CharField(_("state"), max_length=6, choices=State, default=State.MAKING)
    # The appointments in it, in order, as they were when it was asked for.
    meetings = models.JSONField(_("appointments"), default=list)
    done = models.PositiveIntegerField(_("appointments done"), default=0)
    faults = models.PositiveSmallIntegerField(default=0)

    objects = BookletQuerySet.as_manager()

    class Meta:
        verbose_name = _("briefing book")
        verbose_name_plural = _("briefing books")
        ordering = ["-at", "-pk"]
        indexes = [
            # The books of a mission on its page.
            models.Index(fields=["mission", "by", "-at"], name="booklets_of_a_mission"),
        ]

    def __str__(self) -> str:
        return str(self.delegate or self.mission)

    @property
    def is_busy(self) -> bool:
        return self.state == self.State.MAKING

    @property
    def percent(self) -> int:
        return 100 * self.done // len(self.meetings) if self.meetings else 0


class BookletPart(models.Model):
    """Some hundred appointments of a book: as a PDF, and as a piece of the page that works without a network."""

    booklet = models.ForeignKey(Booklet, models.CASCADE, related_name="parts", verbose_name=_("briefing book"))
    number = models.PositiveSmallIntegerField(_("part"))
    pdf = models.FileField(upload_to=private_name, max_length=120)
    page = models.TextField()

    class Meta:
        verbose_name = _("part of a briefing book")
        verbose_name_plural = _("parts of briefing books")
        ordering = ["number"]
        constraints = [models.UniqueConstraint("booklet", "number", name="one_part_a_booklet_and_number")]

    def __str__(self) -> str:
        return str(self.number)
