"""What the filters offer, by name in the reader's language; one query for all of them."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import CharField, Exists, F, OuterRef, QuerySet, Value
from django.db.models.functions import Cast
from django.utils.translation import get_language

from companies.models import Company, Country, Sector
from config.staff.models import User
from leads.models import Stage
from missions.models import Mission

MISSIONS = 30  # the latest; an older one is asked for from its own page


@dataclass(frozen=True)
class Choices:
    names: dict[str, dict[str, str]] = field(default_factory=dict)

    def of(self, dimension: str) -> list[tuple[str, str]]:
        return list(self.names.get(dimension, {}).items())

    def name(self, dimension: str, key: str) -> str:
        return self.names.get(dimension, {}).get(key, key)


def load() -> Choices:
    named = "name_en" if (get_language() or "").startswith("en") else "name_es"
    origins = Country.objects.filter(Exists(Company.objects.filter(origin_country=OuterRef("pk"))))
    offered = _rows("origin", origins, named).union(
        _rows("sector", Sector.objects.all(), named),
        _rows("stage", Stage.objects.filter(number__gte=Stage.LEAD), named),
        _rows("officer", User.objects.active().staff(), "name"),
        _rows("mission", Mission.objects.order_by("-starts_on", "-pk")[:MISSIONS], "name"),
        all=True,
    )
    choices = Choices()
    for dimension, key, name in sorted(offered, key=lambda row: (row[0], _order(row))):
        choices.names.setdefault(dimension, {})[key] = name
    return choices


def _rows(dimension: str, rows: QuerySet[Any], named: str) -> QuerySet[Any, Any]:
    ordered = rows if rows.query.is_sliced else rows.order_by()
    return ordered.values_list(Value(dimension, CharField()), Cast(F("pk"), CharField()), Cast(F(named), CharField()))


def _order(row: tuple[str, str, str]) -> tuple[int, str]:
    dimension, key, name = row
    if dimension == "stage":
        return int(key), ""
    return (-int(key), "") if dimension == "mission" else (0, name.casefold())
