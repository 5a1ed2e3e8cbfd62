from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from companies.models import Company, Contact
from companies.pickers import PickField
from config.staff.editing import VersionedForm
from config.staff.models import User
from missions.models import Appointment, Delegate, Mission, MissionTarget
from missions.models.seat import DoubleBooked

MOST_PEOPLE = 60


class AppointmentForm(VersionedForm[Appointment]):
    """Bind it in a transaction: it keeps the hour of those who shall sit here until the answer is stored."""

    company = PickField(Company.objects.none(), label=_("Company"))
    contacts = forms.ModelMultipleChoiceField(
        Contact.objects.none(), label=_("Their people"), required=False, widget=forms.CheckboxSelectMultiple
    )
    delegates = forms.ModelMultipleChoiceField(
        Delegate.objects.none(), label=_("Our people"), required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Appointment
        fields = [
            "company",
            "contacts",
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
            "tentative",
        ]

    def __init__(self, *args: Any, mission: Mission, reader: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reader = reader
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
        self._offer_their_people()

    def _offer_their_people(self) -> None:
        """Those of the company it is with; of a new one nobody is known before it is saved."""
        if not self.instance.pk:
            del self.fields["contacts"]
            return
        at_work = Contact.objects.visible_to(self.reader).filter(
            positions__company=self.instance.company_id, positions__ended_on=None
        )
        chosen = self.instance.contacts.values("pk")
        offered = Contact.objects.visible_to(self.reader).filter(pk__in=at_work.values("pk")[:MOST_PEOPLE])
        self.fields["contacts"].queryset = (  # type: ignore[attr-defined]
            offered | Contact.objects.visible_to(self.reader).filter(pk__in=chosen)
        ).distinct()

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

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if not self.errors and (taken := self.instance.in_the_way(self.cleaned_data["delegates"])):
            self.add_error("delegates", DoubleBooked(taken).said_to(self.reader, self.instance.zone))

    def save(self, commit: bool = True) -> Appointment:  # noqa: FBT001, FBT002 - Django's own signature
        is_new = self.instance.pk is None
        appointment = super().save(commit)
        if is_new and appointment.target and appointment.target.contact_id:
            appointment.contacts.add(appointment.target.contact_id)
        return appointment
