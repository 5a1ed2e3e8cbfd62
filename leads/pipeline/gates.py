"""What each stage of the pipeline asks for. A lead enters a stage when nothing is missing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.utils.functional import Promise

from leads.models import GateFact, Lead, Stage
from leads.pipeline.gate_rules import HORIZON, RULES, Known, Rule


@dataclass(frozen=True, slots=True)
class Requirement:
    """One fact that a stage asks for; the field is its name in the forms, the sentence is for the person."""

    field: str
    sentence: str | Promise
    code: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A fact as the agency asks for it."""

    rule: Rule
    first: int
    last: int
    limit: int | None
    own_sentence: str = ""

    @classmethod
    def of(cls, rule: Rule, fact: GateFact | None) -> "Asked":
        if fact is None:
            return cls(rule, rule.first, rule.last, rule.limit)
        return cls(rule, fact.first_id, fact.last_id, fact.limit or rule.limit, fact.sentence)

    @property
    def sentence(self) -> str | Promise:
        if self.own_sentence:
            return self.own_sentence
        return self.rule.sentence if self.limit is None else str(self.rule.sentence) % {"limit": self.limit}

    @property
    def requirement(self) -> Requirement:
        return Requirement(self.rule.field, self.sentence, self.rule.code)

    def by(self, stage: int) -> bool:
        return self.first <= stage <= self.last


def asked_facts() -> list[Asked]:
    """Everything that any stage asks for, in the order of the trade. One query."""
    changed = {fact.code: fact for fact in GateFact.objects.all()}
    return [
        Asked.of(rule, changed.get(rule.code))
        for rule in RULES
        if rule.code not in changed or changed[rule.code].is_asked
    ]


def missing_for(
    lead: Lead, stage: Stage | int, *, on: date | None = None, asked: Iterable[Asked] | None = None
) -> list[Requirement]:
    """What must still be known before the lead may stand in this stage; earlier stages' facts included."""
    number = stage if isinstance(stage, int) else stage.number
    asked = asked_facts() if asked is None else list(asked)
    known = known_of(lead, asked, on=on)
    return [fact.requirement for fact in asked if fact.by(number) and not fact.rule.is_met(known)]


def known_of(lead: Lead, asked: Iterable[Asked], *, on: date | None = None) -> Known:
    return Known(lead, on=on, horizon=next((fact.limit for fact in asked if fact.rule.code == HORIZON), None))


class Mark(StrEnum):
    """How the form and the page mark a field; a field without a mark is optional."""

    MISSING = "missing"  # the stage where it stands asks for it already
    NEXT = "next"  # the stage that follows does
    THERE = "there"  # asked for, and known


def marks_for(lead: Lead, *, asked: Iterable[Asked] | None = None) -> dict[str, Mark]:
    """For every field that this stage or the next asks for, how it stands; the worst, where a field has two facts."""
    asked = asked_facts() if asked is None else list(asked)
    known, here = known_of(lead, asked), lead.stage_id
    marks: dict[str, Mark] = {}
    for fact in asked:
        if fact.by(here) or (lead.is_open and fact.by(here + 1)):
            mark = Mark.THERE if fact.rule.is_met(known) else Mark.MISSING if fact.by(here) else Mark.NEXT
            marks[fact.rule.field] = min(mark, marks.get(fact.rule.field, mark), key=WORST.index)
    return marks


WORST = [Mark.MISSING, Mark.NEXT, Mark.THERE]
