from typing import Self
from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from config.staff.addresses import address
from config.staff.models import User


def private_name(_paper: "Paper", _name: str) -> str:
    name = uuid4().hex
    return f"papers/{name[:2]}/{name}"


class PaperQuerySet(models.QuerySet["Paper"]):
    def visible_to(self, user: User) -> Self:
        """One's own: a page holds what its maker may see."""
        return self.filter(by=user) if user.is_staff_member else self.none()

    def busy(self) -> Self:
        return self.filter(state=Paper.State.MAKING)


class Paper(models.Model):
    """A page of figures that somebody asked for as a PDF: made by the queue, kept for some days."""

    class Kind(models.TextChoices):
        BOARD = "board", _("Board page")
        WEEK = "week", _("Week of the managers")
        PUBLIC = "public", _("Public sheet")
        FUNDER = "funder", _("Annex for a funder")

    class State(models.TextChoices):
        MAKING = "making", _("Being made")
        DONE = "done", _("Ready")
        FAILED = "failed", _("Could not be made")

    kind = models.CharField(_("page"), max_length=6, choices=Kind)
    # What the address of the page asked for.
    query = models.CharField(_("filters"), max_length=1000, blank=True)
    language = models.CharField(_("language"), max_length=2)
    by = models.ForeignKey("staff.User", models.CASCADE, related_name="papers", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))
    state = models.CharField(_("state"), max_length=6, choices=State, default=State.MAKING)
    faults = models.PositiveSmallIntegerField(default=0)
    pdf = models.FileField(upload_to=private_name, max_length=120, blank=True)

    objects = PaperQuerySet.as_manager()

    class Meta:
        verbose_name = _("page of figures as PDF")
        verbose_name_plural = _("pages of figures as PDF")
        ordering = ["-at", "-pk"]
        indexes = [
            # The job that takes up what a lost worker left, and the one that removes old ones.
            models.Index(fields=["state", "at"], name="papers_to_make"),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())

    def get_absolute_url(self) -> str:
        return address("leads:paper", self.pk)

    @property
    def is_busy(self) -> bool:
        return self.state == self.State.MAKING
