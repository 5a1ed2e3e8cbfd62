"""The visit of an investor: its days and people, a stop of its programme, its debrief."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from config.staff.models import User
from leads.forms.move import Day, contacts_of
from leads.models import Lead, SiteStop, SiteVisit


class Hour(forms.TimeField):
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class SiteVisitForm(forms.ModelForm[SiteVisit]):
    contacts = forms.ModelMultipleChoiceField(
        User.objects.none(), label=_("Who comes"), required=False, widget=forms.CheckboxSelectMultiple
    )
    colleagues = forms.ModelMultipleChoiceField(
        User.objects.none(), label=_("Who of us is with them"), required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = SiteVisit
        fields = ("starts_on", "ends_on", "purpose")

    def __init__(self, data: Any = None, *, lead: Lead, user: User, **words: Any) -> None:
        super().__init__(data, **words)
        self.instance.lead = lead
        for name in ("starts_on", "ends_on"):
            self.fields[name] = Day(label=self.fields[name].label)
        contacts: Any = self.fields["contacts"]
        contacts.queryset = contacts_of(lead)
        colleagues: Any = self.fields["colleagues"]
        colleagues.queryset = User.objects.active().staff().order_by("name")
        there = list(self.instance.visitors.all()) if self.instance.pk else []
        contacts.initial = [row.contact_id for row in there if row.contact_id] or (
            [lead.contact_id] if lead.contact_id and not self.instance.pk else []
        )
        colleagues.initial = [row.user_id for row in there if row.user_id] or ([] if self.instance.pk else [user.pk])

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        start, end = found.get("starts_on"), found.get("ends_on")
        if start and end and end < start:
            self.add_error("ends_on", _("The last day is before the first."))
        return found

    def _get_validation_exclusions(self) -> set[str]:
        return super()._get_validation_exclusions() | {"ends_on"}  # type: ignore[misc, no-any-return]


class SiteStopForm(forms.ModelForm[SiteStop]):
    class Meta:
        model = SiteStop
        fields = ("day", "starts", "ends", "title", "host", "place")

    def __init__(self, data: Any = None, *, visit: SiteVisit, **words: Any) -> None:
        super().__init__(data, **words)
        self.instance.visit = self.visit = visit
        last = visit.stops.last()
        self.fields["day"] = Day(label=self.fields["day"].label, initial=last.day if last else visit.starts_on)
        self.fields["starts"] = Hour(label=self.fields["starts"].label, help_text=_("In the clock of the place."))
        self.fields["ends"] = Hour(label=self.fields["ends"].label, required=False)

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        day, start, end = found.get("day"), found.get("starts"), found.get("ends")
        if day and not self.visit.starts_on <= day <= self.visit.ends_on:
            self.add_error("day", _("The visit is not on that day."))
        if start and end and end <= start:
            self.add_error("ends", _("It ends before it starts."))
        return found

    def _get_validation_exclusions(self) -> set[str]:
        return super()._get_validation_exclusions() | {"ends"}  # type: ignore[misc, no-any-return]


class DebriefForm(forms.ModelForm[SiteVisit]):
    debrief = forms.CharField(label=_("What the visit showed"), max_length=4000, widget=forms.Textarea({"rows": 5}))
    objections = forms.CharField(
        label=_("Their objections"), max_length=900, required=False, widget=forms.Textarea({"rows": 3})
    )

    class Meta:
        model = SiteVisit
        fields = ("debrief", "objections")
