from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from config.staff import clock
from leads.figures import period
from leads.figures.choices import LABELS, SPECIAL, Choices
from leads.figures.filters import DIMENSIONS, Filters, Scope, Within
from leads.figures.period import Period, Stretch
from leads.models.choices import Layer

FIRST_YEAR, QUARTERS, MONTHS = 2005, 8, 18
CHOSEN = "chosen"  # the days that stand in the two fields beside it
EVER = "ever"
ALWAYS_CHOSEN = {"scope", "layer", "period"}
SELECTED = SafeString(" selected")


@dataclass(frozen=True)
class Offer:
    """One field of the bar: its words, what can be chosen, what is chosen, and what was wrong with it."""

    name: str
    label: StrOrPromise
    # By headings; those without one stand under "".
    groups: Sequence[tuple[str, Sequence[tuple[str, Any, bool]]]] = field(default_factory=list)
    empty: StrOrPromise = ""
    error: str = ""
    # A field for a day, with this in it, where nothing is to choose from.
    day: str | None = None

    @property
    def options(self) -> SafeString:
        """All that can be chosen, as HTML; drawn by a template, hundreds of them were a tenth of the page's time."""
        return format_html_join("", "{}", ((_drawn(head, options),) for head, options in self.groups))


def _drawn(head: StrOrPromise, options: Sequence[tuple[str, Any, bool]]) -> SafeString:
    rows = ((value, SELECTED if chosen else "", label) for value, label, chosen in options)
    drawn = format_html_join("", '<option value="{}"{}>{}</option>', rows)
    return format_html('<optgroup label="{}">{}</optgroup>', head, drawn) if head else drawn


