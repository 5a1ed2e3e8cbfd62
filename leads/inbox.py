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


def unseen(user: User) -> QuerySet[Reminder]:
    return _fresh(Reminder.objects.visible_to(user))


def _fresh(reminders: QuerySet[Reminder]) -> QuerySet[Reminder]:
    now = clock.now()
    news = Q(due_at__lte=now, due_at__gt=now - NEWS)
    return reminders.exclude(state=Reminder.State.SKIPPED).filter(
        news, seen_at=None, follow_up__state=FollowUp.State.OPEN
    )


def new_count(user: User) -> int:
    """The number at the bell; a hundred is as good as any more."""
    return len(unseen(user).order_by().values_list("pk")[:100]) if user.is_staff_member else 0


def see_all(user: User) -> None:
    """All that has come until now was seen."""
    Reminder.objects.filter(person=user, seen_at=None, due_at__lte=clock.now()).update(seen_at=clock.now())
