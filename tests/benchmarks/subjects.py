"""Which records the screens are asked for: the busy ones, where a page costs most."""

from dataclasses import dataclass, field
from uuid import uuid4

from django.db.models import Count

from companies.models import Contact
from config.staff.models import Role, User
from leads.models import Interaction, Lead
from missions.models import Mission

MARK = "written by a benchmark"


@dataclass(frozen=True)
class Subjects:
    user: User
    ids: dict[str, int] = field(default_factory=dict)


def find() -> Subjects:
    user = User.objects.active().filter(role=Role.MANAGER).order_by("pk")[0]
    company = _busiest(Interaction.objects.values_list("company"))
    seen = Interaction.objects.filter(contacts__isnull=False, contacts__merged_into=None)
    ids = {
        "user": user.pk,
        "company": company,
        "contact": _busiest(seen.values_list("contacts")),
        "mission": _busiest(Mission.objects.filter(appointments__isnull=False).values_list("pk")),
        "lead": _busiest(Interaction.objects.filter(lead__in=Lead.objects.visible_to(user)).values_list("lead")),
    }
    return Subjects(user, ids)


def _busiest(keys: "object") -> int:
    return int(keys.annotate(n=Count("*")).order_by("-n", *keys.query.values_select)[0][0])  # type: ignore[attr-defined]


def log_form(subjects: Subjects) -> dict[str, str]:
    """A person met, warm, and one promise."""
    contact = Contact.objects.get(pk=subjects.ids["contact"])
    return {
        "capture_id": str(uuid4()),
        "contact": str(contact.pk),
        "kind": Interaction.Kind.MEETING,
        "outcome": "held",
        "interest": "warm",
        "note": MARK,
        "p1-promised": "on",
        "p1-due": "tomorrow",
        "save": "1",
    }


def forget_logged() -> None:
    """What the log form wrote is taken out again, so that the next run finds the same sample."""
    Interaction.objects.filter(note=MARK).delete()
