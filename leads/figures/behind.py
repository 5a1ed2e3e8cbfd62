"""The list behind a figure: one line a record, and "reserved project" for what the reader may not see."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Case, CharField, DateField, Exists, F, Model, OuterRef, Value, When
from django.utils.translation import gettext as _

from companies.models import Company
from config.staff import clock
from config.staff.models import User
from leads import looks
from leads.figures.figure import Figure
from leads.figures.filters import Filters
from leads.figures.number import How
from leads.figures.source import Rows
from leads.looks import Where
from leads.models import AccountPlan, Budget, Enquiry, FollowUp, Interaction, Lead, Service, StageChange, Stay
from leads.models.choices import Level
from missions.models import Appointment, CostLine

# Moments of leads are listed by their day.
DAYS_OF_LEADS = {"created_at": "created_at__date"}
LONG_AGO = Value(date(1, 1, 1), DateField())


@dataclass(frozen=True)
class Line:
    """What a record is called and where it stands; a masked one says what it counts and nothing else."""

    title: str
    counted: Any
    href: str = ""
    company: str = ""
    company_href: str = ""
    country: str = ""
    person: str = ""
    day: date | datetime | None = None
    reserved: bool = False


@dataclass(frozen=True)
class Listing:
    """The records of a figure in the order of the list, and how one of them is written."""

    rows: Rows
    keys: tuple[str, ...]
    write: Callable[[Any], Line]
    # The way to the lead that decides who may see the record; None where the record itself does.
    lead: str | None = None

    def lines(self, rows: Iterable[Any], viewer: User, where: Where = Where.FIGURE) -> list[Line]:
        """Writes those that the viewer may see, and masks the others; who met what by name is noted."""
        found = list(rows)
        seen = self._seen(found, viewer)
        looks.note(viewer, where, (_restricted_lead(row) for row in found if row.pk in seen))
        return [self.write(row) if row.pk in seen else _masked(row) for row in found]

    def _seen(self, rows: list[Any], viewer: User) -> set[int]:
        if rows and hasattr(rows[0], "seen"):
            return {row.pk for row in rows if row.seen}
        if self.lead:
            leads = Lead.objects.visible_to(viewer).filter(pk__in={row.lead_id for row in rows})
            visible = set(leads.values_list("pk", flat=True))
            return {row.pk for row in rows if row.lead_id in visible}
        door = getattr(self.rows.model._default_manager, "visible_to", None)
        if door is None:  # of missions, which all staff may see
            return {row.pk for row in rows if viewer.is_staff_member}
        return set(door(viewer).filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True))


def as_it_leaves(line: Line, lead: Lead) -> Line:
    """On what leaves the agency a project under embargo is counted, by its code name alone."""
    if not lead.is_held(on=clock.agency_today()):
        return line
    name = lead.code_name or _("Project not announced yet")
    return Line(name, line.counted, person=line.person, day=line.day, reserved=line.reserved)


def listing(figure: Figure, filters: Filters, viewer: User) -> Listing:
    if figure.how is How.DISTINCT:
        return _companies(figure, filters, viewer)
    rows = figure.records(filters)
    return _LISTED[rows.model](rows, figure, viewer)


def _restricted_lead(row: Any) -> int | None:
    """The key of the lead that the row names; of what hangs on one it is not known here whether it is restricted."""
    if isinstance(row, Lead):
        return row.pk if row.is_restricted else None
    return getattr(row, "lead_id", None)


def _masked(row: Any) -> Line:
    return Line(_("Reserved project"), getattr(row, "counted", 1), reserved=True)


def _leads(rows: Rows, figure: Figure, viewer: User) -> Listing:
    """Masked lines come last, so that their place among the others does not tell their day."""
    day = figure.source.day
    shown = figure.source.day_worked_out or F(DAYS_OF_LEADS.get(day, day) or "created_at__date")
    seen = Exists(Lead.objects.visible_to(viewer).filter(pk=OuterRef("pk")))
    rows = rows.annotate(
        seen=Case(When(level=Level.OPEN, then=True), default=seen),
        shown_on=Case(When(seen=True, then=shown), default=LONG_AGO, output_field=DateField()),
    )
    related = rows.select_related("company__origin_country", "owner")
    return Listing(related, ("-shown_on", "-pk"), _lead_line)


def _lead_line(lead: Any) -> Line:
    return Line(
        str(lead),
        getattr(lead, "counted", 1),
        lead.get_absolute_url(),
        lead.company.name,
        lead.company.get_absolute_url(),
        str(lead.company.origin_country or ""),
        lead.owner.name,
        lead.shown_on,
    )


def _companies(figure: Figure, filters: Filters, viewer: User) -> Listing:
    """A group is named where the reader may see one of its projects; its name alone says that it has one."""
    leads = figure.records(filters).annotate(group=figure.groups)
    visible = leads.filter(pk__in=Lead.objects.visible_to(viewer), group=OuterRef("pk"))
    rows = Company.objects.filter(pk__in=leads.values("group")).annotate(
        seen=Exists(visible),
        shown=Case(When(seen=True, then=F("folded")), default=Value(""), output_field=CharField()),
    )
    return Listing(rows.select_related("origin_country", "owner"), ("-seen", "shown", "pk"), _company_line)


def _company_line(company: Company) -> Line:
    return Line(
        company.name,
        1,
        company.get_absolute_url(),
        country=str(company.origin_country or ""),
        person=company.owner.name if company.owner else "",
    )


def _follow_ups(rows: Rows, _figure: Figure, _viewer: User) -> Listing:
    return Listing(rows.select_related("company", "mission", "owner"), ("-due_on", "-pk"), _follow_up_line)


def _follow_up_line(follow_up: Any) -> Line:
    return Line(
        follow_up.text,
        getattr(follow_up, "counted", 1),
        company=str(follow_up.subject),
        company_href=follow_up.subject.get_absolute_url(),
        person=follow_up.owner.name,
        day=follow_up.due_on,
    )


def _appointments(rows: Rows, _figure: Figure, _viewer: User) -> Listing:
    return Listing(rows.select_related("company", "mission"), ("-starts_at", "-pk"), _appointment_line)


def _appointment_line(appointment: Appointment) -> Line:
    return Line(
        appointment.purpose or appointment.get_status_display(),
        1,
        appointment.mission.get_absolute_url(),
        appointment.company.name,
        appointment.company.get_absolute_url(),
        day=appointment.local_start,
    )


def _interactions(rows: Rows, _figure: Figure, _viewer: User) -> Listing:
    return Listing(rows.select_related("company", "logged_by"), ("-happened_at", "-pk"), _interaction_line)


def _interaction_line(interaction: Any) -> Line:
    return Line(
        interaction.get_kind_display(),
        getattr(interaction, "counted", 1),
        interaction.get_absolute_url(),
        interaction.company.name,
        interaction.company.get_absolute_url(),
        person=interaction.logged_by.name,
        day=interaction.happened_at,
    )


def _stays(rows: Rows, _figure: Figure, _viewer: User) -> Listing:
    return Listing(_with_lead(rows, "stage"), ("-left_at", "-pk"), _stay_line, lead="lead")


def _stay_line(stay: Any) -> Line:
    return _line_of_lead(stay.lead, stay.counted, str(stay.stage), stay.left_at)


def _moves(rows: Rows, _figure: Figure, _viewer: User) -> Listing:
    return Listing(_with_lead(rows, "stage_before", "stage_after"), ("-at", "-pk"), _move_line, lead="lead")


def _move_line(move: Any) -> Line:
    return _line_of_lead(move.lead, 1, f"{move.stage_before} → {move.stage_after}", move.at)


def _with_lead(rows: Rows, *more: str) -> Rows:
    return rows.select_related("lead__company__origin_country", "lead__owner", *more)


def _line_of_lead(lead: Lead, counted: Any, words: str, day: date | datetime) -> Line:
    return Line(
        f"{lead} · {words}",
        counted,
        lead.get_absolute_url(),
        lead.company.name,
        lead.company.get_absolute_url(),
        str(lead.company.origin_country or ""),
        lead.owner.name,
        day,
    )


def _services(rows: Rows, _figure: Figure, _viewer: User) -> Listing:
    return Listing(_with_lead(rows, "kind"), ("-given_on", "-pk"), _service_line, lead="lead")


def _service_line(service: Any) -> Line:
    return _line_of_lead(service.lead, 1, str(service.kind), service.given_on)


def _enquiries(rows: Rows, _figure: Figure, _viewer: User) -> Listing:
    return Listing(rows.select_related("company", "country", "owner"), ("-received_at", "-pk"), _enquiry_line)


def _enquiry_line(enquiry: Any) -> Line:
    company = enquiry.company
    return Line(
        enquiry.name,
        getattr(enquiry, "counted", 1),
        enquiry.get_absolute_url(),
        company.name if company else enquiry.company_name,
        company.get_absolute_url() if company else "",
        str(enquiry.country or ""),
        enquiry.owner.name if enquiry.owner else "",
        enquiry.received_at,
    )


def _plans(rows: Rows, _figure: Figure, _viewer: User) -> Listing:
    return Listing(rows.select_related("company__origin_country", "owner"), ("-last_visit_at", "-pk"), _plan_line)


def _plan_line(plan: Any) -> Line:
    return Line(
        str(plan),
        plan.counted,
        plan.get_absolute_url(),
        plan.company.name,
        plan.company.get_absolute_url(),
        str(plan.company.origin_country or ""),
        plan.owner.name,
        plan.last_visit_at,
    )


def _costs(rows: Rows, _figure: Figure, _viewer: User) -> Listing:
    rows = rows.annotate(began=F("mission__starts_on")).select_related("mission__lead_officer")
    return Listing(rows, ("-began", "-pk"), _cost_line)


def _budgets(rows: Rows, _figure: Figure, _viewer: User) -> Listing:
    return Listing(rows, ("-begins_on", "-pk"), lambda budget: Line(str(budget), budget.counted, day=budget.begins_on))


def _cost_line(line: Any) -> Line:
    mission = line.mission
    return Line(
        f"{mission} · {line}",
        line.counted,
        mission.get_absolute_url(),
        person=mission.lead_officer.name,
        day=mission.starts_on,
    )


_LISTED: dict[type[Model], Callable[[Rows, Figure, User], Listing]] = {
    Lead: _leads,
    FollowUp: _follow_ups,
    Appointment: _appointments,
    Interaction: _interactions,
    Stay: _stays,
    StageChange: _moves,
    Service: _services,
    Enquiry: _enquiries,
    AccountPlan: _plans,
    CostLine: _costs,
    Budget: _budgets,
}
