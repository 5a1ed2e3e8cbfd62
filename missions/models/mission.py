from datetime import date
from typing import ClassVar, Self

from django.contrib.postgres.indexes import GinIndex
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from companies.models.folding import folded
from config.staff import clock
from config.staff.addresses import address
from config.staff.history import tracked
from config.staff.labels import Labelled
from config.staff.merge_policy import MergePolicy
from config.staff.models import User
from config.staff.zones import validate_zone


class WrongMoment(Exception):  # noqa: N818 - the domain's word for it
    """The mission's status does not allow this change, e.g. starting one that was cancelled."""

    def __init__(self, mission: "Mission") -> None:
        super().__init__(mission.get_status_display())
        self.mission = mission


class OwnMission(Exception):  # noqa: N818 - the domain's word for it
    """Whoever asked for a mission, or leads it, does not decide on it."""


class MissionQuerySet(models.QuerySet["Mission"]):
    def visible_to(self, user: User) -> Self:
        """Staff see every mission; a guest delegate sees the missions they travel with."""
        if user.is_staff_member:
            return self
        if user.is_active and user.is_guest_delegate:
            return self.filter(pk__in=user.delegations.values("mission"))
        return self.none()

    def under_way(self) -> Self:
        return self.filter(status=Mission.Status.UNDER_WAY)

    def of(self, user: User) -> Self:
        """The missions this person travels with."""
        return self.filter(pk__in=user.delegations.values("mission"))


