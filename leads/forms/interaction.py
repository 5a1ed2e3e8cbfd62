from datetime import datetime, timedelta
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from companies.models import Company
from companies.pickers import PickField
from config.staff import clock
from config.staff.models import User
from config.staff.zones import known_zones
from leads.forms.log import FIRST_DAY
from leads.models import Interaction, Lead
from leads.models.choices import Interest, Outcome
from missions.models import Mission
from missions.wall_time import WallTimeFormField, to_utc, to_wall

# Older missions are reached from their own page, whose link to the list names them.
MISSIONS_OFFERED = 60


class InteractionForm(forms.Form):
    """What was logged, to be set right. Carries the version that the person saw."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)
    kind = forms.ChoiceField(label=_("What it was"), choices=Interaction.Kind)
    direction = forms.ChoiceField(label=_("Direction"), choices=Interaction.Direction)
    outcome = forms.ChoiceField(label=_("Outcome"), choices=Outcome)
    interest = forms.ChoiceField(label=_("Interest"), choices=[("", "–"), *Interest.choices], required=False)
    note = forms.CharField(label=_("What was said"), max_length=20000, required=False, widget=forms.Textarea)
    happened_at = WallTimeFormField(label=_("When (local time)"))
    zone = forms.CharField(label=_("Time zone"), max_length=64)
    place = forms.CharField(label=_("Place"), max_length=200, required=False)
    lead = forms.ModelChoiceField(
        label=_("Lead"), queryset=Lead.objects.none(), required=False, empty_label=_("No lead")
    )

    def __init__(self, *args: Any, interaction: Interaction, user: User, **kwargs: Any) -> None:
        fields = ("version", "kind", "direction", "outcome", "interest", "note", "zone", "place")
        kwargs["initial"] = {name: getattr(interaction, name) for name in fields} | {
            "happened_at": to_wall(interaction.happened_at, interaction.zone),
            "lead": interaction.lead_id,
        }
        super().__init__(*args, **kwargs)
        self.interaction, self.user = interaction, user
        lead = cast("forms.ModelChoiceField[Lead]", self.fields["lead"])
        lead.queryset = Lead.objects.visible_to(user).filter(company=interaction.company_id)

    def clean_zone(self) -> str:
        zone: str = self.cleaned_data["zone"]
        if zone not in known_zones():
            raise forms.ValidationError(_("This is no time zone that we know."))
        return zone

    def clean_happened_at(self) -> datetime:
        wall: datetime = self.cleaned_data["happened_at"]
        if not FIRST_DAY <= wall.date() <= clock.agency_today() + timedelta(days=366):
            raise forms.ValidationError(_("Give a day between 2000 and a year from now."))
        return wall

    def changes(self) -> dict[str, object]:
        said = dict(self.cleaned_data)
        del said["version"]
        return said | {"happened_at": to_utc(said["happened_at"], said["zone"])}


class InteractionFilter(forms.Form):
    q = forms.CharField(label=_("Words"), required=False, max_length=200)
    kind = forms.ChoiceField(label=_("Kind"), choices=[("", _("All")), *Interaction.Kind.choices], required=False)
    outcome = forms.ChoiceField(label=_("Outcome"), choices=[("", _("All")), *Outcome.choices], required=False)
    interest = forms.ChoiceField(label=_("Interest"), choices=[("", _("All")), *Interest.choices], required=False)
    mission = forms.ModelChoiceField(label=_("Mission"), queryset=Mission.objects.none(), required=False)
    officer = forms.ModelChoiceField(label=_("Logged by"), queryset=User.objects.none(), required=False)
    company = PickField(Company.objects.none(), label=_("Company"), required=False)
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, data: Any, *, user: User) -> None:
        super().__init__(data)
        company = cast("PickField", self.fields["company"])
        company.queryset = Company.objects.visible_to(user)
        for name, queryset in (
            ("mission", Mission.objects.visible_to(user)),
            ("officer", User.objects.visible_to(user).staff()),
        ):
            field = cast("forms.ModelChoiceField[Any]", self.fields[name])
            field.queryset = queryset
            field.choices = [("", _("All")), *self._offered(queryset.values_list("pk", "name"), name)]

    def _offered(self, names: Any, field: str) -> list[tuple[int, str]]:
        if field != "mission":
            return list(names)
        offered = list(names[:MISSIONS_OFFERED])
        asked = self.data.get(field, "")
        if asked.isdecimal() and len(asked) < 19 and int(asked) not in {pk for pk, _name in offered}:
            offered += list(names.filter(pk=int(asked)))
        return offered
