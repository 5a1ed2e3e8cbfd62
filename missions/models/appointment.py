from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from config.staff.history import tracked
from config.staff.labels import Labelled
from config.staff.merge_policy import MergePolicy
from config.staff.models import User
from config.staff.zones import validate_zone
from missions.models.seat import DoubleBooked, Seat, hold
from missions.wall_time import WallTimeField, moment_of, to_utc

if TYPE_CHECKING:
    from missions.models.delegate import Delegate


class Level(models.TextChoices):
    OPEN = "open", _("Open")
    RESTRICTED = "restricted", _("Restricted")


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    def visible_to(self, user: User) -> Self:
        """Staff see open ones and those they sit in or lead; a guest the open ones of the missions they travel with."""
        own = models.Q(pk__in=Seat.objects.filter(delegate__user=user).values("appointment"))
        if user.is_staff_member:
            return self.filter(models.Q(level=Level.OPEN) | models.Q(mission__lead_officer=user) | own)
        if user.is_active and user.is_guest_delegate:
            return self.filter(level=Level.OPEN, mission__in=user.delegations.values("mission"))
        return self.none()

    def to_come(self) -> Self:
        return self.filter(status__in=Appointment.TO_COME)


@tracked(exclude=("starts_at", "ends_at", "version", "updated_at"))
class Appointment(Labelled):
    """The plan, and whether they came. What was said there is an Interaction."""

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")
        CONFIRMED = "confirmed", _("Confirmed")
        MOVED = "moved", _("Moved")
        CANCELLED = "cancelled", _("Cancelled")
        NO_SHOW = "no_show", _("No-show")
        HELD = "held", _("Held")

    TO_COME: ClassVar = (Status.PROPOSED, Status.CONFIRMED, Status.MOVED)
    # Nobody's hour is taken by these.
    OFF: ClassVar = (Status.CANCELLED, Status.NO_SHOW)

    mission = models.ForeignKey(
        "missions.Mission", models.CASCADE, related_name="appointments", verbose_name=_("mission")
    )
    stop = models.ForeignKey(
        "missions.Stop", models.PROTECT, null=True, blank=True, related_name="appointments", verbose_name=_("stop")
    )
    event = models.ForeignKey(
        "missions.Event", models.SET_NULL, null=True, blank=True, related_name="appointments", verbose_name=_("event")
    )
    target = models.ForeignKey(
        "missions.MissionTarget",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="appointments",
        verbose_name=_("target"),
    )
    company = models.ForeignKey(
        "companies.Company", models.PROTECT, related_name="appointments", verbose_name=_("company")
    )
    contacts = models.ManyToManyField(
        "companies.Contact", blank=True, related_name="appointments", verbose_name=_("their people")
    )
    delegates = models.ManyToManyField(
        "missions.Delegate",
        through="missions.Seat",
        blank=True,
        related_name="appointments",
        verbose_name=_("our people"),
    )
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.PROPOSED)
    tentative = models.BooleanField(
        _("tentative"), default=False, help_text=_("A tentative one may lie over another of the same person.")
    )
    level = models.CharField(_("who may see it"), max_length=10, choices=Level, default=Level.OPEN)
    priority = models.CharField(_("priority"), max_length=1, blank=True)
    purpose = models.CharField(_("purpose"), max_length=300, blank=True)
    do_not_mention = models.CharField(
        _("do not mention"), max_length=500, blank=True, help_text=_("For our own people alone; guests never see it.")
    )
    place = models.CharField(_("place"), max_length=200, blank=True)
    address = models.CharField(_("address or link"), max_length=300, blank=True)
    town = models.CharField(
        _("town or district"),
        max_length=120,
        blank=True,
        help_text=_("Where it is within the stop, such as Palo Alto; travel is reckoned from town to town."),
    )
    zone = models.CharField(_("time zone"), max_length=64, validators=[validate_zone])
    # Wall time and zone are the truth; the two moments follow from them.
    local_start = WallTimeField(_("starts (local time)"))
    local_end = WallTimeField(_("ends (local time)"))
    starts_at = moment_of("local_start")
    ends_at = moment_of("local_end")
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    merge_policies: ClassVar[dict[str, MergePolicy]] = {"company": MergePolicy.MOVE, "contacts": MergePolicy.FOLD}

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="appointment_ends_after_it_starts",
                condition=models.Q(local_end__gt=models.F("local_start")),
                violation_error_message=_("An appointment cannot end before it starts."),
            ),
        ]
        indexes = [
            # The programme of a mission by day.
            models.Index(fields=["mission", "starts_at"], name="programme_of_a_mission"),
            # A day of the agenda, by the clocks of its place.
            models.Index(fields=["mission", "local_start"], name="agenda_of_a_day"),
            # The job that asks for held appointments nobody logged.
            models.Index(fields=["ends_at"], name="appointments_by_end", condition=models.Q(status="held")),
        ]

    def __str__(self) -> str:
        return str(self.company)

    @property
    def is_to_come(self) -> bool:
        return self.status in self.TO_COME

    @property
    def blocks(self) -> bool:
        """Whether those who sit here can be nowhere else meanwhile."""
        return not self.tentative and self.status not in self.OFF

    def in_the_way(self, delegates: "Iterable[Delegate]") -> list[Seat]:
        """Where these people are already, if this appointment is to take their hour. Holds them until all is saved."""
        if not self.blocks:
            return []
        delegates = list(delegates)
        hold(delegates)
        start, end = to_utc(self.local_start, self.zone), to_utc(self.local_end, self.zone)
        taken = Seat.objects.taken({one.person for one in delegates}, start, end)
        return list(taken.exclude(appointment=self.pk) if self.pk else taken)

    @transaction.atomic
    def become(self, status: Status) -> "Appointment":
        """Say what became of it. The same status again changes nothing.

        What was cancelled takes its hour again only where nobody sits elsewhere by now; what was held or put off is a
        fact, and is marked as tentative where it lies over another one.
        """
        appointment = Appointment.objects.select_for_update().get(pk=self.pk)
        if appointment.status == status:
            return appointment
        took_the_hour, appointment.status = appointment.blocks, status
        if not took_the_hour and (taken := appointment.in_the_way(appointment.delegates.all())):
            if status in {self.Status.PROPOSED, self.Status.CONFIRMED}:
                raise DoubleBooked(taken)
            appointment.tentative = True
        appointment.version += 1
        appointment.save(update_fields=["status", "tentative", "version", "updated_at"])
        return appointment

    become.alters_data = True  # type: ignore[attr-defined]
