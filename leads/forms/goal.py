from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from companies.models import Company, Country, Sector
from config.staff.models import User
from leads.figures.catalogue import FIGURES
from leads.figures.goals import AIMED_AT
from leads.figures.number import How
from leads.models import Budget, Goal, Report

FIRST_YEAR, LAST_YEAR = 2000, 2099


class GoalForm(forms.ModelForm):  # type: ignore[type-arg]
    """A target, proposed: somebody else approves it."""

    figure = forms.ChoiceField(label=gettext_lazy("Figure"))
    year = forms.IntegerField(label=gettext_lazy("Year"), min_value=FIRST_YEAR, max_value=LAST_YEAR)
    month = forms.TypedChoiceField(
        label=gettext_lazy("Month"),
        coerce=int,
        empty_value=None,
        required=False,
        choices=[("", gettext_lazy("The whole year")), *((number, f"{number:02}") for number in range(1, 13))],
    )

    class Meta:
        model = Goal
        fields = ("figure", "value", "year", "month", "sector", "market", "agreement", "scope", "layer", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["figure"].choices = [(name, FIGURES[name].title) for name in AIMED_AT]  # type: ignore[attr-defined]
        self.fields["value"].help_text = _("A rate in percent, an investment in US dollars.")
        for name, rows in (("sector", Sector.objects.all()), ("market", Country.objects.all())):
            self.fields[name].queryset = rows  # type: ignore[attr-defined]
            self.fields[name].empty_label = _("All")  # type: ignore[attr-defined]
        funders = Company.objects.institutions().current().order_by("folded", "pk")[:300]
        self.fields["agreement"].queryset = Company.objects.filter(pk__in=[each.pk for each in funders])  # type: ignore[attr-defined]
        self.fields["agreement"].empty_label = _("None")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or self.cleaned_data
        measure = FIGURES.get(found.get("figure", ""))
        if measure is None:
            return found
        for name, filtered in (("sector", "sector"), ("market", "origin")):
            if found.get(name) and not measure.obeys(filtered):
                self.add_error(name, _("This figure is not told by it."))
        if measure.how is How.SHARE and (found.get("value") or 0) > 100:
            self.add_error("value", _("A rate is 100 percent at most."))
        return found

    def _get_validation_exclusions(self) -> set[str]:
        """The version is chosen when it is stored."""
        return {*super()._get_validation_exclusions(), "version"}  # type: ignore[misc]


class BudgetForm(forms.ModelForm):  # type: ignore[type-arg]
    year = forms.IntegerField(label=gettext_lazy("Year"), min_value=FIRST_YEAR, max_value=LAST_YEAR)

    class Meta:
        model = Budget
        fields = ("year", "usd", "note")

    def validate_unique(self) -> None:
        """The same year again writes its budget anew; the history keeps what it was."""


class ReportForm(forms.Form):
    person = forms.ModelChoiceField(label=gettext_lazy("Person"), queryset=User.objects.none(), empty_label=None)
    view = forms.ChoiceField(label=gettext_lazy("Page"), choices=Report.View.choices)
    rhythm = forms.ChoiceField(label=gettext_lazy("How often"), choices=Report.Rhythm.choices)

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        readers = User.objects.active().filter(role__in=["manager", "administrator"])
        own = readers if by.is_administrator else readers.filter(pk=by.pk)
        self.fields["person"].queryset = own  # type: ignore[attr-defined]
        self.fields["person"].initial = by.pk
