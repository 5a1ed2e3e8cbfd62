"""The company page: who owns it, where it stands, the last touch, the next promise, and all that happened."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from companies.facts import facts_of
from companies.files import COMPANY, shelved
from companies.groups import Member, group_of, owner_of
from companies.models import Company
from config.staff import clock
from config.staff.access import staff
from config.staff.requests import StaffRequest
from leads import looks
from leads.aftercare.cases import of_company
from leads.company_page import add_names, around, find_company, leads_of, steps_of
from leads.interactions.collisions import Collision, met_among, met_by_others, planned_by_others
from leads.interactions.timeline import KINDS, timeline_of
from leads.interactions.timeline_entries import Known, Mark, Subject, Timeline
from leads.models import Interaction, Nda


@require_safe
@staff
def company(request: StaffRequest, pk: int) -> HttpResponse:
    """A merged company's address leads to the one that it went into."""
    reader = request.user
    shown = find_company(reader, pk)
    if shown.merged_into_id:
        return redirect("leads:company", shown.merged_into_id)
    empty = add_names(shown)
    group = group_of(shown, reader=reader) if shown.is_in_a_group else []  # type: ignore[attr-defined]
    kind, older_than = kind_asked(request), before(request)
    is_whole = request.GET.get("of") == "group" and bool(group)
    first_page = not older_than and not is_whole
    context: dict[str, object] = {"company": shown, "kind": kind, "in_group": bool(group), "is_whole": is_whole}
    if request.htmx:
        subject = _subject(shown, group, whole=is_whole)
        timeline = timeline_of(subject, reader=reader, kind=kind, before=older_than)
        return render(request, "leads/_timeline.html", context | {"timeline": timeline})
    leads, are_all = leads_of(shown, reader)
    looks.note_rows(reader, looks.Where.COMPANY, leads)
    steps = steps_of(shown, reader, with_closed=first_page and kind in {"", "promises"})
    files = shelved(COMPANY, shown, reader)
    empty = empty if files.rows else empty | {"filed"}
    known = Known() if is_whole else Known(leads if are_all else None, steps.closed, empty)
    timeline = timeline_of(
        _subject(shown, group, whole=is_whole), reader=reader, kind=kind, before=older_than, known=known
    )
    newest = _first_said(timeline) if first_page and kind in {"", "meetings"} else None
    owner, owner_from = owner_of(shown, group)
    context |= {
        "timeline": timeline,
        "last_touch": newest or _last_touch(request, shown),
        "today": clock.today_for(reader),
        "owner": owner,
        "owner_from": owner_from,
        "group": group,
        "next_promise": steps.open[0] if steps.open else None,
        "follow_ups": steps.open,
        "leads": leads,
        "has_open_lead": any(lead.is_open for lead in leads),
        "collisions": _collisions(request, shown, group, timeline if newest else None, empty),
        "ndas": Nda.objects.visible_to(reader).filter(lead__company=shown).select_related("lead")[:10] if leads else (),
        "files": files,
        "cases": of_company(shown, reader) if shown.installed_since and "cases" not in empty else [],
        "facts": facts_of(shown),
    }
    return render(request, "companies/company.html", context | around(shown))


def kind_asked(request: StaffRequest) -> str:
    kind = request.GET.get("kind", "")
    return kind if kind in KINDS else ""


def before(request: StaffRequest) -> Mark | None:
    """The entry after which the timeline goes on, out of the address."""
    return Mark.read(request.GET.get("before", ""))


def _subject(shown: Company, group: list[Member], *, whole: bool) -> Subject:
    return Subject(shown, {member.company.pk: member.company.name for member in group} if whole else {})


def _first_said(timeline: Timeline) -> Interaction | None:
    return next((entry.interaction for entry in timeline.entries if entry.interaction), None)


def _last_touch(request: StaffRequest, shown: Company) -> Interaction | None:
    said = Interaction.objects.visible_to(request.user).filter(company=shown).select_related("logged_by")
    return said.only("happened_at", "kind", "logged_by__name").order_by("-happened_at").first()


def _collisions(
    request: StaffRequest, shown: Company, group: list[Member], timeline: Timeline | None, empty: frozenset[str]
) -> list[Collision]:
    """Who else meets them these days; what the page has read of the company itself is not asked for again."""
    reader, at = request.user, clock.now()
    companies = [member.company.pk for member in group] or [shown.pk]
    planned = planned_by_others(companies, reader=reader, at=at) if group or "planned" not in empty else []
    if timeline is None or group:
        return [*planned, *met_by_others(companies, reader=reader, at=at)]
    said = [entry.interaction for entry in timeline.entries if entry.interaction]
    return [*planned, *met_among(said, shown.name, reader=reader, at=at)]
