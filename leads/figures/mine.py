"""What an officer has at hand: promises, leads that wait, and how the quarter goes. Only their own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from config.staff import clock
from config.staff.models import User
from leads.figures.answer import ask
from leads.figures.catalogue.pipeline import (
    DORMANT,
    NEGLECTED,
    OPPORTUNITIES,
    OVER_NORM,
    PIPELINE,
    PIPELINE_JOBS,
    SILENT,
    WEIGHTED_CAPEX,
)
from leads.figures.catalogue.results import JOBS, PROJECTS
from leads.figures.catalogue.work import MEETINGS, ON_TIME, OPEN_FOLLOW_UPS, OVERDUE, PROMISES, VISITS
from leads.figures.figure import Figure, Measure
from leads.figures.filters import Filters
from leads.figures.overview import Tile
from leads.figures.period import quarter

NOW: tuple[tuple[Figure, ...], ...] = (
    (OVERDUE,),
    (PROMISES,),
    (OPEN_FOLLOW_UPS,),
    (PIPELINE, NEGLECTED, OVER_NORM, DORMANT, SILENT, PIPELINE_JOBS, WEIGHTED_CAPEX),
)
OF_THE_QUARTER: tuple[tuple[Figure, ...], ...] = ((MEETINGS, VISITS), (ON_TIME,), (OPPORTUNITIES,), (PROJECTS, JOBS))


@dataclass(frozen=True)
class Mine:
    as_of: datetime
    filters: Filters
    now: Sequence[Tile]
    quarter: Sequence[Tile]
    figures: Sequence[Measure]


def mine(filters: Filters, person: User) -> Mine:
    filters = filters.but(officer=str(person.pk)).during(quarter(filters.today))
    before = filters.before()
    now = [
        Tile(each, cell[each.name], filters.query())
        for group in NOW
        for cell in [ask(group, filters)]
        for each in group
    ]
    made = []
    for group in OF_THE_QUARTER:
        cell, earlier = ask(group, filters), ask(group, before) if before else None
        made += [
            Tile(each, cell[each.name], filters.query(), earlier[each.name] if earlier else None) for each in group
        ]
    return Mine(clock.now(), filters, now, made, [tile.figure for tile in (*now, *made)])
