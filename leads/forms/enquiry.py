from typing import Any, cast
from uuid import uuid4

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from companies.models import Company, Country, PrivacyNotice
from companies.models.named import name_column
from companies.pickers import PickField
from config.staff import clock
from config.staff.models import User
from leads.models import Enquiry


class QuestionForm(forms.ModelForm[Enquiry]):
    """What a stranger types. A machine that fills in every field also fills in the one that people do not see."""

    capture_id = forms.UUIDField(widget=forms.HiddenInput)
    # The version that stands above the button, whatever is published meanwhile.
    notice = forms.CharField(required=False, max_length=18, widget=forms.HiddenInput)
    homepage = forms.CharField(required=False, max_length=500, label=_("Leave this empty"))

    class Meta:
        model = Enquiry
        fields = ("name", "email", "company_name", "country", "phone", "text")
        widgets = {"text": forms.Textarea(attrs={"rows": 6})}
        labels = {
            "name": _("Your name"),
            "email": _("Your e-mail"),
            "company_name": _("Your company"),
            "text": _("What would you like to know?"),
        }

    def __init__(self, data: Any = None) -> None:
        self.told = PrivacyNotice.objects.in_force()
        super().__init__(data, initial={"capture_id": uuid4(), "notice": self.told.pk if self.told else ""})
        self.fields["email"].required = True
        country = cast("forms.ModelChoiceField[Country]", self.fields["country"])
        country.empty_label = "–"
        country.queryset = Country.objects.order_by(name_column())

    @property
    def is_from_a_machine(self) -> bool:
        return bool(self.data.get("homepage", "").strip())

    def clean_notice(self) -> PrivacyNotice | None:
        read = str(self.cleaned_data["notice"])
        return (PrivacyNotice.objects.filter(pk=read).first() if read.isdecimal() else None) or self.told

    def facts(self) -> dict[str, Any]:
        given = {name: self.cleaned_data[name] for name in (*self.Meta.fields, "notice")}
        return given | {"language": get_language() or "es", "channel": Enquiry.Channel.FORM}


class TypedForm(forms.ModelForm[Enquiry]):
    """An enquiry that came by phone or to somebody's own mailbox, typed by an officer."""

    capture_id = forms.UUIDField(widget=forms.HiddenInput)
    received_at = forms.DateTimeField(
        label=_("Received"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )

    class Meta:
        model = Enquiry
        fields = ("channel", "name", "email", "phone", "company_name", "country", "language", "text", "owner")
        widgets = {"text": forms.Textarea(attrs={"rows": 5})}

    def __init__(self, data: Any = None, *, user: User) -> None:
        initial = {
            "capture_id": uuid4(),
            "received_at": clock.now(),
            "channel": Enquiry.Channel.MAIL,
            "language": user.language,
            "owner": user.pk,
        }
        super().__init__(data, initial=initial)
        channel = cast("forms.ChoiceField", self.fields["channel"])
        channel.choices = [choice for choice in Enquiry.Channel.choices if choice[0] != Enquiry.Channel.FORM]
        owner = cast("forms.ModelChoiceField[User]", self.fields["owner"])
        owner.queryset = User.objects.active().staff()
        country = cast("forms.ModelChoiceField[Country]", self.fields["country"])
        country.queryset = Country.objects.order_by(name_column())

    def clean_received_at(self) -> Any:
        received = self.cleaned_data["received_at"]
        if received.year < 2000 or received > clock.now():
            raise forms.ValidationError(_("It cannot have come after now, or before the year 2000."))
        return received

    def facts(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in (*self.Meta.fields, "received_at")}


class AnswerForm(forms.Form):
    note = forms.CharField(label=_("What you answered"), max_length=500, required=False)


class CloseForm(forms.Form):
    because = forms.ChoiceField(label=_("Why it goes no further"), choices=Enquiry.Closed)
    note = forms.CharField(label=_("In short"), max_length=500, required=False)
    answered = forms.BooleanField(label=_("I told them so"), required=False)


class TurnForm(forms.Form):
    """A lead of it: of a company that stands here, or of a new one by the name that they wrote."""

    company = PickField(Company.objects.none(), label=_("Company"), required=False)
    new_company = forms.CharField(label=_("Or a new company of this name"), max_length=255, required=False)
    title = forms.CharField(label=_("What they might do here"), max_length=200)

    def __init__(self, data: Any = None, *, user: User, enquiry: Enquiry) -> None:
        super().__init__(data, initial={"company": enquiry.company, "new_company": enquiry.company_name})
        company = cast("PickField", self.fields["company"])
        company.queryset = Company.objects.visible_to(user).current()

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        if not found.get("company") and not (found.get("new_company") or "").strip() and "company" not in self.errors:
            self.add_error("company", _("Choose the company, or name a new one."))
        return found

    @property
    def house(self) -> Company | str:
        chosen: Company | None = self.cleaned_data["company"]
        return chosen or str(self.cleaned_data["new_company"]).strip()


class AssignForm(forms.Form):
    owner = forms.ModelChoiceField(User.objects.none(), label=_("Who answers it"))
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)

    def __init__(self, data: Any = None, **words: Any) -> None:
        super().__init__(data, **words)
        owner = cast("forms.ModelChoiceField[User]", self.fields["owner"])
        owner.queryset = User.objects.active().staff()
