"""What a new agency starts with. Run again it adds what is missing and leaves alone what somebody changed."""

from collections.abc import Sequence
from typing import Any

from django.db import models, transaction

from config.first_data import pipeline, places, taxonomy
from config.first_data.cadence import load_default_cadence
from config.first_data.notice import load_privacy_notice
from config.staff import clock
from leads.models import CountedType, ReportingScheme


@transaction.atomic
def load_first_data() -> int:
    """Returns how many rows were missing and were added."""
    keyed: list[Sequence[models.Model]] = [
        places.countries(),
        places.municipalities(),
        taxonomy.sectors(),
        taxonomy.activities(),
        pipeline.stages(),
        pipeline.gate_facts(),
        pipeline.reasons(),
        pipeline.investment_types(),
        pipeline.schemes(),
        pipeline.service_kinds(),
        pipeline.visit_rhythms(),
        pipeline.escalation_steps(),
    ]
    schemes = set(ReportingScheme.objects.values_list("pk", flat=True))
    added = sum(_add_missing(rows, "pk") for rows in keyed)
    added += _add_missing(places.cities(), "country_id", "name")
    added += _add_counted_types(schemes)
    added += load_privacy_notice(at=clock.now())
    return added + load_default_cadence(at=clock.now())


def _add_missing(rows: Sequence[models.Model], *key: str) -> int:
    manager: models.Manager[Any] = type(rows[0])._default_manager
    known = set(manager.values_list(*key))
    missing = [row for row in rows if tuple(getattr(row, name) for name in key) not in known]
    # Two starts at once may both find a row missing.
    manager.bulk_create(missing, ignore_conflicts=True)
    return len(missing)


def _add_counted_types(before: set[str]) -> int:
    """Only of schemes that were missing: what somebody took out of one stays out."""
    rows = [row for row in pipeline.counted_types() if row.scheme_id not in before]
    return len(CountedType.objects.bulk_create(rows, ignore_conflicts=True))
