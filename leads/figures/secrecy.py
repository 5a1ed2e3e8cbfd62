"""A cell that would give a restricted project away is not told, nor what it could be computed from.

A cell with a restricted project and fewer than three groups of companies is withheld, together with further cells until
what is withheld is at least two cells of three groups in all: the total minus the cells that are told then says nothing
of one project. It is the same for everybody who looks. Two periods that overlap in all but a year are not compared
here: their difference is the reader's own sum.
"""

from collections.abc import Mapping

from leads.figures.filters import TOGETHER, Filters
from leads.figures.source import Cell, Figure, Source, measure_by

FEWEST = 3


def gives_away(cell: Cell) -> bool:
    return cell.restricted > 0 and cell.companies < FEWEST


def withheld(cells: Mapping[str, Cell]) -> frozenset[str]:
    """Which cells of one table are not told; the smallest others go with those that may not be."""
    hidden = {key for key, cell in cells.items() if gives_away(cell)}
    if not hidden:
        return frozenset()
    others = sorted(cells.keys() - hidden, key=lambda key: (cells[key].companies, key))
    while others and (len(hidden) < 2 or sum(cells[key].companies for key in hidden) < FEWEST):
        hidden.add(others.pop(0))
    return frozenset(hidden)


def covered(cells: Mapping[str, Cell]) -> dict[str, Cell]:
    hidden = withheld(cells)
    return {key: cell.hidden() if key in hidden else cell for key, cell in cells.items()}


def resolved(source: Source, filters: Filters) -> Filters:
    """Knows which origins TOGETHER stands for under the other filters."""
    if filters.origin != TOGETHER or not source.holds_secrets:
        return filters
    return filters.but(together=withheld(_tally(source, "origin", filters)))


def told(source: Source, filters: Filters, cell: Cell) -> Cell:
    """The cell, or nothing of it where these filters pick out what is withheld in a table that it could stand in."""
    if not source.holds_secrets:
        return cell
    if gives_away(cell) or any(_is_withheld(source, name, filters) for name in filters.narrowed()):
        return cell.hidden()
    return cell


def _is_withheld(source: Source, name: str, filters: Filters) -> bool:
    value = getattr(filters, name)
    return value != TOGETHER and value in withheld(_tally(source, name, filters))


def _tally(source: Source, name: str, filters: Filters) -> dict[str, Cell]:
    """The table in which the asked value is one cell."""
    return measure_by(name, [_all_of(source)], filters.but(**{name: ""}))


def _all_of(source: Source) -> Figure:
    return Figure("all", source.date_basis, source.date_basis, source.date_basis, source)
