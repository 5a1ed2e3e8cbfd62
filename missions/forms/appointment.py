from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from companies.models import Company
from companies.pickers import PickField
from config.staff.models import User
from missions.models import Appointment, Delegate, Mission, MissionTarget


class AppointmentForm(forms.ModelForm[Appointment]):
    company = PickField(Company.objects.none(), label=_("Company"))
    delegates = forms.ModelMultipleChoiceField(
        Delegate.objects.none(), label=_("Our people"), required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Appointment
        fields = [
            "company",
            "stop",
            "local_start",
            "local_end",
            "place",
            "address",
            "purpose",
            "delegates",
            "event",
            "priority",
            "level",
            "status",
        ]

    def __init__(self, *args: Any, mission: Mission, reader: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.mission = mission
        choices = {
            "company": Company.objects.visible_to(reader).current(),
            "stop": mission.stops.select_related("city"),
            "event": mission.events.all(),
            "delegates": mission.delegates.all(),
        }
        for name, queryset in choices.items():
            self.fields[name].queryset = queryset  # type: ignore[attr-defined]
        self.fields["stop"].required = True
        self.fields["priority"].widget = forms.Select(choices=[("", "–"), *MissionTarget.Priority.choices])

    def clean(self) -> dict[str, Any]:
        super().clean()
        if stop := self.cleaned_data.get("stop"):
            self.instance.zone = stop.zone
            start = self.cleaned_data.get("local_start")
            if start and not stop.covers(start.date()):
                self.add_error(
                    "local_start",
                    _("The stop in %(city)s lasts from %(first)s to %(last)s.")
                    % {"city": stop.city, "first": stop.arrives_on, "last": stop.leaves_on},
                )
        if company := self.cleaned_data.get("company"):
            self.instance.target = self.instance.mission.targets.filter(company=company).first()
        return self.cleaned_data
