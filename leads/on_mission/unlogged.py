"""Held appointments that nobody logged are asked for, once each, until somebody does."""

from datetime import datetime, timedelta

from django.db.models import BooleanField, Exists, ExpressionWrapper, F, OuterRef, Q, Subquery
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from config.staff.clock import agency_day
from config.staff.models import User
from config.staff.stand_in import stand_in_for
from leads.follow_ups.stopping import cancel
from leads.models import FollowUp, Interaction
from missions.models import Appointment, Seat

# Time to get to the next meeting; and how far back it is still worth asking.
GRACE = timedelta(hours=2)
MEMORY = timedelta(days=60)
BATCH = 500


def ask_for_unlogged(*, at: datetime) -> int:
    asked = FollowUp.objects.filter(appointment=OuterRef("pk"), origin=FollowUp.Origin.UNLOGGED)
    silent = Appointment.objects.filter(
        ~Exists(asked),
        status=Appointment.Status.HELD,
        interaction=None,
        ends_at__range=(at - MEMORY, at - GRACE),
    )
    questions = [_question(appointment, at) for appointment in silent.select_related("mission__lead_officer")[:BATCH]]
    # Another beat's worker may ask for the same one at this moment.
    FollowUp.objects.bulk_create(questions, ignore_conflicts=True)
    return len(questions)


def close_answered(*, at: datetime) -> int:
    """Done when somebody logs the appointment; cancelled when it turns out that it was not held."""
    questions = FollowUp.objects.open().filter(origin=FollowUp.Origin.UNLOGGED)
    logged = Interaction.objects.filter(appointment=OuterRef("appointment"))
    done = questions.filter(Exists(logged)).update(
        state=FollowUp.State.DONE,
        closed_at=at,
        in_time=ExpressionWrapper(Q(due_on__gte=agency_day(at)), BooleanField()),
        closed_by_interaction=Subquery(logged.values("pk")[:1]),
        version=F("version") + 1,
        updated_at=at,
    )
    not_held = questions.exclude(appointment__status=Appointment.Status.HELD)
    return done + cancel(not_held, gettext_lazy("The appointment was not held."), at=at)


def _question(appointment: Appointment, at: datetime) -> FollowUp:
    owner = _who_was_there(appointment)
    with override(owner.language):
        # Without the company: it stands beside, where the reader may see it.
        text = _("Log what was said on %(day)s") % {"day": date_format(appointment.local_start, "DATE_FORMAT")}
    return FollowUp(
        origin=FollowUp.Origin.UNLOGGED,
        text=text,
        owner=owner,
        company_id=appointment.company_id,
        appointment=appointment,
        due_on=agency_day(at),
    )


def _who_was_there(appointment: Appointment) -> User:
    seats = Seat.objects.filter(appointment=appointment, delegate__user__is_active=True).order_by("pk")
    users = [seat.delegate.user for seat in seats.select_related("delegate__user")]
    ours = [user for user in users if user and user.is_staff_member]
    return ours[0] if ours else stand_in_for(appointment.mission.lead_officer)
