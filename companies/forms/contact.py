from typing import Any

import phonenumbers
from django import forms
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from companies.forms.company import DAY
from companies.models import Company, Contact, ContactPoint, LegalBasis, Position, PrivacyNotice
from companies.pickers import PickField
from config.staff.editing import VersionedForm
from config.staff.models import User


class ContactForm(VersionedForm[Contact]):
    class Meta:
        model = Contact
        fields = [
            "given_name",
            "family_name",
            "family_name_first",
            "language",
            "country",
            "legal_basis",
            "legal_basis_on",
            "legal_basis_source",
            "notice_version",
            "note",
        ]
        widgets = {"legal_basis_on": DAY, "note": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "note": _("Write as if the person may read it. Nothing about health, politics, union or religion.")
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        published = PrivacyNotice.objects.order_by("-number").values_list("number", flat=True)
        versions = dict.fromkeys([*map(str, published), *filter(None, [self.instance.notice_version])])
        self.has_notices = bool(published)
        self.fields["notice_version"] = forms.ChoiceField(
            label=_("Privacy notice given"),
            required=False,
            choices=[("", _("None")), *((version, version) for version in versions)],
            help_text=_("The version that they were shown or sent when they handed over their data."),
        )
        self.order_fields(list(self.Meta.fields))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        is_informed = cleaned.get("legal_basis") != LegalBasis.AUTHORISATION or cleaned.get("notice_version")
        if self.has_notices and not is_informed and not self.errors.get("notice_version"):
            self.add_error("notice_version", _("An authorisation is informed: say which notice they were given."))
        return cleaned


class PositionForm(forms.ModelForm[Position]):
    """A new position; the one held so far may end with it."""

    company = PickField(Company.objects.none(), label=_("Company"))
    ends_others = forms.BooleanField(label=_("They have left where they were before"), required=False)

    class Meta:
        model = Position
        fields = ["company", "title", "started_on", "ended_on"]
        widgets = {"started_on": DAY, "ended_on": DAY}

    def __init__(self, *args: Any, contact: Contact, reader: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.contact = contact
        self.fields["company"].queryset = Company.objects.visible_to(reader).current()  # type: ignore[attr-defined]


class ContactPointForm(forms.ModelForm[ContactPoint]):
    class Meta:
        model = ContactPoint
        fields = ["kind", "value", "is_primary"]

    def __init__(self, *args: Any, contact: Contact, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.contact = contact

    def clean(self) -> dict[str, Any]:
        super().clean()
        kind, value = self.cleaned_data.get("kind"), self.cleaned_data.get("value", "").strip()
        try:
            if kind == ContactPoint.Kind.EMAIL and value:
                value = value.lower()
                validate_email(value)
            elif value:
                value = in_e164(value, self.instance.contact.country_id)
        except forms.ValidationError as error:
            self.add_error("value", error)
        self.cleaned_data["value"] = value
        return self.cleaned_data


def in_e164(number: str, country: str | None) -> str:
    """The number in E.164. One without a country code is read as of the contact's country, or else of Colombia."""
    try:
        parsed = phonenumbers.parse(number, country or "CO")
    except phonenumbers.NumberParseException:
        parsed = None
    if parsed is None or not phonenumbers.is_possible_number(parsed):
        raise forms.ValidationError(
            _("This is no phone number. Write it with its country code, such as +57 602 555 0100.")
        )
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
