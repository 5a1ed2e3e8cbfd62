"""A site visit from its programme to its debrief, which the lead and the count of services hear of."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _

from companies import printing
from companies.models import Contact
from config.staff import clock
from config.staff.models import User
from leads.models import Lead, Service, ServiceKind, SiteVisit, SiteVisitor
from leads.pipeline import moves as pipeline

SERVICE = "site_visit"


@transaction.atomic
def plan(visit: SiteVisit, *, by: User, contacts: Iterable[Contact], colleagues: Iterable[User]) -> SiteVisit:
    """Store the visit with exactly these people; the lead says when it is."""
    lead = pipeline.locked(visit.lead)
    if visit.pk is None:
        visit.created_by = by
    visit.save()
    theirs, ours = {contact.pk for contact in contacts}, {user.pk for user in colleagues}
    visit.visitors.exclude(contact__in=theirs).exclude(user__in=ours).delete()
    rows = [SiteVisitor(visit=visit, contact_id=pk) for pk in sorted(theirs)]
    rows += [SiteVisitor(visit=visit, user_id=pk) for pk in sorted(ours)]
    SiteVisitor.objects.bulk_create(rows, ignore_conflicts=True)
    if lead.visit_on != visit.starts_on:
        pipeline.save_facts(lead, {"visit_on": visit.starts_on}, seen_version=lead.version)
    return visit


@transaction.atomic
def debrief(visit: SiteVisit, *, by: User, showed: str, objections: str) -> SiteVisit:
    """What it showed; from now on it is a service that was given, once."""
    lead = pipeline.locked(visit.lead)
    visit = SiteVisit.objects.select_for_update(of=("self",)).get(pk=visit.pk)
    visit.debrief, visit.objections = showed, objections
    if visit.service_id is None:
        visit.service = _service(lead, visit, by)
    visit.save()
    told = "\n\n".join(part for part in (showed, objections) if part)[:5000]
    if lead.visit_debrief != told:
        facts = {"visit_debrief": told, "visit_on": visit.starts_on}
        pipeline.save_facts(lead, facts, seen_version=lead.version)
    return visit


def _service(lead: Lead, visit: SiteVisit, by: User) -> Service:
    kind, _new = ServiceKind.objects.get_or_create(
        code=SERVICE, defaults={"name_en": "Site visit", "name_es": "Visita de prospección"}
    )
    day = min(visit.ends_on, clock.agency_today())
    same = Service.objects.filter(lead=lead, kind=kind, given_on__range=(visit.starts_on, visit.ends_on)).first()
    return same or Service.objects.create(lead=lead, kind=kind, given_on=day, by=by, note=visit.purpose)


def paper(visit: SiteVisit) -> bytes:
    """The programme for the visitors. A restricted lead goes by its code name."""
    lead = visit.lead
    name = lead.code_name or lead.company.name
    stops = list(visit.stops.all())
    people = list(visit.visitors.select_related("contact", "user"))
    by_day: dict[Any, list[list[str]]] = {}
    for stop in stops:
        hours = time_format(stop.starts, "H:i") + (f" – {time_format(stop.ends, 'H:i')}" if stop.ends else "")
        by_day.setdefault(stop.day, []).append([hours, stop.title, stop.host, stop.place])
    heads = [_("Hour"), _("What is shown"), _("Host"), _("Place")]
    sections = [
        {"title": date_format(day, "l j F Y"), "heads": heads, "rows": rows, "numbers": []}
        for day, rows in by_day.items()
    ]
    facts = [
        [_("Visitors"), ", ".join(row.contact.name for row in people if row.contact)],
        [_("With you"), ", ".join(row.user.name for row in people if row.user)],
        [_("Hours"), _("local time of the place")],
    ]
    about = f"{date_format(visit.starts_on, 'SHORT_DATE_FORMAT')} – {date_format(visit.ends_on, 'SHORT_DATE_FORMAT')}"
    data = {"about": about, "facts": [fact for fact in facts if fact[1]], "sections": sections}
    return printing.pdf("sheet", data, title=name, kicker=_("Programme of the visit"))
