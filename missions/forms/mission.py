from typing import Any

from django import forms

from config.staff.editing import VersionedForm
from config.staff.models import User
from missions.models import Mission

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class MissionForm(VersionedForm[Mission]):
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
        ]
        widgets = {
            "starts_on": DAY,
            "ends_on": DAY,
            "objective": forms.Textarea(attrs={"rows": 3}),
            "sectors": forms.CheckboxSelectMultiple,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lead_officer"].queryset = User.objects.active().staff()  # type: ignore[attr-defined]
