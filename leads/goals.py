"""Targets: proposed by one person, approved by another, replaced by later versions and never overwritten."""

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction

from config.staff import clock
from config.staff.models import User
from leads.models import Goal


@transaction.atomic
def propose(goal: Goal, *, by: User) -> Goal:
    """The next version of its target. The same value again, while it waits or is in force, is no new version."""
    versions = _versions(goal)
    same = next((row for row in versions if row.replaced_at is None and row.value == goal.value), None)
    if same:
        return same
    goal.pk, goal.version = None, max((row.version for row in versions), default=0) + 1
    goal.proposed_by, goal.proposed_at = by, clock.now()
    Goal.objects.waiting().filter(pk__in=[row.pk for row in versions]).update(replaced_at=clock.now())
    goal.save()
    return goal


@transaction.atomic
def approve(goal: Goal, *, by: User) -> Goal:
    """From now on it holds, instead of the version before. A second time changes nothing."""
    _one_at_a_time()
    goal = Goal.objects.select_for_update(of=("self",)).get(pk=goal.pk)
    if goal.approved_at or goal.replaced_at:
        return goal
    if by.pk == goal.proposed_by_id or not by.is_manager:
        raise PermissionDenied
    older = [row.pk for row in _versions(goal) if row.pk != goal.pk]
    Goal.objects.in_force().filter(pk__in=older).update(replaced_at=clock.now())
    goal.approved_by, goal.approved_at = by, clock.now()
    goal.save(update_fields=["approved_by", "approved_at"])
    return goal


@transaction.atomic
def withdraw(goal: Goal) -> Goal:
    """It holds no longer, or will not; the versions stay to be read."""
    goal = Goal.objects.select_for_update(of=("self",)).get(pk=goal.pk)
    if goal.replaced_at is None:
        goal.replaced_at = clock.now()
        goal.save(update_fields=["replaced_at"])
    return goal


def _versions(goal: Goal) -> list[Goal]:
    _one_at_a_time()
    same = {name: getattr(goal, Goal._meta.get_field(name).attname) for name in Goal.KEY}  # type: ignore[union-attr]
    named = {
        f"{name}__isnull" if value is None else name: True if value is None else value for name, value in same.items()
    }
    return list(Goal.objects.filter(**named).order_by("version"))


def _one_at_a_time() -> None:
    """Two people may propose the same target at once, and there is no row yet that could be locked."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('goals'))")
