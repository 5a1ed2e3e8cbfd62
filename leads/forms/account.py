from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from companies.forms.company import DAY
from companies.models import Company
from config.staff import clock
from config.staff.editing import VersionedForm
from config.staff.models import User
from leads.models import AccountPlan, Headcount, Tier


class AccountPlanForm(VersionedForm[AccountPlan]):
    class Meta:
        model = AccountPlan
        fields = [
            *("tier", "owner", "deputy", "operation", "lease_ends_on", "contract_renewal_on"),
            *("expansion_signals", "risks"),
        ]
        widgets = {
            "lease_ends_on": DAY,
            "contract_renewal_on": DAY,
            "operation": forms.Textarea(attrs={"rows": 3}),
            "expansion_signals": forms.Textarea(attrs={"rows": 3}),
            "risks": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("owner", "deputy"):
            self.fields[name].queryset = User.objects.active().staff()  # type: ignore[attr-defined]


class HeadcountForm(forms.ModelForm[Headcount]):
    class Meta:
        model = Headcount
        fields = ["counted_on", "jobs", "source", "note"]
        widgets = {"counted_on": DAY}

    def __init__(self, *args: Any, company: Company, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.company, self.instance.by = company, by
        self.fields["jobs"].widget.attrs["max"] = 2**31 - 1
        if not self.instance.pk:
            self.fields["counted_on"].initial = clock.agency_today()


class InstalledFilter(forms.Form):
    tier = forms.ChoiceField(label=_("Tier"), required=False, choices=[("", _("All")), *Tier.choices])
    owner = forms.ModelChoiceField(User.objects.staff().active(), label=_("Account owner"), required=False)
    visits = forms.ChoiceField(
        label=_("Visits"), required=False, choices=[("", _("All")), ("overdue", _("Visit overdue"))]
    )
