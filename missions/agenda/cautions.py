"""What to look at before a plan is carried out: nothing here is forbidden, all of it has spoiled a trip before."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from config.staff.models import User
from missions.agenda.travel import Travel, town_of
from missions.models import Appointment, Delegate, Mission

SOON = timedelta(days=14)


@dataclass(frozen=True)
class Caution:
    appointment: int
    kind: str  # overlap, travel, language, others
    words: str


# What each person has that day.
Days = Sequence[tuple[Delegate, Sequence[Appointment]]]


def in_two_places(days: Days) -> list[Caution]:
    """Tentative ones that lie over another; a firm plan cannot."""
    found = []
    for earlier, later, who in _one_after_another(days):
        if later.starts_at < earlier.ends_at:
            words = {"who": who, "company": earlier.company.name}
            text = _("At the same time with %(company)s: %(who)s.") % words
            found.append(Caution(later.pk, "overlap", text))
    return found


def too_far(days: Days, travel: Travel) -> list[Caution]:
    """From one to the next there is less time than the way takes."""
    found = []
    for earlier, later, who in _one_after_another(days):
        way, left = travel.between(earlier, later), (later.starts_at - earlier.ends_at) // timedelta(minutes=1)
        if way and 0 <= left < way.minutes:
            words = {
                "who": who,
                "company": earlier.company.name,
                "here": town_of(earlier),
                "there": town_of(later),
                "left": left,
                "needed": way.minutes,
            }
            guessed = _("%(left)s min from %(company)s (%(here)s) to %(there)s, about %(needed)s needed: %(who)s.")
            known = _("%(left)s min from %(company)s (%(here)s) to %(there)s, %(needed)s needed: %(who)s.")
            found.append(Caution(later.pk, "travel", (guessed if way.is_guess else known) % words))
    return found


def _one_after_another(days: Days) -> Iterator[tuple[Appointment, Appointment, str]]:
    """Each step from one appointment to the next, once, with all who take it."""
    steps: dict[tuple[int, int], tuple[Appointment, Appointment, list[str]]] = {}
    for person, planned in days:
        for earlier, later in pairwise(_that_happen(planned)):
            steps.setdefault((earlier.pk, later.pk), (earlier, later, []))[2].append(person.name)
    return ((earlier, later, ", ".join(who)) for earlier, later, who in steps.values())


def no_common_language(planned: Iterable[Appointment]) -> list[Caution]:
    """Nobody of ours speaks one of theirs, as far as we know what either speak."""
    found = []
    for one in planned:
        theirs = {contact.language[:2].lower() for contact in one.contacts.all()} - {""}
        ours = {language for person in one.delegates.all() for language in spoken_by(person)}
        if one.is_to_come and theirs and ours and not theirs & ours:
            words = {"theirs": ", ".join(sorted(theirs)), "ours": ", ".join(sorted(ours))}
            text = _("They speak %(theirs)s, our people %(ours)s.") % words
            found.append(Caution(one.pk, "language", text))
    return found


def spoken_by(person: Delegate) -> list[str]:
    return re.findall(r"[a-z]{2}", person.languages.lower())


def met_by_others_too(mission: Mission, planned: Iterable[Appointment], *, reader: User) -> list[Caution]:
    """Another appointment with the same company within two weeks, of those that the reader may see. One query.

    In a matchmaking round companies meet many of ours by design, so only other missions count there.
    """
    to_come = [one for one in planned if one.is_to_come]
    if not to_come:
        return []
    first, last = min(one.starts_at for one in to_come), max(one.starts_at for one in to_come)
    rows = (
        Appointment.objects.visible_to(reader)
        .filter(company__in={one.company_id for one in to_come}, starts_at__range=(first - SOON, last + SOON))
        .exclude(status__in=Appointment.OFF)
        .select_related("mission")
        .prefetch_related("delegates")
    )
    if mission.kind == Mission.Kind.MATCHMAKING:
        rows = rows.exclude(mission=mission)
    others: dict[int, list[Appointment]] = defaultdict(list)
    for row in rows:
        others[row.company_id].append(row)
    return [
        Caution(one.pk, "others", _met_on(other))
        for one in to_come
        for other in others[one.company_id]
        if other.pk != one.pk and abs(other.starts_at - one.starts_at) <= SOON and not _same_people(one, other)
    ]


def _same_people(one: Appointment, other: Appointment) -> bool:
    """Our own second visit is no surprise to us."""
    ours = {person.person for person in one.delegates.all()}
    return bool(ours & {person.person for person in other.delegates.all()})


def _met_on(other: Appointment) -> str:
    who = ", ".join(person.name for person in other.delegates.all()) or other.mission.name
    words = {
        "who": who,
        "day": date_format(other.local_start, "SHORT_DATE_FORMAT"),
        "hour": f"{other.local_start:%H:%M}",
    }
    return _("%(who)s meets them too, on %(day)s at %(hour)s.") % words


def _that_happen(planned: Iterable[Appointment]) -> list[Appointment]:
    return sorted((one for one in planned if one.status not in Appointment.OFF), key=lambda one: one.starts_at)
