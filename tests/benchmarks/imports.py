"""One large file of companies: read, checked against the sample, written and undone; seconds and the peak of memory.

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
from companies.models import Company, Import
from config.staff.models import Role, User

ROWS = 100_000
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
    before = Company.objects.count()
    content = "\n".join(_lines(random.Random(7)))
    began = time.monotonic()
    an_import = steps.begin(kind_of("company"), ContentFile(content.encode(), name="large.csv"), by=by)
    del content
    _work(an_import, Import.Status.READING, Import.Status.COLUMNS)
    read = time.monotonic()
    _work(an_import, Import.Status.CHECKING, Import.Status.VALUES)
    checked = time.monotonic()
    _work(an_import, Import.Status.RUNNING, Import.Status.CHECKED)
    written = time.monotonic()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    counts = steps.counts_of(an_import)
    made = Company.objects.count() - before
    _work(an_import, Import.Status.UNDOING, Import.Status.DONE, undone_by=by)
    undone = time.monotonic()
    answer = {
        "size": size,
        "companies": before,
        "rows": counts["rows"],
        "seconds": round(written - began, 1),
        "peak_mb": round(peak, 1),
        "read_seconds": round(read - began, 1),
        "check_seconds": round(checked - read, 1),
        "write_seconds": round(written - checked, 1),
        "undo_seconds": round(undone - written, 1),
        "made": made,
        "left_behind": Company.objects.count() - before,
        "outcomes": {name: count for name, count in counts.items() if count},
    }
    print("\n".join(f"{name:<13} {value}" for name, value in answer.items()))
    an_import.refresh_from_db()
    an_import.file.delete(save=False)
    an_import.delete()
    return answer


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


def _name(chance: random.Random) -> str:
    first = "".join(chance.choice(SYLLABLES) for _ in range(4)).capitalize()
    second = "".join(chance.choice(SYLLABLES) for _ in range(3)).capitalize()
    return f"{first} {second} {chance.choice(WORDS)}"
