"""How long the way from one appointment to the next takes. A plain model, and one that says of itself what it is:

Minutes that people wrote down for two towns hold. Without them it is guessed from what is planned: nothing at the same
place or on line, a quarter of an hour's ride and the stairs within a town, an hour between two towns of a stop, three
between two cities of the trip. Traffic, hours of the day and means of travel are not in it.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from django.db.models import Func, Q, TextField, Value
from django.db.models.functions import Lower

from config.staff.models import User
from missions.models import Appointment, Mission, Seat, TravelTime
from missions.models.travel_time import folded

WITHIN_A_TOWN: Final = 20
BETWEEN_TOWNS: Final = 60
BETWEEN_CITIES: Final = 180
MOST: Final = 60

Pair = tuple[str, str]


def fold(text: str) -> str:
    """As `puente_fold` does, so that the same town is the same whoever wrote it."""
    plain = unicodedata.normalize("NFKD", text)
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter)).lower()
    return " ".join(re.findall(r"\w+", letters))


def town_of(planned: Appointment) -> str:
    return planned.town or (planned.stop.city.name if planned.stop else "")


def is_on_line(planned: Appointment) -> bool:
    return planned.address.lower().startswith(("http://", "https://"))


@dataclass(frozen=True)
class Way:
    minutes: int
    is_guess: bool


class Travel:
    """The ways between some appointments. One query, however many there are."""

    def __init__(self, planned: Iterable[Appointment]) -> None:
        towns = {town_of(one).lower() for one in planned} - {""}
        rows = TravelTime.objects.annotate(low=Lower("one"), high=Lower("other"))
        self.known = {
            _pair(row.one, row.other): row.minutes for row in rows.filter(Q(low__in=towns) | Q(high__in=towns))
        }

    def between(self, one: Appointment, other: Appointment) -> Way | None:
        """None where nobody has to go anywhere, or where nobody knows the place."""
        if is_on_line(one) or is_on_line(other) or _is_same_place(one, other):
            return None
        here, there = town_of(one), town_of(other)
        if not (here and there):
            return None
        known = self.known.get(_pair(here, there))
        if known is not None:
            return Way(known, is_guess=False)
        if fold(here) == fold(there) and not (_where(one) and _where(other)):
            return None
        return Way(_guess(one, other), is_guess=True)


def _guess(one: Appointment, other: Appointment) -> int:
    if fold(town_of(one)) == fold(town_of(other)):
        return WITHIN_A_TOWN
    same_stop = one.stop_id is not None and one.stop_id == other.stop_id
    return BETWEEN_TOWNS if same_stop else BETWEEN_CITIES


def _pair(one: str, other: str) -> Pair:
    low, high = sorted((fold(one), fold(other)))
    return low, high


def _where(planned: Appointment) -> str:
    return fold(planned.address) or fold(planned.place)


def _is_same_place(one: Appointment, other: Appointment) -> bool:
    """Two tables of one fair are one place; an address says more than the name of a place."""
    same_town = fold(town_of(one)) == fold(town_of(other))
    for here, there in ((one.address, other.address), (one.place, other.place)):
        if fold(here) and fold(there):
            return same_town and fold(here) == fold(there)
    return False


@dataclass(frozen=True)
class Travelled:
    """A way that somebody of a mission goes."""

    one: str
    other: str
    known: int | None
    guess: int


def travelled(mission: Mission, *, reader: User) -> list[Travelled]:
    """The ways from town to town that the plan holds, those that most people go first. Two queries."""
    planned = Appointment.objects.visible_to(reader).filter(mission=mission).exclude(status__in=Appointment.OFF)
    rows = Seat.objects.filter(appointment__in=planned.values("pk")).select_related("appointment__stop__city")
    seats = rows.order_by("delegate", "appointment__local_start", "pk")
    gone: dict[Pair, Travelled] = {}
    times: Counter[Pair] = Counter()
    for one, other in pairwise(seats):
        earlier, later = one.appointment, other.appointment
        here, there = town_of(earlier), town_of(later)
        same_day = one.delegate_id == other.delegate_id and earlier.local_start.date() == later.local_start.date()
        if same_day and here and there and not _is_same_place(earlier, later):
            pair = _pair(here, there)
            times[pair] += 1
            low, high = sorted((here, there), key=fold)
            gone.setdefault(pair, Travelled(low, high, None, _guess(earlier, later)))
    known = {_pair(row.one, row.other): row.minutes for row in TravelTime.objects.all()} if gone else {}
    return [
        replace(gone[pair], known=known[pair]) if pair in known else gone[pair] for pair, _n in times.most_common(MOST)
    ]


def write_down(one: str, other: str, minutes: int | None) -> None:
    """Either way the same; without minutes the way is guessed again."""
    low, high = sorted((one.strip(), other.strip()), key=fold)
    if not (fold(low) and fold(high)):
        return
    rows = TravelTime.objects.annotate(low=folded("one"), high=folded("other"))
    same = rows.filter(Q(low=_words(low), high=_words(high)) | Q(low=_words(high), high=_words(low)))
    if minutes is None:
        same.delete()
    elif not same.update(minutes=minutes):
        TravelTime.objects.create(one=low, other=high, minutes=minutes)


def _words(text: str) -> Func:
    return Func(Value(text), function="puente_fold", output_field=TextField())
