"""What the filters offer, by name in the reader's language; one query for all of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import CharField, Exists, F, OuterRef, QuerySet, Value
from django.db.models.functions import Cast
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from companies.models import Activity, Company, Country, Municipality, Sector
from config.staff.models import User
from leads.figures.filters import AHEAD, RESERVED, UNKNOWN
from leads.figures.period import Stretch
from leads.models import InvestmentType, ServiceKind, Stage
from leads.models.choices import Source
from missions.models import Mission

MISSIONS = 30  # the latest; an older one is asked for from its own page
SPECIAL = {AHEAD: _("Still to come"), UNKNOWN: _("Not known"), RESERVED: _("Reserved, not told apart")}
LABELS: dict[str, StrPromise] = {
    "origin": _("Origin"),
    "sector": _("Sector"),
    "activity": _("Activity"),
    "municipality": _("Municipality"),
    "mission": _("Mission"),
    "officer": _("Person"),
    "source": _("Source"),
    "type": _("Investment type"),
    "stage": _("Stage"),
    "quiet": _("Days since they spoke"),
    "service": _("Service"),
    "year": _("Year"),
    "month": _("Month"),
}
SILENCE = {"30": _("0–30"), "60": _("31–60"), "90": _("61–90"), "more": _("over 90"), "never": _("never")}
IN_ORDER = {"stage", "quiet"}


@dataclass(frozen=True)
class Choices:
    names: dict[str, dict[str, str]] = field(default_factory=dict)

    def of(self, dimension: str) -> list[tuple[str, Any]]:
        if dimension == "quiet":
            return list(SILENCE.items())
        if dimension == "source":
            return list(Source.choices)
        return list(self.names.get(dimension, {}).items())

    def name(self, dimension: str, key: str) -> str:
        if key in SPECIAL:
            return str(SPECIAL[key])
        if dimension in {"year", "month"}:
            stretch = Stretch.read(key)
            return stretch.words() if stretch else key
        return str(dict(self.of(dimension)).get(key, key))

    def knowing(self, dimension: str, keys: Sequence[str]) -> "Choices":
        """With the names of old missions and of people who left, which the filters do not offer."""
        known = self.names.get(dimension, {})
        unknown = [key for key in keys if key not in known and key not in SPECIAL]
        if not unknown or dimension not in {"mission", "officer"}:
            return self
        model = Mission if dimension == "mission" else User
        found = model._default_manager.filter(pk__in=unknown).values_list("pk", "name")
        return Choices(self.names | {dimension: known | {str(pk): name for pk, name in found}})


def load() -> Choices:
    named = "name_en" if (get_language() or "").startswith("en") else "name_es"
    origins = Country.objects.filter(Exists(Company.objects.filter(origin_country=OuterRef("pk"))))
    offered = _rows("origin", origins, named).union(
        _rows("sector", Sector.objects.all(), named),
        _rows("activity", Activity.objects.all(), named),
        _rows("municipality", Municipality.objects.filter(in_region=True), "name"),
        _rows("type", InvestmentType.objects.all(), named),
        _rows("service", ServiceKind.objects.all(), named),
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
