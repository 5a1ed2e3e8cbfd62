"""Who does the steps that follow a meeting: by the step's own rule, and never somebody who has left."""

from collections.abc import Iterable

from companies.models import Company
from config.staff.models import User
from config.staff.stand_in import stand_in_for
from leads.models import CadenceStep, Interaction
from missions.models import Mission

Rule = CadenceStep.Owner


class StepOwners:
    """Asked step by step; the people of all meetings are fetched at once, and only where a rule needs them."""

    def __init__(self, interactions: list[Interaction], steps: Iterable[CadenceStep]) -> None:
        rules = {step.owner_rule for step in steps}
        self._ids: dict[str, dict[int, int]] = {}
        if Rule.LEAD in rules:
            self._ids[Rule.LEAD] = {row.pk: row.lead.owner_id for row in interactions if row.lead and row.lead.owner_id}
        if Rule.COMPANY in rules:
            owners = Company.objects.filter(pk__in={row.company_id for row in interactions}, owner__isnull=False)
            self._ids[Rule.COMPANY] = _by_meeting(interactions, "company_id", owners.values_list("pk", "owner"))
        if Rule.MISSION in rules:
            led = Mission.objects.filter(pk__in={row.mission_id for row in interactions}, lead_officer__isnull=False)
            self._ids[Rule.MISSION] = _by_meeting(interactions, "mission_id", led.values_list("pk", "lead_officer"))
        wanted = {pk for people in self._ids.values() for pk in people.values()}
        people = User.objects.filter(pk__in=wanted).select_related("deputy", "manager") if wanted else ()
        self._people = {person.pk: person for person in people}
        self._stand_ins: dict[int, User] = {}

    def of(self, step: CadenceStep, interaction: Interaction) -> User:
        chosen = self._ids.get(step.owner_rule, {}).get(interaction.pk)
        person = self._people[chosen] if chosen else interaction.logged_by
        if person.pk not in self._stand_ins:
            self._stand_ins[person.pk] = stand_in_for(person)
        return self._stand_ins[person.pk]


def _by_meeting(
    interactions: list[Interaction], relation: str, owners: Iterable[tuple[int, int | None]]
) -> dict[int, int]:
    found = dict(owners)
    return {row.pk: owner for row in interactions if (owner := found.get(getattr(row, relation)))}
