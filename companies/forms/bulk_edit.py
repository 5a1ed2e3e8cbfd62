from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from companies.lists.kinds import BulkField
from config.staff.models import User


class ValueForm(forms.Form):
    """What a field is to be for all of them; emptying it is said, never a box left blank."""

    empty = forms.BooleanField(label=_("Empty it"), required=False)

    def __init__(self, data: Any, *, field: BulkField, reader: User) -> None:
        super().__init__(data)
        value = field.form_field(reader)
        value.label, value.required = field.label, False
        self.fields["value"] = value
        self.order_fields(["value", "empty"])
        if not field.may_be_empty:
            del self.fields["empty"]
        self.field = field

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        wants, empties = cleaned.get("value") not in (None, ""), bool(cleaned.get("empty"))
        if not self.errors and wants == empties:
            self.add_error("value", _("Choose a value.") if not wants else _("Choose a value, or empty it: not both."))
        return cleaned

    @property
    def stored(self) -> Any:
        """As the column keeps it."""
        return self.field.emptied if self.cleaned_data.get("empty") else self.field.stores(self.cleaned_data["value"])

    @property
    def words(self) -> str:
        if self.cleaned_data.get("empty"):
            return ""
        value = self.cleaned_data["value"]
        choices = dict(getattr(self.fields["value"], "choices", ())) if isinstance(value, str) else {}
        return str(choices.get(value, getattr(value, "name", value)))
