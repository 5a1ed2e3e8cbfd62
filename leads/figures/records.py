"""The sources that are about leads: projects, the pipeline, opportunities, cohorts, stays in a stage."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import (
    CharField,
    DateField,
    Exists,
    F,
    FilteredRelation,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, TruncDate
from django.utils.translation import gettext_lazy as _

from leads.figures.filters import RESERVED, UNKNOWN, Filters
from leads.figures.source import Source
from leads.models import Interaction, Lead, Reading, Service, Stage, StageChange, Stay
from leads.models.choices import Layer, Level, Outcome, Status
from leads.models.lead import LeadQuerySet

ZONE = ZoneInfo(settings.AGENCY_ZONE)
NUMBER = IntegerField()
HEARD = (Interaction.Direction.BOTH, Interaction.Direction.IN)
HELD = (Outcome.HELD, Outcome.PASSING)


def group(lead: str = "") -> Coalesce:
    return Coalesce(F(f"{lead}company__ultimate_parent"), F(f"{lead}company"))


def _origin(lead: str) -> Callable[[Filters], Combinable]:
    """Of the company, or else of the group that it belongs to."""
    return lambda _filters: Coalesce(
        F(f"{lead}company__origin_country"), F(f"{lead}company__ultimate_parent__origin_country")
    )


def _of_lead_or_company(lead: str, name: str) -> Callable[[Filters], Combinable]:
    return lambda _filters: Coalesce(F(f"{lead}{name}"), F(f"{lead}company__{name}"))


def of_leads(lead: str = "") -> dict[str, Any]:
    """What every source has whose records are leads, or hang on one at the end of this path."""
    return {
        "dimensions": {
            "origin": "origin",
            "sector": "sector_or_company",
            "activity": "activity_or_company",
            "municipality": f"{lead}municipality",
            "mission": f"{lead}mission",
            "officer": f"{lead}owner",
            "source": "source_of_lead",
            "type": f"{lead}investment_type",
            "stage": f"{lead}stage",
        },
        "worked_out": {
            "origin": _origin(lead),
            "sector_or_company": _of_lead_or_company(lead, "sector"),
            "activity_or_company": _of_lead_or_company(lead, "activity"),
            "source_of_lead": lambda _filters: Func(F(f"{lead}source"), Value(""), function="nullif"),
        },
        "lead": lead,
        "group": group(lead),
        "obeys_scope": True,
    }


def leads(_filters: Filters) -> LeadQuerySet:
    """Phases are part of their project and never counted beside it."""
    found: LeadQuerySet = Lead.objects.countable().filter(parent=None)
    return found


def with_reading(rows: LeadQuerySet, filters: Filters) -> LeadQuerySet:
    """The current reading of the layer; and again as `placed`, by whose shares the jobs lie in municipalities.

    Of a restricted lead the shares are not told: it has one row, in the municipality of its box.
    """
    at_layer = Q(readings__layer=filters.layer, readings__is_current=True)
    found: LeadQuerySet = rows.annotate(
        reading=FilteredRelation("readings", condition=at_layer),
        placed=FilteredRelation("readings", condition=at_layer & Q(level=Level.OPEN)),
    )
    return found


def _place(_filters: Filters) -> Coalesce:
    """The municipalities that share the jobs, one row each; or else that of the lead."""
    return Coalesce(F("placed__shares__municipality"), F("municipality"))


def _projects(filters: Filters) -> LeadQuerySet:
    return with_reading(leads(filters).decided(), filters)


def _realised(filters: Filters) -> QuerySet[Lead]:
    """Projects of which the announcement is known, with what was verified up to so many months later."""
    announced = Q(readings__layer=Layer.ANNOUNCED, readings__is_current=True)
    verified = Reading.objects.filter(lead=OuterRef("pk"), layer=Layer.VERIFIED)
    if filters.within:
        verified = verified.filter(dated_on__lte=after("decided_on", filters, outer=True))
    latest = verified.order_by("-dated_on", "-is_current", "-pk")
    projects: LeadQuerySet = leads(filters).decided()
    realised: LeadQuerySet = projects.annotate(
        announced=FilteredRelation("readings", condition=announced),
        verified_jobs=Subquery(latest.values("jobs")[:1]),
        verified_capex=Subquery(latest.values("capex_usd")[:1]),
    )
    return realised


def _pipeline(filters: Filters) -> LeadQuerySet:
    return leads(filters).open().filter(stage__gte=Stage.LEAD)


def _mission_leads(filters: Filters) -> LeadQuerySet:
    return with_reading(leads(filters).filter(mission__isnull=False), filters)


def _influenced(filters: Filters) -> LeadQuerySet:
    """Projects whose company met us on a mission in the 24 months before the decision."""
    talks = Interaction.objects.countable().filter(company=OuterRef("company"), mission__isnull=False, outcome__in=HELD)
    met = talks.alias(met_on=day_here("happened_at")).filter(
        met_on__lte=OuterRef("decided_on"), met_on__gte=two_years_before(OuterRef("decided_on"))
    )
    if filters.mission in {RESERVED, UNKNOWN}:
        return _projects(filters).none()
    if filters.mission:
        # Which mission it was is told of open ones alone: a meeting of the company is no secret, its project is.
        return _projects(filters).filter(Exists(met.filter(mission=int(filters.mission))), level=Level.OPEN)
    return _projects(filters).filter(Exists(met))


def _opportunities(filters: Filters) -> LeadQuerySet:
    return leads(filters).filter(qualified_on__isnull=False)


def _outcomes(filters: Filters) -> LeadQuerySet:
    return leads(filters).filter(Q(decided_on__isnull=False) | Q(status__in=[Status.LOST, Status.DEAD]))


def _stays(_filters: Filters) -> QuerySet[Stay]:
    return Stay.objects.countable().filter(lead__parent=None).finished()


def _services(_filters: Filters) -> QuerySet[Service]:
    return Service.objects.countable().filter(lead__parent=None).exclude(lead__status=Status.MERGED)


def _moves(_filters: Filters) -> QuerySet[StageChange]:
    moves = StageChange.objects.filter(StageChange.OF_STAGE, lead__parent=None, stage_before__isnull=False)
    return moves.exclude(lead__status=Status.MERGED)


def after(day: str, filters: Filters, *, outer: bool = False) -> Func:
    """So many months later than a day of the record."""
    begins = OuterRef(day) if outer else F(day)
    length = Func(Value(int(filters.within)), template="make_interval(months => %(expressions)s)")
    return Func(begins, length, template="(%(expressions)s)::date", arg_joiner=" + ", output_field=DateField())


def day_here(moment: str) -> TruncDate:
    """The agency's day, whatever the zone of who looks."""
    return TruncDate(moment, tzinfo=ZONE)


