"""Columns that several lists have: what was said last, and what is promised next."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.db.models import (
    Case,
    Count,
    DateField,
    DateTimeField,
    Exists,
    F,
    IntegerField,
    Max,
    Min,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, NullIf
from django.utils.html import format_html
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from companies.lists.joining import beside
from companies.lists.kinds import Column, Rows
from companies.models.named import name_column
from companies.sheets import Kind
from config.staff import clock
from config.staff.models import User
from config.templatetags.puente import day, unknown
from leads.models import FollowUp, Interaction
from leads.models.choices import Level


def named(name: str, label: Any, path: str) -> Column:
    """The name of a record that is called by two languages."""
    return Column(name, label, lambda reader: F(f"{path}__{name_column()}"))


def said_of(path: str, reader: User) -> QuerySet[Interaction]:
    return Interaction.objects.visible_to(reader).filter(**{path: OuterRef("pk")}).order_by("-happened_at")


def promised_of(path: str, reader: User) -> QuerySet[FollowUp]:
    return FollowUp.objects.visible_to(reader).open().filter(**{path: OuterRef("pk")}).order_by("due_on", "pk")


def touch(path: str) -> Column:
    return Column(
        "touch",
        _("Last touch"),
        lambda reader: Subquery(said_of(path, reader).values("happened_at")[:1]),
        Kind.DATE,
        newest_first=True,
        for_all=partial(_touches, path),
    )


def _touches(path: str, rows: Rows, reader: User) -> tuple[Rows, Any]:
    said = Interaction.objects.visible_to(reader).filter(**{f"{path}__isnull": False}).order_by()
    return beside(rows, "touches", said.values(k=F(path)).annotate(v=Max("happened_at")), DateTimeField())


def promise(path: str, label: Any) -> Column:
    """The day of the next one; red where it is over."""
    return Column(
        "promise",
        label,
        lambda reader: Subquery(promised_of(path, reader).values("due_on")[:1]),
        Kind.DATE,
        shows=lambda row: due(row.c_promise),
        for_all=partial(_promises, path),
    )


def _promises(path: str, rows: Rows, reader: User) -> tuple[Rows, Any]:
    planned = FollowUp.objects.visible_to(reader).open().filter(**{f"{path}__isnull": False}).order_by()
    return beside(rows, "promises", planned.values(k=F(path)).annotate(v=Min("due_on")), DateField())


def due(on: Any) -> object:
    if on is None:
        return unknown(None)
    return format_html('<span class="late">{}</span>', day(on)) if on < localdate(clock.now()) else day(on)


def said(path: str, label: Any, choices: Mapping[str, Any] | None = None) -> Column:
    """A text of the record; an empty one is none."""
    return Column(path, label, lambda reader: NullIf(F(path), Value("")), choices=choices or {})


def counted(rows: QuerySet[Any], path: str) -> Coalesce:
    """How many of these hang on each record; `rows` are filtered already."""
    hanging = rows.filter(**{path: OuterRef("pk")}).order_by().values(path).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(hanging, output_field=IntegerField()), 0)


def silent_since(path: str, reader: User, moment: Any) -> Q:
    """Nobody has said anything to them since then."""
    later = Interaction.objects.visible_to(reader).filter(**{path: OuterRef("pk")}, happened_at__gte=moment)
    return ~Q(Exists(later))


def no_record_of(model: type[Model], path: str) -> Q:
    return ~Q(Exists(model._default_manager.filter(**{path: OuterRef("pk")})))


def lead_name(path: str = "") -> Case:
    """As it is called aloud: a restricted one by its code name."""
    open_one = When(**{f"{path}level": Level.OPEN}, then=F(f"{path}title"))
    return Case(open_one, default=NullIf(F(f"{path}code_name"), Value("")))
