"""The short form of a move: the stage, and exactly the facts that its gate misses."""

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from companies.models import Contact, Country, Position
from companies.models.contact import LegalBasis
from config.staff.models import User
from leads.models import Lead, ServiceKind, Stage
from leads.pipeline.gates import Requirement

Fields = dict[str, forms.Field]


class Day(forms.DateField):
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class MoveForm(forms.Form):
    stage = forms.TypedChoiceField(coerce=int, widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)
    seen_stage = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=7)

    def __init__(
        self,
        data: Any = None,
        *,
        lead: Lead,
        user: User,
        missing: Sequence[Requirement] = (),
        back: bool = False,
        **words: Any,
    ) -> None:
        super().__init__(data, **words)
        self.lead = lead
        stages: Any = self.fields["stage"]
        stages.choices = [(number, number) for number in range(Stage.LEAD, Stage.OPERATIONAL + 1)]
        for requirement in missing:
            for name, field in fields_for(requirement.field, lead=lead, user=user).items():
                self.fields.setdefault(name, field)
        if missing and user.overrides_gates:
            self.fields["override"] = forms.BooleanField(
                label=_("Move without what is missing, by my right to pass a gate"), required=False
            )
        if back or (missing and user.overrides_gates):
            self.fields["note"] = forms.CharField(
                label=_("Why it goes back") if back else _("Why without it"), max_length=500, required=False
            )

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        if bool(found.get("next_step")) != bool(found.get("next_step_on")) and "next_step" in self.fields:
            self.add_error("next_step_on", _("Give the step and its day together."))
        if bool(found.get("service")) != bool(found.get("service_on")) and "service" in self.fields:
            self.add_error("service_on", _("Give the service and its day together."))
        return found


def fields_for(requirement: str, *, lead: Lead, user: User) -> Fields:
    """The fields that answer a requirement; none where this person cannot answer it."""
    if requirement in OTHERS:
        return OTHERS[requirement](lead, user)
    return {requirement: _own(requirement, lead)}


def _own(name: str, lead: Lead) -> forms.Field:
    own: Any = Lead._meta.get_field(name)
    field: Any = own.formfield(required=False)
    if isinstance(field, forms.DateField):
        field = Day(label=field.label, required=False)
    if getattr(field, "queryset", None) is not None and field.queryset.model is User:
        field.queryset = User.objects.active().staff()
    if name == "likelihood":
        field = forms.IntegerField(label=field.label, min_value=0, max_value=100, required=False)
    if name == "contact":
        field.queryset = contacts_of(lead)
    return field  # type: ignore[no-any-return]


def contacts_of(lead: Lead) -> Any:
    """People of the company, and the one who is named already, wherever that person works by now."""
    works_there = Q(pk__in=Position.objects.current().filter(company=lead.company_id).values("contact"))
    return Contact.objects.current().filter(works_there | Q(pk=lead.contact_id)).order_by("folded")


def _jobs(lead: Lead, user: User) -> Fields:
    return {"jobs_estimate": _own("jobs_estimate", lead), "client_cannot_say": _own("client_cannot_say", lead)}


def _capex(lead: Lead, user: User) -> Fields:
    names = ("capex_estimate_usd", "client_cannot_say")
    return {name: _own(name, lead) for name in names}


def _next_step(lead: Lead, user: User) -> Fields:
    return {
        "next_step": forms.CharField(label=_("Next step"), max_length=300, required=False),
        "next_step_on": Day(label=_("On which day"), required=False),
    }


def _basis(lead: Lead, user: User) -> Fields:
    choices = [("", "---------"), *LegalBasis.choices]
    label = _("Why we may keep the data of %(person)s") % {"person": lead.contact}
    return {"legal_basis": forms.ChoiceField(label=label, choices=choices, required=False)}


def _country(lead: Lead, user: User) -> Fields:
    return {"origin_country": _pick(_("Country of origin"), Country.objects.all())}


def _account_owner(lead: Lead, user: User) -> Fields:
    return {"account_owner": _pick(_("Looks after the company"), User.objects.active().staff())}


def _pick(label: Any, queryset: Any) -> forms.Field:
    return forms.ModelChoiceField(queryset, label=label, required=False)


def _committed(lead: Lead, user: User) -> Fields:
    return {
        "committed_on_day": Day(label=_("Committed on"), required=False),
        "committed_jobs": _whole(_("New jobs committed"), _("Leave empty where nobody knows.")),
        "committed_safeguarded": _whole(_("Safeguarded jobs")),
        "committed_capex": forms.DecimalField(
            label=_("Capex committed (USD)"),
            max_digits=18,
            decimal_places=2,
            min_value=0,
            required=False,
            help_text=_("Leave empty where nobody knows. Other currencies: add the figures on the lead's page."),
        ),
    }


def _headcount(lead: Lead, user: User) -> Fields:
    if user.pk == lead.owner_id:
        return {}
    return {
        "headcount_on_day": Day(label=_("Headcount of"), required=False),
        "headcount_jobs": _whole(_("People employed, verified")),
    }


def _whole(label: Any, help_text: Any = "") -> forms.Field:
    return forms.IntegerField(label=label, min_value=0, max_value=2**31 - 1, required=False, help_text=help_text)


def _check(lead: Lead, user: User) -> Fields:
    """The owner cannot answer this one: somebody else looks at the evidence."""
    if user.pk == lead.owner_id or not lead.evidence:
        return {}
    label = _("I have seen the evidence and it is right: %(evidence)s") % {"evidence": lead.evidence}
    return {"evidence_is_right": forms.BooleanField(label=label, required=False)}


def _evidence(lead: Lead, user: User) -> Fields:
    return {"evidence": _own("evidence", lead), "decided_on": _own("decided_on", lead)}


def _service(lead: Lead, user: User) -> Fields:
    return {
        "service": _pick(_("Service given"), ServiceKind.objects.all()),
        "service_on": Day(label=_("Given on"), required=False),
    }


OTHERS: dict[str, Callable[[Lead, User], Fields]] = {
    "jobs_estimate": _jobs,
    "capex_estimate_usd": _capex,
    "next_step": _next_step,
    "legal_basis": _basis,
    "origin_country": _country,
    "account_owner": _account_owner,
    "committed": _committed,
    "service": _service,
    "headcount": _headcount,
    "verified_by": _check,
    "evidence": _evidence,
}
