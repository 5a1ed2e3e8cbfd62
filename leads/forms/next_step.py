from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from config.staff import clock
from config.staff.models import User
from leads.forms.move import Day
from leads.forms.promise import FURTHEST
from leads.models import FollowUp


class NextStepForm(forms.Form):
    """The day of a lead's next step, and the step itself where none is planned."""

    text = forms.CharField(label=_("Next step"), max_length=300)
    due_on = Day(label=_("On which day"))
    reason = forms.CharField(label=_("Why later"), max_length=200, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2**31 - 1)

    def __init__(self, data: Any = None, *, user: User, step: FollowUp | None, day: date | None, **words: Any) -> None:
        self.today = clock.today_for(user)
        planned = max(step.due_on, self.today) if step else None
        start = {"due_on": day or planned, "version": step.version if step else None}
        super().__init__(data, initial=start, **words)
        self.step = step
        if step:
            del self.fields["text"]
        if not step or not step.snoozes:
            del self.fields["reason"]

    def clean_due_on(self) -> date:
        day: date = self.cleaned_data["due_on"]
        if not self.today <= day <= self.today + FURTHEST:
            raise forms.ValidationError(_("Choose a day between today and five years from now."))
        return day

    def clean_reason(self) -> str:
        reason: str = self.cleaned_data["reason"]
        if not reason.strip():
            raise forms.ValidationError(_("This is not the first time: say why it must wait again."))
        return reason
