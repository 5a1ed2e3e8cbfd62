"""Forms of the admin: the database's rules as answers in the form, and nobody's edit overwritten."""

from typing import Any

from django import forms
from django.contrib.admin.sites import AdminSite
from django.contrib.admin.widgets import ForeignKeyRawIdWidget
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _


class RecordForm(forms.ModelForm[Any]):
    """Asks every constraint of the record, also those that name a field which the form does not show."""

    seen_version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None or not hasattr(self.instance, "version"):
            self.fields.pop("seen_version", None)
        elif "seen_version" in self.fields:
            self.fields["seen_version"].initial = self.instance.version

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if self.errors:
            return
        try:
            self.instance.validate_constraints()
        except ValidationError as fault:
            self.add_error(None, ValidationError(fault.messages))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "seen_version" in self.fields:
            # Locked until the end of the request's transaction, so that two saves cannot both find it unchanged.
            rows = type(self.instance)._default_manager.select_for_update().filter(pk=self.instance.pk)
            if rows.values_list("version", flat=True).first() != cleaned.get("seen_version"):
                raise ValidationError(
                    _("Somebody has changed this record since you opened it. Open it again to see their changes.")
                )
        return cleaned


class PickById(ForeignKeyRawIdWidget):
    """The number of a record, with a look-up beside it: no list of a whole table, and no name that is not to be seen."""

    def __init__(self, field: models.ForeignKey[Any, Any], site: AdminSite, seen: models.QuerySet[Any]) -> None:
        super().__init__(field.remote_field, site)
        self.seen = seen

    def label_and_url_for_value(self, value: Any) -> tuple[str, str]:
        key = self.rel.get_related_field().name
        try:
            seen = self.seen.filter(**{key: value}).exists()
        except (ValueError, TypeError, ValidationError):
            seen = False
        return super().label_and_url_for_value(value) if seen else ("", "")
