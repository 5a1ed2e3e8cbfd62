"""Which follow-ups a page or a job is about."""

from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q

from config.staff.models import User
from leads.models.lead import may_see_lead
from missions.models.appointment import Level as AppointmentLevel

if TYPE_CHECKING:
    from leads.models.follow_up import FollowUp  # noqa: F401 - named in quotes by the base class


class FollowUpQuerySet(models.QuerySet["FollowUp"]):
    def visible_to(self, user: User) -> Self:
        """Staff see all but what hangs on a lead or an appointment that they may not see. Nothing to guests."""
        if not user.is_staff_member:
            return self.none()
        return self.filter(
            Q(lead=None) | may_see_lead(user, "lead__"),
            Q(interaction=None) | Q(interaction__lead=None) | may_see_lead(user, "interaction__lead__"),
            Q(appointment=None)
            | Q(appointment__level=AppointmentLevel.OPEN)
            | Q(owner=user)
            | Q(appointment__mission__lead_officer=user),
        )

    def countable(self) -> Self:
        """For agency-wide figures only."""
        return self.all()

    def open(self) -> Self:
        return self.filter(state=self.model.State.OPEN)

    def next_steps(self) -> Self:
        """What moves a lead on. That a won one is verified each year plans nothing with the investor."""
        return self.open().exclude(origin=self.model.Origin.VERIFY)

    def promises(self) -> Self:
        return self.filter(origin=self.model.Origin.PROMISE)

    def ours(self) -> Self:
        """Not those where we wait for somebody else."""
        return self.filter(waiting_for="")

    def overdue_on(self, day: date) -> Self:
        return self.open().filter(due_on__lt=day)

    def to_remind(self) -> Self:
        """Those whose day nobody was reminded of yet."""
        return self.open().filter(due_at=None).filter(~Q(reminded_of_day=F("due_on")))

    def to_ring(self) -> Self:
        """Those whose hour nobody was reminded of yet."""
        return self.open().filter(due_at__isnull=False).filter(~Q(reminded_of_hour=F("due_at")))

    def to_announce(self) -> Self:
        """Those that their owner does not know of yet."""
        return self.open().filter(~Q(known_to=F("owner")))

    def to_offer(self) -> Self:
        """Those of which whoever is asked to take them over does not know yet."""
        return self.open().filter(offered_to__isnull=False).filter(~Q(offer_known_to=F("offered_to")))

    def offered(self, user: User) -> Self:
        return self.open().filter(offered_to=user)

    def to_escalate(self) -> Self:
        return self.open().filter(waiting_for="").filter(~Q(escalated_for=F("due_on")))
