"""Nobody overwrites a colleague: a form carries the version it started from, and a stale one is refused."""

from typing import Any, TypeVar

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

Record = TypeVar("Record", bound=models.Model)


def _with(data: Any, name: str, value: str) -> Any:
    """What was typed, with one field changed; request data cannot be changed in place."""
    changed = data.copy()
    changed[name] = value
    return changed


class VersionedForm(forms.ModelForm[Record]):
    """A form over a record with a `version`. Bind it to a row locked in the same transaction.

    A stale one keeps what was typed, names what a colleague stored meanwhile, and goes through when sent again.
    """

    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2**31 - 1)

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(data, *args, **kwargs)
        self.fields["seen_version"].initial = getattr(self.instance, "version", 1)
        self.theirs: list[tuple[str, object]] = []

    def clean(self) -> dict[str, Any]:
        super().clean()
        seen = self.cleaned_data.get("seen_version")
        if self.instance.pk and seen is not None and seen != self.instance.version:  # type: ignore[attr-defined]
            self.theirs = [
                (str(self.fields[name].label), self._in_words(name))
                for name in self._meta.fields or ()
                if name in self.changed_data
            ]
            version = str(self.instance.version)  # type: ignore[attr-defined]
            self.data = _with(self.data, self.add_prefix("seen_version"), version)
            raise forms.ValidationError(
                _("A colleague changed this meanwhile. Yours stands here, theirs above it; save again to keep yours."),
                code="stale",
            )
        return self.cleaned_data

    def _in_words(self, name: str) -> object:
        """What is stored, as a person reads it; the instance still holds it while the form is cleaned."""
        if isinstance(self.fields[name], forms.ModelMultipleChoiceField):
            return ", ".join(str(record) for record in self.initial.get(name) or ())
        shown = getattr(self.instance, f"get_{name}_display", None)
        return shown() if shown else getattr(self.instance, name)

    def save(self, commit: bool = True) -> Record:  # noqa: FBT001, FBT002 - Django's own signature
        if self.instance.pk:
            self.instance.version += 1  # type: ignore[attr-defined]
        return super().save(commit)
