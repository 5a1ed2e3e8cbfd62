"""What may come of it: opportunities, the open pipeline, cohorts, and how long things take."""

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from leads.figures import contributions, records
from leads.figures.catalogue.results import PROJECTS
from leads.figures.figure import Figure, Ratio
from leads.figures.number import How, Unit

OPPORTUNITIES = Figure(
    "opportunities",
    _("New opportunities"),
    _("Leads that became a qualified opportunity. A lead that was reopened does not count again."),
    _("Leads that first reached stage 2 in the period"),
    records.OPPORTUNITIES,
    traps=_("Not the leads that stand in stage 2 today, and not ProColombia's export opportunity."),
)
ENTERED = Figure(
    "entered",
    _("New leads"),
    _("Leads that were opened, whatever became of them."),
    _("Leads opened in the period"),
    records.ENTERED,
    traps=_("Projects known from the press alone are in it where the scope is all known."),
)
PIPELINE = Figure(
    "pipeline",
    _("Open leads"),
    _("Leads that are active, on hold, delayed or dormant, from stage 1 on."),
    _("Leads with an open status"),
    records.PIPELINE,
    neutral=True,
    traps=_("As it stands now, whatever the period."),
)
PIPELINE_CAPEX = Figure(
    "pipeline_capex",
    _("Investment in the pipeline"),
    _("Estimated capital expenditure of the open leads, not weighted."),
    _("Sum of the estimates; leads without one are counted apart"),
    records.PIPELINE,
    how=How.SUM,
    unit=Unit.MONEY,
    counted=lambda _filters: F("capex_estimate_usd"),
    neutral=True,
    traps=_("Most of it never comes: read the weighted figure beside it."),
)
PIPELINE_JOBS = Figure(
    "pipeline_jobs",
    _("Jobs in the pipeline"),
    _("Estimated new direct jobs of the open leads, not weighted."),
    _("Sum of the estimates; leads without one are counted apart"),
    records.PIPELINE,
    how=How.SUM,
    unit=Unit.JOBS,
    counted=lambda _filters: F("jobs_estimate"),
    neutral=True,
    traps=_("Most of them never come: read the weighted figure beside it."),
)
WEIGHTED_CAPEX = Figure(
    "weighted_capex",
    _("Weighted pipeline"),
    _("What the open opportunities may bring: stages 2 to 5, without dormant ones; committed projects are not in it."),
    _("Sum of estimated investment × probability of the stage"),
    records.PIPELINE,
    how=How.SUM,
    unit=Unit.MONEY,
    counted=contributions.weighted("capex_estimate_usd"),
    only=contributions.WEIGHED,
    traps=_("An average over many leads. Where one project is over 30 percent of it, it says little."),
)
WEIGHTED_JOBS = Figure(
    "weighted_jobs",
    _("Weighted jobs"),
    _("The jobs that the open opportunities may bring: stages 2 to 5, without dormant ones."),
    _("Sum of estimated jobs × probability of the stage"),
    records.PIPELINE,
    how=How.SUM,
    unit=Unit.JOBS,
    counted=contributions.weighted("jobs_estimate"),
    only=contributions.WEIGHED,
    traps=_("An average over many leads. Where one project is over 30 percent of it, it says little."),
)
NEGLECTED = Figure(
    "neglected",
    _("Leads without a next step"),
    _("Open leads that nobody at work owns, that have no next action, or whose next action is past its day."),
    _("Such leads ÷ open leads; less than 5 % is good"),
    records.PIPELINE,
    how=How.SHARE,
    unit=Unit.PERCENT,
    counted=contributions.neglected,
    always_known=True,
    less_is_better=True,
    traps=_("A next action that only says “call” fulfils it."),
)
OVER_NORM = Figure(
    "over_norm",
    _("Open leads over the norm of their stage"),
    _("Open leads that have stood in their stage longer than is usual there."),
    _("Such leads ÷ open leads in stages with a norm"),
    records.PIPELINE,
    how=How.SHARE,
    unit=Unit.PERCENT,
    counted=contributions.over_norm,
    less_is_better=True,
    traps=_("A lead that went back a stage begins to count anew."),
)
OPEN_AGE = Figure(
    "open_age",
    _("Days in the stage so far, median"),
    _("How long open leads have stood in the stage they are in: what the time of those that left does not show."),
    _("Median of today − the day the stage was entered, of open leads"),
    records.PIPELINE,
    how=How.MEDIAN,
    unit=Unit.DAYS,
    counted=contributions.days_here,
    always_known=True,
    less_is_better=True,
    traps=_("Not finished: the stays go on."),
)
DORMANT = Figure(
    "dormant",
    _("Dormant leads"),
    _("Open leads in which nothing has happened for so long that they sleep."),
    _("Open leads with the status dormant"),
    records.PIPELINE,
    only=contributions.ASLEEP,
    less_is_better=True,
    traps=_("They are not in the weighted pipeline."),
)
SILENT = Figure(
    "silent",
    _("Clients silent for over 90 days"),
    _("Open leads whose client has not spoken with us for more than 90 days, or never. Our own mails are no contact."),
    _("Such leads ÷ open leads"),
    records.PIPELINE,
    how=How.SHARE,
    unit=Unit.PERCENT,
    counted=contributions.silent,
    always_known=True,
    less_is_better=True,
    traps=_("What was said and not logged is silence too."),
)
DORMANT = Figure(
    "dormant",
    _("Dormant leads"),
    _("Open leads in which nothing has happened for so long that they sleep."),
    _("Open leads with the status dormant"),
    records.PIPELINE,
    only=contributions.ASLEEP,
    less_is_better=True,
    traps=_("They are not in the weighted pipeline."),
)
SILENT = Figure(
    "silent",
    _("Clients silent for over 90 days"),
    _("Open leads whose client has not spoken with us for more than 90 days, or never. Our own mails are no contact."),
    _("Such leads ÷ open leads"),
    records.PIPELINE,
    how=How.SHARE,
    unit=Unit.PERCENT,
    counted=contributions.silent,
    always_known=True,
    less_is_better=True,
    traps=_("What was said and not logged is silence too."),
)
WORK_WEIGHT = Figure(
    "work_weight",
    _("Work by stage"),
    _("Open leads weighted by their stage: one at the site visit is more work than a new one."),
    _("Sum of the numbers of the stages of open leads"),
    records.PIPELINE,
    how=How.SUM,
    unit=Unit.POINTS,
    counted=lambda _filters: F("stage"),
    always_known=True,
    neutral=True,
    traps=_("For a fair balance of work, never to rank people."),
)

