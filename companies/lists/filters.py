"""Filters that are a Django form."""

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from django import forms
from django.http import QueryDict

from companies.lists.kinds import Rows
from config.staff.models import User

# (rows, what is asked by field, reader) to the rows that fit
Apply = Callable[[Any, dict[str, Any], User], Any]


class FormFilters:
    template = "lists/_form_fields.html"

    def __init__(self, form: forms.Form, apply: Apply, reader: User) -> None:
        self.form, self.reader = form, reader
        self._apply = apply

    @cached_property
    def asked(self) -> dict[str, Any]:
        """What cannot be meant is as if it had not been asked; the form says so."""
        self.form.is_valid()
        return {name: value for name, value in self.form.cleaned_data.items() if value not in (None, "", [])}

    @property
    def on(self) -> int:
        return len(self.asked)

    def apply(self, rows: Rows) -> Rows:
        narrowed: Rows = self._apply(rows, self.asked, self.reader)
        return narrowed

    def words(self) -> list[tuple[str, str]]:
        return [(str(self.form.fields[name].label), self._words(name, value)) for name, value in self.asked.items()]

    def _words(self, name: str, value: Any) -> str:
        field = self.form.fields[name]
        if isinstance(field, forms.BooleanField):
            return str(field.label)
        choices = dict(field.choices) if type(field) is forms.ChoiceField else {}  # type: ignore[arg-type]
        return str(choices.get(value, value))

    def context(self) -> Mapping[str, Any]:
        return {"form": self.form}


def by_form(form: Callable[[QueryDict, User], forms.Form], apply: Apply) -> Callable[[QueryDict, User], FormFilters]:
    def filters(query: QueryDict, reader: User) -> FormFilters:
        return FormFilters(form(query, reader), apply, reader)

    return filters
