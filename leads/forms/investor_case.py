from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from config.staff.models import User
from leads.aftercare.cases import GATES
from leads.models import InvestorCase


class InvestorCaseForm(forms.ModelForm[InvestorCase]):
    class Meta:
        model = InvestorCase
        fields = [
            *("flag", "about", "what", "text", "owner", "jobs_at_risk", "usd_at_risk", "legal_norm"),
            "is_confidential",
        ]
        widgets = {"text": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = User.objects.active().staff()  # type: ignore[attr-defined]
        self.fields["jobs_at_risk"].widget.attrs["max"] = 2**31 - 1


class CaseMoveForm(forms.Form):
    """The facts that the next state asks for, and a word on the step."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    to = forms.CharField(widget=forms.HiddenInput, max_length=12)
    authority = forms.CharField(label=_("Authority involved"), max_length=200)
    plan = forms.CharField(label=_("Action plan"), max_length=5000, widget=forms.Textarea(attrs={"rows": 4}))
    level = forms.TypedChoiceField(label=_("Escalated to"), coerce=int, choices=InvestorCase.Level.choices)
    outcome = forms.CharField(
        label=_("What came of the case"), max_length=5000, widget=forms.Textarea(attrs={"rows": 4})
    )
    note = forms.CharField(label=_("Note"), max_length=500, required=False)

    def __init__(self, *args: Any, to: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        wanted = {*GATES.get(to, ()), "version", "to", "note"}
        for name in list(self.fields):
            if name not in wanted:
                del self.fields[name]


class CaseFilter(forms.Form):
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("Open")), ("over", _("Ended")), *InvestorCase.State.choices],
    )
    flag = forms.ChoiceField(
        label=_("How urgent"), required=False, choices=[("", _("All")), *InvestorCase.Flag.choices]
    )
    about = forms.ChoiceField(
        label=_("What it is about"), required=False, choices=[("", _("All")), *InvestorCase.About.choices]
    )
    owner = forms.ModelChoiceField(
        User.objects.staff().active(), label=_("Owner"), required=False, empty_label=_("All")
    )
