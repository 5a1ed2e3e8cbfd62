"""Who takes the place of somebody whose account is closed."""

from collections.abc import Container, Iterable

from config.staff.models import Role, User


def stand_in_for(user: User, *, away: Container[int] = ()) -> User:
    """The deputy, else the manager, else theirs; an administrator where nobody is left. The person, while there."""
    if user.is_staff_member and user.pk not in away:
        return user
    found = first_at_work([one for one in (user.deputy, user.manager) if one], away=away, without=user)
    if found:
        return found
    return user if user.is_staff_member else _administrator() or user


def first_at_work(people: Iterable[User], *, away: Container[int], without: User) -> User | None:
    """The first of these whose account is open and who is not on leave; else of their deputies and managers."""
    seen, waiting = {without.pk}, list(people)
    while waiting:
        person = waiting.pop(0)
        if person.pk in seen:
            continue
        if person.is_staff_member and person.pk not in away:
            return person
        seen.add(person.pk)
        waiting += [next_ for next_ in (person.deputy, person.manager) if next_]
    return None


def _administrator() -> User | None:
    administrator: User | None = User.objects.active().filter(role=Role.ADMINISTRATOR).order_by("pk").first()
    return administrator
