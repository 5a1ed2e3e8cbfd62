"""What missions cost and brought: by the first touch, and by their influence."""

from collections.abc import Callable

from django.db.models import DecimalField, ExpressionWrapper, F, Q
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrPromise

from leads.figures import contributions, records, work
from leads.figures.catalogue import work as work_figures
from leads.figures.figure import Figure, Ratio
from leads.figures.filters import Filters, Within
from leads.figures.number import How, Unit
from leads.models.choices import Interest

BEGAN, ENDED = "mission__starts_on", "mission__ends_on"


def _came(day: str) -> Callable[[Filters], Q]:
    def came(filters: Filters) -> Q:
        return contributions.came_within(day, ENDED if filters.within == Within.MONTHS_0 else BEGAN, filters)

    return came


MISSION_LEADS = Figure(
    "mission_leads",
    _("Leads from missions"),
    _("Leads whose first touch was on the mission. The influence of a mission on other leads is not in it."),
    _("Leads by the mission they came from"),
    records.MISSION_LEADS,
    traps=_("A mission also moves leads that were there before; see the influence."),
)


def _of_interest(interest: Interest, title: StrPromise) -> Figure:
    return Figure(
        f"mission_{interest.value}",
        title,
        _("Leads whose first touch was on the mission, by the interest that was said of them last."),
        _("Leads of missions of the period whose last exchange with an interest says this one"),
        records.MISSION_LEADS,
        only=contributions.last_interest(interest),
        neutral=interest is not Interest.HOT,
        traps=_("Interest is what our people heard, and changes with the next exchange."),
    )


MISSION_HOT = _of_interest(Interest.HOT, _("Hot leads from missions"))
MISSION_WARM = _of_interest(Interest.WARM, _("Warm leads from missions"))
MISSION_COLD = _of_interest(Interest.COLD, _("Cold leads from missions"))
MISSION_QUALIFIED = Figure(
    "mission_qualified",
    _("Qualified from missions"),
    _("Leads of the mission that became a qualified opportunity."),
    _("Leads of missions of the period that reached stage 2 within so many months"),
    records.MISSION_LEADS,
    only=_came("qualified_on"),
    obeys_within=True,
    traps=_("Compare missions at the same age: choose the months."),
)
MISSION_PROJECTS = Figure(
    "mission_projects",
    _("Projects from missions"),
    _("Leads of the mission that were decided for us."),
    _("Leads of missions of the period decided within so many months"),
    records.MISSION_LEADS,
    only=_came("decided_on"),
    obeys_within=True,
    traps=_("Compare missions at the same age: choose the months."),
)
MISSION_JOBS = Figure(
    "mission_jobs",
    _("Jobs from missions"),
    _("New direct jobs of the projects that came from the mission, at the chosen layer."),
    _("Sum of the current readings of projects decided within so many months"),
    records.MISSION_LEADS,
    how=How.SUM,
    unit=Unit.JOBS,
    counted=contributions.of_reading("jobs"),
    only=_came("decided_on"),
    obeys_layer=True,
    obeys_within=True,
    traps=_("Compare missions at the same age: choose the months."),
)
MISSION_CAPEX = Figure(
    "mission_capex",
    _("Investment from missions"),
    _("Investment of the projects that came from the mission, at the chosen layer."),
    _("Sum of the current readings of projects decided within so many months"),
    records.MISSION_LEADS,
    how=How.SUM,
    unit=Unit.MONEY,
    counted=contributions.of_reading("capex_usd"),
    only=_came("decided_on"),
    obeys_layer=True,
    obeys_within=True,
    traps=_("Compare missions at the same age: choose the months."),
)
INFLUENCED = Figure(
    "influenced",
    _("Projects under the influence of missions"),
    _("Projects whose company met us on a mission in the 24 months before the decision."),
    _("Distinct projects with such a meeting; one may count for several missions, so they do not add up"),
    records.INFLUENCED,
    neutral=True,
    traps=_("Never add missions up, and never add it to the first touch: a project may stand in both."),
)
COST = Figure(
    "mission_cost",
    _("Cost of missions"),
    _("What missions really cost, in dollars at the rate of each line. The time of our staff is not in it."),
    _("Sum of the actual costs of missions that began in the period"),
    work.COSTS,
    how=How.SUM,
    unit=Unit.MONEY,
    counted=work.spent,
    less_is_better=True,
    neutral=True,
    traps=_("Lines whose actual amount is not entered yet are counted apart."),
)
BUDGET = Figure(
    "mission_budget",
    _("Budget of missions"),
    _("What missions were planned to cost, in dollars at the rate of each line."),
    _("Sum of the planned costs of missions that began in the period"),
    work.COSTS,
    how=How.SUM,
    unit=Unit.MONEY,
    counted=lambda _filters: ExpressionWrapper(F("planned") * F("usd_rate"), DecimalField()),
    always_known=True,
    neutral=True,
    traps=_("A plan: what was really spent stands in the cost."),
)
NEW_COMPANIES = Figure(
    "new_companies",
    _("New companies met"),
    _("Companies whose meeting on the mission was the first exchange that we ever had with them."),
    _("Companies with no earlier exchange, each by its first meeting"),
    work.MEETINGS,
    only=contributions.first_ever(),
    traps=_("An exchange that nobody logged makes a known company look new."),
)
KNOWN_COMPANIES = Figure(
    "known_companies",
    _("Known companies met"),
    _("Companies that we met on the mission and knew from an earlier exchange."),
    _("Companies with an earlier exchange, each by its first meeting on the mission"),
    work.MEETINGS,
    only=contributions.first_of_mission(),
    traps=_("One company met on two missions counts on both."),
)

STAFF_OUT = _("Staff cost is not in it. Young missions look dear: compare them at the same age.")
COST_PER_MEETING = Ratio(
    "cost_per_meeting",
    _("Cost per meeting"),
    _("What a meeting of a mission cost."),
    _("Cost of missions ÷ logged meetings of the same missions"),
    COST,
    work_figures.MEETINGS,
    less_is_better=True,
    traps=STAFF_OUT,
)
COST_PER_LEAD = Ratio(
    "cost_per_lead",
    _("Cost per lead"),
    _("What a lead from a mission cost."),
    _("Cost of missions ÷ leads from the same missions"),
    COST,
    MISSION_LEADS,
    less_is_better=True,
    traps=STAFF_OUT,
)
COST_PER_QUALIFIED = Ratio(
    "cost_per_qualified",
    _("Cost per qualified opportunity"),
    _("What an opportunity from a mission cost."),
    _("Cost of missions ÷ their leads qualified within so many months"),
    COST,
    MISSION_QUALIFIED,
    less_is_better=True,
    traps=STAFF_OUT,
)
COST_PER_PROJECT = Ratio(
    "cost_per_project",
    _("Cost per project"),
    _("What a project from a mission cost."),
    _("Cost of missions ÷ their projects decided within so many months"),
    COST,
    MISSION_PROJECTS,
    less_is_better=True,
    traps=STAFF_OUT,
)
COST_PER_JOB = Ratio(
    "cost_per_job",
    _("Cost per job"),
    _("What a job from a mission cost, at the chosen layer."),
    _("Cost of missions ÷ jobs of their projects decided within so many months"),
    COST,
    MISSION_JOBS,
    less_is_better=True,
    traps=STAFF_OUT,
)
