"""Figures under one set of filters: their numbers, or that they may not be told."""

from collections.abc import Sequence

from django.db.models import Aggregate

from leads.figures.filters import Filters
from leads.figures.secrecy import resolved, told
from leads.figures.source import Cell, Figure, measure


def ask(figures: Sequence[Figure], filters: Filters, **extra: Aggregate) -> Cell:
    """What figures of one source say. Both sides of every screen come through here."""
    source = figures[0].source
    filters = resolved(source, filters)
    return told(source, filters, measure(figures, filters, **extra))
