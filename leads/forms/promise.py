"""One promise: what, by when, and who keeps it."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from config.staff import clock
from config.staff.models import User
from config.staff.working_days import add_working_days
from leads.interactions.capture import Promise
from leads.models import CadenceStep
from missions.models import Mission
from missions.wall_time import to_utc

Owners = Callable[[], list[tuple[int, str]]]

FURTHEST = timedelta(days=5 * 366)

WORDS = {
    "material": _("Send the information pack"),
    "call": _("Call them"),
    "proposal": _("Send a proposal"),
    "meeting": _("Arrange the next meeting"),
    "introduce": _("Introduce them to a partner"),
    "answer": _("Answer their questions"),
}
KIND_OF = {"material": CadenceStep.Kind.MATERIAL, "call": CadenceStep.Kind.CALL}

DUE = {
    "tomorrow": _("Tomorrow"),
    "three": _("In 3 working days"),
    "week": _("In a week"),
    "after": _("After the mission"),
    "day": _("On a day"),
}


def day_of(choice: str, *, today: date, mission: Mission | None, picked: date | None) -> date | None:
    """The day that a chip stands for; after a mission means the second working day at home."""
    if choice == "after" and mission:
        return add_working_days(max(mission.ends_on, today), 2)
    days = {"tomorrow": today + timedelta(days=1), "three": add_working_days(today, 3), "week": today + timedelta(7)}
    return days.get(choice, picked if choice == "day" else None)


class PromiseForm(forms.Form):
    """One promise: its words out of a short list or typed, and its day."""

    promised = forms.BooleanField(label=_("I promised"), required=False)
    words = forms.ChoiceField(
        label=_("What I promised"), choices=list(WORDS.items()), widget=forms.RadioSelect, required=False
    )
    text = forms.CharField(label=_("In your own words"), max_length=300, required=False)
    due = forms.ChoiceField(label=_("By when"), choices=list(DUE.items()), widget=forms.RadioSelect, required=False)
    day = forms.DateField(label=_("Day"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    hour = forms.TimeField(
        label=_("At an hour (a mail of its own comes then)"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    owner = forms.ModelChoiceField(
        label=_("Who does it"), queryset=User.objects.none(), required=False, empty_label=None
    )

    def __init__(self, *args: Any, user: User, mission: Mission | None, owners: Owners, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.user, self.mission = user, mission
        # The day it was promised, where it is sent later than said.
        self.today: date | None = None
        self.fields["words"].initial = next(iter(WORDS))
        owner = cast("forms.ModelChoiceField[User]", self.fields["owner"])
        owner.queryset = User.objects.staff().active()
        owner.choices = owners  # asked for when it is drawn
        owner.initial = user.pk
        self.fields["day"].widget.attrs["min"] = clock.today_for(user).isoformat()
        if mission is None:
            due = cast("forms.ChoiceField", self.fields["due"])
            due.choices = [choice for choice in DUE.items() if choice[0] != "after"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("promised"):
            self._errors = forms.utils.ErrorDict()  # nothing was promised, so nothing about it can be wrong
            return cleaned
        today = self.today or clock.today_for(self.user)
        if cleaned.get("day") and not cleaned.get("due"):
            cleaned["due"] = "day"
        due_on = day_of(cleaned.get("due", ""), today=today, mission=self.mission, picked=cleaned.get("day"))
        if due_on is None and "day" not in self.errors:
            self.add_error("due", _("Say by when you promised it."))
        elif due_on and not today <= due_on <= today + FURTHEST:
            self.add_error("day", _("Choose a day between today and five years from now."))
        cleaned["due_on"] = due_on
        return cleaned

    def promise(self) -> Promise | None:
        said = self.cleaned_data
        if not said.get("promised"):
            return None
        owner: User = said.get("owner") or self.user
        due_on: date = said["due_on"]
        word = said.get("words") or next(iter(WORDS))
        text = said.get("text") or str(WORDS[word])
        kind = CadenceStep.Kind.OTHER if said.get("text") else KIND_OF.get(word, CadenceStep.Kind.OTHER)
        return Promise(
            text=text, kind=kind, due_on=due_on, due_at=_moment(due_on, said.get("hour"), owner), owner=owner
        )


def _moment(day: date, hour: time | None, owner: User) -> datetime | None:
    """That hour by the clocks of where the owner will be on that day."""
    if hour is None:
        return None
    noon = to_utc(datetime.combine(day, time(12)), owner.zone)
    return to_utc(datetime.combine(day, hour), owner.zone_at(noon))
