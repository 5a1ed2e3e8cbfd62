"""Handing over everything open of one person in one step: nothing open may belong to somebody who has left.

What is restricted goes only to whoever may see it already; the rest stays and is told as a number, never by name.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pghistory
from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from companies.models import Company, DataRequest
from config.staff import accounts, clock
from config.staff.models import User
from leads.models import AccountPlan, AftercareOffer, Enquiry, FollowUp, InvestorCase, Lead
from missions.models import Mission, MissionTarget

OPEN_ENQUIRIES = (Enquiry.State.WAITING, Enquiry.State.ANSWERED)
Rows = Any


@dataclass(frozen=True)
class Kind:
    """Open rows that belong to a person by this field."""

    label: Any
    model: type[models.Model]
    field: str
    open: Callable[[], Rows]
    # These people of the row must be others than its owner.
    others: tuple[str, ...] = ()

    def of(self, person: User) -> Rows:
        return self.open().filter(**{self.field: person})

    def for_heir(self, person: User, heir: User, *, hidden_too: bool) -> Rows:
        rows = self.of(person)
        for name in self.others:
            rows = rows.filter(~Q(**{name: heir}) | Q(**{f"{name}__isnull": True}))
        if not hidden_too and hasattr(self.model._default_manager, "visible_to"):
            rows = rows.filter(pk__in=self.model._default_manager.visible_to(heir).values("pk"))
        return rows


# Leads first: whoever gets one may see the promises that hang on it.
KINDS = (
    Kind(_("Leads"), Lead, "owner", Lead.objects.open, ("verified_by", "second_person")),
    Kind(_("Leads as second person"), Lead, "second_person", Lead.objects.open, ("owner",)),
    Kind(_("Leads as project manager"), Lead, "project_manager", Lead.objects.open),
    Kind(_("Follow-ups"), FollowUp, "owner", FollowUp.objects.open),
    Kind(_("Companies"), Company, "owner", Company.objects.current),
    Kind(_("Missions"), Mission, "lead_officer", lambda: Mission.objects.filter(status__in=Mission.OPEN)),
    Kind(
        _("Targets of missions"),
        MissionTarget,
        "caller",
        lambda: MissionTarget.objects.filter(mission__status__in=Mission.OPEN),
    ),
    Kind(_("Account plans"), AccountPlan, "owner", AccountPlan.objects.current, ("deputy",)),
    Kind(_("Account plans as deputy"), AccountPlan, "deputy", AccountPlan.objects.current, ("owner",)),
    Kind(_("Cases of investors"), InvestorCase, "owner", InvestorCase.objects.open),
    Kind(_("Offers of aftercare"), AftercareOffer, "receiver", AftercareOffer.objects.open, ("sender",)),
    Kind(_("Enquiries"), Enquiry, "owner", lambda: Enquiry.objects.filter(state__in=OPEN_ENQUIRIES)),
    Kind(_("Data requests"), DataRequest, "owner", lambda: DataRequest.objects.filter(answered_at=None)),
)


@dataclass(frozen=True)
class Count:
    label: Any
    count: int


def open_of(person: User) -> list[Count]:
    """How much of each kind belongs to this person; kinds without any are left out."""
    counts = [Count(kind.label, kind.of(person).count()) for kind in KINDS]
    return [count for count in counts if count.count]


@dataclass(frozen=True)
class Leftover:
    person: User
    counts: list[Count]

    @property
    def all(self) -> int:
        return sum(count.count for count in self.counts)


def leftovers(reader: User) -> list[Leftover]:
    """What is open and belongs to people whose account is closed, in one query a kind.

    Administrators, who can hand it over, are told of all of it as numbers; others of what they may see.
    """
    found: dict[User, list[Count]] = {}
    people = {person.pk: person for person in User.objects.filter(is_active=False).order_by("name")}
    for kind in KINDS:
        rows = kind.open().filter(**{f"{kind.field}__in": list(people)})
        if not reader.is_administrator and hasattr(rows, "visible_to"):
            rows = rows.visible_to(reader)
        for pk, count in rows.order_by().values_list(kind.field).annotate(n=models.Count("pk")):
            found.setdefault(people[pk], []).append(Count(kind.label, count))
    left = [Leftover(person, found[person]) for person in people.values() if person in found]
    return sorted(left, key=lambda one: -one.all)


class WorkLeft(Exception):  # noqa: N818 - the domain's word for it
    """Something open would belong to nobody who is here; how much, by kind."""

    def __init__(self, counts: list[Count]) -> None:
        super().__init__(counts)
        self.counts = counts


@transaction.atomic
def close_account(person: User, *, to: User | None, by: User, note: str = "", hidden_too: bool = False) -> list[Count]:
    """End the account and hand over all that is open, or do neither; what went over, by kind.

    Raises WorkLeft where something would stay, and LastAdministrator. `hidden_too` also gives the heir what only the
    leaver may see: whoever is gone can open it to nobody any more.
    """
    accounts.close(person)
    gone = hand_over(person, to=to, by=by, note=note, hidden_too=hidden_too) if to else []
    if left := open_of(person):
        raise WorkLeft(left)
    return gone


@transaction.atomic
def hand_over(person: User, *, to: User, by: User, note: str = "", hidden_too: bool = False) -> list[Count]:
    """Give what is open to somebody else, with a line in the history of each row; what went over, by kind.

    A second time finds nothing more. What the heir may not see stays, unless `hidden_too` is said.
    """
    at, gone = clock.now(), []
    with pghistory.context(handed_over_from=person.pk, handed_over_by=by.pk, note=note):
        for kind in KINDS:
            pks = list(
                kind.for_heir(person, to, hidden_too=hidden_too)
                .select_for_update(of=("self",))
                .values_list("pk", flat=True)
            )
            if pks:
                kind.model._default_manager.filter(pk__in=pks).update(**{kind.field: to}, **_marks(kind.model, at))
                gone.append(Count(kind.label, len(pks)))
    return gone


def _marks(model: type[models.Model], at: Any) -> dict[str, Any]:
    """The version that an open form started from is no more; whoever gets a promise or an enquiry hears of it."""
    names = {field.name for field in model._meta.concrete_fields}
    marks: dict[str, Any] = {"version": F("version") + 1} if "version" in names else {}
    if "updated_at" in names:
        marks["updated_at"] = at
    news = {"known_to", "told_at", "told_late_at", "offered_to"}
    return marks | dict.fromkeys(news & names)
