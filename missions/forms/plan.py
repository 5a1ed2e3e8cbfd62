"""What a mission is planned of: stops, events, delegates, costs."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from companies.models import Company
from companies.pickers import PickField
from config.staff.models import User
from missions.forms.mission import DAY
from missions.models import CostLine, Delegate, Event, Mission, Stop


class StopForm(forms.ModelForm[Stop]):
    class Meta:
        model = Stop
        fields = ["city", "arrives_on", "leaves_on"]
        widgets = {"arrives_on": DAY, "leaves_on": DAY}

    def __init__(self, *args: Any, mission: Mission, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.mission = mission

    def clean(self) -> dict[str, Any]:
        if "city" in self.cleaned_data:
            self.instance.zone = self.cleaned_data["city"].zone
        return self.cleaned_data


class EventForm(forms.ModelForm[Event]):
    class Meta:
        model = Event
        fields = ["name", "stop", "venue", "local_start", "local_end"]

    def __init__(self, *args: Any, mission: Mission, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.mission = mission
        self.fields["stop"].queryset = mission.stops.select_related("city")  # type: ignore[attr-defined]
        self.fields["stop"].required = True

    def clean(self) -> dict[str, Any]:
        if stop := self.cleaned_data.get("stop"):
            self.instance.city, self.instance.zone = stop.city, stop.zone
        return self.cleaned_data


class DelegateForm(forms.ModelForm[Delegate]):
    organisation = PickField(Company.objects.none(), label=_("Organisation"), required=False)

    class Meta:
        model = Delegate
        fields = ["name", "organisation", "role", "languages", "user", "arrives_on", "leaves_on"]
        widgets = {"arrives_on": DAY, "leaves_on": DAY}
        help_texts = {"user": _("Whoever has an account sees this mission; a guest sees its agenda and nothing else.")}

    def __init__(self, *args: Any, mission: Mission, reader: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.mission = mission
        self.fields["organisation"].queryset = Company.objects.visible_to(reader).current()  # type: ignore[attr-defined]
        self.fields["user"].queryset = User.objects.active()  # type: ignore[attr-defined]


class CostLineForm(forms.ModelForm[CostLine]):
    funder = PickField(Company.objects.none(), label=_("Funder"), required=False)

    class Meta:
        model = CostLine
        fields = ["kind", "label", "planned", "actual", "currency", "usd_rate", "rate_on", "funder"]
        widgets = {"rate_on": DAY}

    def __init__(self, *args: Any, mission: Mission, reader: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.mission = mission
        self.fields["funder"].queryset = Company.objects.visible_to(reader).institutions().current()  # type: ignore[attr-defined]

    def clean_currency(self) -> str:
        currency = str(self.cleaned_data["currency"]).upper()
        if not currency.isascii() or not currency.isalpha() or len(currency) != 3:
            raise forms.ValidationError(_("Give the three letters of a currency, such as USD or COP."))
        return currency
