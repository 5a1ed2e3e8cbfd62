"""Figures: every one against an independent reckoning, on three generated agencies; and what the dashboard costs.

Each agency is a year of the sample with another seed, and then made harder: phases, merged leads, more secrets, amounts
that nobody knows, readings that were corrected, enquiries, services. A cell is a figure under one set of filters, or
one row of one of its tables. `dashboard_p50_ms` is measured on the sample of `--size`, over many filters.
"""

import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.db import connection

from companies.models import Company, Municipality
from config.first_data.load import load_first_data
from config.sample.load import load_sample
from config.sample.sizes import SIZES
from config.staff import clock
from config.staff.models import User
from leads.enquiring.enquiries import response_target
from leads.figures import secrecy
from leads.figures.answer import number_of, numbers_by
from leads.figures.catalogue import FIGURES
from leads.figures.filters import AHEAD, RESERVED, UNKNOWN, Filters, Scope
from leads.figures.number import How, Number
from leads.models import AccountPlan, Budget, Enquiry, Lead, Reading, ReadingShare, Service, ServiceKind
from leads.models.choices import Layer, Level, Status
from missions.models import CostLine
from tests.benchmarks.abacus import TABLES, Asked, Books, Told, tellers
from tests.benchmarks.ground import NOW
from tests.benchmarks.measure import Request, cost_of, session_of

TODAY = NOW.date()
DIMENSIONS = ("origin", "sector", "activity", "municipality", "mission", "officer", "source", "type", "stage", "quiet")
SAME = 1e-9
COLD, RUNS = 3, 3


def run(size: str, only: set[str], *, runs: int = 3) -> dict[str, Any]:
    answer: dict[str, Any] = {"size": size, "figures": len(FIGURES), "sets": runs, "cells": 0, "disagreements": 0}
    wrong: list[str] = []
    if "dashboard" not in only:
        for seed in range(1, runs + 1):
            with another_agency(seed) as folder:
                cells, faults = compare(folder, seed)
                answer["cells"] += cells
                wrong += [f"seed {seed}: {fault}" for fault in faults]
    answer["disagreements"] = len(wrong)
    answer |= dashboard()
    print("\n".join(f"{name:<22} {value}" for name, value in answer.items()))
    print("\n".join(wrong[:40]))
    return answer


# The agencies


