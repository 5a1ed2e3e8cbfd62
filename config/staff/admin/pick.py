"""Choosing a record by its number, with a look-up beside it: no drop-down of a whole table, and no script that styles
itself, as the admin's own pickers do against our policy."""

from typing import Any

from django import forms
from django.contrib.admin.sites import AdminSite
from django.contrib.admin.widgets import ForeignKeyRawIdWidget
from django.core.exceptions import ValidationError
from django.db import models

# The device's own calendar: it needs no script, and speaks to a screen reader.
DATES: dict[Any, dict[str, Any]] = {
    models.DateField: {"widget": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")},
    models.DateTimeField: {
        "form_class": forms.DateTimeField,
        "widget": forms.DateTimeInput(attrs={"type": "datetime-local", "step": "1"}, format="%Y-%m-%dT%H:%M:%S"),
    },
}


class PickById(ForeignKeyRawIdWidget):
    """Says the name of the chosen record only to those who may see it."""

    def __init__(self, field: "models.ForeignKey[Any, Any]", site: AdminSite, seen: "models.QuerySet[Any]") -> None:
        super().__init__(field.remote_field, site)
        self.seen = seen

    def label_and_url_for_value(self, value: Any) -> tuple[str, str]:
        try:
            seen = self.seen.filter(**{self.rel.get_related_field().name: value}).exists()
        except (ValueError, TypeError, ValidationError):
            seen = False
        return super().label_and_url_for_value(value) if seen else ("", "")
