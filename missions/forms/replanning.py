"""Forms that cancel, move, copy or decide a mission as a whole."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from missions.forms.mission import DAY
from missions.models import Mission


class VersionedAction(forms.Form):
    """Knows which version of the mission was looked at."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)


class CancelForm(forms.Form):
    because = forms.CharField(label=_("Why it is cancelled"), max_length=300)


class DecisionForm(VersionedAction):
    decision = forms.ChoiceField(label=_("Decision"), choices=Mission.Decision.choices, widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("On what ground"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        if given.get("decision") == Mission.Decision.NO_GO and not given.get("note"):
            self.add_error("note", _("Say why not, so that the next one knows."))
        return given


class MoveMissionForm(VersionedAction):
    starts_on = forms.DateField(label=_("New first day"), widget=DAY)

    def clean_starts_on(self) -> Any:
        day = self.cleaned_data["starts_on"]
        if not 2000 <= day.year <= 2100:
            raise forms.ValidationError(_("This is no day that anybody travels on."))
        return day


class CopyForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=200)
    starts_on = forms.DateField(label=_("First day"), widget=DAY)
    delegates = forms.BooleanField(label=_("Take the delegates along"), required=False, initial=True)
    costs = forms.BooleanField(label=_("Take the budget along, as planned"), required=False, initial=True)
    targets = forms.BooleanField(label=_("Take the targets along, not asked yet"), required=False)

    clean_starts_on = MoveMissionForm.clean_starts_on
