"""A form field that takes one record out of a few hundred, from a menu.

It reads of each record what the menu shows and draws all of them at once; whole records with a template's loop around
them would cost every list some milliseconds.
"""

from collections.abc import Iterator
from typing import Any, cast

from django import forms
from django.forms.models import ModelChoiceIterator
from django.forms.renderers import BaseRenderer
from django.forms.utils import flatatt
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from companies.models.named import NamedInTwoLanguages, name_column


class _KeysAndNames(ModelChoiceIterator[Any]):
    def __iter__(self) -> Iterator[tuple[Any, Any]]:
        if self.field.empty_label is not None:
            yield "", self.field.empty_label
        column = name_column() if issubclass(self.queryset.model, NamedInTwoLanguages) else "name"
        yield from self.queryset.values_list("pk", column)


class _Menu(forms.Select):
    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: BaseRenderer | None = None
    ) -> SafeString:
        chosen = self.format_value(value)
        lines = "".join(
            f'<option value="{conditional_escape(key)}"{" selected" if str(key) in chosen else ""}>'
            f"{conditional_escape(label)}</option>"
            for key, label in cast("_KeysAndNames", self.choices)
        )
        own = flatatt({"name": name, **self.build_attrs(self.attrs, attrs)})
        return format_html("<select{}>{}</select>", own, mark_safe(lines))  # noqa: S308 - each was escaped


class MenuField(forms.ModelChoiceField[Any]):
    iterator = _KeysAndNames
    widget = _Menu
