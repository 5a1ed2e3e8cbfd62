"""One large file of companies, and smaller ones of people and of meetings: read, checked against the sample, written
and undone; seconds and the peak of memory.

Most rows are new, some stand in the sample already, some are a slip away from one that does, some are twice in the file
and some cannot be read.
"""

import random
import resource
import time
from collections.abc import Iterator
from typing import Any

from django.core.files.base import ContentFile

from companies.importing import steps
from companies.importing.kinds import kind_of
from companies.models import Company, Contact, Import
from config.staff.models import Role, User
from leads.models import Interaction

ROWS = 100_000
# Of people and of meetings, each with its company.
FEWER = 10_000
SYLLABLES = [before + after for before in ("", *"bcdfglmnprstvz", "br", "gl", "str", "tr") for after in "aeiou"]
WORDS = [
    "Foods",
    "Logistics",
    "Systems",
    "Health",
    "Energy",
    "Textiles",
    "Media",
    "Robotics",
    "Capital",
    "Travel",
    "Labs",
]
FORMS = ["", " Inc.", " LLC", " S.A.S.", " GmbH", " Ltd"]


def run(size: str, only: set[str]) -> dict[str, Any]:
    by = User.objects.filter(role=Role.ADMINISTRATOR).order_by("pk").first()
    assert by is not None
    answer = {"size": size, "companies": Company.objects.count()}
    answer |= _imported("company", Company, "\n".join(_lines(random.Random(7))), by)
    answer["people"] = _imported("person", Contact, "\n".join(_people(random.Random(8))), by)
    answer["meetings"] = _imported("meeting", Interaction, "\n".join(_meetings(random.Random(9))), by)
    print("\n".join(f"{name:<13} {value}" for name, value in answer.items()))
    return answer


def _imported(kind: str, model: Any, content: str, by: User) -> dict[str, Any]:
    before = model.objects.count()
    began = time.monotonic()
    an_import = steps.begin(kind_of(kind), ContentFile(content.encode(), name="large.csv"), by=by)
    del content
    _work(an_import, Import.Status.READING, Import.Status.COLUMNS)
    read = time.monotonic()
    _work(an_import, Import.Status.CHECKING, Import.Status.VALUES)
    checked = time.monotonic()
    _work(an_import, Import.Status.RUNNING, Import.Status.CHECKED)
    written = time.monotonic()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    counts = steps.counts_of(an_import)
    made = model.objects.count() - before
    _work(an_import, Import.Status.UNDOING, Import.Status.DONE, undone_by=by)
    undone = time.monotonic()
    an_import.refresh_from_db()
    an_import.file.delete(save=False)
    an_import.delete()
    return {
        "rows": counts["rows"],
        "seconds": round(written - began, 1),
        "peak_mb": round(peak, 1),
        "read_seconds": round(read - began, 1),
        "check_seconds": round(checked - read, 1),
        "write_seconds": round(written - checked, 1),
        "undo_seconds": round(undone - written, 1),
        "made": made,
        "left_behind": model.objects.count() - before,
        "outcomes": {name: count for name, count in counts.items() if count},
    }


def _work(an_import: Import, to: str, from_: str, **changes: Any) -> None:
    steps.go_on(an_import, to, from_=(from_,), **changes)
    while steps.carry_on(an_import.pk, seconds=60):
        pass


def _lines(chance: random.Random) -> Iterator[str]:
    """The header and the rows."""
    yield "Company,Website,Country,Sector,Description"
    known = list(Company.objects.current().order_by("pk").values_list("name", "domain")[:20_000])
    told: list[str] = []
    for _number in range(ROWS):
        kind = chance.random()
        if kind < 0.08 and known:
            name, domain = chance.choice(known)
        elif kind < 0.11 and known:
            name, domain = chance.choice(known)
            name = name[:2] + name[3:]
        elif kind < 0.14 and told:
            name, domain = chance.choice(told), ""
        else:
            name = _name(chance)
            domain = "not one" if kind > 0.99 else f"{name.split()[0].lower()}{chance.randrange(10**6)}.example"
            told.append(name)
            name += chance.choice(FORMS)
        country = chance.choice(["USA", "Estados Unidos", "España", "Brasil", ""])
        quoted = name.replace('"', "")
        yield f'"{quoted}",{domain},{country},,"They make {quoted} and sell it"'


def _people(chance: random.Random) -> Iterator[str]:
    yield "Name,Company,E-mail,Phone,Title"
    known = list(Company.objects.current().order_by("pk").values_list("name", flat=True)[:5_000])
    for number in range(FEWER):
        company = chance.choice(known).replace('"', "") if known and chance.random() < 0.5 else _name(chance)
        yield f'{_person(chance)},"{company}",person{number}@example.org,+1{4152000000 + number},Director'


def _meetings(chance: random.Random) -> Iterator[str]:
    yield "Date,Company,Name,Notes"
    known = list(Company.objects.current().order_by("pk").values_list("name", flat=True)[:5_000])
    for _number in range(FEWER):
        company = chance.choice(known).replace('"', "") if known and chance.random() < 0.8 else _name(chance)
        day = f"2025-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}"
        yield f'{day},"{company}",{_person(chance)},"They asked about rents and people."'


def _person(chance: random.Random) -> str:
    given, family = ("".join(chance.choice(SYLLABLES) for _ in range(n)).capitalize() for n in (2, 3))
    return f"{given} {family}"


def _name(chance: random.Random) -> str:
    first = "".join(chance.choice(SYLLABLES) for _ in range(4)).capitalize()
    second = "".join(chance.choice(SYLLABLES) for _ in range(3)).capitalize()
    return f"{first} {second} {chance.choice(WORDS)}"