@tracked(exclude=("folded", "version", "updated_at"))
class Mission(Labelled):
    """A trip or a series of meetings with one aim: many cities, events and time zones."""

    class Kind(models.TextChoices):
        OUTWARD = "outward", _("Outward mission")
        INWARD_VISIT = "inward_visit", _("Visit of an investor")
        INWARD_GROUP = "inward_group", _("Familiarisation trip")
        EXHIBITION = "exhibition", _("Exhibition or conference")
        ROADSHOW = "roadshow", _("Seminar or roadshow")
        MATCHMAKING = "matchmaking", _("Matchmaking round")
        VIRTUAL = "virtual", _("Virtual mission")
        ACCOUNT_TOUR = "account_tour", _("Account visit tour")

    class Status(models.TextChoices):
        PLANNED = "planned", _("Planned")
        CONFIRMED = "confirmed", _("Confirmed")
        UNDER_WAY = "under_way", _("Under way")
        ENDED = "ended", _("Ended")
        CANCELLED = "cancelled", _("Cancelled")

    class Decision(models.TextChoices):
        GO = "go", _("Go")
        NO_GO = "no_go", _("No-go")

    # Before anybody travels.
    AHEAD: ClassVar = (Status.PLANNED, Status.CONFIRMED)
    OPEN: ClassVar = (Status.PLANNED, Status.CONFIRMED, Status.UNDER_WAY)

    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.OUTWARD)
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.PLANNED, editable=False)
    objective = models.TextField(_("objective"), blank=True, max_length=5000)
    lead_officer = models.ForeignKey(
        "staff.User", models.PROTECT, related_name="missions_led", verbose_name=_("mission lead")
    )
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    sectors = models.ManyToManyField("companies.Sector", blank=True, related_name="missions", verbose_name=_("sectors"))
    partners = models.ManyToManyField(
        "companies.Company", blank=True, related_name="missions_as_partner", verbose_name=_("partners and funders")
    )
    target_meetings = models.PositiveIntegerField(_("goal: meetings held"), null=True, blank=True)
    target_leads = models.PositiveIntegerField(_("goal: leads"), null=True, blank=True)
    # Whether it is worth the trip, by whom it was approved, and on what ground.
    decision = models.CharField(_("decision"), max_length=5, choices=Decision, blank=True, editable=False)
    decided_by = models.ForeignKey(
        "staff.User", models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("decided by")
    )
    decided_at = models.DateTimeField(_("decided"), null=True, editable=False)
    decision_note = models.CharField(_("ground of the decision"), max_length=500, blank=True, editable=False)
    cancelled_because = models.CharField(_("why it was cancelled"), max_length=300, blank=True, editable=False)
    copied_from = models.ForeignKey(
        "self", models.SET_NULL, null=True, editable=False, related_name="copies", verbose_name=_("copied from")
    )
    started_at = models.DateTimeField(_("started"), null=True, blank=True, editable=False)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    created_by = models.ForeignKey(
        "staff.User", models.SET_NULL, null=True, editable=False, related_name="+", verbose_name=_("created by")
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)
    folded = folded("name")

    merge_policies: ClassVar[dict[str, MergePolicy]] = {"partners": MergePolicy.FOLD}

    objects = MissionQuerySet.as_manager()

    class Meta:
        verbose_name = _("mission")
        verbose_name_plural = _("missions")
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="mission_ends_after_it_starts",
                condition=models.Q(ends_on__gte=models.F("starts_on")),
                violation_error_message=_("A mission cannot end before it starts."),
            ),
            models.CheckConstraint(
                name="mission_decision_has_who_and_when",
                condition=models.Q(decision="") | models.Q(decided_by__isnull=False, decided_at__isnull=False),
            ),
        ]
        indexes = [
            # The mission list, newest first, page by key.
            models.Index(fields=["-starts_on", "-id"], name="mission_list_by_day"),
            # Search by name, typos forgiven.
            GinIndex(fields=["folded"], name="mission_search", opclasses=["gin_trgm_ops"]),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return address("leads:mission", self.pk)

    def may_be_decided_by(self, user: User) -> bool:
        return user.is_manager and user.pk not in {self.lead_officer_id, self.created_by_id}

    @property
    def is_under_way(self) -> bool:
        return self.status == self.Status.UNDER_WAY

    @property
    def is_ahead(self) -> bool:
        return self.status in self.AHEAD

    @property
    def is_open(self) -> bool:
        return self.status in self.OPEN

    def start(self) -> "Mission":
        """Make it the context of every log of its delegates. A second time changes nothing."""
        return self._become(self.Status.UNDER_WAY, from_=self.AHEAD)

    def end(self) -> "Mission":
        """No longer the context of a log; what hangs on it goes on. A second time changes nothing."""
        return self._become(self.Status.ENDED, from_=(self.Status.UNDER_WAY,))

    def reopen(self) -> "Mission":
        """It was ended too early, and is the context of every log again."""
        return self._become(self.Status.UNDER_WAY, from_=(self.Status.ENDED,))

    def cancel(self) -> "Mission":
        return self._become(self.Status.CANCELLED, from_=self.AHEAD)

    @transaction.atomic
    def decide(self, decision: str, *, by: User, note: str, seen_version: int) -> "Mission":
        """Go or no-go, by a manager who neither asked for it nor leads it, as evidence is checked by somebody else.

        A go confirms the mission; after a no-go it does not start until one says go.
        """
        mission = Mission.objects.select_for_update().get(pk=self.pk)
        if by.is_manager and not mission.may_be_decided_by(by):
            raise OwnMission(mission)
        if not mission.is_ahead or not by.is_manager or mission.version != seen_version:
            raise WrongMoment(mission)
        mission.decision, mission.decision_note = decision, note[:500]
        mission.decided_by, mission.decided_at = by, clock.now()
        mission.status = self.Status.CONFIRMED if decision == self.Decision.GO else self.Status.PLANNED
        mission.version += 1
        mission.save()
        return mission

    start.alters_data = decide.alters_data = end.alters_data = reopen.alters_data = cancel.alters_data = True  # type: ignore[attr-defined]

    @transaction.atomic
    def _become(self, status: Status, *, from_: tuple[Status, ...]) -> "Mission":
        mission = Mission.objects.select_for_update().get(pk=self.pk)
        if mission.status == status:
            return mission
        if mission.status not in from_:
            raise WrongMoment(mission)
        if status == self.Status.UNDER_WAY and mission.decision == self.Decision.NO_GO:
            raise WrongMoment(mission)
        mission.status, mission.version = status, mission.version + 1
        if status == self.Status.UNDER_WAY:
            mission.started_at, mission.ended_at = mission.started_at or clock.now(), None
        if status == self.Status.ENDED:
            mission.ended_at = clock.now()
        mission.save(update_fields=["status", "version", "started_at", "ended_at", "updated_at"])
        return mission


@tracked()
class Stop(models.Model):
    """One city of a mission; its zone is the zone of everything planned there."""

    mission = models.ForeignKey(Mission, models.CASCADE, related_name="stops", verbose_name=_("mission"))
    city = models.ForeignKey("companies.City", models.PROTECT, related_name="stops", verbose_name=_("city"))
    zone = models.CharField(_("time zone"), max_length=64, validators=[validate_zone])
    arrives_on = models.DateField(_("first day"))
    leaves_on = models.DateField(_("last day"))

    class Meta:
        verbose_name = _("stop")
        verbose_name_plural = _("stops")
        ordering = ["arrives_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="stop_ends_after_it_starts",
                condition=models.Q(leaves_on__gte=models.F("arrives_on")),
                violation_error_message=_("A stop cannot end before it starts."),
            ),
        ]

    def __str__(self) -> str:
        return self.city.name

    def covers(self, day: date) -> bool:
        return self.arrives_on <= day <= self.leaves_on
