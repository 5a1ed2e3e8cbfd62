from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from companies.models import Company
from companies.pickers import PickField
from config.staff.editing import VersionedForm
from config.staff.models import User
from missions.models import Mission

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class MissionForm(VersionedForm[Mission]):
    partner = PickField(
        Company.objects.none(),
        label=_("Add a partner or funder"),
        required=False,
        help_text=_("An institution that we know: a partner agency, a chamber, whoever pays."),
    )

    class Meta:
        model = Mission
        fields = [
            "name",
            "kind",
            "lead_officer",
            "starts_on",
            "ends_on",
            "objective",
            "sectors",
            "target_meetings",
            "target_leads",
            "partners",
        ]
        widgets = {
            "starts_on": DAY,
            "ends_on": DAY,
            "objective": forms.Textarea(attrs={"rows": 3}),
            "sectors": forms.CheckboxSelectMultiple,
            "partners": forms.CheckboxSelectMultiple,
        }

    def __init__(self, *args: Any, reader: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        there = self.instance.partners.all() if self.instance.pk else Company.objects.none()
        if there:
            self.fields["partners"].queryset = there  # type: ignore[attr-defined]
        else:
            del self.fields["partners"]
        self.fields["partner"].queryset = Company.objects.visible_to(reader).institutions().current()  # type: ignore[attr-defined]
        self.fields["lead_officer"].queryset = User.objects.active().staff()  # type: ignore[attr-defined]

    def save(self, commit: bool = True) -> Mission:  # noqa: FBT001, FBT002 - Django's own signature
        mission = super().save(commit)
        if commit and (partner := self.cleaned_data["partner"]):
            mission.partners.add(partner)
        return mission
