"""Facts that a gate asked for, written where they belong: lead, contact, company, follow-up, reading."""

from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import F

from companies.models import Company, Contact
from config.staff import clock
from config.staff.models import User
from leads.models import FollowUp, Lead, Reading, Service
from leads.models.choices import Layer
from leads.pipeline import moves as pipeline
from leads.pipeline.gate_rules import RULES
from leads.pipeline.readings import add_reading

Facts = Mapping[str, Any]
# Who checked the evidence is said by that person, see `evidence_is_right`.
OWN = {"client_cannot_say", "decided_on"} | (
    {rule.field for rule in RULES} & {field.name for field in Lead._meta.concrete_fields} - {"verified_by"}
)


@transaction.atomic
def record(lead: Lead, facts: Facts, *, by: User, seen_version: int) -> Lead:
    """Write what was filled in; an empty field changes nothing. Refused where a colleague was quicker."""
    given = {name: value for name, value in facts.items() if value is not None and value != "" and value is not False}
    changes = {name: value for name, value in given.items() if name in OWN}
    if changes:
        lead = pipeline.save_facts(lead, changes, seen_version=seen_version)
    for write in ELSEWHERE:
        write(lead, given, by)
    if given.get("evidence_is_right"):
        lead = pipeline.check_evidence(lead, by=by, seen_version=lead.version)
    return lead


def _country(lead: Lead, given: Facts, by: User) -> None:
    if "origin_country" in given:
        _change(Company, lead.company_id, origin_country=given["origin_country"])


def _account_owner(lead: Lead, given: Facts, by: User) -> None:
    if "account_owner" in given:
        _change(Company, lead.company_id, owner=given["account_owner"])


def _legal_basis(lead: Lead, given: Facts, by: User) -> None:
    if "legal_basis" in given and lead.contact_id:
        since = clock.today_for(by)
        _change(Contact, lead.contact_id, legal_basis=given["legal_basis"], legal_basis_on=since)


def _change(model: type[Company] | type[Contact], pk: int, **fields: Any) -> None:
    model.objects.filter(pk=pk).update(**fields, version=F("version") + 1)


def _next_step(lead: Lead, given: Facts, by: User) -> None:
    if "next_step" in given and "next_step_on" in given:
        FollowUp.objects.create(
            text=given["next_step"],
            due_on=given["next_step_on"],
            owner_id=lead.owner_id,
            company_id=lead.company_id,
            contact_id=lead.contact_id,
            lead=lead,
            created_by=by,
        )


def _service(lead: Lead, given: Facts, by: User) -> None:
    if "service" in given and "service_on" in given:
        Service.objects.create(lead=lead, kind=given["service"], given_on=given["service_on"], by=by)


def _committed(lead: Lead, given: Facts, by: User) -> None:
    if "committed_on_day" in given:
        add_reading(lead, _reading(Layer.COMMITTED, "committed", given), by=by)


def _headcount(lead: Lead, given: Facts, by: User) -> None:
    if "headcount_on_day" in given:
        reading = _reading(Layer.VERIFIED, "headcount", given)
        reading.evidence = Reading.Evidence.PAYROLL
        add_reading(lead, reading, by=by)


def _reading(layer: Layer, prefix: str, given: Facts) -> Reading:
    jobs, capex = given.get(f"{prefix}_jobs"), given.get(f"{prefix}_capex")
    return Reading(
        layer=layer,
        jobs=jobs,
        jobs_unknown=jobs is None,
        jobs_safeguarded=given.get(f"{prefix}_safeguarded"),
        capex=capex,
        capex_unknown=capex is None,
        dated_on=given[f"{prefix}_on_day"],
    )


ELSEWHERE: tuple[Callable[[Lead, Facts, User], None], ...] = (
    _country,
    _account_owner,
    _legal_basis,
    _next_step,
    _service,
    _committed,
    _headcount,
)
