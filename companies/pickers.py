"""A form field that takes one record out of many: typed and picked from what the search offers, never a drop-down.

With scripts the hidden id is filled by static/js/pick.js; without them the typed name is looked up, and where it is
not one record's own the form comes back with the likely ones to choose from.
"""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from companies.models import Company, Contact

Record = Company | Contact


class PickWidget(forms.Widget):
    template_name = "components/_pick.html"

    def __init__(self, kind: str) -> None:
        super().__init__()
        self.kind = kind
        self.offered: list[Record] = []

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> tuple[str, str]:
        return data.get(name, ""), data.get(f"{name}_id", "")

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return name not in data and f"{name}_id" not in data

    def id_for_label(self, id_: str) -> str:
        return id_

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, None, attrs)
        text, pk = value if isinstance(value, tuple) else ("", "")
        context["widget"].update(kind=self.kind, text=text, pk=pk, offered=self.offered)
        return context


class PickField(forms.Field):
    """Cleans to a record of the queryset, or None where it may stay empty."""

    widget: PickWidget
    default_error_messages = {
        "unknown": _("We know nobody by this name. Choose one of the list, or add it first."),
        "several": _("Which one do you mean?"),
    }

    def __init__(self, queryset: models.QuerySet[Any], **kwargs: Any) -> None:
        kind = "contact" if queryset.model is Contact else "company"
        super().__init__(widget=PickWidget(kind), **kwargs)
        self.queryset = queryset

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, tuple) or value is None:
            return value
        record = value if isinstance(value, models.Model) else self.queryset.filter(pk=value).first()
        return (str(record), str(record.pk)) if record else ("", "")

    def has_changed(self, initial: Any, data: Any) -> bool:
        before = self.prepare_value(initial) or ("", "")
        return bool(before[1] != data[1])

    def clean(self, value: Any) -> Any:
        text, pk = (part.strip().replace("\x00", "") for part in (value or ("", "")))
        if pk.isdecimal() and len(pk) < 19:
            record = self.queryset.filter(pk=int(pk)).first()
            if record:
                return record
        if not text:
            if self.required:
                raise forms.ValidationError(self.error_messages["required"], code="required")
            return None
        return self._named(text)

    def _named(self, text: str) -> Any:
        fold = "puente_fold" if self.queryset.model is Contact else "puente_fold_company"
        found = list(self.queryset.filter(folded=models.Func(models.Value(text[:255]), function=fold))[:6])
        if len(found) == 1:
            return found[0]
        self.widget.offered = found
        raise forms.ValidationError(self.error_messages["several" if found else "unknown"], code="unknown")