def two_years_before(day: Any) -> Func:
    return Func(day, template="(%(expressions)s - interval '24 months')::date", output_field=DateField())


def quiet(filters: Filters) -> Coalesce:
    """How long the client has been silent, in the buckets that people think in. Our own mails are no contact."""
    heard = Interaction.objects.filter(lead=OuterRef("pk"), direction__in=HEARD, outcome__in=HELD)
    last = Subquery(heard.order_by("-happened_at").values("happened_at")[:1])
    begun = [midnight(filters.today - timedelta(days=days)) for days in (90, 60, 30)]
    # The last contact is looked for once, where a condition for each bucket would look for it each time.
    place = Func(last, Func(*begun, template="ARRAY[%(expressions)s]"), function="width_bucket")
    bucket = Func(place, template="(ARRAY['more', '90', '60', '30'])[1 + %(expressions)s]", output_field=CharField())
    return Coalesce(bucket, Value("never"), output_field=CharField())


def midnight(day: date) -> Value:
    return Value(datetime.combine(day, time.min, ZONE))


OF_LEADS = of_leads()
OF_OPEN_LEADS = OF_LEADS | {
    "dimensions": OF_LEADS["dimensions"] | {"quiet": "silence"},
    "worked_out": OF_LEADS["worked_out"] | {"silence": quiet},
}
OUTCOME = Coalesce(F("decided_on"), F("closed_on"))

OF_PROJECTS = OF_LEADS | {
    "dimensions": OF_LEADS["dimensions"] | {"municipality": "place"},
    "worked_out": OF_LEADS["worked_out"] | {"place": _place},
    "is_placed": True,
}

PROJECTS = Source(
    _projects, date_basis=_("the day of the decision"), day="decided_on", told_day="decided", **OF_PROJECTS
)
REALISED = Source(_realised, date_basis=_("the day of the decision"), day="decided_on", told_day="decided", **OF_LEADS)
PIPELINE = Source(_pipeline, date_basis=_("as it stands now"), **OF_OPEN_LEADS)
OPPORTUNITIES = Source(
    _opportunities,
    date_basis=_("the day a lead first reached stage 2"),
    day="qualified_on",
    told_day="qualified",
    **OF_LEADS,
)
ENTERED = Source(
    leads, date_basis=_("the day the lead was opened"), day="created_at", is_moment=True, told_day="entered", **OF_LEADS
)
OUTCOMES = Source(
    _outcomes,
    date_basis=_("the day of the decision, or of the end"),
    day="outcome_on",
    day_worked_out=OUTCOME,
    told_day="outcome",
    **OF_LEADS,
)
MISSION_LEADS = Source(
    _mission_leads,
    date_basis=_("the first day of the mission of the first touch"),
    day="mission__starts_on",
    told_day="mission",
    **OF_PROJECTS,
)
INFLUENCED = Source(
    _influenced,
    date_basis=_("the day of the decision"),
    day="decided_on",
    told_day="decided",
    **OF_PROJECTS
    | {"dimensions": {name: path for name, path in OF_PROJECTS["dimensions"].items() if name != "mission"}},
    handled=("mission",),
)
OF_STAYS = of_leads("lead__")
SERVICES = Source(
    _services,
    date_basis=_("the day the service was given"),
    day="given_on",
    **OF_STAYS | {"dimensions": OF_STAYS["dimensions"] | {"service": "kind"}},
)
STAYS = Source(
    _stays,
    date_basis=_("the day the stage was left"),
    day="left_at",
    is_moment=True,
    **OF_STAYS | {"dimensions": OF_STAYS["dimensions"] | {"stage": "stage"}},
)
MOVES = Source(
    _moves,
    date_basis=_("the day of the move"),
    day="at",
    is_moment=True,
    **OF_STAYS | {"dimensions": OF_STAYS["dimensions"] | {"stage": "stage_after"}},
)
