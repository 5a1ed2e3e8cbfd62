from typing import ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from config.staff.history import tracked
from config.staff.models import User


class ReportQuerySet(models.QuerySet["Report"]):
    def visible_to(self, user: User) -> Self:
        """One's own; administrators see whose mails go out."""
        if user.is_administrator:
            return self
        return self.filter(person=user) if user.is_manager else self.none()


@tracked(exclude=("next_on",))
class Report(models.Model):
    """A page of figures that comes to somebody by mail, every week or every month."""

    class View(models.TextChoices):
        BOARD = "board", _("Board page")
        WEEK = "week", _("Week of the managers")

    class Rhythm(models.TextChoices):
        WEEKLY = "weekly", _("Every Monday")
        MONTHLY = "monthly", _("On the first of every month")

    person = models.ForeignKey("staff.User", models.CASCADE, related_name="reports_by_mail", verbose_name=_("person"))
    view = models.CharField(_("page"), max_length=5, choices=View, default=View.BOARD)
    rhythm = models.CharField(_("how often"), max_length=7, choices=Rhythm, default=Rhythm.MONTHLY)
    # The day of the next one. A worker that was away sends it late, and once.
    next_on = models.DateField(_("next"), editable=False)
    created_by = models.ForeignKey(
        "staff.User", models.SET_NULL, null=True, editable=False, related_name="+", verbose_name=_("created by")
    )

    COVERS: ClassVar = {Rhythm.WEEKLY: "week", Rhythm.MONTHLY: "month"}

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report by mail")
        verbose_name_plural = _("reports by mail")
        ordering = ["next_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                "person",
                "view",
                "rhythm",
                name="one_report_a_person_page_and_rhythm",
                violation_error_message=_("This page comes to this person already."),
            )
        ]
        indexes = [
            # The job that plans what is due.
            models.Index(fields=["next_on", "id"], name="reports_to_plan"),
        ]

    def __str__(self) -> str:
        return f"{self.get_view_display()} · {self.get_rhythm_display()}"
