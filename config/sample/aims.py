"""What the board asked of this year: approved targets, one that waits for approval, and the agency's budget."""

from datetime import timedelta
from decimal import Decimal

from config.sample.accounts import MANAGER, OFFICER
from config.sample.chance import moment
from config.sample.world import World
from leads.models import Budget, Goal

FUNDER = "Gobernación del Valle del Cauca"


def enter(world: World) -> None:
    size, year = world.size, world.today.year
    a_year = max(4, size.won // size.years)
    wanted = {
        "projects": a_year * 0.95,
        "capex": a_year * 7_000_000,
        "jobs": a_year * 160,
        "opportunities": size.qualified / size.years * 0.9,
        "meetings": size.meetings / size.years * 1.05,
        "on_time": 90,
        "answered_in_a_day": 85,
    }
    for figure, value in wanted.items():
        _goal(world, figure, value, note="Plan de acción aprobado por la junta")
    for figure, value in {
        "services": size.qualified / size.years,
        "mission_leads": size.leads / size.years * 0.4,
    }.items():
        _goal(world, figure, value, agreement_id=world.partners[FUNDER], note="Convenio de cooperación, anexo 2")
    _goal(world, "jobs", a_year * 60, sector_id="bpo_contact", note="Propuesta para revisar", approved=False)
    world.writer.add(Budget(year=year, usd=Decimal(1_450_000), note="Sin los aportes en especie"))
    world.writer.add(Budget(year=year - 1, usd=Decimal(1_320_000)))


def _goal(world: World, figure: str, value: float, *, note: str, approved: bool = True, **narrowed: object) -> None:
    proposed = moment(world.today.replace(month=1, day=1) - timedelta(days=30), 10)
    world.writer.add(
        Goal(
            figure=figure,
            year=world.today.year,
            value=Decimal(round(value)),
            note=note,
            proposed_by_id=world.person(OFFICER.email).id,
            proposed_at=proposed,
            approved_by_id=world.person(MANAGER.email).id if approved else None,
            approved_at=proposed + timedelta(days=9) if approved else None,
            **narrowed,
        )
    )
