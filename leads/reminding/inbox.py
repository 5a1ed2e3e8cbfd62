"""Reminders in the app: what a mail says stands here too."""

from datetime import timedelta

from django.db.models import Q, QuerySet

from config.staff import clock
from config.staff.models import User
from leads.models import FollowUp, Reminder

# What nobody looked at for so long is no news any more.
NEWS = timedelta(days=30)


def reminders_of(user: User) -> QuerySet[Reminder]:
    """Those that have come, and were not passed over."""
    return Reminder.objects.visible_to(user).filter(due_at__lte=clock.now()).exclude(state=Reminder.State.SKIPPED)


def _fresh(reminders: QuerySet[Reminder]) -> QuerySet[Reminder]:
    now = clock.now()
    news = Q(due_at__lte=now, due_at__gt=now - NEWS)
    return reminders.exclude(state=Reminder.State.SKIPPED).filter(
        news, seen_at=None, follow_up__state=FollowUp.State.OPEN
    )


def new_count(user: User) -> int:
    """The number at the bell; a hundred is as good as any more. Mostly there is none, which is quickly seen."""
    if not user.is_staff_member:
        return 0
    news = list(_fresh(Reminder.objects.filter(person=user)).values_list("follow_up", flat=True)[:100])
    seen = set(FollowUp.objects.visible_to(user).filter(pk__in=news).values_list("pk", flat=True)) if news else set()
    return sum(follow_up in seen for follow_up in news)


def see_all(user: User) -> None:
    """All that has come until now was seen."""
    Reminder.objects.filter(person=user, seen_at=None, due_at__lte=clock.now()).update(seen_at=clock.now())
