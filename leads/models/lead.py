from datetime import date
from typing import ClassVar, Self

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from companies.models.folding import folded
from config.staff.addresses import address
from config.staff.history import tracked
from config.staff.labels import Labelled
from config.staff.merge_policy import MergePolicy
from config.staff.models import User
from leads.models.choices import ENDED, ON_THE_BOARD, OPEN, Involvement, Level, Sharing, Source, Status
from leads.models.lead_amounts import AmountsQuerySet


class LeadQuerySet(AmountsQuerySet):
    def visible_to(self, user: User) -> Self:
        """Open ones to all staff; the team's to its members; named ones to those named. Nothing to guests."""
        if not user.is_staff_member:
            return self.none()
        return self.filter(may_see_lead(user))

    def countable(self) -> Self:
        """For agency-wide figures only: restricted leads count, and their rows read "reserved project"."""
        return self.exclude(status=Status.MERGED)

    def open(self) -> Self:
        return self.filter(status__in=OPEN)

    def on_the_board(self, *, started_since: date) -> Self:
        """Open ones; won ones until they operate, and then until the operation is no news any more."""
        return self.filter(
            ~Q(status=Status.WON) | Q(stage__lt=7) | Q(operational_on__gte=started_since),
            status__in=ON_THE_BOARD,
            stage__gte=1,
        )

    def ended(self) -> Self:
        return self.filter(status__in=ENDED)

    def announceable(self, *, on: date) -> Self:
        """What may be told outside: open, past its embargo, and not refused by the client."""
        told = self.filter(level=Level.OPEN).exclude(sharing=Sharing.REFUSED)
        return told.filter(Q(embargo_until=None) | Q(embargo_until__lte=on))

    def decided(self) -> Self:
        """Projects: the gate of stage 6 was passed, whatever came after."""
        return self.filter(decided_on__isnull=False)


def may_see_lead(user: User, lead: str = "") -> Q:
    """The rule as a condition; `lead` is the path to the lead, e.g. "lead__", for rows that hang on one."""
    named = LeadPerson.objects.filter(user=user).values("lead")
    seen = Q(**{f"{lead}level": Level.OPEN}) | Q(**{f"{lead}owner": user}) | Q(**{f"{lead}pk__in": named})
    if user.team_id:
        seen |= Q(**{f"{lead}level": Level.TEAM, f"{lead}team": user.team_id})
    return seen


