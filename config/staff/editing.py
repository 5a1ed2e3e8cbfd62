"""Nobody overwrites a colleague: a form carries the version it started from, and a stale one is refused."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any, NamedTuple, TypeVar, cast

from django import forms
from django.db import models
from django.forms.models import model_to_dict
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Record = TypeVar("Record", bound=models.Model)


class Difference(NamedTuple):
    label: str
    typed: object
    stored: object


def _version(*, required: bool) -> forms.IntegerField:
    return forms.IntegerField(widget=forms.HiddenInput, required=required, min_value=0, max_value=2**31 - 1)


class VersionSeen(forms.ModelForm[Record]):
    """Knows which version of a record it was opened on, and what stood in it then.

    The record's own method refuses a stale version; the view then lets the form `meet` what a colleague stored.
    """

    version = _version(required=True)
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=10_000)

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(data, *args, **kwargs)
        self.theirs: list[Difference] = []
        self._carry(getattr(self.instance, "version", 1), dict(self.initial))

    def changes(self) -> dict[str, object]:
        return {name: self.cleaned_data[name] for name in self._names()}

    def meet(self, current: Record) -> None:
        """What was typed stays, what was not touched follows the colleague, and sent again it goes through."""
        stored = model_to_dict(current, fields=list(self._names()))
        typed = {name: self.cleaned_data.get(name) for name in self._names()}
        self.theirs = list(self._differences(current, stored, typed))
        seen, sent = self._seen(), cast("QueryDict", self.data).copy()
        for name in self._names():
            if seen.get(name) == _mark(typed[name]):
                _put(sent, self.add_prefix(name), self.fields[name].prepare_value(stored[name]))
        self._carry(current.version, stored)  # type: ignore[attr-defined]
        for name in ("version", "seen"):
            _put(sent, self.add_prefix(name), self.fields[name].initial)
        self.data = sent

    def _names(self) -> Iterable[str]:
        return [name for name in self._meta.fields or () if name in self.fields]

    def _carry(self, version: int, values: dict[str, Any]) -> None:
        marks = {name: _mark(values.get(name)) for name in self._names()}
        self.fields["version"].initial = version
        self.fields["seen"].initial = json.dumps(marks, separators=(",", ":"))

    def _seen(self) -> dict[str, str]:
        try:
            seen = json.loads(self.cleaned_data.get("seen") or "{}")
        except ValueError:
            return {}
        return seen if isinstance(seen, dict) else {}

    def _differences(self, current: Record, stored: dict[str, Any], typed: dict[str, Any]) -> Iterator[Difference]:
        for name in self._names():
            if name in self.cleaned_data and _mark(stored[name]) != _mark(typed[name]):
                choices = getattr(self.fields[name], "choices", ())
                yield Difference(
                    str(self.fields[name].label),
                    _in_words(typed[name], choices),
                    _in_words(_value_of(current, name), choices),
                )


class VersionedForm(VersionSeen[Record]):
    """Saves the record itself. Bind it to a row locked in the same transaction."""

    version = _version(required=False)  # a new record has none

    def clean(self) -> dict[str, Any]:
        super().clean()
        seen = self.cleaned_data.get("version")
        if self.instance.pk and seen is not None and seen != self.instance.version:  # type: ignore[attr-defined]
            self.meet(self.instance)
            raise forms.ValidationError(
                _("A colleague changed this meanwhile. Yours stands here, theirs above it; save again to keep yours."),
                code="stale",
            )
        return self.cleaned_data

    def save(self, commit: bool = True) -> Record:  # noqa: FBT001, FBT002 - Django's own signature
        if self.instance.pk:
            self.instance.version += 1  # type: ignore[attr-defined]
        return super().save(commit)


def _mark(value: object) -> str:
    """The same for the same fact, whether it was read from the database or typed."""
    if isinstance(value, models.QuerySet | list | tuple | set):
        text = ",".join(sorted(str(getattr(one, "pk", one)) for one in value))
    else:
        plain = getattr(value, "pk", value)
        # An amount reads 5 in the form and 5.00 in the database.
        text = f"{plain.normalize():f}" if isinstance(plain, Decimal) else str("" if plain is None else plain)
    return hashlib.sha256(text.replace("\r\n", "\n").encode()).hexdigest()[:8]


def _value_of(record: models.Model, name: str) -> object:
    value = getattr(record, name)
    return value.all() if isinstance(value, models.Manager) else value


def _in_words(value: object, choices: Iterable[Any]) -> str | Promise:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, models.QuerySet):
        return ", ".join(str(record) for record in value)
    if isinstance(value, str) and not isinstance(choices, forms.models.ModelChoiceIterator):
        return str(dict(choices).get(value, value)) or "–"
    return "–" if value is None else str(value)


def _put(data: Any, name: str, value: Any) -> None:
    """As a browser sends it: an empty box is not sent at all."""
    if value is None or value is False or value == "":
        data.pop(name, None)
    elif isinstance(value, tuple):  # a picked record: its name, and its number beside it
        data[name], data[f"{name}_id"] = value
    elif isinstance(value, list):
        data.setlist(name, value)
    else:
        data[name] = value