QUALIFIED_RATE = Figure(
    "lead_to_qualified",
    _("Lead → qualified"),
    _("Of the leads opened in the period, those that have become a qualified opportunity by now."),
    _("Qualified by now ÷ opened in the period"),
    records.ENTERED,
    how=How.SHARE,
    unit=Unit.PERCENT,
    counted=contributions.holds(contributions.QUALIFIED),
    always_known=True,
    traps=_("A young cohort is not finished: read the share that is still open beside it."),
)
LEADS_OPEN = Figure(
    "leads_still_open",
    _("Leads still open"),
    _("Of the leads opened in the period, those that are neither qualified nor ended."),
    _("Open and not qualified ÷ opened in the period"),
    records.ENTERED,
    how=How.SHARE,
    unit=Unit.PERCENT,
    counted=contributions.holds(contributions.STILL_OPEN & ~contributions.QUALIFIED),
    always_known=True,
    neutral=True,
    traps=_("Where it is high, the conversion of the cohort is not known yet."),
)
WON_RATE = Figure(
    "qualified_to_won",
    _("Qualified → won"),
    _("Of the opportunities qualified in the period, those that have been decided for us by now."),
    _("Won by now ÷ qualified in the period"),
    records.OPPORTUNITIES,
    how=How.SHARE,
    unit=Unit.PERCENT,
    counted=contributions.holds(contributions.DECIDED),
    always_known=True,
    traps=_("A decision takes about a year: read the share that is still open beside it."),
)
OPPORTUNITIES_OPEN = Figure(
    "opportunities_still_open",
    _("Opportunities still open"),
    _("Of the opportunities qualified in the period, those that are neither won nor ended."),
    _("Open and not decided ÷ qualified in the period"),
    records.OPPORTUNITIES,
    how=How.SHARE,
    unit=Unit.PERCENT,
    counted=contributions.holds(contributions.UNDECIDED),
    always_known=True,
    neutral=True,
    traps=_("Where it is high, the conversion of the cohort is not known yet."),
)
SAME_PERIOD = Ratio(
    "same_period_ratio",
    _("Projects per new opportunity"),
    _("Projects of the period against the opportunities of the same period. They are not the same leads."),
    _("Projects decided ÷ leads qualified, both in the period"),
    PROJECTS,
    OPPORTUNITIES,
    unit=Unit.PERCENT,
    traps=_("Only a stand-in for the conversion of the cohort, which takes a year to be known."),
)
STAGE_DAYS = Figure(
    "stage_days",
    _("Days in the stage, median"),
    _("How long leads stood in a stage that they have left."),
    _("Median of left − entered, from the log of stages"),
    records.STAYS,
    how=How.MEDIAN,
    unit=Unit.DAYS,
    counted=contributions.days_between("entered_at", "left_at"),
    always_known=True,
    less_is_better=True,
    traps=_("Only of those that moved on: read the age of the open ones beside it."),
)
DECISION_DAYS = Figure(
    "decision_days",
    _("Days from lead to decision, median"),
    _("How long it took from opening the lead to the decision, of projects that went through our hands."),
    _("Median of day of decision − day of opening"),
    records.PROJECTS,
    how=How.MEDIAN,
    unit=Unit.DAYS,
    counted=contributions.days_to_decision,
    less_is_better=True,
    traps=_("Only of those that were decided; those that take long are still open."),
)
DECISION_DAYS_P90 = Figure(
    "decision_days_p90",
    _("Days from lead to decision, nine of ten"),
    _("Nine of ten projects that went through our hands took no longer than this."),
    _("90th percentile of day of decision − day of opening"),
    records.PROJECTS,
    how=How.P90,
    unit=Unit.DAYS,
    counted=contributions.days_to_decision,
    less_is_better=True,
    traps=_("Only of those that were decided; those that take long are still open."),
)
MOVES = Figure(
    "moves",
    _("Stage changes"),
    _("Moves of leads from one stage to another, back and forth."),
    _("Lines of the log of stages in the period"),
    records.MOVES,
    neutral=True,
    traps=_("Busy is not better: a move back counts as well."),
)