@contextmanager
def another_agency(seed: int) -> Iterator[Path]:
    """A database of its own, filled, and its tables as files."""
    name, usual = f"figures_{seed}", settings.DATABASES["default"]["NAME"]
    with psycopg.connect(_address(usual), autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {name}")
        server.execute(f"CREATE DATABASE {name}")
    _speak_to(name)
    try:
        with clock.set_to(NOW), tempfile.TemporaryDirectory() as folder:
            call_command("migrate", verbosity=0)
            load_first_data()
            load_sample(SIZES["regional-1y"], seed=seed, today=TODAY)
            make_harder(random.Random(seed))
            secrecy.settle(at=NOW)
            export(Path(folder))
            yield Path(folder)
    finally:
        _speak_to(usual)
        with psycopg.connect(_address(usual), autocommit=True) as server:
            server.execute(f"DROP DATABASE IF EXISTS {name}")


def _address(name: str) -> str:
    given = settings.DATABASES["default"]
    return psycopg.conninfo.make_conninfo(
        **given.get("OPTIONS", {}) | {"dbname": name, "user": given["USER"], "host": given["HOST"] or _host()}
    )


def _host() -> str:
    return str(connection.get_connection_params().get("host", ""))


def _speak_to(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name


def make_harder(chance: random.Random) -> None:
    leads = list(Lead.objects.order_by("pk"))
    projects = [lead for lead in leads if lead.decided_on]
    for number, lead in enumerate(chance.sample(leads, 120)):
        lead.level, lead.code_name = chance.choice([Level.NAMED, Level.NAMED, Level.OPEN]), f"Proyecto Duro {number}"
        lead.sector_id = chance.choice([lead.sector_id, None])
        lead.source = chance.choice([lead.source, ""])
        lead.save()
    phases = chance.sample([lead for lead in projects if not lead.phases.exists()], 25)
    wholes = [lead for lead in projects if not lead.parent_id and lead not in phases]
    for lead in phases:
        lead.parent = chance.choice(wholes)
        lead.save()
    for lead in chance.sample(leads, 15):
        lead.status = Status.MERGED
        lead.save()
    for lead in chance.sample(projects, 90):
        _correct(lead, chance)
    _spread(chance)
    _serve(chance.sample(leads, 80), chance)
    _ask(chance)
    for line in chance.sample(list(CostLine.objects.all()), 10):
        line.actual = None
        line.save()
    without = Company.objects.current().exclude(pk__in=AccountPlan.objects.values("company"))
    for company in chance.sample(list(without.order_by("pk")), 40):
        AccountPlan.objects.create(
            company=company,
            tier=chance.choice("ABC"),
            owner=chance.choice(_staff()),
            last_visit_at=chance.choice([None, NOW - timedelta(days=chance.randint(1, 400))]),
        )
    Budget.objects.all().delete()
    Budget.objects.bulk_create(Budget(year=year, usd=1_000_000 + year) for year in range(2022, 2027))


def _staff() -> list[User]:
    return list(User.objects.staff().active())


def _correct(lead: Lead, chance: random.Random) -> None:
    """What was verified, and verified again later."""
    Reading.objects.filter(lead=lead, layer=Layer.VERIFIED).update(is_current=False)
    assert lead.decided_on
    for current in (False, True):
        jobs = chance.choice([None, chance.randint(0, 300)])
        Reading.objects.create(
            lead=lead,
            layer=Layer.VERIFIED,
            jobs=jobs,
            jobs_unknown=jobs is None,
            jobs_indirect=chance.choice([None, 40]),
            indirect_method="x1.4",
            capex=Decimal(chance.randint(1, 10**9)) / 100,
            currency="COP",
            usd_rate=Decimal("0.00024"),
            dated_on=lead.decided_on + timedelta(days=chance.randint(20, 900)),
            is_current=current,
        )


def _spread(chance: random.Random) -> None:
    """Jobs in two or three municipalities."""
    places = list(Municipality.objects.all())
    readings = list(Reading.objects.filter(jobs__isnull=False, shares=None).order_by("pk"))
    for reading in chance.sample(readings, 90):
        assert reading.jobs is not None
        cuts = sorted(chance.randint(0, reading.jobs) for _cut in range(chance.choice([1, 2])))
        parts = [end - begin for begin, end in pairwise([0, *cuts, reading.jobs])]
        ReadingShare.objects.bulk_create(
            ReadingShare(reading=reading, municipality=place, jobs=jobs)
            for place, jobs in zip(chance.sample(places, len(parts)), parts, strict=True)
        )


def _serve(leads: list[Lead], chance: random.Random) -> None:
    kinds = list(ServiceKind.objects.all()) or [ServiceKind.objects.create(code="pack", name_en="P", name_es="C")]
    for lead in leads:
        day = TODAY - timedelta(days=chance.randint(0, 700))
        Service.objects.create(lead=lead, kind=chance.choice(kinds), given_on=day, by=chance.choice(_staff()))


def _ask(chance: random.Random) -> None:
    for _number in range(80):
        received = NOW - timedelta(hours=chance.randint(1, 9000))
        minutes = chance.choice([None, chance.randint(0, 3000)])
        Enquiry.objects.create(
            name="Ana",
            text="?",
            owner=chance.choice([None, *_staff()]),
            received_at=received,
            respond_by=response_target(received),
            state="waiting" if minutes is None else "answered",
            answered_at=None if minutes is None else received + timedelta(minutes=minutes * 2),
            response_minutes=minutes,
        )


def export(folder: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET TIME ZONE 'America/Bogota'")
        for table in TABLES:
            copy = f"COPY (SELECT * FROM {table}) TO STDOUT WITH (FORMAT csv, HEADER)"  # noqa: S608 - our own names
            with (folder / f"{table}.csv").open("wb") as file, cursor.cursor.copy(copy) as rows:
                for piece in rows:
                    file.write(piece)
        cursor.execute("SET TIME ZONE 'UTC'")


# The comparison


def compare(folder: Path, seed: int) -> tuple[int, list[str]]:
    books = Books(folder, TODAY)
    told, cells, faults = tellers(books), 0, []
    faults += [f"{name} is not reckoned at all" for name in FIGURES if name not in told]
    for words, filters in asked_for(books, random.Random(seed)):
        for name, measure in FIGURES.items():
            if name in told:
                cells += 1
                faults += differ(f"{name}, {words}", number_of(measure, filters), told[name](_asked(filters)))
    for words, filters in list(asked_for(books, random.Random(seed)))[:2]:
        for name, measure in FIGURES.items():
            for dimension in (by for by in measure.tabled_by() if by not in {"month"} and name in told):
                for key, number in numbers_by(dimension, measure, filters).items():
                    if dimension == "year" and key in {AHEAD, RESERVED, UNKNOWN}:
                        continue
                    narrowed = (
                        filters.but(since=key, until=key) if dimension == "year" else filters.but(**{dimension: key})
                    )
                    if dimension == "year" and (filters.since or filters.until):
                        continue
                    cells += 1
                    faults += differ(f"{name} by {dimension} {key}, {words}", number, told[name](_asked(narrowed)))
    return cells, faults


def asked_for(books: Books, chance: random.Random) -> Iterator[tuple[str, Filters]]:
    everything = Filters(TODAY)
    yield "all", everything
    yield "assisted", everything.but(scope=Scope.ASSISTED)
    for since, until in ((2026, 2026), (2025, 2026), (2020, 2025), (None, 2024), (2024, None), ("2026-04", "2026-09")):
        yield f"{since}-{until}", everything.but(since=since, until=until)
    yield "days", everything.but(since="2026-02-11", until="2026-10-19", scope=Scope.ASSISTED)
    before = everything.but(since=2026, until=2026).before()
    assert before
    yield "the year before to the same day", before
    for layer in Layer:
        yield layer.value, everything.but(layer=layer)
    for months in ("0", "6", "12", "24", "36"):
        yield f"within {months}", everything.but(within=months)
    leads = list(books.leads.values())
    for name in DIMENSIONS:
        values = sorted({lead[name] or UNKNOWN for lead in leads})
        for value in {*chance.sample(values, min(3, len(values))), RESERVED, UNKNOWN}:
            yield f"{name} {value}", everything.but(**{name: value})
    for _number in range(12):
        lead, names = chance.choice(leads), chance.sample(DIMENSIONS[:-1], 2)
        narrowed = everything.but(**{name: lead[name] or UNKNOWN for name in names})
        yield (
            f"{names} of {lead['id']}",
            narrowed.but(since=chance.choice([None, 2025]), scope=chance.choice(list(Scope))),
        )


def _asked(filters: Filters) -> Asked:
    return Asked(
        TODAY,
        filters.first_day,
        filters.last_day,
        filters.scope == Scope.ASSISTED,
        filters.layer.value,
        int(filters.within) if filters.within else None,
        {name: getattr(filters, name) for name in filters.narrowed()},
    )


def differ(words: str, ours: Number, theirs: Told) -> list[str]:
    counts = [] if ours.how is How.RATIO else [(ours.of, theirs.of), (ours.known, theirs.known)]
    one, other = ours.value, theirs.value
    same = one is None and other is None
    if one is not None and other is not None:
        same = abs(float(one) - float(other)) <= SAME * max(1.0, abs(float(other)))
    if same and all(mine == yours for mine, yours in counts):
        return []
    return [f"{words}: {ours.of}/{ours.known}/{one} against {theirs.of}/{theirs.known}/{other}"]


# What it costs


def dashboard() -> dict[str, Any]:
    """At the server, through the whole application, for a manager; cold is with nothing read before."""
    application = get_wsgi_application()
    manager = User.objects.active().filter(role="manager").order_by("pk").first()
    if manager is None:
        return {}
    with clock.set_to(NOW):
        secrecy.settle(at=NOW)
        session, addresses = session_of(manager), [f"/dashboard/?{query}" for query in _queries()]
        cold = []
        for address in addresses[:COLD]:
            connection.close()
            began = time.perf_counter()
            cost_of(application, session, Request(address))
            cold.append((time.perf_counter() - began) * 1000)
        costs = {
            address: [cost_of(application, session, Request(address)).total_ms for _run in range(RUNS)]
            for address in addresses
        }
    middles = {address: statistics.median(found) for address, found in costs.items()}
    slowest = max(middles, key=lambda address: middles[address])
    return {
        "dashboard_p50_ms": round(statistics.median(middles.values()), 1),
        "dashboard_slowest_ms": round(middles[slowest], 1),
        "dashboard_slowest": slowest,
        "dashboard_cold_ms": round(max(cold), 1),
        "dashboard_filters": len(addresses),
    }


def _queries() -> Iterator[str]:
    yield ""
    yield "period=ever&scope=all"
    yield "period=2025&layer=verified"
    yield "period=2026-07..2026-09"
    yield "period=2026-10"
    lead = Lead.objects.exclude(mission=None).exclude(sector=None).order_by("pk").first()
    decided = Lead.objects.decided().exclude(municipality=None).select_related("company").order_by("pk").first()
    assert lead
    assert decided
    yield f"officer={lead.owner_id}"
    yield f"mission={lead.mission_id}&period=ever"
    yield f"sector={lead.sector_id}"
    yield f"origin={decided.company.origin_country_id}&period=ever&scope=all"
    yield f"municipality={decided.municipality_id}&activity={decided.activity_id}&scope=all"
    yield f"type={decided.investment_type_id}&source=mission"
