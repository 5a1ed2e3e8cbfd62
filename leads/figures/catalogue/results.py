"""What came of it: projects, companies, investment, jobs, and what was really realised."""

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from leads.figures import contributions, records, work
from leads.figures.figure import Figure, Ratio
from leads.figures.number import How, Unit
from leads.models.choices import Layer, Status

PROJECTS = Figure(
    "projects",
    _("Projects"),
    _("Investments that were decided. Phases belong to their project; one of several sites is one project."),
    _("Leads with a day of decision in the period"),
    records.PROJECTS,
    traps=_("Announced is not decided: without a checked decision a project is not counted."),
)
COMPANIES = Figure(
    "companies",
    _("Companies"),
    _("Groups of companies with at least one project: a subsidiary counts as its ultimate parent."),
    _("Distinct ultimate parents of the projects; the counts of several rows do not add up"),
    records.PROJECTS,
    how=How.DISTINCT,
    traps=_("One group in two sectors counts in both rows and once in the total."),
)
ENTITIES = Figure(
    "entities",
    _("Legal entities"),
    _("Companies with at least one project, each by itself and not by its group."),
    _("Distinct companies of the projects; the counts of several rows do not add up"),
    records.PROJECTS,
    how=How.DISTINCT,
    group=F("company"),
    traps=_("More than the groups that stand behind them; compare it with no figure of groups."),
)
CAPEX = Figure(
    "capex",
    _("Investment"),
    _("Capital expenditure of the projects at the chosen layer, in dollars at the rate stored with each reading."),
    _("Sum of the current readings; projects whose amount nobody knows are counted apart"),
    records.PROJECTS,
    how=How.SUM,
    unit=Unit.MONEY,
    counted=contributions.of_reading("capex_usd"),
    obeys_layer=True,
    traps=_("One large project moves the sum; read the median beside it. Layers are never added together."),
)
CAPEX_MEDIAN = Figure(
    "capex_median",
    _("Investment of a project, median"),
    _("Half of the projects whose amount is known bring less than this."),
    _("Median of the current readings at the chosen layer"),
    records.PROJECTS,
    how=How.MEDIAN,
    unit=Unit.MONEY,
    counted=contributions.of_reading("capex_usd"),
    obeys_layer=True,
    traps=_("The mean is the sum ÷ the projects whose amount is known; it is usually far above the median."),
)
JOBS = Figure(
    "jobs",
    _("Jobs"),
    _("New direct jobs of the projects at the chosen layer."),
    _("Sum of the current readings; projects whose jobs nobody knows are counted apart"),
    records.PROJECTS,
    how=How.SUM,
    unit=Unit.JOBS,
    counted=contributions.of_reading("jobs"),
    obeys_layer=True,
    traps=_("Indirect and safeguarded jobs are not in it. Announced jobs say little about who works there."),
)
JOBS_MEDIAN = Figure(
    "jobs_median",
    _("Jobs of a project, median"),
    _("Half of the projects whose jobs are known bring fewer than this."),
    _("Median of the current readings at the chosen layer"),
    records.PROJECTS,
    how=How.MEDIAN,
    unit=Unit.JOBS,
    counted=contributions.of_reading("jobs"),
    obeys_layer=True,
    traps=_("The mean is the sum ÷ the projects whose jobs are known; it is usually far above the median."),
)
SAFEGUARDED = Figure(
    "jobs_safeguarded",
    _("Safeguarded jobs"),
    _("Jobs that would have gone without the project, at the chosen layer. They are not new."),
    _("Sum of the safeguarded jobs of the current readings"),
    records.PROJECTS,
    how=How.SUM,
    unit=Unit.JOBS,
    counted=contributions.of_reading("jobs_safeguarded"),
    obeys_layer=True,
    traps=_("Never added to new jobs."),
)
INDIRECT = Figure(
    "jobs_indirect",
    _("Indirect jobs"),
    _("Jobs elsewhere that the projects are computed to bring, at the chosen layer."),
    _("Sum of the indirect jobs of the current readings, each with the method it was computed by"),
    records.PROJECTS,
    how=How.SUM,
    unit=Unit.JOBS,
    counted=contributions.of_reading("jobs_indirect"),
    obeys_layer=True,
    traps=_("Computed and not counted. Never added to direct jobs, as some agencies do."),
)
REINVESTMENT = Figure(
    "reinvestment",
    _("Reinvestment"),
    _("Projects of investors who were here before: by their type, or because they follow an earlier project."),
    _("Reinvestments among the projects whose type is known"),
    records.PROJECTS,
    how=How.SHARE,
    unit=Unit.PERCENT,
    counted=contributions.reinvested,
    neutral=True,
    traps=_("A high share is a success of aftercare and a question to attraction."),
)
COMMITTED = Figure(
    "committed",
    _("Committed, not started"),
    _("Decided projects that do not operate yet. They are not in the weighted pipeline."),
    _("Won projects without a day of start"),
    records.PROJECTS,
    only=contributions.NOT_STARTED,
    neutral=True,
    traps=_("About one in ten never starts."),
)
COMMITTED_CAPEX = Figure(
    "committed_capex",
    _("Investment committed, not started"),
    _("Investment of the decided projects that do not operate yet, at the chosen layer."),
    _("Sum of the current readings of won projects without a day of start"),
    records.PROJECTS,
    how=How.SUM,
    unit=Unit.MONEY,
    counted=contributions.of_reading("capex_usd"),
    only=contributions.NOT_STARTED,
    obeys_layer=True,
    neutral=True,
    traps=_("It stands in the figure of projects too; never add the two."),
)
COMMITTED_JOBS = Figure(
    "committed_jobs",
    _("Jobs committed, not started"),
    _("New direct jobs of the decided projects that do not operate yet, at the chosen layer."),
    _("Sum of the current readings of won projects without a day of start"),
    records.PROJECTS,
    how=How.SUM,
    unit=Unit.JOBS,
    counted=contributions.of_reading("jobs"),
    only=contributions.NOT_STARTED,
    obeys_layer=True,
    neutral=True,
    traps=_("They stand in the figure of jobs too; never add the two."),
)

