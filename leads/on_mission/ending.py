"""A mission ends: what it still lacks, the follow-ups of its meetings, the days on which its outcome is reviewed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from companies.models import Contact, Position
from config.staff import clock
from config.staff.models import User
from leads.follow_ups import opening
from leads.models import FollowUp, Participant
from leads.on_mission import reviews
from leads.on_mission.debrief import LACKS, SILENT, Rows, meetings_of
from leads.on_mission.floor_doubles import pairs_made
from missions.models import Appointment, Mission
from missions.stays import write_stays
from missions.wall_time import day_ends, to_utc

# So many batches in the request; of a very large mission the regular job opens the rest within minutes.
BATCHES = 2
PEOPLE_SHOWN = 10


@dataclass(frozen=True)
class Missing:
    """One kind of thing that is not there yet, how many of it, and where to mend it."""

    name: str
    label: StrPromise
    count: int
    url: str


@dataclass(frozen=True)
class Ended:
    mission: Mission
    opened: int
    reviews: int


def missing(mission: Mission, reader: User) -> list[Missing]:
    """In the order in which one would mend it. A fixed number of queries."""
    debrief = reverse("leads:debrief", args=[mission.pk])
    programme = reverse("leads:mission", args=[mission.pk])
    found = [
        *_appointments(mission, reader, debrief, programme),
        *_meetings(mission, reader, debrief),
        Missing(
            "people",
            _("People we met who have no company, so that nobody owns them"),
            _loose(mission, reader).count(),
            "#people",
        ),
        Missing(
            "doubles",
            _("Companies and people that may have been written down twice"),
            _doubles(mission, reader),
            debrief,
        ),
        *_costs(mission),
    ]
    return [one for one in found if one.count]


def end_mission(mission: Mission) -> Ended:
    """End it, or run the end again: what is there already stays as it is.

    Each part commits by itself, and the regular job does whatever a broken run left undone.
    """
    if mission.status != Mission.Status.ENDED:
        mission = mission.end()
        write_stays(mission)
    at = clock.now()
    return Ended(mission, opening.open_due(at=at, mission=mission, batches=BATCHES), reviews.schedule(mission, at=at))


def to_open(mission: Mission) -> tuple[int, int]:
    """Meetings whose follow-ups would be opened now, and those that wait for the end of their event."""
    at = clock.now()
    ready = opening.waiting(at, mission).count()
    return ready, mission.interactions.filter(follow_ups_opened_at=None, event__ends_at__gt=at).count()


def reviews_of(mission: Mission) -> Rows:
    rows = FollowUp.objects.filter(mission=mission, origin=FollowUp.Origin.REVIEW)
    return rows.select_related("owner").order_by("review_after")


def loose_people(mission: Mission, reader: User) -> list[Contact]:
    return list(_loose(mission, reader).order_by("pk")[:PEOPLE_SHOWN])


def _appointments(mission: Mission, reader: User, debrief: str, programme: str) -> Iterator[Missing]:
    over, to_come = Q(ends_at__lte=clock.now()), Q(status__in=Appointment.TO_COME)
    rows = Appointment.objects.visible_to(reader).filter(mission=mission).order_by()
    counts = rows.aggregate(
        ahead=Count("pk", filter=to_come & ~over),
        unanswered=Count("pk", filter=to_come & over),
        unlogged=Count("pk", filter=SILENT & over),
    )
    yield Missing("ahead", _("Appointments that are still to come"), counts["ahead"], f"{programme}?show=to_come")
    yield Missing("unanswered", _("Appointments of which nobody said whether they came"), counts["unanswered"], debrief)
    yield Missing("unlogged", _("Appointments that were held and not logged"), counts["unlogged"], debrief)


def _meetings(mission: Mission, reader: User, debrief: str) -> Iterator[Missing]:
    rows = meetings_of(mission, reader).filter(LACKS).order_by()
    names = {
        "interest": _("Meetings without interest"),
        "promise": _("Meetings without a promise"),
        "lead": _("Meetings without a lead"),
        "owner": _("Companies we met that nobody owns"),
    }
    counts = rows.aggregate(
        **{
            name: Count("company" if name == "owner" else "pk", filter=Q(**{f"lacks_{name}": True}), distinct=True)
            for name in names
        }
    )
    for name, label in names.items():
        yield Missing(name, label, counts[name], debrief)


def _loose(mission: Mission, reader: User) -> "Rows":
    met = Participant.objects.filter(interaction__in=meetings_of(mission, reader).values("pk"))
    works = Position.objects.current().filter(contact=OuterRef("pk"))
    people = Contact.objects.visible_to(reader).filter(merged_into=None, anonymised_at=None)
    loose: Rows = people.filter(~Exists(works), Exists(met.filter(contact=OuterRef("pk"))))
    return loose


def _doubles(mission: Mission, reader: User) -> int:
    return len(pairs_made(mission, *_whole(mission), reader=reader))


def _whole(mission: Mission) -> tuple[datetime, datetime]:
    """From the first to the last day, with a day on either side for its zones."""
    zone = settings.AGENCY_ZONE
    first = datetime.combine(mission.starts_on, datetime.min.time())
    return to_utc(first, zone) - opening.LONGEST_PAUSE, day_ends(mission.ends_on, zone) + opening.LONGEST_PAUSE


def _costs(mission: Mission) -> Iterator[Missing]:
    delegation = reverse("missions:delegation", args=[mission.pk])
    lines = mission.cost_lines.aggregate(all=Count("pk"), open=Count("pk", filter=Q(actual=None)))
    yield Missing("actuals", _("Cost lines without what was spent"), lines["open"], delegation)
    if not lines["all"]:
        yield Missing("budget", _("Budget: no cost line at all"), 1, delegation)
