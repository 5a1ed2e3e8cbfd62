"""The figures by name. A definition says what is counted; a formula how; both stand beside the number."""

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from leads.figures import records
from leads.figures.number import How, Unit
from leads.figures.source import Figure
from missions.models import Appointment

PROJECTS = Figure(
    "projects",
    _("Projects"),
    _("Investments that were decided. Phases belong to their project; one of several sites is one project."),
    _("Leads with a day of decision in the period"),
    records.PROJECTS,
)
COMPANIES = Figure(
    "companies",
    _("Companies"),
    _("Groups of companies with at least one project: a subsidiary counts as its ultimate parent."),
    _("Distinct ultimate parents of the projects; the counts of several rows do not add up"),
    records.PROJECTS,
    how=How.DISTINCT,
)
CAPEX = Figure(
    "capex",
    _("Investment"),
    _("Capital expenditure of the projects at the chosen layer, in dollars at the rate stored with each reading."),
    _("Sum of the current readings; projects whose amount nobody knows are counted apart"),
    records.PROJECTS,
    how=How.SUM,
    unit=Unit.MONEY,
    counted=lambda _filters: F("reading__capex_usd"),
    obeys_layer=True,
)
JOBS = Figure(
    "jobs",
    _("Jobs"),
    _("New direct jobs of the projects at the chosen layer."),
    _("Sum of the current readings; projects whose jobs nobody knows are counted apart"),
    records.PROJECTS,
    how=How.SUM,
    unit=Unit.JOBS,
    counted=lambda _filters: F("reading__jobs"),
    obeys_layer=True,
)
REINVESTMENT = Figure(
    "reinvestment",
    _("Reinvestment"),
    _("Projects of investors who were here before: by their type, or because they follow an earlier project."),
    _("Reinvestments among the projects whose type is known"),
    records.PROJECTS,
    how=How.SHARE,
    unit=Unit.PERCENT,
    counted=records.reinvested,
)
OPPORTUNITIES = Figure(
    "opportunities",
    _("New opportunities"),
    _("Leads that became a qualified opportunity. A lead that was reopened does not count again."),
    _("Leads that first reached stage 2 in the period"),
    records.OPPORTUNITIES,
)
PIPELINE = Figure(
    "pipeline",
    _("Open leads"),
    _("Leads that are active, on hold, delayed or dormant, from stage 1 on."),
    _("Leads with an open status"),
    records.PIPELINE,
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
)
WEIGHTED_CAPEX = Figure(
    "weighted_capex",
    _("Weighted pipeline"),
    _("What the open opportunities may bring: stages 2 to 5, without dormant ones; committed projects are not in it."),
    _("Sum of estimated investment × probability of the stage"),
    records.PIPELINE,
    how=How.SUM,
    unit=Unit.MONEY,
    counted=records.weighted("capex_estimate_usd"),
    only=records.WEIGHED,
)
WEIGHTED_JOBS = Figure(
    "weighted_jobs",
    _("Weighted jobs"),
    _("The jobs that the open opportunities may bring: stages 2 to 5, without dormant ones."),
    _("Sum of estimated jobs × probability of the stage"),
    records.PIPELINE,
    how=How.SUM,
    unit=Unit.JOBS,
    counted=records.weighted("jobs_estimate"),
    only=records.WEIGHED,
)
NEGLECTED = Figure(
    "neglected",
    _("Leads without a next step"),
    _("Open leads that nobody at work owns, that have no next action, or whose next action is past its day."),
    _("Such leads ÷ open leads; less than 5 % is good"),
    records.PIPELINE,
    how=How.SHARE,
    unit=Unit.PERCENT,
    counted=records.neglected,
    always_known=True,
)
ON_TIME = Figure(
    "on_time",
    _("Follow-ups on time"),
    _("Follow-ups that were done by the day they were due, without cancelled ones and those that wait for others."),
    _("Done in time ÷ due before today"),
    records.DUE,
    how=How.SHARE,
    unit=Unit.PERCENT,
    counted=records.kept_in_time,
    always_known=True,
)
OVERDUE = Figure(
    "overdue",
    _("Overdue follow-ups"),
    _("Open follow-ups whose day has passed. Those that wait for others do not count."),
    _("Open follow-ups due before today"),
    records.OVERDUE,
)
PLANNED = Figure(
    "planned",
    _("Appointments planned"),
    _("Appointments in the programme, without those that were cancelled."),
    _("Appointments that are not cancelled"),
    records.APPOINTMENTS,
)
HELD = Figure(
    "held",
    _("Appointments held"),
    _("Appointments to which they came."),
    _("Appointments marked as held"),
    records.APPOINTMENTS,
    only=Q(status=Appointment.Status.HELD),
)
NO_SHOW = Figure(
    "no_show",
    _("No-shows"),
    _("Appointments to which they did not come."),
    _("Appointments marked as no-show"),
    records.APPOINTMENTS,
    only=Q(status=Appointment.Status.NO_SHOW),
)
MEETINGS = Figure(
    "meetings",
    _("Meetings"),
    _("Meetings and site visits that took place and were logged, passing contacts included."),
    _("Logged meetings and site visits, held or in passing"),
    records.MEETINGS,
)
MISSION_LEADS = Figure(
    "mission_leads",
    _("Leads"),
    _("Leads whose first touch was on the mission. The influence of a mission on other leads is not in it."),
    _("Leads by the mission they came from"),
    records.MISSION_LEADS,
)
PROMISES = Figure(
    "promises",
    _("Open promises"),
    _("What we promised in a meeting and have not done yet."),
    _("Open follow-ups that were promised in a meeting"),
    records.PROMISES,
)

FIGURES = {
    figure.name: figure
    for figure in (
        *(PROJECTS, COMPANIES, CAPEX, JOBS, REINVESTMENT, OPPORTUNITIES),
        *(PIPELINE, PIPELINE_CAPEX, PIPELINE_JOBS, WEIGHTED_CAPEX, WEIGHTED_JOBS, NEGLECTED),
        *(ON_TIME, OVERDUE, PLANNED, HELD, NO_SHOW, MEETINGS, MISSION_LEADS, PROMISES),
    )
}
