from datetime import date
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from config.staff import clock
from config.staff.models import User
from config.staff.working_days import next_working_day
from leads.forms.promise import DUE, FURTHEST, day_of
from leads.models import CadenceStep, FollowUp
from missions.models import Mission

SNOOZE = {
    "tomorrow": _("Tomorrow morning"),
    "working": _("Next working day"),
    "after": _("After the mission"),
    "day": _("A day of your choice"),
}


class VersionForm(forms.Form):
    """A change of a follow-up, with the version that the person saw."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)


class SnoozeForm(VersionForm):
    to = forms.ChoiceField(label=_("Until"), choices=list(SNOOZE.items()))
    on = forms.DateField(label=_("Day"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    reason = forms.CharField(label=_("Why later"), max_length=200, required=False)

    def __init__(self, *args: Any, user: User, mission: Mission | None, follow_up: FollowUp, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.mission, self.follow_up = user, mission, follow_up

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        today = clock.today_for(self.user)
        day = self._day(today)
        if day is None and "on" not in self.errors:
            self.add_error("on", _("Choose a day."))
        elif day and not today < day <= today + FURTHEST:
            self.add_error("on", _("Choose a day after today, within five years."))
        if self.follow_up.snoozes and not cleaned.get("reason"):
            self.add_error("reason", _("This is not the first time: say why it must wait again."))
        return cleaned | {"day": day}

    def _day(self, today: date) -> date | None:
        choice = self.cleaned_data.get("to", "")
        if choice == "working":
            return next_working_day(today)
        return day_of(choice, today=today, mission=self.mission, picked=self.cleaned_data.get("on"))


class CancelForm(forms.Form):
    reason = forms.CharField(label=_("Why it need not be done"), max_length=500)


class HandOverForm(VersionForm):
    to = forms.ModelChoiceField(label=_("To whom"), queryset=User.objects.none())

    def __init__(self, *args: Any, follow_up: FollowUp, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        to = cast("forms.ModelChoiceField[User]", self.fields["to"])
        to.queryset = User.objects.staff().active().exclude(pk=follow_up.owner_id)


class WaitForm(VersionForm):
    waiting_for = forms.CharField(
        label=_("Whom we wait for"),
        max_length=200,
        required=False,
        help_text=_("Leave it empty when it is our turn again."),
    )


class DoneForm(forms.Form):
    note = forms.CharField(label=_("What proves it"), max_length=500, required=False)


class NextForm(forms.Form):
    """What comes after something was done; prefilled by the cadence."""

    note = forms.CharField(label=_("What proves it (if you like)"), max_length=500, required=False)
    kind = forms.ChoiceField(choices=CadenceStep.Kind, widget=forms.HiddenInput, required=False)
    text = forms.CharField(label=_("What comes next"), max_length=300, required=False)
    due = forms.ChoiceField(
        label=_("By when"),
        choices=[choice for choice in DUE.items() if choice[0] != "after"],
        widget=forms.RadioSelect,
        required=False,
    )
    day = forms.DateField(label=_("Day"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("text"):
            return cleaned
        today = clock.today_for(self.user)
        choice = cleaned.get("due") or ("day" if cleaned.get("day") else "")
        day = day_of(choice, today=today, mission=None, picked=cleaned.get("day"))
        if day is None and "day" not in self.errors:
            self.add_error("due", _("Say by when."))
        elif day and not today <= day <= today + FURTHEST:
            self.add_error("day", _("Choose a day between today and five years from now."))
        return cleaned | {"due_on": day}
