from typing import Any, cast

from django import forms
from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from companies.models import Contact, File
from companies.objections import addresses_of
from config.staff.models import User
from leads.letters.files import MOST_BYTES, files_for
from leads.letters.words import BRACES
from leads.letters.writing import Written
from leads.models import Letter


class LetterForm(forms.Form):
    """A mail to one contact. It is sent in the next step, after its writer has seen it as its reader will."""

    to_address = forms.ChoiceField(label=_("To"))
    subject = forms.CharField(label=_("Subject"), max_length=200)
    body = forms.CharField(label=_("Text"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 14}))
    attached = forms.ModelMultipleChoiceField(
        File.objects.none(), label=_("Files that go with it"), required=False, widget=forms.CheckboxSelectMultiple
    )
    language = forms.ChoiceField(choices=settings.LANGUAGES, widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)

    def __init__(self, data: Any = None, *, letter: Letter, contact: Contact, user: User) -> None:
        names = ("to_address", "subject", "body", "language", "version")
        initial = {name: getattr(letter, name) for name in names}
        chosen = list(letter.files.values_list("pk", flat=True)) if letter.pk else []
        super().__init__(data, initial=initial | {"attached": chosen})
        attached = cast("forms.ModelMultipleChoiceField[File]", self.fields["attached"])
        attached.queryset = files_for(letter.follow_up, user)
        if not attached.queryset.exists():
            del self.fields["attached"]
        to = cast("forms.ChoiceField", self.fields["to_address"])
        to.choices = [(address, f"{contact.name} <{address}>") for address in addresses_of(contact)]

    def clean_subject(self) -> str:
        return " ".join(self._filled("subject").split())

    def clean_body(self) -> str:
        return self._filled("body").replace("\r\n", "\n")

    def clean_attached(self) -> list[File]:
        files = list(self.cleaned_data["attached"])
        if sum(file.size for file in files) > MOST_BYTES:
            most = filesizeformat(MOST_BYTES)
            raise forms.ValidationError(_("Together they must not be larger than %(most)s.") % {"most": most})
        return files

    def written(self, contact: Contact) -> Written:
        said = self.cleaned_data
        return Written(
            contact=contact,
            to=said["to_address"],
            language=said["language"],
            subject=said["subject"],
            body=said["body"],
            files=said.get("attached", ()),
        )

    def _filled(self, name: str) -> str:
        text = str(self.cleaned_data[name])
        left = BRACES.search(text)
        if left:
            raise forms.ValidationError(_("Put the words themselves where “%(braces)s” stands.") % {"braces": left[0]})
        return text
