"""One day of a mission by person: who is where when, by the clocks of the place, and what to look at.

A fixed number of queries, whatever the size of the mission: a page shows some people, the database finds theirs.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import F, Func, Q, QuerySet, TextField, Value

from config.staff.models import User
from missions.agenda import cautions
from missions.agenda.cautions import Caution
from missions.agenda.travel import Travel
from missions.models import Appointment, Delegate, Event, Mission, Seat, Stop
from missions.wall_time import to_wall

# Hours that the grid shows even where nothing is planned.
FIRST_HOUR, LAST_HOUR = 8, 19
STEP = 5
# Noon of a day at zero longitude is no further than this from any minute of that day anywhere.
ANY_ZONE = timedelta(hours=26)
MOST_UNASSIGNED = 60
MOST_BESIDE = 4


@dataclass
class Card:
    """One appointment in one person's lane; an hour that is taken elsewhere has no appointment to open."""

    start: datetime
    end: datetime
    appointment: Appointment | None = None
    elsewhere: str = ""
    column: int = 1
    columns: int = 1

    @property
    def classes(self) -> str:
        """Where it stands, in steps of five minutes; the style sheet knows each of these words."""
        midnight = datetime.combine(self.start.date(), time())
        start = (self.start - midnight) // timedelta(minutes=STEP)
        end = min(-(-(self.end - midnight) // timedelta(minutes=STEP)), 24 * 60 // STEP)
        long = max(end - start, 1)
        names = [f"at-h{start // 12}", f"at-m{start % 12}", f"for-h{long // 12}", f"for-m{long % 12}"]
        return " ".join([*names, f"beside-{self.columns}", f"nth-{self.column}"])


@dataclass
class Lane:
    person: Delegate | None
    cards: list[Card] = field(default_factory=list)

    @property
    def appointments(self) -> list[Appointment]:
        return [card.appointment for card in self.cards if card.appointment]


@dataclass
class Day:
    day: date
    stop: Stop | None
    zones: set[str]
    lanes: list[Lane]
    events: list[Event]
    cautions: list[Caution]
    more_unassigned: int = 0

    @property
    def first_hour(self) -> int:
        return min([FIRST_HOUR, *(card.start.hour for lane in self.lanes for card in lane.cards)])

    @property
    def hours(self) -> range:
        ends = [self._last_hour(card) for lane in self.lanes for card in lane.cards]
        return range(self.first_hour, max([LAST_HOUR, *ends]))

    def _last_hour(self, card: Card) -> int:
        return 24 if card.end.date() > self.day else card.end.hour + bool(card.end.minute)

    @property
    def has_cards(self) -> bool:
        return any(lane.cards for lane in self.lanes)


def people_of(
    mission: Mission, day: date, *, reader: User, name: str = "", everybody: bool = True
) -> QuerySet[Delegate]:
    """Who may have a lane: all, or those who have something that day; by part of their name."""
    people = mission.delegates.select_related("organisation")
    if name:
        folded = Func(F("name"), function="puente_fold", output_field=TextField())
        words = Func(Value(name), function="puente_fold", output_field=TextField())
        people = people.annotate(folded=folded).filter(folded__contains=words)
    if not everybody:
        that_day = _on(mission, day, reader).values("pk")
        people = people.filter(pk__in=Seat.objects.filter(appointment__in=that_day).values("delegate"))
    return people


def _on(mission: Mission, day: date, reader: User) -> QuerySet[Appointment]:
    first = datetime.combine(day, time())
    rows = Appointment.objects.visible_to(reader).filter(mission=mission)
    return rows.filter(local_start__gte=first, local_start__lt=first + timedelta(days=1))


def agenda_of(
    mission: Mission,
    day: date,
    people: list[Delegate],
    *,
    reader: User,
    stops: list[Stop],
    with_unassigned: bool = True,
) -> Day:
    """The lanes of these people, what stands in them, and what to look at. Eleven queries."""
    stop = next((one for one in stops if one.covers(day)), None)
    planned = list(
        _on(mission, day, reader)
        .filter(pk__in=Seat.objects.filter(delegate__in=people).values("appointment"))
        .select_related("company", "stop__city", "interaction")
        .prefetch_related("delegates", "contacts")
        .order_by("local_start", "pk")
    )
    lanes = [Lane(person) for person in people]
    of_person = {lane.person.pk: lane for lane in lanes if lane.person}
    for one in planned:
        for person in one.delegates.all():
            if person.pk in of_person:
                of_person[person.pk].cards.append(Card(one.local_start, one.local_end, one))
    found = _warned(mission, planned, lanes, reader)
    more = 0
    if reader.is_staff_member:
        _mark_elsewhere(lanes, day, stop.zone if stop else _zone_of(planned, reader), reader)
        if with_unassigned:
            more = _add_unassigned(lanes, mission, day, reader)
    for lane in lanes:
        _lay_out(lane.cards)
    events = mission.events.filter(cancelled_at=None, local_start__lt=_end(day), local_end__gt=_start(day))
    return Day(
        day=day,
        stop=stop,
        zones={one.zone for one in planned},
        lanes=lanes,
        events=list(events.select_related("city")),
        cautions=found,
        more_unassigned=more,
    )


def _start(day: date) -> datetime:
    return datetime.combine(day, time())


def _end(day: date) -> datetime:
    return _start(day) + timedelta(days=1)


def _zone_of(planned: list[Appointment], reader: User) -> str:
    return planned[0].zone if planned else reader.zone


def _warned(mission: Mission, planned: list[Appointment], lanes: Iterable[Lane], reader: User) -> list[Caution]:
    """A guest is told what concerns the trip, and nothing of other missions."""
    days = [(lane.person, lane.appointments) for lane in lanes if lane.person]
    found = [*cautions.in_two_places(days), *cautions.too_far(days, Travel(planned))]
    if reader.is_staff_member:
        found += cautions.no_common_language(planned)
        found += cautions.met_by_others_too(mission, planned, reader=reader)
    return found


def _mark_elsewhere(lanes: list[Lane], day: date, zone: str, reader: User) -> None:
    """Hours of these people that another appointment takes: another mission's, or one that the reader may not see."""
    of_person: dict[str, list[Lane]] = defaultdict(list)
    for lane in lanes:
        if lane.person:
            of_person[lane.person.person].append(lane)
    shown = {one.pk for lane in lanes for one in lane.appointments}
    noon = datetime.combine(day, time(12), tzinfo=UTC)
    around = Q(during__overlap=(noon - ANY_ZONE, noon + ANY_ZONE))
    seats = list(
        Seat.objects.filter(around, person__in=list(of_person), blocks=True)
        .exclude(appointment__in=shown)
        .select_related("appointment__mission")
    )
    seen = set(
        Appointment.objects.visible_to(reader)
        .filter(pk__in={seat.appointment_id for seat in seats})
        .values_list("pk", flat=True)
    )
    for seat in seats:
        start, end = (to_wall(moment, zone) for moment in (seat.appointment.starts_at, seat.appointment.ends_at))
        if start.date() == day:
            name = seat.appointment.mission.name if seat.appointment_id in seen else ""
            for lane in of_person[seat.person]:
                lane.cards.append(Card(start, end, elsewhere=name))


def _add_unassigned(lanes: list[Lane], mission: Mission, day: date, reader: User) -> int:
    """What nobody of ours goes to yet, in a lane of its own. Gives how many more there are."""
    rows = _on(mission, day, reader).filter(seats=None).exclude(status__in=Appointment.OFF)
    rows = rows.select_related("company", "stop__city", "interaction").prefetch_related("delegates", "contacts")
    found = list(rows.order_by("local_start", "pk")[: MOST_UNASSIGNED + 1])
    if not found:
        return 0
    lanes.insert(0, Lane(None, [Card(one.local_start, one.local_end, one) for one in found[:MOST_UNASSIGNED]]))
    return len(found) - MOST_UNASSIGNED if len(found) > MOST_UNASSIGNED else 0


def _lay_out(cards: list[Card]) -> None:
    """Those that lie over each other stand side by side."""
    cards.sort(key=lambda card: (card.start, card.end))
    group: list[Card] = []
    for card in cards:
        if group and card.start >= max(one.end for one in group):
            _share(group)
            group = []
        group.append(card)
    _share(group)


def _share(group: list[Card]) -> None:
    ends: list[datetime] = []
    for card in group:
        free = next((number for number, end in enumerate(ends) if end <= card.start), len(ends))
        free = min(free, MOST_BESIDE - 1)
        ends[free : free + 1] = [card.end]
        card.column = free + 1
    for card in group:
        card.columns = len(ends)
