"""What a person may type about a lead."""

import hashlib
import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from companies.models import Company
from companies.pickers import PickField
from config.staff.models import User
from leads.forms.move import Day, contacts_of
from leads.models import Lead
from missions.models import Mission

MISSIONS_OFFERED = 100

GROUPS: tuple[tuple[str | Promise, tuple[str, ...]], ...] = (
    (_("Who"), ("title", "contact", "owner", "project_manager", "second_person")),
    (_("Where it came from"), ("source", "mission", "involvement", "parent", "predecessor")),
    (_("What they plan"), ("sector", "activity", "investment_type", "municipality", "motives", "competitors")),
    (
        _("How much and when"),
        (
            *("jobs_estimate", "capex_estimate_usd", "client_cannot_say", "likelihood"),
            *("decision_from", "decision_to", "land_on"),
        ),
    ),
    (
        _("What it needs"),
        ("requirements", "visit_on", "visit_debrief", "shortlist", "incentives", "open_issues", "sharing"),
    ),
    (_("What proves it"), ("announced_on", "operational_on", "local_entity_nit", "evidence")),
)


class VersionedForm(forms.ModelForm[Lead]):
    """Knows which version it was opened on, and what stood in it then, so that a stale edit can show both."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=10_000)

    def __init__(self, data: Any = None, **words: Any) -> None:
        super().__init__(data, **words)
        self.fields["version"].initial = self.instance.version
        self.fields["seen"].initial = json.dumps(self._marks(), separators=(",", ":"))

    def _marks(self) -> dict[str, str]:
        return {name: _mark(self.initial.get(name)) for name in self._meta.fields or ()}

    def changes(self) -> dict[str, object]:
        return {name: self.cleaned_data[name] for name in self._meta.fields or ()}

    def differences(self, current: Lead) -> Iterator[tuple[str | Promise, object, object]]:
        """Field by field: what was typed, and what a colleague stored meanwhile."""
        for name in self._meta.fields or ():
            now, typed = getattr(current, name), self.cleaned_data.get(name)
            if now != typed:
                yield str(self.fields[name].label), _shown(typed), _shown(now)

    def retried(self, current: Lead) -> "VersionedForm":
        """The same form on the current version: what was typed stays, what was not touched follows the colleague."""
        data: Any = self.data
        data = data.copy()
        seen, fresh = self._seen(), type(self)(**self._again(current))
        for name in self._meta.fields or ():
            if seen.get(name) == _mark(self.cleaned_data.get(name)):
                _put(data, name, fresh[name].value())
        data["version"], data["seen"] = current.version, fresh["seen"].value()
        return type(self)(data, **self._again(current))

    def _seen(self) -> dict[str, str]:
        try:
            seen = json.loads(self.cleaned_data.get("seen") or "{}")
        except ValueError:
            return {}
        return seen if isinstance(seen, dict) else {}

    def _again(self, current: Lead) -> dict[str, Any]:
        return {"instance": current}


def _mark(value: object) -> str:
    plain = getattr(value, "pk", value)
    # An amount reads 5 in the form and 5.00 in the database.
    text = f"{plain.normalize():f}" if isinstance(plain, Decimal) else str("" if plain is None else plain)
    return hashlib.sha256(text.replace("\r\n", "\n").encode()).hexdigest()[:8]


def _shown(value: object) -> object:
    return {True: _("Yes"), False: _("No")}[value] if isinstance(value, bool) else value


def _put(data: Any, name: str, value: object) -> None:
    if value is None or value is False or value == "":
        data.pop(name, None)
    else:
        data[name] = value


class LeadForm(VersionedForm):
    class Meta:
        model = Lead
        fields = [name for _legend, names in GROUPS for name in names]

    def __init__(self, data: Any = None, *, user: User, missing: frozenset[str] = frozenset(), **words: Any) -> None:
        super().__init__(data, **words)
        self.user, self.missing = user, missing
        _dress(self, self.instance, user)

    def _again(self, current: Lead) -> dict[str, Any]:
        return {"instance": current, "user": self.user, "missing": self.missing}

    def groups(self) -> Iterator[tuple[str | Promise, list[BoundField]]]:
        for legend, names in GROUPS:
            yield legend, [self[name] for name in names]

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        owner, lead = found.get("owner"), self.instance
        if owner and lead.verified_by_id == owner.pk and found.get("evidence") == Lead.objects.get(pk=lead.pk).evidence:
            self.add_error("owner", _("This person checked the evidence and so cannot own the lead."))
        start, end = found.get("decision_from"), found.get("decision_to")
        if start and end and end < start:
            self.add_error("decision_to", _("The decision cannot end before it starts."))
        return found


def _dress(form: forms.BaseForm, lead: Lead, user: User) -> None:
    """Choices are what this person may see; days are picked as days."""
    for name, field in form.fields.items():
        if isinstance(field, forms.DateField):
            form.fields[name] = Day(label=field.label, required=False)
    choices = {
        "owner": User.objects.active().staff(),
        "project_manager": User.objects.active().staff(),
        "second_person": User.objects.active().staff(),
        "contact": contacts_of(lead),
        "mission": Mission.objects.filter(
            pk__in=[*Mission.objects.values_list("pk", flat=True)[:MISSIONS_OFFERED], lead.mission_id]
        ),
        "parent": _siblings(lead, user),
        "predecessor": _siblings(lead, user),
    }
    for name, queryset in choices.items():
        if name in form.fields:
            chosen: Any = form.fields[name]
            chosen.queryset = queryset
    if "likelihood" in form.fields:
        form.fields["likelihood"] = forms.IntegerField(
            label=form.fields["likelihood"].label, min_value=0, max_value=100, required=False
        )


def _siblings(lead: Lead, user: User) -> Any:
    """Leads of the same company; a phase of this one cannot be what this one is a phase of."""
    seen = Lead.objects.visible_to(user).filter(company=lead.company_id)
    return seen.exclude(pk=lead.pk).exclude(parent=lead.pk).exclude(predecessor=lead.pk)


class NewLeadForm(forms.ModelForm[Lead]):
    company = PickField(Company.objects.none(), label=_("Company"))
    next_step = forms.CharField(label=_("Next step"), max_length=300, required=False)
    next_step_on = Day(label=_("On which day"), required=False)

    class Meta:
        model = Lead
        fields = (
            *("company", "title", "owner", "contact", "source", "mission", "parent"),
            *("jobs_estimate", "capex_estimate_usd", "client_cannot_say"),
        )

    def __init__(self, data: Any = None, *, user: User, company: Company | None = None, **words: Any) -> None:
        super().__init__(data, **words)
        companies: Any = self.fields["company"]
        companies.queryset = Company.objects.visible_to(user).current()
        self.instance.company_id = company.pk if company else None  # type: ignore[assignment]
        _dress(self, self.instance, user)
        if company is None:
            # Whose contacts and phases these are is not known yet; the lead's own page asks for them.
            del self.fields["contact"], self.fields["parent"]

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        if bool(found.get("next_step")) != bool(found.get("next_step_on")):
            self.add_error("next_step_on", _("Give the step and its day together."))
        return found

    def facts(self) -> dict[str, Any]:
        """Fields of the lead; what was left empty keeps its default."""
        apart = {"company", "title", "next_step", "next_step_on"}
        return {name: value for name, value in self.cleaned_data.items() if name not in apart and value is not None}
