from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from companies.file_types import TYPES, clean_name, ending_of, type_of

ENDINGS = ",".join(f".{ending}" for ending in TYPES)


class Anything(forms.FileField):
    """The name is cleaned below and may be long; an empty file has a sentence of ours."""

    def to_python(self, data: Any) -> Any:
        return None if data in self.empty_values else data


class FileForm(forms.Form):
    content = Anything(
        label=_("File"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ENDINGS}),
        help_text=_("Documents, tables, presentations, pictures, texts and mails."),
    )
    note = forms.CharField(label=_("What it is"), max_length=200, required=False)

    def __init__(self, *args: Any, too_large: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.too_large = too_large
        self.name, self.media_type = "", ""

    def clean_content(self) -> UploadedFile[Any]:
        content: UploadedFile[Any] | None = self.cleaned_data["content"]
        largest = settings.FILE_SIZE_LIMIT
        if self.too_large or (content and (content.size or 0) > largest):
            raise forms.ValidationError(
                _("This file is too large. The largest that is taken has %(n)s MB."),
                params={"n": largest // 1024 // 1024},
            )
        if not content:
            raise forms.ValidationError(_("Choose a file."))
        if not content.size:
            raise forms.ValidationError(_("This file is empty."))
        return self._known(content)

    def _known(self, content: UploadedFile[Any]) -> UploadedFile[Any]:
        self.name = clean_name(content.name or "")
        ending = ending_of(self.name)
        if ending not in TYPES:
            raise forms.ValidationError(_("Files of this kind are not taken. Send it as PDF, for example."))
        kind = type_of(self.name, content.file)  # type: ignore[arg-type]
        if kind is None:
            raise forms.ValidationError(
                _("What is in this file is not what its name says (.%(ending)s). Save it anew under its own kind."),
                params={"ending": ending},
            )
        self.media_type = kind.media_type
        return content
