import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import connection, models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.staff.history import tracked
from missions.wall_time import to_wall

if TYPE_CHECKING:
    from config.staff.models import User
    from missions.models.delegate import Delegate

ONE_PLACE = "nobody_is_in_two_places"


class SeatQuerySet(models.QuerySet["Seat"]):
    def taken(self, people: Iterable[str], start: datetime, end: datetime) -> Self:
        """Where these people are at that time already."""
        overlapping = self.filter(person__in=list(people), during__overlap=(start, end), blocks=True)
        return overlapping.select_related("delegate", "appointment__company").order_by("during", "pk")


@tracked(exclude=("person", "during", "blocks"))
class Seat(models.Model):
    """One of our people in one appointment.

    Who sits there, when, and whether that hour is taken by it are written by triggers alone, out of the appointment
    and the delegate; the same person may be a delegate of several missions.
    """

    appointment = models.ForeignKey("missions.Appointment", models.CASCADE, related_name="seats")
    delegate = models.ForeignKey("missions.Delegate", models.CASCADE, related_name="seats")
    person = models.TextField(default="", editable=False)
    during = DateTimeRangeField(null=True, editable=False)
    blocks = models.BooleanField(default=False, editable=False)

    objects = SeatQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("seat")
        verbose_name_plural = gettext_lazy("seats")
        constraints = [
            models.UniqueConstraint("appointment", "delegate", name="one_seat_a_person_and_appointment"),
            ExclusionConstraint(
                name=ONE_PLACE,
                expressions=[("person", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
                condition=models.Q(blocks=True),
            ),
        ]


class DoubleBooked(Exception):  # noqa: N818 - the domain's word for it
    """Somebody would have to be in two places at once."""

    def __init__(self, seats: Iterable[Seat]) -> None:
        self.seats = list(seats)
        super().__init__(", ".join(str(seat.delegate) for seat in self.seats))

    def said_to(self, reader: "User", zone: str) -> list[str]:
        """A sentence each, by the clocks of the zone; who may not see the other appointment is told its hour alone."""
        from missions.models.appointment import Appointment  # noqa: PLC0415 - an appointment knows its seats

        others = [seat.appointment_id for seat in self.seats]
        seen = set(Appointment.objects.visible_to(reader).filter(pk__in=others).values_list("pk", flat=True))
        return [self._sentence(seat, zone, is_seen=seat.appointment_id in seen) for seat in self.seats]

    @staticmethod
    def _sentence(seat: Seat, zone: str, *, is_seen: bool) -> str:
        start, end = (to_wall(moment, zone) for moment in (seat.appointment.starts_at, seat.appointment.ends_at))
        words = {
            "person": seat.delegate.name,
            "company": seat.appointment.company.name,
            "start": f"{start:%H:%M}",
            "end": f"{end:%H:%M}",
        }
        if is_seen:
            return _("%(person)s is already with %(company)s from %(start)s to %(end)s.") % words
        return _("%(person)s is already taken from %(start)s to %(end)s.") % words


def hold(delegates: "Iterable[Delegate]") -> None:
    """Whoever plans for one of these people waits for us, so that between looking and saving nobody takes the hour.

    To be called in a transaction; the rule itself is the database's.
    """
    keys = {int.from_bytes(hashlib.sha256(one.person.encode()).digest()[:8], signed=True) for one in delegates}
    with connection.cursor() as cursor:
        for key in sorted(keys):
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key])
