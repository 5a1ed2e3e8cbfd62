"""Smaller forms of the lead page: status, access, claims."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from companies.models import Company, Country
from companies.pickers import PickField
from config.staff import clock
from config.staff.editing import VersionSeen
from config.staff.models import Team, User
from leads.forms.move import Day
from leads.models import Claim, Lead, Reason, Service
from leads.models.choices import WITH_REASON, Level, Status
from leads.pipeline import code_names


class StatusForm(forms.Form):
    """One status and what it asks for."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)

    def __init__(self, data: Any = None, *, status: str, **words: Any) -> None:
        super().__init__(data, **words)
        if status in WITH_REASON:
            reasons = Reason.objects.filter(kind=status)
            self.fields["reason"] = forms.ModelChoiceField(reasons, label=_("Main reason"))
            self.fields["other_reasons"] = forms.ModelMultipleChoiceField(
                reasons, label=_("Further reasons"), required=False, widget=forms.CheckboxSelectMultiple
            )
        if status == Status.ON_HOLD:
            self.fields["review_on"] = Day(label=_("Look at it again on"))
        if status == Status.LOST:
            self.fields["lost_to_country"] = forms.ModelChoiceField(
                Country.objects.all(), label=_("Lost to country"), required=False
            )
            self.fields["lost_to_city"] = forms.CharField(label=_("Lost to city"), max_length=120, required=False)
            self.fields["nobody_knows_where"] = forms.BooleanField(
                label=_("Nobody knows where it went"), required=False
            )
        label = _("To whom it goes") if status == Status.HANDED_OVER else _("In their words")
        self.fields["note"] = forms.CharField(label=label, max_length=500, required=status == Status.HANDED_OVER)

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        unknown = found.pop("nobody_knows_where", None)
        if unknown is False and not found.get("lost_to_country") and "lost_to_country" not in self.errors:
            self.add_error("lost_to_country", _("Say the country, or that nobody knows."))
        if unknown and (found.get("lost_to_country") or found.get("lost_to_city")):
            self.add_error("lost_to_country", _("Say where, or that nobody knows, not both."))
        return found

    def clean_review_on(self) -> Any:
        day = self.cleaned_data["review_on"]
        if day <= clock.agency_today():
            raise forms.ValidationError(_("Choose a day to come."))
        return day


class AccessForm(VersionSeen[Lead]):
    people = forms.ModelMultipleChoiceField(
        User.objects.none(), label=_("Named people"), required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Lead
        fields = ("level", "team", "code_name")
        widgets = {"level": forms.RadioSelect}

    def __init__(self, data: Any = None, **words: Any) -> None:
        super().__init__(data, **words)
        named: Any = self.fields["people"]
        named.queryset = User.objects.active().staff().exclude(pk=self.instance.owner_id)
        named.initial = [row.user_id for row in self.instance.lead_people.all()]
        teams: Any = self.fields["team"]
        teams.queryset = Team.objects.all()
        self.fields["code_name"].help_text = _("Neutral words that say nothing about the company.")
        if not self.instance.code_name:
            self.initial["code_name"] = code_names.suggest(self.instance.company)

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        level = found.get("level")
        if level == Level.OPEN:
            found["team"] = None
        elif level and not found.get("code_name"):
            self.add_error("code_name", _("A restricted lead needs a code name."))
        if level == Level.TEAM and not found.get("team"):
            self.add_error("team", _("Say which team may see it."))
        name = found.get("code_name") or ""
        if level != Level.OPEN and code_names.gives_away(name, self.instance.company):
            self.add_error("code_name", _("The code name must not give the company away."))
        # Also where another lead has it: to say so would tell of that lead.
        if name and Lead.objects.filter(code_name=name).exclude(pk=self.instance.pk).exists():
            self.add_error("code_name", _("Take another code name; this one cannot be used."))
        return found

    def _get_validation_exclusions(self) -> set[str]:
        return super()._get_validation_exclusions() | {"code_name"}  # type: ignore[misc, no-any-return]


class ServiceForm(forms.ModelForm[Service]):
    class Meta:
        model = Service
        fields = ("kind", "given_on", "by", "note")

    def __init__(self, data: Any = None, *, user: User, lead: Lead, **words: Any) -> None:
        super().__init__(data, **words)
        self.instance.lead = lead
        people: Any = self.fields["by"]
        people.queryset, people.initial = User.objects.active().staff(), user.pk
        self.fields["given_on"] = Day(label=self.fields["given_on"].label, initial=clock.today_for(user))
        self.today = clock.today_for(user)

    def clean_given_on(self) -> Any:
        day = self.cleaned_data["given_on"]
        if day > self.today:
            raise forms.ValidationError(_("A service that is still to come is a next step, not a service given."))
        return day


class ClaimForm(forms.ModelForm[Claim]):
    organisation = PickField(Company.objects.none(), label=_("Organisation"))

    class Meta:
        model = Claim
        fields = ("organisation", "role", "external_id", "is_public")

    def __init__(self, data: Any = None, *, user: User, lead: Lead, **words: Any) -> None:
        super().__init__(data, **words)
        organisations: Any = self.fields["organisation"]
        organisations.queryset = Company.objects.visible_to(user).filter(Q(archived_at=None), merged_into=None)
        self.instance.lead = lead

    def clean_organisation(self) -> Company:
        organisation: Company = self.cleaned_data["organisation"]
        if self.instance.lead.claims.filter(organisation=organisation).exists():
            raise forms.ValidationError(_("Its claim stands here already."))
        return organisation
