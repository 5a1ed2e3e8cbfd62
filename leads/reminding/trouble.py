"""A way that has failed for a day: the administrators hear of it, by the others. What waits on it goes out later."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min

from leads.models import Delivery
from leads.models.channel import Channel


@dataclass(frozen=True)
class Trouble:
    """How many messages wait on one way, and since when."""

    channel: Channel
    waiting: int
    since: datetime

    @property
    def occasion(self) -> str:
        """Told once for each day since which something waits, however long it lasts."""
        return f"{self.channel}/{self.since.date().isoformat()}"


def troubles(*, at: datetime) -> list[Trouble]:
    """Notices themselves are left out: they would tell of each other for ever."""
    stuck = Delivery.objects.stuck(at).exclude(kind__in=[Delivery.Kind.TROUBLE, Delivery.Kind.TEST])
    rows = stuck.values("channel").annotate(n=Count("pk"), since=Min("due_at")).order_by("channel")
    return [Trouble(Channel(row["channel"]), row["n"], row["since"]) for row in rows]


def trouble_of(delivery: Delivery, *, at: datetime) -> Trouble | None:
    """What this notice was to tell of, if it still holds."""
    channel = delivery.occasion.partition("/")[0]
    return next((trouble for trouble in troubles(at=at) if trouble.channel == channel), None)
