from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from companies.forms.company import DAY
from companies.models import Contact, DataRequest, Incident
from companies.pickers import PickField
from config.staff import clock
from config.staff.models import Role, User


class NoticeForm(forms.Form):
    """The next version of what strangers are told, in both languages."""

    text_es = forms.CharField(label=_("Text in Spanish"), max_length=5000, widget=forms.Textarea(attrs={"rows": 6}))
    text_en = forms.CharField(label=_("Text in English"), max_length=5000, widget=forms.Textarea(attrs={"rows": 6}))


class DataRequestForm(forms.ModelForm[DataRequest]):
    contact = PickField(Contact.objects.none(), label=_("Contact"), required=False)

    class Meta:
        model = DataRequest
        fields = ["kind", "contact", "asked_by", "text", "received_on", "owner"]
        widgets = {"received_on": DAY, "text": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args: Any, reader: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["contact"].queryset = Contact.objects.visible_to(reader).current()  # type: ignore[attr-defined]
        owners = User.objects.active().filter(role=Role.ADMINISTRATOR)
        self.fields["owner"].queryset = owners  # type: ignore[attr-defined]

    def clean_received_on(self) -> Any:
        day = self.cleaned_data["received_on"]
        if day > clock.agency_today() or day.year < 2000:
            raise forms.ValidationError(_("Give the day on which it came in."))
        return day


class AnswerForm(forms.Form):
    answer = forms.CharField(
        label=_("What was answered, and how"), max_length=5000, widget=forms.Textarea(attrs={"rows": 4})
    )


class ExtendForm(forms.Form):
    because = forms.CharField(
        label=_("Why it takes longer"), max_length=300, help_text=_("The person is told so before the first day ends.")
    )


class AnonymiseForm(forms.Form):
    sure = forms.BooleanField(label=_("I know that this cannot be taken back"))


class IncidentForm(forms.ModelForm[Incident]):
    class Meta:
        model = Incident
        fields = ["what", "found_on", "whose", "measures", "reported_on"]
        widgets = {"found_on": DAY, "reported_on": DAY, "measures": forms.Textarea(attrs={"rows": 4})}

    def clean(self) -> dict[str, Any]:
        super().clean()
        for name in ("found_on", "reported_on"):
            day = self.cleaned_data.get(name)
            if day and (day > clock.agency_today() or day.year < 2000):
                self.add_error(name, _("Give a day that has come already."))
        return self.cleaned_data
