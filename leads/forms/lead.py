"""What a person may type about a lead."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from companies.models import Company
from companies.pickers import PickField
from config.staff.editing import VersionSeen
from config.staff.models import User
from leads.forms.move import Day, contacts_of
from leads.models import Lead
from leads.pipeline.gates import Mark
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
    (_("What proves it"), ("embargo_until", "announced_on", "operational_on", "local_entity_nit", "evidence")),
)


class LeadForm(VersionSeen[Lead]):
    class Meta:
        model = Lead
        fields = [name for _legend, names in GROUPS for name in names]

    def __init__(self, data: Any = None, *, user: User, marks: Mapping[str, Mark] | None = None, **words: Any) -> None:
        super().__init__(data, **words)
        self.user, self.marks = user, marks or {}
        _dress(self, self.instance, user)

    def groups(self) -> Iterator[tuple[str | Promise, list[tuple[BoundField, str]]]]:
        """Each field with how it stands: missing, needed next, there, or nothing where it is optional."""
        for legend, names in GROUPS:
            yield legend, [(self[name], self.marks.get(name, "")) for name in names]

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        owner, lead = found.get("owner"), self.instance
        if owner and lead.verified_by_id == owner.pk and found.get("evidence") == Lead.objects.get(pk=lead.pk).evidence:
            self.add_error("owner", _("This person checked the evidence and so cannot own the lead."))
        if found.get("parent") and lead.phases.exists():
            self.add_error("parent", _("This project has phases, and a phase has none."))
        start, end = found.get("decision_from"), found.get("decision_to")
        if start and end and end < start:
            self.add_error("decision_to", _("The decision cannot end before it starts."))
        return found


def _dress(form: forms.BaseForm, lead: Lead, user: User) -> None:
    """Choices are what this person may see; days are picked as days."""
    for name, field in form.fields.items():
        if isinstance(field, forms.DateField):
            form.fields[name] = Day(label=field.label, required=False, help_text=field.help_text)
    choices = {
        "owner": User.objects.active().staff(),
        "project_manager": User.objects.active().staff(),
        "second_person": User.objects.active().staff(),
        "contact": contacts_of(lead),
        "mission": Mission.objects.filter(
            pk__in=[*Mission.objects.values_list("pk", flat=True)[:MISSIONS_OFFERED], lead.mission_id]
        ),
        "parent": _siblings(lead, user).filter(parent=None),
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
    # Of a lead that is still to come nothing hangs yet; to exclude "none" would exclude them all.
    return seen if lead._state.adding else seen.exclude(pk=lead.pk).exclude(parent=lead.pk).exclude(predecessor=lead.pk)


class NewLeadForm(forms.ModelForm[Lead]):
    company = PickField(Company.objects.none(), label=_("Company"))
    next_step = forms.CharField(label=_("Next step"), max_length=300, required=False)
    next_step_on = Day(label=_("On which day"), required=False)

    class Meta:
        model = Lead
        fields = (
            *("company", "title", "owner", "contact", "source", "mission", "parent"),
            *("predecessor", "investment_type"),
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
            del self.fields["contact"], self.fields["parent"], self.fields["predecessor"]

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        if bool(found.get("next_step")) != bool(found.get("next_step_on")):
            self.add_error("next_step_on", _("Give the step and its day together."))
        return found

    def facts(self) -> dict[str, Any]:
        """Fields of the lead; what was left empty keeps its default."""
        apart = {"company", "title", "next_step", "next_step_on"}
        return {name: value for name, value in self.cleaned_data.items() if name not in apart and value is not None}
