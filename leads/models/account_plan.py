from typing import ClassVar, Self

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from config.staff.history import tracked
from config.staff.merge_policy import MergePolicy
from config.staff.models import User
from leads.models.reading import Reading


class Tier(models.TextChoices):
    A = "A", _("A: strategic")
    B = "B", _("B: growth")
    C = "C", _("C: monitor")


@tracked()
class VisitRhythm(models.Model):
    """How often the installed investors of a tier are visited."""

    # Where nobody says otherwise.
    DEFAULTS: ClassVar = {Tier.A: 90, Tier.B: 180, Tier.C: 365}

    tier = models.CharField(_("tier"), max_length=1, choices=Tier, primary_key=True)
    days = models.PositiveSmallIntegerField(_("days between two visits"))

    class Meta:
        verbose_name = _("visit rhythm")
        verbose_name_plural = _("visit rhythms")
        ordering = ["tier"]
        constraints = [models.CheckConstraint(name="rhythm_is_a_day_or_more", condition=models.Q(days__gte=1))]

    def __str__(self) -> str:
        return self.get_tier_display()

    @classmethod
    def days_of(cls, tier: str) -> int:
        days = cls.objects.filter(tier=tier).values_list("days", flat=True).first()
        return days or cls.DEFAULTS[Tier(tier)]


class AccountPlanQuerySet(models.QuerySet["AccountPlan"]):
    def visible_to(self, user: User) -> Self:
        """Staff see every plan, as they see every company. Nothing to guests."""
        return self if user.is_staff_member else self.none()

    def current(self) -> Self:
        return self.filter(company__merged_into=None, company__archived_at=None)


@tracked(exclude=("version", "updated_at", "last_visit_at", "next_visit_on", "visit"))
class AccountPlan(models.Model):
    """What we mean to do for one installed investor, and who does it."""

    company = models.ForeignKey(
        "companies.Company", models.PROTECT, related_name="account_plans", verbose_name=_("company")
    )
    tier = models.CharField(_("tier"), max_length=1, choices=Tier, default=Tier.C)
    owner = models.ForeignKey(
        "staff.User", models.PROTECT, related_name="account_plans", verbose_name=_("account owner")
    )
    deputy = models.ForeignKey(
        "staff.User",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="account_plans_deputised",
        verbose_name=_("deputy"),
    )
    operation = models.TextField(_("what they do here"), blank=True, max_length=5000)
    lease_ends_on = models.DateField(_("lease ends"), null=True, blank=True)
    contract_renewal_on = models.DateField(_("contract renewal"), null=True, blank=True)
    expansion_signals = models.TextField(_("signs of expansion"), blank=True, max_length=5000)
    risks = models.TextField(_("risks"), blank=True, max_length=5000)
    # Both kept by `leads.aftercare.rhythm`, so that the list of overdue visits is one statement.
    last_visit_at = models.DateTimeField(_("last visit"), null=True, blank=True, editable=False)
    next_visit_on = models.DateField(_("next visit"), null=True, blank=True, editable=False)
    # The follow-up that asks for that visit; while it is open no other is opened.
    visit = models.ForeignKey(
        "leads.FollowUp", models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    created_by = models.ForeignKey(
        "staff.User", models.SET_NULL, null=True, editable=False, related_name="+", verbose_name=_("created by")
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    merge_policies: ClassVar[dict[str, MergePolicy]] = {"company": MergePolicy.FOLD}

    objects = AccountPlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("account plan")
        verbose_name_plural = _("account plans")
        constraints = [
            models.UniqueConstraint("company", name="one_account_plan_a_company"),
            models.CheckConstraint(
                name="deputy_is_somebody_else",
                condition=models.Q(deputy=None) | ~models.Q(deputy=models.F("owner")),
                violation_error_message=_("The deputy is somebody other than the account owner."),
            ),
        ]
        indexes = [
            # The list of installed investors, the longest overdue first, page by key.
            models.Index(fields=["next_visit_on", "id"], name="account_plans_by_next_visit"),
        ]

    def __str__(self) -> str:
        return f"{self.company} · {self.tier}"

    def get_absolute_url(self) -> str:
        return reverse("leads:account", args=[self.company_id])


@tracked()
class Headcount(models.Model):
    """How many people worked at the local operation on a day, and who said so."""

    company = models.ForeignKey(
        "companies.Company", models.PROTECT, related_name="headcounts", verbose_name=_("company")
    )
    counted_on = models.DateField(_("counted on"))
    jobs = models.PositiveIntegerField(_("people employed"))
    source = models.CharField(
        _("who says so"),
        max_length=8,
        choices=Reading.ValueSource,
        default=Reading.ValueSource.COMPANY,
    )
    note = models.CharField(_("note"), max_length=300, blank=True)
    by = models.ForeignKey("staff.User", models.PROTECT, null=True, editable=False, related_name="+")

    merge_policies: ClassVar[dict[str, MergePolicy]] = {"company": MergePolicy.FOLD}

    class Meta:
        verbose_name = _("headcount")
        verbose_name_plural = _("headcounts")
        ordering = ["counted_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                "company",
                "counted_on",
                name="one_headcount_a_company_and_day",
                violation_error_message=_("There is a headcount of that day already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.jobs} ({self.counted_on})"
