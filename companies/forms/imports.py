from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from companies.importing.kinds import Field, Kind, kind_of
from companies.importing.problems import in_words
from companies.importing.reading import DELIMITERS, ENCODINGS
from companies.importing.texts import fold, storable
from companies.importing.values import LEAVE_OUT, SHOWN, Dates, Word, choices_of
from companies.models import Import, ImportRow, LegalBasis
from config.staff.models import User

MB = 2**20


def most_bytes() -> int:
    return int(settings.IMPORT_MOST_MB) * MB


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,
        max_length=500,
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["file"]
        field.help_text = _("CSV or Excel (.xlsx), at most %(n)s MB. The first row names the columns.") % {
            "n": settings.IMPORT_MOST_MB
        }
        field.widget.attrs |= {"data-most": most_bytes(), "data-too-big": too_big()}

    def clean_file(self) -> "UploadedFile[bytes]":
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if (file.size or 0) > most_bytes():
            raise forms.ValidationError(too_big())
        return file


def too_big() -> str:
    return in_words(f"too_big:{settings.IMPORT_MOST_MB}")


class WayForm(forms.Form):
    """How the file is read, where what was found out is wrong."""

    encoding = forms.ChoiceField(label=_("Encoding"), choices=[(name, name) for name in ENCODINGS])
    delimiter = forms.ChoiceField(
        label=_("Delimiter"),
        choices=[
            (DELIMITERS[0], _("Comma")),
            (DELIMITERS[1], _("Semicolon")),
            ("tab", _("Tab")),
            (DELIMITERS[3], _("Vertical bar")),
        ],
    )
    sheet = forms.ChoiceField(label=_("Sheet"))

    def __init__(self, *args: Any, an_import: Import, sheets: Sequence[str], **kwargs: Any) -> None:
        initial = {"encoding": an_import.encoding, "sheet": an_import.sheet}
        initial["delimiter"] = "tab" if an_import.delimiter == "\t" else an_import.delimiter
        super().__init__(*args, **{"initial": initial} | kwargs)
        if an_import.sheet:
            del self.fields["encoding"], self.fields["delimiter"]
            self.fields["sheet"].choices = [(name, name) for name in sheets]  # type: ignore[attr-defined]
        else:
            del self.fields["sheet"]
            if an_import.encoding not in ENCODINGS:
                self.fields["encoding"].choices += [(an_import.encoding, an_import.encoding)]  # type: ignore[attr-defined]

    def clean_delimiter(self) -> str:
        chosen: str = self.cleaned_data["delimiter"]
        return "\t" if chosen == "tab" else chosen


class ColumnsForm(forms.Form):
    """What each column says."""

    def __init__(self, *args: Any, an_import: Import, samples: Sequence[Sequence[str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind: Kind = kind_of(an_import)
        self.titles = an_import.header
        offered = [("", _("Not imported")), *((field.name, field.label) for field in self.kind.fields)]
        for column, title in enumerate(self.titles):
            seen = [cells[column] for cells in samples if column < len(cells) and cells[column].strip()]
            self.fields[str(column)] = forms.ChoiceField(
                label=title or _("Column %(n)s") % {"n": column + 1},
                choices=offered,
                required=False,
                initial=an_import.columns.get(str(column), ""),
                help_text=" · ".join(one[:60] for one in seen[:3]),
            )

    def clean(self) -> dict[str, Any]:
        chosen = {column: name for column, name in self.cleaned_data.items() if name}
        names = list(chosen.values())
        for column, name in chosen.items():
            if names.count(name) > 1:
                self.add_error(column, _("Two columns cannot be the same. Choose one of them."))
        for group in self.kind.needs:
            if not set(group) & set(names):
                field = self.kind.field(group[0])
                self.add_error(None, _("One column must be: %(field)s.") % {"field": field and field.label})
        return chosen


class AnswersForm(forms.ModelForm[Import]):
    """What nobody can guess: the order of dates, words that stand for nothing yet, and what holds for all of it."""

    legal_basis = forms.ChoiceField(
        label=_("Legal basis for the people in it"),
        choices=[("", _("Not known")), *LegalBasis.choices],
        required=False,
        help_text=_("It is noted with each new person, with the name of this file as its source."),
    )

    class Meta:
        model = Import
        fields = ["date_order", "overwrites", "drops_unmatched", "owner", "legal_basis"]
        widgets = {"date_order": forms.RadioSelect}

    def __init__(
        self, *args: Any, words: Sequence[tuple[Field, list[Word]]], dates: Dates | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.asked: dict[str, tuple[str, str]] = {}
        owners = User.objects.active().staff()
        self.fields["owner"].queryset = owners  # type: ignore[attr-defined]
        if dates:
            order = self.fields["date_order"]
            order.required = True
            order.choices = Import.DateOrder.choices  # type: ignore[attr-defined]
            order.help_text = _("These can be read both ways: %(samples)s") % {"samples": ", ".join(dates.samples)}
        else:
            del self.fields["date_order"]
        if kind_of(self.instance).about == "company":
            del self.fields["legal_basis"]
        if not words:
            del self.fields["drops_unmatched"]
        for field, found in words:
            self._ask(field, [word for word in found if not word.is_sure][:SHOWN])

    def _ask(self, field: Field, words: Sequence[Word]) -> None:
        offered = [("", _("Not decided")), (LEAVE_OUT, _("Leave it out")), *choices_of(field)]
        for number, word in enumerate(words):
            name = f"{field.name}-{number}"
            self.asked[name] = (field.name, fold(word.text))
            self.fields[name] = forms.ChoiceField(
                label=f"{field.label}: {word.text[:80]} ({word.count})",
                choices=offered,
                required=False,
                initial=word.means,
            )

    def values(self) -> dict[str, dict[str, str]]:
        found: dict[str, dict[str, str]] = {name: dict(words) for name, words in self.instance.values.items()}
        for name, (field, folded) in self.asked.items():
            if chosen := self.cleaned_data.get(name):
                found.setdefault(field, {})[folded] = chosen
            else:
                found.get(field, {}).pop(folded, None)
        return found


class RowForm(forms.Form):
    """The cells of one row that are imported, as they stand in the file."""

    def __init__(self, *args: Any, an_import: Import, row: ImportRow, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = kind_of(an_import)
        for column, name in sorted(an_import.columns.items(), key=lambda pair: int(pair[0])):
            field = kind.field(name)
            if field:
                text = row.cells[int(column)] if int(column) < len(row.cells) else ""
                is_long = field.type == "long" or len(text) > 200
                self.fields[name] = forms.CharField(
                    label=str(field.label),
                    initial=text,
                    required=False,
                    strip=False,
                    max_length=20_000,
                    widget=forms.Textarea(attrs={"rows": 2}) if is_long else forms.TextInput,
                )

    def texts(self) -> dict[str, str]:
        return {name: storable(text) for name, text in self.cleaned_data.items()}
