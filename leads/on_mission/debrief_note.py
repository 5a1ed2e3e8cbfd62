"""The note that a mission's team gets in the evening: how the day went, what it still lacks, how tomorrow begins."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from config.staff.models import User
from leads.models import FollowUp, Interaction
from leads.models.choices import Interest
from leads.on_mission.debrief import LACKS, SILENT, Rows, appointments_of, evening_of, meetings_of, on_day, zone_on
from missions.models import Appointment, Mission

EVENING_HOUR = 19
LISTED = 12
A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Evening:
    """One evening of one mission, by the clocks of where it is."""

    mission: Mission
    day: date
    zone: str

    @property
    def occasion(self) -> str:
        return f"{self.mission.pk}/{self.day.isoformat()}"

    @property
    def came_at(self) -> datetime:
        return evening_of(self.day, self.zone, EVENING_HOUR)

    def team(self) -> Rows:
        """Those of our own who travel with it, and its lead."""
        ours = Q(pk=self.mission.lead_officer_id) | Q(delegations__mission=self.mission)
        people: Rows = User.objects.staff().active().filter(ours).distinct().order_by("pk")
        return people


@dataclass(frozen=True)
class Row:
    what: str
    about: str
    due: str
    url: str


@dataclass(frozen=True)
class Part:
    title: str
    rows: list[Row]
    more: int = 0


@dataclass(frozen=True)
class Note:
    title: str
    intro: str
    url: str
    parts: list[Part]
    took_place: int

    @property
    def is_empty(self) -> bool:
        """A day off: nothing took place, nothing is missing, and tomorrow is free as well."""
        return not self.took_place and not self.parts


def evenings(at: datetime) -> Iterator[Evening]:
    """Of each mission under way the last evening that has come, unless it began after it."""
    for mission in Mission.objects.under_way().prefetch_related("stops"):
        evening = _last_evening(mission, at)
        began = mission.started_at is None or mission.started_at <= evening.came_at
        if began and evening.day <= mission.ends_on:
            yield evening


def _last_evening(mission: Mission, at: datetime) -> Evening:
    stops = sorted(mission.stops.all(), key=lambda stop: (stop.arrives_on, stop.pk))
    zone = zone_on(mission, at.astimezone(ZoneInfo(settings.AGENCY_ZONE)).date(), stops)
    today = at.astimezone(ZoneInfo(zone)).date()
    evening = Evening(mission, today, zone_on(mission, today, stops))
    return evening if evening.came_at <= at else Evening(mission, today - A_DAY, zone_on(mission, today - A_DAY, stops))


def note_of(occasion: str, person: User) -> Note | None:
    """As this person may see it; nothing where the mission is gone, or theirs no more."""
    key, _slash, day = occasion.partition("/")
    mission = Mission.objects.visible_to(person).filter(pk=int(key)).first()
    return _written(mission, date.fromisoformat(day), person) if mission else None


def _written(mission: Mission, day: date, person: User) -> Note:
    url = settings.SITE_URL + reverse("leads:debrief", args=[mission.pk]) + f"?day={day.isoformat()}"
    planned = Appointment.objects.visible_to(person).filter(mission=mission)
    meetings = meetings_of(mission, person).filter(on_day("local_at", day))
    parts = [
        Part(_("To settle tonight"), _left(mission, day, person, url)),
        _tomorrow(planned, day),
    ]
    said = _counts(planned, meetings, day, person)
    return Note(
        title=f"{mission.name}: {date_format(day, 'l j F')}",
        intro=", ".join(words for _count, words in said),
        url=url,
        parts=[part for part in parts if part.rows],
        took_place=sum(count for count, _words in said),
    )


def _counts(planned: Rows, meetings: Rows, day: date, person: User) -> list[tuple[int, str]]:
    status = Appointment.Status
    of_day = planned.filter(on_day("local_start", day)).order_by()
    came = of_day.aggregate(
        held=Count("pk", filter=Q(status=status.HELD)), no_show=Count("pk", filter=Q(status=status.NO_SHOW))
    )
    heat = meetings.order_by().aggregate(
        logged=Count("pk"),
        hot=Count("pk", filter=Q(interest=Interest.HOT)),
        warm=Count("pk", filter=Q(interest=Interest.WARM)),
    )
    promised = FollowUp.objects.visible_to(person).promises()
    promised = promised.filter(interaction__in=Interaction.objects.filter(pk__in=meetings.values("pk")))
    found = [
        (came["held"], ngettext("%(n)d appointment held", "%(n)d appointments held", came["held"])),
        (came["no_show"], ngettext("%(n)d no-show", "%(n)d no-shows", came["no_show"])),
        (heat["logged"], ngettext("%(n)d meeting logged", "%(n)d meetings logged", heat["logged"])),
        (heat["hot"], ngettext("%(n)d hot", "%(n)d hot", heat["hot"])),
        (heat["warm"], ngettext("%(n)d warm", "%(n)d warm", heat["warm"])),
        (promises := promised.count(), ngettext("%(n)d promise made", "%(n)d promises made", promises)),
    ]
    return [(count, words % {"n": count}) for count, words in found if count]


def _left(mission: Mission, day: date, person: User, url: str) -> list[Row]:
    """What the debrief page lists, in numbers: names stay behind the login."""
    lacks = meetings_of(mission, person).filter(on_day("local_at", day)).filter(LACKS).order_by()
    missing = lacks.aggregate(
        owner=Count("pk", filter=Q(lacks_owner=True)),
        interest=Count("pk", filter=Q(lacks_interest=True)),
        promise=Count("pk", filter=Q(lacks_promise=True)),
        lead=Count("pk", filter=Q(lacks_lead=True)),
    )
    silent = appointments_of(mission, person).filter(on_day("local_start", day)).order_by()
    unlogged = silent.filter(SILENT).count()
    unanswered = silent.filter(status__in=Appointment.TO_COME).count()
    found = [
        (unanswered, ngettext("%(n)d appointment: did they come?", "%(n)d appointments: did they come?", unanswered)),
        (unlogged, ngettext("%(n)d held, not logged", "%(n)d held, not logged", unlogged)),
        (
            missing["interest"],
            ngettext("%(n)d meeting without interest", "%(n)d meetings without interest", missing["interest"]),
        ),
        (
            missing["promise"],
            ngettext("%(n)d meeting without a promise", "%(n)d meetings without a promise", missing["promise"]),
        ),
        (missing["lead"], ngettext("%(n)d meeting without a lead", "%(n)d meetings without a lead", missing["lead"])),
        (
            missing["owner"],
            ngettext("%(n)d company without an owner", "%(n)d companies without an owner", missing["owner"]),
        ),
    ]
    return [Row(words % {"n": count}, "", "", url) for count, words in found if count]


def _tomorrow(planned: Rows, day: date) -> Part:
    rows = planned.filter(on_day("local_start", day + A_DAY), status__in=Appointment.TO_COME)
    total = rows.count()
    first = rows.select_related("company", "mission").order_by("local_start", "pk")[:LISTED]
    lines = [
        Row(
            row.company.name if row.level == "open" else _("A reserved appointment"),
            row.place if row.level == "open" else "",
            f"{row.local_start:%H:%M}",
            settings.SITE_URL + row.mission.get_absolute_url() + f"#day-{row.local_start:%Y-%m-%d}",
        )
        for row in first
    ]
    return Part(_("Tomorrow"), lines, more=max(0, total - LISTED))
