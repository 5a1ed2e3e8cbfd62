"""Who takes the place of somebody whose account is closed."""

from config.staff.models import Role, User


def stand_in_for(user: User) -> User:
    """The deputy, else the manager, else theirs; an administrator where nobody is left. The person, while active."""
    seen: set[int] = set()
    waiting = [user]
    while waiting:
        person = waiting.pop(0)
        if person.is_staff_member:
            return person
        seen.add(person.pk)
        waiting += [next_ for next_ in (person.deputy, person.manager) if next_ and next_.pk not in seen]
    return _administrator() or user


def _administrator() -> User | None:
    administrator: User | None = User.objects.active().filter(role=Role.ADMINISTRATOR).order_by("pk").first()
    return administrator
