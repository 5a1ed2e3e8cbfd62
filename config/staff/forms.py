from datetime import timedelta
from itertools import groupby
from typing import Any, cast

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import password_validators_help_text_html, validate_password
from django.core.exceptions import ValidationError
from django.utils.safestring import mark_safe
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from config.staff.models import Invitation, Leave, Role, User
from config.staff.zones import known_zones

# Each language by its own name, so that whoever reads only that one finds it.
LANGUAGES = [(code, get_language_info(code)["name_local"].capitalize()) for code, _name in settings.LANGUAGES]

HOURS = [(hour, f"{hour:02}:00") for hour in range(24)]

LONGEST_LEAVE = timedelta(days=366)
FURTHEST_YEAR = 2200

ZoneChoices = list[tuple[str, list[tuple[str, str]]]]


def zone_choices() -> ZoneChoices:
    """Every place's zone, grouped by part of the world, without the old names that tell no place."""
    places = sorted(zone for zone in known_zones() if "/" in zone and not zone.startswith(("Etc/", "SystemV/")))
    return [
        (region, [(zone, zone.split("/", 1)[1].replace("_", " ").replace("/", ", ")) for zone in zones])
        for region, zones in groupby(places, key=lambda zone: zone.split("/", 1)[0])
    ]


class SettingsForm(forms.ModelForm[User]):
    class Meta:
        model = User
        fields = ["language", "theme", "zone", "morning_hour", "quiet_from"]
        widgets = {
            "language": forms.RadioSelect,
            "theme": forms.RadioSelect,
            "morning_hour": forms.Select(choices=HOURS),
            "quiet_from": forms.Select(choices=[("", _("Never")), *HOURS]),
        }
        help_texts = {"zone": _("While you travel, the place of the mission counts instead.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = LANGUAGES  # type: ignore[attr-defined]
        self.fields["zone"] = forms.ChoiceField(
            label=self.fields["zone"].label, help_text=self.fields["zone"].help_text, choices=zone_choices
        )


class LeaveForm(forms.ModelForm[Leave]):
    class Meta:
        model = Leave
        fields = ["first_day", "last_day", "deputy"]
        widgets = {
            "first_day": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "last_day": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }
        help_texts = {"deputy": _("Left empty, your usual deputy or your manager.")}

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.user = user
        deputy = cast("forms.ModelChoiceField[User]", self.fields["deputy"])
        deputy.queryset = User.objects.active().staff().exclude(pk=user.pk)
        deputy.empty_label = "–"

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("first_day"), cleaned.get("last_day")
        if first and last and not last - LONGEST_LEAVE <= first <= last:
            self.add_error("last_day", _("It ends after it begins, within a year."))
        elif last and last.year > FURTHEST_YEAR:
            self.add_error("last_day", _("That is too far away."))
        return cleaned

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if not self.errors:
            try:
                self.instance.validate_constraints()
            except ValidationError as fault:
                self.add_error(None, ValidationError(fault.messages))


class InvitationForm(forms.ModelForm[Invitation]):
    class Meta:
        model = Invitation
        fields = ["email", "role", "team"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].required = True  # only the first administrator's invitation names nobody
        self.fields["team"].empty_label = _("No team")  # type: ignore[attr-defined]

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        if User.objects.filter(email__iexact=email).exists():
            raise ValidationError(_("There is an account with this address already."))
        return email


class RoleForm(forms.Form):
    role = forms.ChoiceField(choices=Role, label=_("Role"))
    may_override_gates = forms.BooleanField(
        label=_("May move a lead past a gate"),
        required=False,
        help_text=_("For managers and administrators. Each use asks for a reason and stands in the lead's log."),
    )

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        if found.get("may_override_gates") and found.get("role") not in {Role.MANAGER, Role.ADMINISTRATOR}:
            self.add_error("may_override_gates", _("Only managers and administrators may move a lead past a gate."))
        return found


class AcceptForm(forms.Form):
    """What a person gives when they take up an invitation; the first administrator also types the address."""

    email = forms.EmailField(label=_("E-mail"), max_length=254)
    name = forms.CharField(label=_("Your name"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    password = forms.CharField(
        label=_("Password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES, widget=forms.RadioSelect)

    def __init__(self, invitation: Invitation, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.invitation = invitation
        self.fields["password"].help_text = mark_safe(password_validators_help_text_html())  # noqa: S308 - Django's own
        if invitation.email:
            del self.fields["email"]

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        if User.objects.filter(email__iexact=email).exists():
            raise ValidationError(_("There is an account with this address already."))
        return email

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if password := cleaned.get("password"):
            person = User(email=self.invitation.email or cleaned.get("email", ""), name=cleaned.get("name", ""))
            try:
                validate_password(password, person)
            except ValidationError as refusal:
                self.add_error("password", refusal)
        return cleaned
