from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from config.staff import clock
from leads.figures.choices import Choices
from leads.figures.filters import DIMENSIONS, TOGETHER, UNKNOWN, Filters, Scope
from leads.models.choices import Layer

FIRST_YEAR = 2005
SPECIAL = {UNKNOWN: _("Not known"), TOGETHER: _("Several, shown together")}
YEARS = {"required": False, "min_value": 1990, "max_value": 2100}


@dataclass(frozen=True)
class Offer:
    """One field of the bar: its words, what can be chosen, what is chosen, and what was wrong with it."""

    name: str
    label: str
    options: Sequence[tuple[str, Any, bool]]
    empty: StrOrPromise
    error: str


class FilterForm(forms.Form):
    """What the address asks of the figures. Where it says nothing of the period, this year is meant."""

    since = forms.IntegerField(label=_("From year"), **YEARS)  # type: ignore[arg-type]
    until = forms.IntegerField(label=_("To year"), **YEARS)  # type: ignore[arg-type]
    scope = forms.ChoiceField(label=_("Scope"), choices=Scope.choices, required=False)
    layer = forms.ChoiceField(label=_("Amounts"), choices=Layer.choices, required=False)
    origin = forms.CharField(label=_("Origin"), max_length=8, required=False)
    sector = forms.CharField(label=_("Sector"), max_length=40, required=False)
    mission = forms.IntegerField(label=_("Mission"), required=False, min_value=1, max_value=2**31 - 1)
    officer = forms.IntegerField(label=_("Person"), required=False, min_value=1, max_value=2**31 - 1)
    stage = forms.IntegerField(label=_("Stage"), required=False, min_value=0, max_value=7)

    def __init__(self, query: QueryDict) -> None:
        self.today = clock.agency_today()
        usual = {"since": str(self.today.year), "until": str(self.today.year)}
        usual |= {"scope": Scope.ASSISTED.value, "layer": Layer.ANNOUNCED.value}
        super().__init__(usual | {name: query.get(name, "") for name in query})

    def clean(self) -> dict[str, Any]:
        found = self.cleaned_data
        if found.get("since") and found.get("until") and found["since"] > found["until"]:
            self.add_error("until", _("The last year comes before the first."))
        return found

    def filters(self) -> Filters:
        """What could be read; where something could not, the form says so and the rest holds."""
        self.full_clean()
        found = self.cleaned_data
        period = Filters(self.today, found.get("since"), found.get("until"))
        return period.but(
            scope=Scope(found.get("scope") or Scope.ASSISTED),
            layer=Layer(found.get("layer") or Layer.ANNOUNCED),
            **{name: _written(found.get(name)) for name in DIMENSIONS},
        )

    def offered(self, choices: Choices, names: Sequence[str]) -> list[Offer]:
        """The fields of these names, drawn as lists to choose from."""
        years = [(str(year), str(year)) for year in range(self.today.year, FIRST_YEAR - 1, -1)]
        lists: dict[str, Sequence[tuple[str, Any]]] = {
            "since": years,
            "until": years,
            "scope": Scope.choices,
            "layer": Layer.choices,
        }
        return [self._offer(name, lists.get(name) or choices.of(name)) for name in names]

    def _offer(self, name: str, options: Sequence[tuple[str, Any]]) -> Offer:
        asked = str(self.data.get(name, ""))
        chosen = [(value, label, value == asked) for value, label in options]
        if asked and name in DIMENSIONS and not any(is_chosen for *_rest, is_chosen in chosen):
            chosen.append((asked, SPECIAL.get(asked, asked), True))
        empty = "" if name in {"scope", "layer"} else _("All")
        return Offer(name, str(self[name].label), chosen, empty, " ".join(map(str, self.errors.get(name, []))))


def _written(value: str | int | None) -> str:
    return "" if value is None else str(value)
