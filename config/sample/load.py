"""Loads a whole agency with its past: the same for the same size, seed and day."""

from collections.abc import Callable
from datetime import date, timedelta

from django.db import transaction

from companies.models import Company
from config.sample import aims, dirt, public, scripts
from config.sample.aftercare import Aftercare
from config.sample.askers import Askers
from config.sample.california import California
from config.sample.care import Care
from config.sample.chance import moment, share_out
from config.sample.cleanliness import write_trend
from config.sample.firms import Registry
from config.sample.opportunities import SOURCES, Pipeline
from config.sample.settlers import History
from config.sample.sizes import Size
from config.sample.staff import Hiring
from config.sample.talks import Talks
from config.sample.trips import Agenda, Trip
from config.sample.world import World
from config.sample.writer import Writer
from leads.figures import secrecy
from missions.models import Mission
from missions.stays import write_stays

Say = Callable[[str], object]
# How many exchanges a company has had over the years: most are targets that hardly answered.
EXCHANGES = {(0, 1): 45, (2, 5): 30, (6, 20): 17, (21, 100): 7, (101, 220): 1}
# The companies of the California story, and the real ones.
STORY = 50
KINDS = {"call": 26, "mail": 53, "message": 11, "site_visit": 2}


class AlreadyLoaded(Exception):  # noqa: N818 - says what is the case
    pass


@transaction.atomic
def load_sample(size: Size, *, seed: int, today: date, say: Say = lambda _words: None) -> World:
    if Company.objects.exists():
        raise AlreadyLoaded
    with Writer() as writer:
        world = World(size, seed, today, writer)
        mission = _fill(world, say).mission
    write_stays(Mission.objects.get(pk=mission.pk))
    secrecy.settle(at=moment(today, 6))
    write_trend(today, world.chance("cleanliness"))
    return world


def _fill(world: World, say: Say) -> Trip:
    guest = Hiring(world).hire()
    public.enter(world)
    aims.enter(world)
    past = History(world, Registry(world, "settlers"))
    past.open_firms()
    say("The region's history is there.")
    registry = Registry(world, "companies")
    _open_companies(world, registry)
    say(f"{len(world.firms):,} companies.")
    talks = Talks(world, "talks")
    pipeline = Pipeline(world, talks)
    past.write(pipeline)
    agenda = Agenda(world, talks, pipeline)
    agenda.run()
    california = California(world, agenda, talks, pipeline, registry)
    trip = california.tell(guest)
    say(f"{world.size.missions:,} missions.")
    _open_leads(world, pipeline)
    say(f"{pipeline.opened:,} leads.")
    aftercare = Aftercare(world, past.houses, talks)
    aftercare.visit()
    _talk(world, talks)
    aftercare.plan()
    Care(world).give(aftercare)
    say(f"{talks.count:,} exchanges.")
    return trip


def _open_companies(world: World, registry: Registry) -> None:
    size = world.size
    twice = round(size.companies * dirt.DUPLICATES)
    dirt.odd_names(world, registry)
    while len(world.firms) < size.companies - twice - STORY:
        registry.open()
    dirt.duplicates(world, registry, twice)
    scripts.enter(world)


def _open_leads(world: World, pipeline: Pipeline) -> None:
    """Those that no mission brought."""
    chance, askers = world.chance("leads"), Askers(world)
    known = [firm for firm in world.firms if firm.contacts and not firm.has_projects and not firm.is_duplicate]
    while pipeline.opened < world.size.leads - world.size.won:
        firm = chance.choice(known)
        first = max(firm.created, world.first_day)
        day = world.days.between(first, world.yesterday - timedelta(days=1), chance)
        source = chance.one_of(SOURCES)
        asked = askers.ask(firm, day) if source == "enquiry" else None
        pipeline.open(firm, day, source=source, enquiry=asked)
    askers.ask_in_vain()
    askers.wait()


def _talk(world: World, talks: Talks) -> None:
    """What else was said: calls, mails and meetings, with few companies much and with most hardly anything."""
    chance, size = world.chance("background"), world.size
    weights = []
    for firm in world.firms:
        lowest, highest = chance.one_of(EXCHANGES)
        weights.append(chance.randint(lowest, highest) if firm.contacts else chance.randint(0, 1))
    counts = share_out(max(0, size.interactions - talks.count), weights, chance)
    meetings = max(0, size.meetings - talks.meetings) / max(1, sum(counts))
    for firm, count in zip(world.firms, counts, strict=True):
        first = max(firm.created, world.first_day)
        for _number in range(count):
            day = world.days.between(first, world.yesterday, chance)
            by = firm.owner if firm.owner.works_on(day) and chance.hits(0.6) else world.on_duty(day, chance)
            kind = "meeting" if chance.hits(meetings) else chance.one_of(KINDS)
            talks.log(firm, moment(day, chance.randint(8, 17), chance.choice((0, 15, 30, 45))), by, kind=kind)
