"""Follow-ups that end or change hands without their owner: the deal is off, the person objected, somebody left."""

from datetime import datetime

from django.conf import settings
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from config.staff.models import User
from config.staff.stand_in import stand_in_for
from leads.models import Enquiry, FollowUp, Participant
from leads.models.choices import ENDED


def cancel(follow_ups: QuerySet[FollowUp], because: Promise, *, at: datetime) -> int:
    """End what is open of these, with the reason in each owner's language. They are never deleted."""
    ended = 0
    for language, _name in settings.LANGUAGES:
        with override(language):
            ended += follow_ups.filter(owner__language=language, state=FollowUp.State.OPEN).update(
                state=FollowUp.State.CANCELLED,
                closed_at=at,
                closed_with=str(because),
                version=F("version") + 1,
                updated_at=at,
            )
    return ended


def stop_steps_of_ended_leads(*, at: datetime) -> int:
    """Steps of a cadence end with the lead. Promises stay: whoever made one decides."""
    ended = Q(lead__status__in=ENDED) | Q(lead=None, interaction__lead__status__in=ENDED)
    steps = FollowUp.objects.open().filter(ended, origin=FollowUp.Origin.CADENCE)
    return cancel(steps, _("The lead has ended."), at=at)


def stop_messages_to_objectors(*, at: datetime) -> int:
    """Messages to who objected go to another of theirs who did not, or stop. Internal steps go on."""
    messages = FollowUp.objects.open().filter(step__is_message=True, contact__objected_at__isnull=False)
    others = Participant.objects.filter(
        interaction=OuterRef("interaction"), contact__objected_at=None, contact__anonymised_at=None
    ).exclude(contact=None)
    readdressed = messages.annotate(other=Subquery(others.order_by("pk").values("contact")[:1]))
    readdressed.filter(other__isnull=False).update(contact=F("other"), version=F("version") + 1, updated_at=at)
    return cancel(messages, _("They objected to messages."), at=at)


def pass_on_what_leavers_left(*, at: datetime) -> int:
    """Nothing open belongs to somebody whose account is closed; it is news to whoever gets it."""
    FollowUp.objects.open().filter(offered_to__is_active=False).update(offered_to=None, known_to=None)
    passed_on = 0
    for leaver in User.objects.filter(is_active=False).select_related("deputy", "manager"):
        left = FollowUp.objects.open().filter(owner=leaver)
        heir = stand_in_for(leaver) if left.exists() else leaver
        if heir != leaver:
            passed_on += left.update(owner=heir, known_to=None, version=F("version") + 1, updated_at=at)
    return passed_on


def pass_on_enquiries_of_leavers(*, at: datetime) -> int:
    """Whoever answers it from now on hears of it, and that it is late where it is."""
    passed_on = 0
    open_ones = Enquiry.objects.filter(state__in=[Enquiry.State.WAITING, Enquiry.State.ANSWERED])
    for leaver in User.objects.filter(is_active=False, enquiries__in=open_ones).distinct():
        heir = stand_in_for(leaver)
        if heir != leaver:
            left = open_ones.filter(owner=leaver)
            passed_on += left.update(owner=heir, told_at=None, told_late_at=None, version=F("version") + 1)
    return passed_on
