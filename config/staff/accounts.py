"""Changes to an account by an administrator."""

from collections.abc import Callable
from typing import Any

from allauth.usersessions.models import UserSession
from django.db import transaction

from config.staff import clock
from config.staff.models import PushDevice, Role, User


class LastAdministrator(Exception):  # noqa: N818
    """The agency would be left without an administrator."""


class HoldsWork(Exception):  # noqa: N818
    """A guest may own nothing; how much is theirs, by what it is called."""

    def __init__(self, work: "Work") -> None:
        super().__init__(work)
        self.work = work


Work = list[tuple[Any, int]]
_asked: list[Callable[[User], Work]] = []


def register_work(asked: Callable[[User], Work]) -> None:
    """What the apps above keep in somebody's name, counted when their role is about to change."""
    _asked.append(asked)


@transaction.atomic
def close(user: User) -> None:
    """End an account and all its sessions at once. A second time changes nothing."""
    user = User.objects.select_for_update().get(pk=user.pk)
    _keep_one_administrator(user)
    user.close(at=clock.now())
    end_sessions(user)


@transaction.atomic
def change_role(user: User, role: Role, *, may_override_gates: bool = False) -> None:
    """Give another role and its rights; sessions end, so that nothing seen under the old one stays open.

    Raises LastAdministrator, and HoldsWork where somebody becomes a guest before their work is handed over.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    may_override_gates = may_override_gates and role in {Role.MANAGER, Role.ADMINISTRATOR}
    if (user.role, user.may_override_gates) == (role, may_override_gates):
        return
    if user.role != role:
        _keep_one_administrator(user)
    if role == Role.GUEST and (work := [one for asked in _asked for one in asked(user)]):
        raise HoldsWork(work)
    user.role, user.may_override_gates = role, may_override_gates
    user.save(update_fields=["role", "may_override_gates"])
    end_sessions(user)


def end_sessions(user: User) -> None:
    PushDevice.objects.filter(user=user).delete()
    for session in UserSession.objects.filter(user=user):
        session.end()


def _keep_one_administrator(user: User) -> None:
    # The others are locked too, so that two administrators cannot close each other at the same moment.
    others = User.objects.active().filter(role=Role.ADMINISTRATOR).exclude(pk=user.pk).select_for_update()
    if user.is_administrator and not others:
        raise LastAdministrator
