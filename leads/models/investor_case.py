from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from config.staff.history import tracked
from config.staff.merge_policy import MergePolicy
from config.staff.models import User
from leads.errors import StaleEdit


class InvestorCaseQuerySet(models.QuerySet["InvestorCase"]):
    def visible_to(self, user: User) -> Self:
        """Staff see all but what was said in confidence, which is for its owner, whoever opened it, and managers."""
        if not user.is_staff_member:
            return self.none()
        if user.is_manager:
            return self
        return self.filter(Q(is_confidential=False) | Q(owner=user) | Q(opened_by=user))

    def open(self) -> Self:
        return self.filter(state__in=InvestorCase.OPEN)


@tracked(exclude=("version", "follow_up"))
class InvestorCase(models.Model):
    """A warning sign or a grievance of an installed investor, from the first word of it to the investor's own yes."""

    class Flag(models.TextChoices):
        RED = "red", _("Red: answer within a day")
        YELLOW = "yellow", _("Yellow: answer within ten days")

    class About(models.TextChoices):
        CLOSING = "closing", _("Closing or moving away")
        DOWNSIZING = "downsizing", _("Letting people go")
        REGULATION = "regulation", _("Regulation")
        PERMITS = "permits", _("Permits")
        TAX = "tax", _("Tax")
        CUSTOMS = "customs", _("Customs")
        LABOUR = "labour", _("Labour")
        TALENT = "talent", _("Talent and language")
        SUPPLIERS = "suppliers", _("Suppliers")
        UTILITIES = "utilities", _("Utilities and logistics")
        SITE = "site", _("Site and real estate")
        SECURITY = "security", _("Security")
        OTHER = "other", _("Something else")

    class State(models.TextChoices):
        RECEIVED = "received", _("Just received")
        INADMISSIBLE = "inadmissible", _("Not ours to solve")
        ADMITTED = "admitted", _("Admitted")
        PLANNED = "planned", _("With an action plan")
        ESCALATED = "escalated", _("Escalated")
        RESOLVED = "resolved", _("Resolved")
        PARTLY = "partly", _("Partly resolved")
        UNRESOLVED = "unresolved", _("Not resolved")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    class Level(models.IntegerChoices):
        TECHNICAL = 1, _("1: technical staff")
        SECRETARY = 2, _("2: secretary or mayor")
        MINISTRY = 3, _("3: ministry")

    OPEN: ClassVar = (State.RECEIVED, State.ADMITTED, State.PLANNED, State.ESCALATED)
    OUTCOMES: ClassVar = (State.RESOLVED, State.PARTLY, State.UNRESOLVED)
    # Days in which somebody has answered it.
    DAYS: ClassVar = {Flag.RED: 1, Flag.YELLOW: 10}
    NEXT: ClassVar[dict[str, tuple[str, ...]]] = {
        State.RECEIVED: (State.ADMITTED, State.INADMISSIBLE, State.WITHDRAWN),
        State.ADMITTED: (State.PLANNED, State.WITHDRAWN),
        State.PLANNED: (State.ESCALATED, *OUTCOMES, State.WITHDRAWN),
        State.ESCALATED: (State.ESCALATED, *OUTCOMES, State.WITHDRAWN),
        # The investor does not agree that it is over.
        **dict.fromkeys(OUTCOMES, (State.PLANNED,)),
    }

    company = models.ForeignKey(
        "companies.Company", models.PROTECT, related_name="investor_cases", verbose_name=_("company")
    )
    flag = models.CharField(_("how urgent"), max_length=6, choices=Flag, default=Flag.YELLOW)
    about = models.CharField(_("what it is about"), max_length=10, choices=About)
    what = models.CharField(_("in one line"), max_length=200)
    text = models.TextField(_("what we heard"), max_length=5000, blank=True)
    is_confidential = models.BooleanField(
        _("in confidence"), default=False, help_text=_("For its owner, whoever opened it, and managers.")
    )
    owner = models.ForeignKey("staff.User", models.PROTECT, related_name="investor_cases", verbose_name=_("owner"))
    due_on = models.DateField(_("answer by"), editable=False)
    jobs_at_risk = models.PositiveIntegerField(_("jobs at risk"), null=True, blank=True)
    usd_at_risk = models.DecimalField(
        _("investment at risk (USD)"), max_digits=16, decimal_places=2, null=True, blank=True
    )
    legal_norm = models.CharField(_("legal norm"), max_length=200, blank=True)
    authority = models.CharField(_("authority involved"), max_length=200, blank=True)
    plan = models.TextField(_("action plan"), max_length=5000, blank=True)
    level = models.PositiveSmallIntegerField(_("escalated to"), choices=Level, null=True, blank=True)
    outcome = models.TextField(_("what came of the case"), max_length=5000, blank=True)
    confirmed_on = models.DateField(_("confirmed by the investor"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.RECEIVED, editable=False)
    # What puts it on its owner's Today, and reminds; done with the first answer.
    follow_up = models.ForeignKey(
        "leads.FollowUp", models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    opened_by = models.ForeignKey(
        "staff.User", models.PROTECT, editable=False, related_name="+", verbose_name=_("opened by")
    )
    opened_at = models.DateTimeField(_("opened"), editable=False)

    merge_policies: ClassVar[dict[str, MergePolicy]] = {"company": MergePolicy.MOVE}

    objects = InvestorCaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("case of an investor")
        verbose_name_plural = _("cases of investors")
        constraints = [
            models.CheckConstraint(name="case_has_a_line", condition=~Q(what="")),
            models.CheckConstraint(
                name="planned_case_has_its_plan", condition=~Q(state__in=["planned", "escalated"]) | ~Q(plan="")
            ),
            models.CheckConstraint(
                name="escalated_case_says_to_whom", condition=~Q(state="escalated") | Q(level__isnull=False)
            ),
            models.CheckConstraint(
                name="ended_case_says_what_came_of_it",
                condition=~Q(state__in=["resolved", "partly", "unresolved", "inadmissible"]) | ~Q(outcome=""),
            ),
            models.CheckConstraint(
                name="only_an_outcome_is_confirmed",
                condition=Q(confirmed_on=None) | Q(state__in=["resolved", "partly", "unresolved"]),
            ),
        ]
        indexes = [
            # The list of cases, what is due first, page by key.
            models.Index(fields=["due_on", "id"], name="investor_cases_by_day"),
        ]

    def __str__(self) -> str:
        return self.what

    def get_absolute_url(self) -> str:
        return reverse("leads:case", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    @property
    def is_over(self) -> bool:
        return self.state in self.OUTCOMES

    @property
    def next_states(self) -> list[str]:
        """An escalated one may go one level up; one that the investor has confirmed stays."""
        if self.confirmed_on:
            return []
        return [str(state) for state in self.NEXT.get(self.state, ())]

    def refuse_stale(self, seen_version: int) -> None:
        if seen_version != self.version:
            raise StaleEdit(self, seen_version)


class CaseStep(models.Model):
    """A change of the state of a case: who, when and why."""

    case = models.ForeignKey(InvestorCase, models.CASCADE, related_name="steps", verbose_name=_("case"))
    before = models.CharField(_("before"), max_length=12, choices=InvestorCase.State, blank=True)
    after = models.CharField(_("after"), max_length=12, choices=InvestorCase.State)
    note = models.CharField(_("note"), max_length=500, blank=True)
    by = models.ForeignKey("staff.User", models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("step of a case")
        verbose_name_plural = _("steps of cases")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return str(self.get_after_display())
