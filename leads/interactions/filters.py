"""By what a list of interactions is narrowed."""

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from companies import search
from config.staff import clock
from config.staff.models import User
from leads.models import Interaction, Participant

FIELDS = {
    "kind": "kind",
    "outcome": "outcome",
    "interest": "interest",
    "mission": "mission",
    "officer": "logged_by",
    "company": "company",
}


def narrowed(rows: QuerySet[Interaction], asked: dict[str, Any], user: User) -> QuerySet[Interaction]:
    zone = ZoneInfo(user.zone_at(clock.now()))
    for name, field in FIELDS.items():
        if name in asked:
            rows = rows.filter(**{field: asked[name]})
    if "since" in asked:
        rows = rows.filter(happened_at__gte=datetime.combine(asked["since"], time(), zone).astimezone(UTC))
    if "until" in asked:
        after = datetime.combine(asked["until"], time(), zone) + timedelta(days=1)
        rows = rows.filter(happened_at__lt=after.astimezone(UTC))
    return rows.filter(_about(asked["q"], user)) if "q" in asked else rows


def _about(words: str, user: User) -> Q:
    """What was said, with whom or where. Each part of the "or" has an index of its own."""
    groups = search.find(words, user=user, kinds=("company", "contact"), limit=20)
    found = {group.kind.name: [hit.pk for hit in group.hits] for group in groups}
    talks = Participant.objects.filter(contact__in=found.get("contact", [])).order_by("-pk")
    return (
        Q(note__icontains=words)
        | Q(company__in=found.get("company", []))
        | Q(pk__in=list(talks.values_list("interaction", flat=True)[:1000]))
    )
