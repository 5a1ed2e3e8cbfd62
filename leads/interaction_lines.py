"""An interaction as a line of a list: read with what it shows and no more."""

from django.db.models import Prefetch, QuerySet

from leads.models import Interaction, Participant

COLUMNS = (
    *("kind", "outcome", "interest", "happened_at", "zone", "place", "note"),
    *("company__name", "logged_by__name", "mission__name"),
)
NAME = ("given_name", "family_name", "family_name_first")


def as_lines(interactions: QuerySet[Interaction]) -> QuerySet[Interaction]:
    return (
        interactions.select_related("company", "logged_by", "mission")
        .only(*COLUMNS)
        .prefetch_related(Prefetch("participants", contacts_met()))
    )


def contacts_met() -> QuerySet[Participant]:
    """The people of the other side; a line does not name ours."""
    met = Participant.objects.filter(contact__isnull=False).select_related("contact").order_by("pk")
    return met.only("interaction", *(f"contact__{name}" for name in NAME))
