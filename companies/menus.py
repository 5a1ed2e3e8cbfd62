"""A form field that takes one record out of a few hundred, from a menu."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms.models import ModelChoiceIterator

from companies.models.named import NamedInTwoLanguages, name_column


class _KeysAndNames(ModelChoiceIterator[Any]):
    def __iter__(self) -> Iterator[tuple[Any, Any]]:
        if self.field.empty_label is not None:
            yield "", self.field.empty_label
        column = name_column() if issubclass(self.queryset.model, NamedInTwoLanguages) else "name"
        yield from self.queryset.values_list("pk", column)


class MenuField(forms.ModelChoiceField[Any]):
    """Reads of each record what the menu shows; all countries as whole records would cost every list some ms."""

    iterator = _KeysAndNames