BOTH_JOBS = Q(announced__jobs__gt=0, verified_jobs__isnull=False)
BOTH_CAPEX = Q(announced__capex_usd__gt=0, verified_capex__isnull=False)
REALISED_JOBS = Figure(
    "verified_jobs",
    _("Jobs verified of those announced"),
    _("Verified jobs of the projects whose announced jobs are known as well."),
    _("Sum of the last verified reading up to so many months after the decision"),
    records.REALISED,
    how=How.SUM,
    unit=Unit.JOBS,
    counted=lambda _filters: F("verified_jobs"),
    only=BOTH_JOBS,
    obeys_within=True,
    traps=_("Projects that nobody has verified yet are in neither side."),
)
ANNOUNCED_JOBS = Figure(
    "announced_jobs",
    _("Jobs announced by those verified"),
    _("Announced jobs of the same projects, whose verified jobs are known."),
    _("Sum of the current announced readings of projects with a verified one"),
    records.REALISED,
    how=How.SUM,
    unit=Unit.JOBS,
    counted=lambda _filters: F("announced__jobs"),
    only=BOTH_JOBS,
    obeys_within=True,
    traps=_("Smaller than all jobs announced: only projects with both figures are in it."),
)
REALISED_CAPEX = Figure(
    "verified_capex",
    _("Investment verified of that announced"),
    _("Verified investment of the projects whose announced investment is known as well."),
    _("Sum of the last verified reading up to so many months after the decision"),
    records.REALISED,
    how=How.SUM,
    unit=Unit.MONEY,
    counted=lambda _filters: F("verified_capex"),
    only=BOTH_CAPEX,
    obeys_within=True,
    traps=_("Projects that nobody has verified yet are in neither side."),
)
ANNOUNCED_CAPEX = Figure(
    "announced_capex",
    _("Investment announced by those verified"),
    _("Announced investment of the same projects, whose verified investment is known."),
    _("Sum of the current announced readings of projects with a verified one"),
    records.REALISED,
    how=How.SUM,
    unit=Unit.MONEY,
    counted=lambda _filters: F("announced__capex_usd"),
    only=BOTH_CAPEX,
    obeys_within=True,
    traps=_("Smaller than all investment announced: only projects with both figures are in it."),
)
REALISATION_JOBS = Ratio(
    "realisation_jobs",
    _("Jobs realised"),
    _("What became of the announced jobs, by the cohort of the year of decision."),
    _("Verified jobs ÷ announced jobs, of the projects where both are known"),
    REALISED_JOBS,
    ANNOUNCED_JOBS,
    unit=Unit.PERCENT,
    traps=_("Young cohorts look poor because few of their projects were verified. Compare them at the same age."),
)
REALISATION_CAPEX = Ratio(
    "realisation_capex",
    _("Investment realised"),
    _("What became of the announced investment, by the cohort of the year of decision."),
    _("Verified ÷ announced investment, of the projects where both are known"),
    REALISED_CAPEX,
    ANNOUNCED_CAPEX,
    unit=Unit.PERCENT,
    traps=_("Young cohorts look poor because few of their projects were verified. Compare them at the same age."),
)

