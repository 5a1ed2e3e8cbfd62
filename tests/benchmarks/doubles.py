"""Companies and people entered once more, by the slips of `slips.py`, and some that are near and not the same.

They go into the sample and out again. Where a name alone could be a neighbour's, something else says who it is, as in
real address books: a domain, a number, a country. A quarter of them, by a hash, is kept for the last run.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from companies.models import Company, CompanyName, Contact, ContactPoint, Position
from config.staff import clock
from tests.benchmarks import slips

Rule = Callable[[str, Random], str]
# The name is the same but for how it is written, so it may stand alone.
WRITTEN: dict[str, Rule] = {
    "accents": slips.accented,
    "legal form": slips.another_form,
    "spaces": slips.joined,
    "capitals": lambda text, _chance: text.swapcase(),
}
# The name has slips, so something beside it is the same too.
SLIPPED: dict[str, Rule] = {
    "dropped letter": slips.dropped,
    "doubled letter": slips.doubled,
    "swapped letters": slips.swapped,
    "neighbour key": slips.missed,
    "by ear": slips.by_ear,
    "two slips": slips.two_slips,
    "former name": lambda text, _chance: text,
    "names inside a name": lambda text, chance: f"{_invented(text)} ({chance.choice(('antes', 'ex'))} {text})",
}
BESIDE = ("domain", "phone", "mail")
PEOPLE: dict[str, Rule] = {
    "accents": slips.accented,
    "dropped letter": slips.dropped,
    "swapped letters": slips.swapped,
    "turned": slips.turned,
    "initial": lambda text, _chance: f"{text[0]}. {text.split(maxsplit=1)[1]}",
    "second surname": lambda text, chance: f"{text} {chance.choice(('Restrepo', 'Caicedo', 'Lasso', 'Mina'))}",
    "same name": lambda text, _chance: text,
}
# They name the original by themselves.
SELF_SAID = {"former name", "names inside a name"}
TRADES = ("Trading", "Ventures", "Partners", "Institute", "Foundation")


@dataclass
class Made:
    """What was put in: pairs that are one, by the rule that made them, and all that goes out again."""

    companies: dict[tuple[int, int], str] = field(default_factory=dict)
    people: dict[tuple[int, int], str] = field(default_factory=dict)
    new_companies: list[int] = field(default_factory=list)
    new_people: list[int] = field(default_factory=list)
    former: list[int] = field(default_factory=list)

    def take_out(self) -> None:
        Position.objects.filter(contact__in=self.new_people).delete()
        Contact.objects.filter(pk__in=self.new_people).delete()
        CompanyName.objects.filter(pk__in=self.former).delete()
        Company.objects.filter(pk__in=self.new_companies).delete()


def put_in(count: int, spared: set[int], *, held_out: bool) -> Made:
    """So many doubles of companies and of people, and half as many that are near; `spared` are doubles already."""
    chance, made = Random("doubles"), Made()
    names = Company.objects.current().filter(kind="investor", is_public_seed=False).exclude(pk__in=spared)
    originals = [c for c in names.order_by("pk").iterator() if c.name.isprintable() and len(c.name.split()) > 1]
    chosen = chance.sample(originals, min(len(originals) // 3, count * 6))
    rules = [*WRITTEN, *SLIPPED]
    for number, original in enumerate(chosen[: count * 4]):
        rule = rules[number % len(rules)]
        if slips.is_held_out(rule, original.pk) is held_out and len(made.companies) < count:
            _once_more(original, rule, number, chance, made)
    for number, original in enumerate(chosen[count * 4 : count * 4 + count // 2]):
        _near(original, number, made)
    _people(count, chance, made, held_out=held_out)
    return made


def _once_more(original: Company, rule: str, number: int, chance: Random, made: Made) -> None:
    try:
        name = (WRITTEN | SLIPPED)[rule](original.name, chance)
    except IndexError:
        return
    beside = BESIDE[number % len(BESIDE)] if rule in SLIPPED else chance.choice((*BESIDE, "", ""))
    if rule in SELF_SAID:
        beside = ""
    if rule == "former name":
        former = CompanyName.objects.create(company=original, name=_invented(original.name), kind="former")
        made.former.append(former.pk)
        name = former.name
    again = Company.objects.create(
        name=name,
        domain=original.domain if beside == "domain" else "",
        origin_country_id=original.origin_country_id if chance.random() < 0.7 else None,
        sector_id=original.sector_id if chance.random() < 0.5 else None,
        owner_id=original.owner_id,
    )
    made.new_companies.append(again.pk)
    made.companies[original.pk, again.pk] = rule
    if beside in {"phone", "mail"}:
        one, other = (_person(*who, made) for who in ((original, "Ximena", "Quintero"), (again, "Baltasar", "Yepes")))
        for contact, word in ((one, "one"), (other, "two")):
            value = f"+5760255{number:05}" if beside == "phone" else f"{word}@house{number}.example"
            ContactPoint.objects.create(contact=contact, kind="phone" if beside == "phone" else "email", value=value)


def _invented(name: str) -> str:
    return f"{name[::-1].title()} {TRADES[len(name) % len(TRADES)]}"


def _near(original: Company, number: int, made: Made) -> None:
    """A branch by its number, a house of the same family name in another trade, a subsidiary."""
    first = original.name.split()[0]
    name = (f"{original.name} 7", f"{first} {TRADES[number % len(TRADES)]}", f"{original.name} Perú")[number % 3]
    parent = original.pk if number % 3 == 2 else None
    again = Company.objects.create(
        name=name, origin_country_id=original.origin_country_id, parent_id=parent, ultimate_parent_id=parent
    )
    made.new_companies.append(again.pk)


def _person(company: Company, given: str, family: str, made: Made) -> Contact:
    contact = Contact.objects.create(given_name=given, family_name=family)
    Position.objects.create(contact=contact, company=company)
    made.new_people.append(contact.pk)
    return contact


def _people(count: int, chance: Random, made: Made, *, held_out: bool) -> None:
    rows = Position.objects.current().filter(contact__merged_into=None, company__merged_into=None)
    positions = list(
        rows.order_by("pk").values_list("contact", "company", "contact__given_name", "contact__family_name")
    )
    rules = list(PEOPLE.items())
    for number, (contact, company, given, family) in enumerate(
        chance.sample(positions, min(len(positions), count * 5))
    ):
        rule, slip = rules[number % len(rules)]
        if slips.is_held_out(rule, contact) is not held_out or not given.isalpha() or not family.isalpha():
            continue
        try:
            name = slip(f"{given} {family}", chance)
        except IndexError:
            continue
        first, _space, last = name.partition(" ")
        again = Contact.objects.create(given_name=first, family_name=last, created_at=clock.now())
        made.new_people.append(again.pk)
        made.people[contact, again.pk] = rule
        _reach(contact, again, company, number)
        if len(made.people) >= count:
            return


def _reach(contact: int, again: Contact, company: int, number: int) -> None:
    """Two of three stand at the same company; the third shares a number or an address and nothing else."""
    if number % 3:
        Position.objects.create(contact=again, company_id=company)
        return
    kind, value = ("phone", f"+5730055{number:05}") if number % 2 else ("email", f"private{number}@gmail.com")
    for pk in (contact, again.pk):
        ContactPoint.objects.create(contact_id=pk, kind=kind, value=value)
