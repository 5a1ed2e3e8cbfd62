from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db import models
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from companies.merging import Record, differences
from companies.pickers import PickField

OWN = "own"


class AddRecordForm(forms.Form):
    """One more record for a merge."""

    def __init__(self, *args: Any, records: QuerySet[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["add"] = PickField(records, label=_("Find a record"), required=False)


@dataclass(frozen=True)
class Cell:
    pk: int
    shown: object
    chosen: bool


@dataclass(frozen=True)
class Row:
    """A field in which the records differ: what each of them says, and what the one that is kept will say."""

    name: str
    label: str
    cells: list[Cell]
    own: forms.BoundField | None
    own_chosen: bool


class ResultForm(forms.Form):
    """What the record that is kept says where they differ: what one of them says, or something else, typed."""

    def __init__(self, data: Any = None, *, survivor: Record, losers: list[Record], take_all: str = "") -> None:
        super().__init__(data)
        self.records = [survivor, *losers]
        self.differing = differences(survivor, *losers)
        for record in self.records:
            self.fields[f"version_{record.pk}"] = forms.IntegerField(min_value=0, max_value=2**31 - 1, required=False)
        for field in self.differing:
            choices = [*((str(record.pk), str(record)) for record in self.records), (OWN, OWN)]
            initial = take_all if take_all in dict(choices) else str(self._likeliest(field).pk)
            self.fields[f"pick_{field.name}"] = forms.ChoiceField(choices=choices, initial=initial, required=False)
            if own := self._own_field(field, initial):
                self.fields[f"own_{field.name}"] = own

    def _likeliest(self, field: "models.Field[Any, Any]") -> Record:
        """The one that is kept, or where it says nothing the first that does."""
        return next((r for r in self.records if field.value_from_object(r) not in (None, "")), self.records[0])

    def _own_field(self, field: "models.Field[Any, Any]", initial: str) -> forms.Field | None:
        """A box for what is typed. One of a few kinds or another record is chosen, not typed."""
        if not isinstance(field, models.CharField | models.TextField | models.DateField) or field.choices:
            return None
        own: Any = field.formfield(required=False)
        record = next((r for r in self.records if str(r.pk) == initial), self.records[0])
        own.initial = field.value_from_object(record)
        own.help_text = ""
        if isinstance(field, models.TextField):
            own.widget = forms.Textarea(attrs={"rows": 3})
        elif isinstance(field, models.DateField):
            own.widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        own.widget.attrs |= {
            "class": "form-control",
            "aria-label": _("%(field)s afterwards") % {"field": field.verbose_name},
            "data-own": field.name,
        }
        return own  # type: ignore[no-any-return]

    @property
    def rows(self) -> Iterator[Row]:
        for field in self.differing:
            name = f"own_{field.name}"
            picked = str(self[f"pick_{field.name}"].value())
            yield Row(
                name=field.name,
                label=str(field.verbose_name),
                cells=[Cell(r.pk, _shown(field, r), picked == str(r.pk)) for r in self.records],
                own=self[name] if name in self.fields else None,
                own_chosen=picked == OWN,
            )

    @property
    def values(self) -> dict[str, Any]:
        """Field and value of the record that is kept; what was not asked for stays as it is."""
        by_pk = {str(record.pk): record for record in self.records}
        found: dict[str, Any] = {}
        for field in self.differing:
            picked = self.cleaned_data.get(f"pick_{field.name}")
            if picked == OWN and f"own_{field.name}" in self.fields:
                found[field.name] = self.cleaned_data[f"own_{field.name}"]
            elif picked in by_pk:
                found[field.name] = getattr(by_pk[picked], field.name)
        return found

    @property
    def seen_versions(self) -> dict[int, int]:
        versions = {record.pk: self.cleaned_data.get(f"version_{record.pk}") for record in self.records}
        return {pk: version for pk, version in versions.items() if version is not None}


def _shown(field: Any, record: Any) -> object:
    display = getattr(record, f"get_{field.name}_display", None)
    return display() if display else getattr(record, field.name)
