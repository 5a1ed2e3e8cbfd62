"""Missions in the search."""

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy

from companies.search import Hit, Kind, Match, Names, Words, register
from missions.models import Mission


def fetch_missions(words: Words, matches: dict[int, Match]) -> list[Hit]:
    found = Mission.objects.visible_to(words.user).filter(pk__in=list(matches)) if matches else ()
    return [
        Hit(
            kind="mission",
            pk=mission.pk,
            label=mission.name,
            url=mission.get_absolute_url(),
            beside=f"{mission.get_status_display()}, {date_format(mission.starts_on, 'YEAR_MONTH_FORMAT')}",
            score=matches[mission.pk].score,
        )
        for mission in found
    ]


def register_kinds() -> None:
    names = Names("missions_mission m WHERE true", "m.id", "m.folded", long=True)
    register(Kind("mission", gettext_lazy("Missions"), "mission", (names,), fetch_missions))
