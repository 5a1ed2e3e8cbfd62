"""Missions in the search."""

from django.db.models import F, Func, TextField
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy

from companies.search import Hit, Kind, Words, best, register
from missions.models import Mission


def find_missions(words: Words) -> list[Hit]:
    # Folded as it is read: there are hundreds of missions, not hundreds of thousands.
    name = Func(F("name"), function="puente_fold", output_field=TextField())
    found = best(Mission.objects.visible_to(words.user).annotate(folded=name), words, words.folded)
    return [
        Hit(
            kind="mission",
            pk=mission.pk,
            label=mission.name,
            url=mission.get_absolute_url(),
            beside=f"{mission.get_status_display()}, {date_format(mission.starts_on, 'YEAR_MONTH_FORMAT')}",
            score=mission.score,  # type: ignore[attr-defined]
        )
        for mission in found
    ]


def register_kinds() -> None:
    register(Kind("mission", gettext_lazy("Missions"), "mission", find_missions))