@tracked(exclude=("folded", "version", "updated_at"))
class Lead(Labelled):
    """One investment opportunity of one company; from stage 3 on people say "project". Phases are child leads."""

    company = models.ForeignKey("companies.Company", models.PROTECT, related_name="leads", verbose_name=_("company"))
    title = models.CharField(_("what they plan"), max_length=200)
    code_name = models.CharField(_("code name"), max_length=60, blank=True)
    level = models.CharField(_("who may see it"), max_length=5, choices=Level, default=Level.OPEN)
    team = models.ForeignKey(
        "staff.Team", models.PROTECT, null=True, blank=True, related_name="leads", verbose_name=_("team")
    )
    stage = models.ForeignKey("leads.Stage", models.PROTECT, related_name="leads", verbose_name=_("stage"))
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.ACTIVE)
    stage_since = models.DateTimeField(_("in this stage since"))
    owner = models.ForeignKey("staff.User", models.PROTECT, related_name="leads", verbose_name=_("owner"))
    project_manager = models.ForeignKey(
        "staff.User",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="projects_managed",
        verbose_name=_("project manager"),
    )
    second_person = models.ForeignKey(
        "staff.User",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="projects_assured",
        verbose_name=_("second person"),
    )
    people = models.ManyToManyField(
        "staff.User", through="leads.LeadPerson", related_name="leads_named", verbose_name=_("named people")
    )
    contact = models.ForeignKey(
        "companies.Contact", models.SET_NULL, null=True, blank=True, related_name="leads", verbose_name=_("contact")
    )

    # Where it came from
    source = models.CharField(_("source"), max_length=10, choices=Source, blank=True)
    mission = models.ForeignKey(
        "missions.Mission",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="leads",
        verbose_name=_("mission (first touch)"),
    )
    event = models.ForeignKey(
        "missions.Event", models.SET_NULL, null=True, blank=True, related_name="leads", verbose_name=_("event")
    )
    target = models.ForeignKey(
        "missions.MissionTarget",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="leads",
        verbose_name=_("mission target"),
    )
    enquiry = models.ForeignKey(
        "leads.Enquiry", models.SET_NULL, null=True, blank=True, related_name="leads", verbose_name=_("enquiry")
    )
    involvement = models.CharField(
        _("our involvement"), max_length=9, choices=Involvement, default=Involvement.GENERATED
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="phases", verbose_name=_("phase of")
    )
    predecessor = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reinvestments",
        verbose_name=_("reinvestment after"),
    )

    # What it is
    sector = models.ForeignKey(
        "companies.Sector", models.PROTECT, null=True, blank=True, related_name="leads", verbose_name=_("sector")
    )
    activity = models.ForeignKey(
        "companies.Activity", models.PROTECT, null=True, blank=True, related_name="leads", verbose_name=_("activity")
    )
    investment_type = models.ForeignKey(
        "leads.InvestmentType",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="leads",
        verbose_name=_("investment type"),
    )
    municipality = models.ForeignKey(
        "companies.Municipality",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="leads",
        verbose_name=_("municipality"),
    )
    # Estimates of the open lead; what is announced, committed and verified are Readings.
    jobs_estimate = models.PositiveIntegerField(_("jobs, estimated"), null=True, blank=True)
    capex_estimate_usd = models.DecimalField(
        _("capex, estimated (USD)"), max_digits=16, decimal_places=2, null=True, blank=True
    )
    client_cannot_say = models.BooleanField(_("the client cannot say jobs or capex yet"), default=False)
    decision_from = models.DateField(_("decision expected from"), null=True, blank=True)
    decision_to = models.DateField(_("decision expected by"), null=True, blank=True)
    land_on = models.DateField(_("estimated start"), null=True, blank=True)
    competitors = models.CharField(_("competing locations"), max_length=300, blank=True)
    motives = models.CharField(_("motives"), max_length=300, blank=True)
    requirements = models.TextField(_("requirements"), blank=True, max_length=5000)
    likelihood = models.PositiveSmallIntegerField(_("likelihood (%)"), null=True, blank=True)
    visit_on = models.DateField(_("site visit"), null=True, blank=True)
    visit_debrief = models.TextField(_("what the visit showed"), blank=True, max_length=5000)
    shortlist = models.CharField(_("shortlisted places"), max_length=300, blank=True)
    incentives = models.CharField(_("incentives asked"), max_length=300, blank=True)
    open_issues = models.TextField(_("open issues"), blank=True, max_length=5000)
    sharing = models.CharField(_("sharing with partners"), max_length=7, choices=Sharing, blank=True)
    local_entity_nit = models.CharField(_("NIT of the local entity"), max_length=40, blank=True)

    # What became of it
    qualified_on = models.DateField(_("qualified"), null=True, blank=True, editable=False)
    decided_on = models.DateField(_("decided"), null=True, blank=True)
    embargo_until = models.DateField(
        _("not announced before"),
        null=True,
        blank=True,
        help_text=_("Until that day its name is in nothing that leaves the agency; it is counted without it."),
    )
    announced_on = models.DateField(_("announced"), null=True, blank=True)
    committed_on = models.DateField(_("committed"), null=True, blank=True)
    operational_on = models.DateField(_("operational"), null=True, blank=True)
    closed_on = models.DateField(_("closed"), null=True, blank=True, editable=False)
    review_on = models.DateField(_("look at it again on"), null=True, blank=True)
    reason = models.ForeignKey(
        "leads.Reason", models.PROTECT, null=True, blank=True, related_name="leads", verbose_name=_("reason")
    )
    other_reasons = models.ManyToManyField(
        "leads.Reason", blank=True, related_name="+", verbose_name=_("further reasons")
    )
    reason_note = models.CharField(_("in their words"), max_length=500, blank=True)
    lost_to_country = models.ForeignKey(
        "companies.Country", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("lost to country")
    )
    lost_to_city = models.CharField(_("lost to city"), max_length=120, blank=True)
    evidence = models.CharField(_("evidence"), max_length=500, blank=True)
    verified_by = models.ForeignKey(
        "staff.User",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="leads_verified",
        verbose_name=_("evidence checked by"),
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    created_by = models.ForeignKey(
        "staff.User", models.SET_NULL, null=True, editable=False, related_name="+", verbose_name=_("created by")
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)
    folded = folded("title", "code_name")

    merge_policies: ClassVar[dict[str, MergePolicy]] = {"company": MergePolicy.MOVE, "contact": MergePolicy.MOVE}

    objects = LeadQuerySet.as_manager()

    class Meta:
        verbose_name = _("lead")
        verbose_name_plural = _("leads")
        constraints = [
            models.CheckConstraint(
                name="restricted_lead_has_a_code_name",
                condition=models.Q(level=Level.OPEN) | ~models.Q(code_name=""),
                violation_error_message=_("A restricted lead needs a code name."),
            ),
            models.CheckConstraint(
                name="team_lead_has_a_team", condition=~models.Q(level=Level.TEAM) | models.Q(team__isnull=False)
            ),
            models.CheckConstraint(
                name="lead_is_not_its_own_phase", condition=models.Q(parent=None) | ~models.Q(parent=models.F("id"))
            ),
            models.CheckConstraint(
                name="closed_lead_says_why",
                condition=~models.Q(status__in=[Status.LOST, Status.DEAD, Status.DISQUALIFIED])
                | models.Q(reason__isnull=False),
                violation_error_message=_("Say why it ended."),
            ),
            models.CheckConstraint(
                name="lead_on_hold_has_a_review_date",
                condition=~models.Q(status=Status.ON_HOLD) | models.Q(review_on__isnull=False),
                violation_error_message=_("Say when to look at it again."),
            ),
            models.CheckConstraint(
                name="won_lead_was_decided",
                condition=~models.Q(status=Status.WON) | models.Q(decided_on__isnull=False),
            ),
            models.CheckConstraint(
                name="evidence_is_checked_by_somebody_else",
                condition=models.Q(verified_by=None) | ~models.Q(verified_by=models.F("owner")),
                violation_error_message=_("Somebody other than the owner checks the evidence."),
            ),
            models.CheckConstraint(
                name="likelihood_is_a_percentage",
                condition=models.Q(likelihood=None) | models.Q(likelihood__lte=100),
            ),
            models.UniqueConstraint("code_name", condition=~models.Q(code_name=""), name="one_lead_a_code_name"),
        ]
        indexes = [
            # The board: leads of a stage, the longest there first.
            models.Index(
                fields=["stage", "stage_since", "id"],
                name="board_by_stage",
                condition=models.Q(status__in=ON_THE_BOARD),
            ),
            # The pipeline of the dashboard and the sums of the board, out of the index alone.
            models.Index(
                fields=["stage"],
                include=[
                    *("level", "involvement", "status", "parent", "owner", "team", "operational_on"),
                    *("capex_estimate_usd", "jobs_estimate", "id"),
                ],
                name="pipeline_in_sums",
                condition=models.Q(status__in=ON_THE_BOARD),
            ),
            # Figures that narrow open leads by an index of their own, and these few by what is told of them.
            models.Index(fields=["id"], name="restricted_leads", condition=~models.Q(level=Level.OPEN)),
            # The lead list, newest first, page by key.
            models.Index(fields=["-created_at", "-id"], name="lead_list_by_day"),
            # The origin table and all figures by the year of decision.
            models.Index(fields=["decided_on"], name="decided_leads", condition=models.Q(decided_on__isnull=False)),
            # New opportunities of a year, out of the index alone.
            models.Index(
                fields=["qualified_on"],
                include=["level", "involvement", "status", "parent", "id"],
                name="opportunities_of_a_period",
                condition=models.Q(qualified_on__isnull=False),
            ),
            # Search by title and code name, typos forgiven.
            GinIndex(fields=["folded"], name="lead_search", opclasses=["gin_trgm_ops"]),
        ]

    def __str__(self) -> str:
        """Without the company: a lead that is restricted must not give its name away in a log or a mail."""
        return self.code_name or self.title

    def get_absolute_url(self) -> str:
        return address("leads:detail", self.pk)

    @property
    def is_restricted(self) -> bool:
        return self.level != Level.OPEN

    def is_held(self, *, on: date) -> bool:
        """Under embargo."""
        return self.embargo_until is not None and self.embargo_until > on

    @property
    def is_open(self) -> bool:
        return self.status in OPEN


@tracked()
class LeadPerson(models.Model):
    """Somebody who is named on a lead and so may see it whatever its level."""

    lead = models.ForeignKey(Lead, models.CASCADE, related_name="lead_people")
    user = models.ForeignKey("staff.User", models.CASCADE, related_name="lead_people")

    class Meta:
        verbose_name = _("named person")
        verbose_name_plural = _("named people")
        constraints = [models.UniqueConstraint("lead", "user", name="one_row_a_lead_and_person")]
