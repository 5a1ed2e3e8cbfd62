"""The list by which we agree with other organisations who counts what, before anybody publishes it."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from companies.exporting import Column, Kind, Sheet, Table
from config.staff import clock
from config.staff.models import User
from leads.models import Claim, Lead
from leads.models.lead import LeadQuerySet

BATCH = 500


def projects_of(reader: User, year: int) -> LeadQuerySet:
    """Decided projects of a year, each once however many claim it. What may not be told outside is not among them."""
    today = clock.agency_today()
    told = decided_in(reader, year).announceable(on=today)
    rows: LeadQuerySet = told.with_amounts().select_related("company", "municipality")
    return rows.prefetch_related("claims__organisation")


def decided_in(reader: User, year: int) -> LeadQuerySet:
    return Lead.objects.visible_to(reader).decided().filter(parent=None, decided_on__year=year)


def claimant(claim: Claim) -> str:
    return f"{claim.organisation.name} ({claim.external_id})" if claim.external_id else claim.organisation.name


def table_of(reader: User, year: int) -> Table:
    columns = [
        Column(_("Company")),
        Column(_("Municipality")),
        Column(_("Month of the decision")),
        Column(_("Jobs"), Kind.NUMBER),
        Column(_("Our part")),
        Column(_("Who else counts it")),
    ]
    sheet = Sheet(_("Reconciliation"), columns, _rows(reader, year))
    return Table(_("Reconciliation list"), [sheet], [(_("Year"), str(year))])


def _rows(reader: User, year: int) -> Iterator[list[object]]:
    found: Any = projects_of(reader, year).order_by("decided_on", "pk")
    for lead in found.iterator(chunk_size=BATCH):
        yield [
            lead.company.name,
            lead.municipality.name if lead.municipality else None,
            f"{lead.decided_on:%Y-%m}",
            lead.jobs_now,
            lead.get_involvement_display(),
            "; ".join(claimant(claim) for claim in lead.claims.all()),
        ]
