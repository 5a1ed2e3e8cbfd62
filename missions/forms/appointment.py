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


class HourForm(VersionedForm[Appointment]):
    """When and with whom of ours. Bind it in a transaction: it holds the hour of those people until all is stored."""

    delegates = forms.ModelMultipleChoiceField(
        Delegate.objects.none(), label=_("Our people"), required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Appointment
        fields = ["local_start", "local_end", "delegates", "status", "tentative"]

    def __init__(self, *args: Any, mission: Mission, reader: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reader = reader
        self.instance.mission = mission
        self.before = self.instance.status if self.instance.pk else ""
        self.fields["delegates"].queryset = mission.delegates.all()  # type: ignore[attr-defined]
        status = self.fields["status"]
        status.help_text = _("A confirmed one that gets another hour is moved, until it is confirmed again.")

    def clean(self) -> dict[str, Any]:
        super().clean()
        stop, start = self.cleaned_data.get("stop", self.instance.stop), self.cleaned_data.get("local_start")
        if stop and start and not stop.covers(start.date()):
            self.add_error(
                "local_start",
                _("The stop in %(city)s lasts from %(first)s to %(last)s.")
                % {"city": stop.city, "first": stop.arrives_on, "last": stop.leaves_on},
            )
        if self.gets_another_hour and self.before == self.cleaned_data.get("status") == Appointment.Status.CONFIRMED:
            self.cleaned_data["status"] = Appointment.Status.MOVED
        return self.cleaned_data

    @property
    def gets_another_hour(self) -> bool:
        given = self.cleaned_data.get("local_start")
        return bool(self.instance.pk and given and given != self.initial["local_start"])

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if not self.errors and (taken := self.instance.in_the_way(self.cleaned_data["delegates"])):
            self.add_error("delegates", DoubleBooked(taken).said_to(self.reader, self.instance.zone))


class MoveForm(HourForm):
    """A card of the grid, dragged or moved by its short form."""

    def clean(self) -> dict[str, Any]:
        super().clean()
        if self.gets_another_hour and self.before not in Appointment.TO_COME:
            raise forms.ValidationError(_("What is over keeps its hour. Open the appointment to mend it."))
        return self.cleaned_data


class AppointmentForm(HourForm):
    company = PickField(Company.objects.none(), label=_("Company"))
    contacts = forms.ModelMultipleChoiceField(
        Contact.objects.none(), label=_("Their people"), required=False, widget=forms.CheckboxSelectMultiple
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
            "town",
            "address",
            "purpose",
            "do_not_mention",
            "delegates",
            "event",
            "priority",
            "level",
            "status",
            "tentative",
        ]

    def __init__(self, *args: Any, mission: Mission, reader: User, **kwargs: Any) -> None:
        super().__init__(*args, mission=mission, reader=reader, **kwargs)
        choices = {
            "company": Company.objects.visible_to(reader).current(),
            "stop": mission.stops.select_related("city"),
            "event": mission.events.all(),
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
        people = Contact.objects.visible_to(self.reader)
        at_work = people.filter(positions__company=self.instance.company_id, positions__ended_on=None)
        offered = {*at_work.values_list("pk", flat=True)[:MOST_PEOPLE]}
        offered |= set(self.instance.contacts.values_list("pk", flat=True))
        self.fields["contacts"].queryset = people.filter(pk__in=offered)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        super().clean()
        if stop := self.cleaned_data.get("stop"):
            self.instance.zone = stop.zone
        if company := self.cleaned_data.get("company"):
            self.instance.target = self.instance.mission.targets.filter(company=company).first()
        return self.cleaned_data

    def save(self, commit: bool = True) -> Appointment:  # noqa: FBT001, FBT002 - Django's own signature
        is_new = self.instance.pk is None
        appointment = super().save(commit)
        if is_new and appointment.target and appointment.target.contact_id:
            appointment.contacts.add(appointment.target.contact_id)
        return appointment
