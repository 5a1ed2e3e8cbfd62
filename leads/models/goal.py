from datetime import date
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from config.staff.history import tracked
from config.staff.merge_policy import MergePolicy
from leads.models.choices import Layer


class GoalQuerySet(models.QuerySet["Goal"]):
    def in_force(self) -> Self:
        """Of each target the last version that somebody approved."""
        return self.filter(approved_at__isnull=False, replaced_at=None)

    def waiting(self) -> Self:
        return self.filter(approved_at=None, replaced_at=None)


@tracked()
class Goal(models.Model):
    """What a figure is to come to in a year or a month. A change is a new version, which somebody else approves."""

    KEY: ClassVar = ("figure", "year", "month", "sector", "market", "agreement", "layer", "scope")

    figure = models.SlugField(_("figure"), max_length=60)
    year = models.PositiveSmallIntegerField(_("year"))
    month = models.PositiveSmallIntegerField(_("month"), null=True, blank=True)
    sector = models.ForeignKey(
        "companies.Sector", models.PROTECT, null=True, blank=True, related_name="goals", verbose_name=_("sector")
    )
    market = models.ForeignKey(
        "companies.Country", models.PROTECT, null=True, blank=True, related_name="goals", verbose_name=_("market")
    )
    # Whoever funds it; the number of the agreement stands in the note.
    agreement = models.ForeignKey(
        "companies.Company",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="goals",
        verbose_name=_("funder's agreement"),
    )
    scope = models.CharField(
        _("scope"),
        max_length=8,
        choices=[("assisted", _("Assisted by the agency")), ("all", _("All known in the region"))],
        default="assisted",
    )
    layer = models.CharField(_("amounts"), max_length=9, choices=Layer, default=Layer.ANNOUNCED)
    value = models.DecimalField(_("target"), max_digits=18, decimal_places=2)
    note = models.CharField(_("note"), max_length=300, blank=True)
    version = models.PositiveSmallIntegerField(_("version"), default=1, editable=False)
    proposed_by = models.ForeignKey(
        "staff.User", models.PROTECT, related_name="+", editable=False, verbose_name=_("proposed by")
    )
    proposed_at = models.DateTimeField(_("proposed"), editable=False)
    approved_by = models.ForeignKey(
        "staff.User", models.PROTECT, null=True, related_name="+", editable=False, verbose_name=_("approved by")
    )
    approved_at = models.DateTimeField(_("approved"), null=True, editable=False)
    # By a later version that was approved, or because it was withdrawn.
    replaced_at = models.DateTimeField(_("replaced"), null=True, editable=False)

    merge_policies: ClassVar[dict[str, MergePolicy]] = {"agreement": MergePolicy.FOLD}

    objects = GoalQuerySet.as_manager()

    class Meta:
        verbose_name = _("goal of a figure")
        verbose_name_plural = _("goals of figures")
        ordering = ["-year", "month", "figure", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["figure", "year", "month", "sector", "market", "agreement", "layer", "scope", "version"],
                name="one_goal_a_figure_time_and_version",
                nulls_distinct=False,
            ),
            models.UniqueConstraint(
                fields=["figure", "year", "month", "sector", "market", "agreement", "layer", "scope"],
                condition=Q(approved_at__isnull=False, replaced_at=None),
                name="one_goal_in_force_a_figure_and_time",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="goal_is_approved_by_somebody_else",
                condition=Q(approved_by=None) | ~Q(approved_by=models.F("proposed_by")),
                violation_error_message=_("Somebody other than who proposed it approves it."),
            ),
            models.CheckConstraint(
                name="approved_goal_has_its_moment",
                condition=Q(approved_by=None, approved_at=None)
                | Q(approved_by__isnull=False, approved_at__isnull=False),
            ),
            models.CheckConstraint(
                name="month_of_a_goal_is_a_month", condition=Q(month=None) | Q(month__range=(1, 12))
            ),
            models.CheckConstraint(name="goal_is_not_negative", condition=Q(value__gte=0)),
        ]
        indexes = [
            # The targets of a year, on their page, on the board's page and in the monthly report.
            models.Index(fields=["year"], name="goals_of_a_year", condition=Q(replaced_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.figure} {self.year}" + (f"-{self.month:02}" if self.month else "")

    @property
    def stretch(self) -> str:
        return f"{self.year}-{self.month:02}" if self.month else f"{self.year}"

    @property
    def first_day(self) -> date:
        return date(self.year, self.month or 1, 1)


@tracked()
class Budget(models.Model):
    """What the agency may spend in a year, for the ratio of what its projects bring to it."""

    year = models.PositiveSmallIntegerField(_("year"), primary_key=True)
    begins_on = models.GeneratedField(
        expression=models.Func(models.F("year"), 1, 1, function="make_date"),
        output_field=models.DateField(),
        db_persist=True,
    )
    usd = models.DecimalField(_("budget (USD)"), max_digits=16, decimal_places=2)
    note = models.CharField(_("note"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("budget of a year")
        verbose_name_plural = _("budgets of years")
        ordering = ["-year"]
        constraints = [models.CheckConstraint(name="budget_is_above_zero", condition=Q(usd__gt=0))]

    def __str__(self) -> str:
        return str(self.year)
