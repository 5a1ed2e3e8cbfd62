"""An interaction as a line of a list: read with what it shows and no more."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import QuerySet

from companies.models import Contact
from leads.models import Interaction, Participant

COLUMNS = (
    *("kind", "outcome", "interest", "happened_at", "zone", "place", "note"),
    *("company__name", "logged_by__name", "mission__name"),
)
NAME = ("given_name", "family_name", "family_name_first")


def as_lines(interactions: QuerySet[Interaction]) -> QuerySet[Interaction]:
    """To be completed by `add_met` when they were read."""
    return interactions.select_related("company", "logged_by", "mission").only(*COLUMNS)


def add_met(interactions: Iterable[Interaction]) -> None:
    """The names of the other side's people, in one query, as `met`; a line does not name ours."""
    rows = {row.pk: row for row in interactions}
    people = Participant.objects.filter(interaction__in=rows, contact__isnull=False).order_by("pk")
    met = defaultdict(list)
    for pk, given, family, turned in people.values_list("interaction", *(f"contact__{name}" for name in NAME)):
        met[pk].append(Contact.full_name(given, family, family_name_first=turned))
    for pk, row in rows.items():
        row.met = met[pk]  # type: ignore[attr-defined]