BUDGET = Figure(
    "budget",
    _("Budget of the agency"),
    _("What the agency may spend in the years of the period."),
    _("Sum of the budgets of the years that begin in the period"),
    work.BUDGETS,
    how=How.SUM,
    unit=Unit.MONEY,
    counted=lambda _filters: F("usd"),
    always_known=True,
    neutral=True,
    traps=_("A budget belongs to a whole year; a quarter has none."),
)
LEVERAGE = Ratio(
    "leverage",
    _("Leverage"),
    _("Verified investment for each dollar of the agency's budget."),
    _("Verified investment of the projects ÷ budget of the same years"),
    CAPEX,
    BUDGET,
    unit=Unit.TIMES,
    asks={"layer": Layer.VERIFIED},
    traps=_("It does not say that the agency brought about the investment: many have a part in a project."),
)

OF_ALL_ORIGINS = _("A share of what the same filters count over all origins; scopes are never mixed.")
ORIGIN_PROJECTS = Ratio(
    "origin_share",
    _("Share of projects of the origin"),
    _("How much of all projects the chosen origin brought."),
    _("Projects of the origin ÷ projects of all origins, same filters"),
    PROJECTS,
    PROJECTS,
    unit=Unit.PERCENT,
    whole_ignores=("origin",),
    neutral=True,
    traps=OF_ALL_ORIGINS,
)
ORIGIN_CAPEX = Ratio(
    "origin_share_capex",
    _("Share of investment of the origin"),
    _("How much of all known investment the chosen origin brought."),
    _("Investment of the origin ÷ investment of all origins, same filters"),
    CAPEX,
    CAPEX,
    unit=Unit.PERCENT,
    whole_ignores=("origin",),
    neutral=True,
    traps=OF_ALL_ORIGINS,
)
ORIGIN_JOBS = Ratio(
    "origin_share_jobs",
    _("Share of jobs of the origin"),
    _("How many of all known jobs the chosen origin brought."),
    _("Jobs of the origin ÷ jobs of all origins, same filters"),
    JOBS,
    JOBS,
    unit=Unit.PERCENT,
    whole_ignores=("origin",),
    neutral=True,
    traps=OF_ALL_ORIGINS,
)

WON = Q(decided_on__isnull=False)
LOST = Q(status=Status.LOST, decided_on__isnull=True)
WIN_RATE = Figure(
    "win_rate",
    _("Win rate against other places"),
    _("Of the leads that ended with a decision for us or for another place, those that came to us."),
    _("Won ÷ (won + lost)"),
    records.OUTCOMES,
    how=How.SHARE,
    unit=Unit.PERCENT,
    counted=contributions.holds(WON),
    only=WON | LOST,
    always_known=True,
    traps=_("Dead plans are left out; with them the rate is about half. Always say which one it is."),
)
WIN_RATE_ALL = Figure(
    "win_rate_all",
    _("Win rate with dead plans"),
    _("Of the leads that ended – won, lost to another place, or dead – those that came to us."),
    _("Won ÷ (won + lost + dead)"),
    records.OUTCOMES,
    how=How.SHARE,
    unit=Unit.PERCENT,
    counted=contributions.holds(WON),
    always_known=True,
    traps=_("Disqualified, merged and handed-over leads are in neither side."),
)
