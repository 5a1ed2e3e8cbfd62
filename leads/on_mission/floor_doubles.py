"""Whom we may have written down twice on the floor: companies and people made for a meeting of a mission."""

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from companies.models import ContactLookAlike, LookAlike
from config.staff.models import User
from leads.models import Interaction, Participant
from missions.models import Mission

SHOWN = 20

Pair = LookAlike | ContactLookAlike
KINDS: dict[str, type[Pair]] = {"company": LookAlike, "contact": ContactLookAlike}


def pairs_made(mission: Mission, first: datetime, last: datetime, *, reader: User) -> list[Pair]:
    """The likeliest first, companies before people. Two queries."""
    met = Interaction.objects.visible_to(reader).filter(mission=mission)
    companies: QuerySet[Any] = LookAlike.objects.visible_to(reader).open()
    people: QuerySet[Any] = ContactLookAlike.objects.visible_to(reader).open()
    took_part = Participant.objects.filter(interaction__in=met)
    found = [
        companies.filter(_made(first, last, met, "company")).select_related("low", "high"),
        people.filter(_made(first, last, took_part, "contact")).select_related("low", "high"),
    ]
    return [pair for rows in found for pair in rows.order_by("-score", "-pk")[:SHOWN]]


def _made(first: datetime, last: datetime, rows: QuerySet[Any], by: str) -> Q:
    """One side was made between the two moments, and is what one of the rows is about."""
    made = Q()
    for side in ("low", "high"):
        in_time = Q(**{f"{side}__created_at__gte": first, f"{side}__created_at__lt": last})
        made |= in_time & Q(Exists(rows.filter(**{by: OuterRef(side)})))
    return made
