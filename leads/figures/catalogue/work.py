"""How well we work: follow-ups, answers, visits, meetings."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from leads.figures import records, work
from leads.figures.figure import Figure
from leads.figures.number import How, Unit
from leads.models import Interaction
from missions.models import Appointment

ON_TIME = Figure(
    "on_time",
    _("Follow-ups on time"),
    _("Follow-ups that were done by the day they were due, without cancelled ones and those that wait for others."),
    _("Done in time ÷ due before today"),
    work.DUE,
    how=How.SHARE,
    unit=Unit.PERCENT,
    counted=work.kept_in_time,
    always_known=True,
    traps=_("Whoever puts a day off in time keeps it."),
)
OPEN_FOLLOW_UPS = Figure(
    "open_follow_ups",
    _("Open follow-ups"),
    _("Everything that is still to be done, those that wait for others included."),
    _("Open follow-ups"),
    work.OPEN_WORK,
    neutral=True,
    traps=_("For a fair balance of work, never to rank people."),
)
OVERDUE = Figure(
    "overdue",
    _("Overdue follow-ups"),
    _("Open follow-ups whose day has passed. Those that wait for others do not count."),
    _("Open follow-ups due before today"),
    work.OVERDUE,
    less_is_better=True,
    traps=_("As it stands now, whatever the period."),
)
PROMISES = Figure(
    "promises",
    _("Open promises"),
    _("What we promised in a meeting and have not done yet."),
    _("Open follow-ups that were promised in a meeting"),
    work.PROMISES,
    neutral=True,
    traps=_("As it stands now, whatever the period."),
)
MEETINGS = Figure(
    "meetings",
    _("Meetings"),
    _("Meetings and site visits that took place and were logged, passing contacts included."),
    _("Logged meetings and site visits, held or in passing"),
    work.MEETINGS,
    traps=_("Activity is not a result. What nobody logged is not in it."),
)
VISITS = Figure(
    "visits",
    _("Site visits"),
    _("Visits to a site, or to an installed investor, that took place and were logged."),
    _("Logged site visits"),
    work.MEETINGS,
    only=Q(kind=Interaction.Kind.SITE_VISIT),
    traps=_("Visits that nobody wrote down do not count as one."),
)
PLANNED = Figure(
    "planned",
    _("Appointments planned"),
    _("Appointments in the programme, without those that were cancelled."),
    _("Appointments that are not cancelled"),
    work.APPOINTMENTS,
    neutral=True,
    traps=_("Floor contacts are not planned; they stand in the meetings."),
)
HELD = Figure(
    "held",
    _("Appointments held"),
    _("Appointments to which they came."),
    _("Appointments marked as held"),
    work.APPOINTMENTS,
    only=Q(status=Appointment.Status.HELD),
    traps=_("One that nobody marked is not held."),
)
NO_SHOW = Figure(
    "no_show",
    _("No-shows"),
    _("Appointments to which they did not come."),
    _("Appointments marked as no-show"),
    work.APPOINTMENTS,
    only=Q(status=Appointment.Status.NO_SHOW),
    less_is_better=True,
    traps=_("One that was moved in time is none."),
)
THANKED = Figure(
    "thanked",
    _("Followed up within 48 hours"),
    _("Hot and warm contacts of missions to whom somebody wrote, called or sent the thank-you within 48 hours."),
    _("Contacts with an outgoing message within 48 hours of the meeting ÷ all hot and warm ones"),
    work.GOOD_CONTACTS,
    how=How.SHARE,
    unit=Unit.PERCENT,
    counted=work.thanked,
    always_known=True,
    traps=_("The clock starts at the meeting, not when it was typed in. Automatic mails do not count."),
)
RESPONSE_MEDIAN = Figure(
    "response_median",
    _("First answer, median"),
    _("Office hours from an enquiry to the first answer by a person; nights, weekends and holidays do not count."),
    _("Median of first answer − received, in office hours"),
    work.ENQUIRIES,
    how=How.MEDIAN,
    unit=Unit.HOURS,
    counted=work.response_hours,
    less_is_better=True,
    traps=_("Automatic receipts do not count. Enquiries that still wait are not in it: read the share in time."),
)
RESPONSE_P90 = Figure(
    "response_p90",
    _("First answer, nine of ten"),
    _("Nine of ten enquiries that were answered had their first answer within this many office hours."),
    _("90th percentile of first answer − received, in office hours"),
    work.ENQUIRIES,
    how=How.P90,
    unit=Unit.HOURS,
    counted=work.response_hours,
    less_is_better=True,
    traps=_("Enquiries that still wait are not in it."),
)
ANSWERED_IN_A_DAY = Figure(
    "answered_in_a_day",
    _("Answered within a working day"),
    _("Enquiries whose first answer by a person came within one working day; spam and doubles are left out."),
    _("Answered in time ÷ answered or late"),
    work.ENQUIRIES,
    how=How.SHARE,
    unit=Unit.PERCENT,
    counted=work.answered_in_time,
    traps=_("One that waits and is not late yet is not known."),
)
SERVICES = Figure(
    "services",
    _("Services given"),
    _("What was done for investors: information packs, agendas, site visits, help with permits."),
    _("Services given in the period"),
    records.SERVICES,
    traps=_("Activity is not a result."),
)
SERVED = Figure(
    "served",
    _("Companies served"),
    _("Groups of companies for which at least one service was given."),
    _("Distinct ultimate parents of the services; the counts of several rows do not add up"),
    records.SERVICES,
    how=How.DISTINCT,
    traps=_("A company served twice counts once."),
)
AFTERCARE = Figure(
    "aftercare",
    _("Aftercare coverage"),
    _("Installed investors of tiers A and B whose last visit is no longer ago than the rhythm of their tier."),
    _("Visited within the rhythm ÷ all with an account plan in tiers A and B"),
    work.PLANS,
    how=How.SHARE,
    unit=Unit.PERCENT,
    counted=work.visited,
    always_known=True,
    traps=_("An investor without an account plan is in neither side."),
)
