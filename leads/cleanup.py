"""What wants cleaning up in the pipeline: the tile of the clean-up home and its list ask the same."""

from django.db.models import Exists, OuterRef, QuerySet

from leads.models import FollowUp, Lead
from leads.models.choices import OPEN


def without_next_step(leads: QuerySet[Lead]) -> QuerySet[Lead]:
    """Open leads that nobody has promised to do anything about."""
    steps = FollowUp.objects.next_steps().filter(lead=OuterRef("pk"))
    return leads.filter(~Exists(steps), status__in=OPEN)
