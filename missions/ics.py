"""Entries as an iCalendar file (RFC 5545): wall times with the rules of their zones, so that nobody has to guess."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone


@dataclass(frozen=True)
class Line:
    uid: str
    sequence: int
    changed_at: datetime
    start: datetime
    end: datetime
    zone: str
    status: str
    summary: str
    location: str
    url: str
    category: str
    description: tuple[str, ...] = ()
    is_private: bool = False
    is_busy: bool = True


def write(name: str, lines: list[Line]) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", "-//Puente//Puente//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    for zone in _zones(lines):
        calendar.add_component(zone)
    for line in lines:
        calendar.add_component(_entry(line))
    return bytes(calendar.to_ical())


def _zones(lines: Iterable[Line]) -> Iterator[Timezone]:
    """Each zone with its changes in the days that it is used on, and in the year after."""
    days: dict[str, list[datetime]] = {}
    for line in lines:
        days.setdefault(line.zone, []).extend((line.start, line.end))
    for zone, used in sorted(days.items()):
        first, last = min(used).date() - timedelta(days=1), max(used).date() + timedelta(days=366)
        yield Timezone.from_tzid(zone, first_date=first, last_date=last)


def _entry(line: Line) -> Event:
    zone = ZoneInfo(line.zone)
    entry = Event()
    entry.add("uid", line.uid)
    entry.add("sequence", line.sequence)
    entry.add("dtstamp", line.changed_at)
    entry.add("last-modified", line.changed_at)
    entry.add("dtstart", line.start.replace(tzinfo=zone))
    entry.add("dtend", line.end.replace(tzinfo=zone))
    entry.add("status", line.status)
    entry.add("transp", "OPAQUE" if line.is_busy else "TRANSPARENT")
    entry.add("summary", line.summary)
    if line.location:
        entry.add("location", line.location)
    if line.description:
        entry.add("description", "\n".join(line.description))
    entry.add("url", line.url)
    entry.add("categories", [line.category])
    if line.is_private:
        entry.add("class", "PRIVATE")
    return entry