class FilterForm(forms.Form):
    """What the address asks of the figures. Where it says nothing of the period, this year is meant."""

    period = forms.CharField(label=gettext_lazy("Period"), max_length=24, required=False)
    since = forms.CharField(label=gettext_lazy("From"), max_length=10, required=False)
    until = forms.CharField(label=gettext_lazy("To"), max_length=10, required=False)
    scope = forms.ChoiceField(label=gettext_lazy("Scope"), choices=Scope.choices, required=False)
    layer = forms.ChoiceField(label=gettext_lazy("Amounts"), choices=Layer.choices, required=False)
    within = forms.ChoiceField(
        label=gettext_lazy("What came within"), choices=[("", ""), *Within.choices], required=False
    )

    def __init__(self, query: QueryDict) -> None:
        self.today = clock.agency_today()
        usual = {"scope": Scope.ASSISTED.value, "layer": Layer.ANNOUNCED.value}
        if not {"since", "until", "period"} & query.keys():
            usual["period"] = str(self.today.year)
        super().__init__(usual | {name: query.get(name, "") for name in query})
        for name in DIMENSIONS:
            self.fields[name] = forms.CharField(label=LABELS[name], max_length=60, required=False)

    def clean_since(self) -> str:
        return self._stretch("since")

    def clean_until(self) -> str:
        return self._stretch("until")

    def clean_period(self) -> str:
        asked: str = self.cleaned_data["period"]
        if asked not in {"", CHOSEN, EVER} and self._period(asked) is None:
            raise forms.ValidationError(_("There is no such period."))
        return asked

    def clean_mission(self) -> str:
        return self._number("mission")

    def clean_officer(self) -> str:
        return self._number("officer")

    def clean_stage(self) -> str:
        return self._number("stage", most=7)

    def clean(self) -> dict[str, Any]:
        found = self.cleaned_data
        since, until = (Stretch.read(found.get(name) or "") for name in ("since", "until"))
        if since and until and since.first > until.last and found.get("period") in {"", CHOSEN, None}:
            self.add_error("until", _("The end comes before the beginning."))
        return found

    def filters(self) -> Filters:
        """What could be read; where something could not, the form says so and the rest holds."""
        self.full_clean()
        found = self.cleaned_data
        filters = Filters(
            self.today,
            scope=Scope(found.get("scope") or Scope.ASSISTED),
            layer=Layer(found.get("layer") or Layer.ANNOUNCED),
            within=found.get("within") or "",
        ).but(**{name: found.get(name) or "" for name in DIMENSIONS})
        written = found.get("period") or ""
        if written == EVER:
            return filters
        chosen = self._period(written)
        return filters.during(chosen or Period(*(Stretch.read(found.get(name) or "") for name in ("since", "until"))))

    def offered(self, choices: Choices, names: Sequence[str]) -> list[Offer]:
        """The fields of these names, drawn as lists to choose from; a period has fields for its two days as well."""
        return [offer for name in names for offer in self._offers(name, choices)]

    def _offers(self, name: str, choices: Choices) -> list[Offer]:
        if name == "period":
            return [self._periods(), self._day("since"), self._day("until")]
        fixed: dict[str, Sequence[tuple[str, Any]]] = {
            "scope": Scope.choices,
            "layer": Layer.choices,
            "within": Within.choices,
        }
        asked = str(self.data.get(name, ""))
        options = [(value, label, value == asked) for value, label in fixed.get(name) or choices.of(name)]
        if asked and name in DIMENSIONS and not any(chosen for *_rest, chosen in options):
            options.append((asked, SPECIAL.get(asked, asked), True))
        empty = "" if name in ALWAYS_CHOSEN else _("Any time") if name == "within" else _("All")
        return [Offer(name, self.fields[name].label or "", [("", options)], empty, self._fault(name))]

    def _periods(self) -> Offer:
        asked = str(self.data.get("period", ""))
        written = [str(self.data.get(name, "")) for name in ("since", "until")]
        groups = [
            ("", [(EVER, _("All years"))]),
            (_("Years"), [_of(period.year(self.today, -away)) for away in range(self.today.year - FIRST_YEAR + 1)]),
            (_("Quarters"), [self._quarter(-away) for away in range(QUARTERS)]),
            (_("Months"), [_of(period.month(self.today, -away)) for away in range(MONTHS)]),
            (_("Weeks"), [_of(period.week(self.today, -away)) for away in range(4)]),
        ]
        if not asked:
            asked = "..".join(dict.fromkeys(written)) if all(written) else CHOSEN if any(written) else EVER
        known = {value for _head, options in groups for value, _label in options}
        if asked not in known:
            asked = CHOSEN
        groups.insert(1, ("", [(CHOSEN, _("The days beside"))]))
        drawn = [(head, [(value, label, value == asked) for value, label in options]) for head, options in groups]
        return Offer("period", _("Period"), drawn, error=self._fault("period"))

    def _quarter(self, away: int) -> tuple[str, str]:
        found = period.quarter(self.today, away)
        number = ((found.first or self.today).month + 2) // 3
        return _of(found)[0], _("Quarter %(n)d of %(year)d") % {"n": number, "year": (found.first or self.today).year}

    def _day(self, name: str) -> Offer:
        stretch = Stretch.read(str(self.data.get(name, "")))
        if not stretch and self.data.get("period") not in {None, "", EVER, CHOSEN}:
            whole = self._period(str(self.data["period"]))
            if whole:
                stretch = whole.since if name == "since" else whole.until
        found = stretch and (stretch.first if name == "since" else stretch.last)
        return Offer(
            name, self.fields[name].label or "", error=self._fault(name), day=found.isoformat() if found else ""
        )

    def _fault(self, name: str) -> str:
        return " ".join(map(str, self.errors.get(name, [])))

    def _stretch(self, name: str) -> str:
        written: str = self.cleaned_data[name]
        if written and Stretch.read(written) is None:
            raise forms.ValidationError(_("That is no day, month or year."))
        return written

    def _number(self, name: str, most: int = 2**31 - 1) -> str:
        written: str = self.cleaned_data[name]
        if not written or written in SPECIAL:
            return written
        if not written.isascii() or not written.isdigit() or len(written) > 10 or int(written) > most:
            raise forms.ValidationError(_("That is none of them."))
        return written

    @staticmethod
    def _period(written: str) -> Period | None:
        since, _dots, until = written.partition("..")
        first, last = Stretch.read(since), Stretch.read(until or since)
        return Period(first, last) if first and last and first.first <= last.last else None


def _of(found: Period) -> tuple[str, str]:
    return written(found), found.words()


def written(found: Period) -> str:
    """As the list of periods and the address have it."""
    return "..".join(dict.fromkeys([str(found.since), str(found.until)]))
