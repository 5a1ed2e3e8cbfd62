"""The company page: who owns it, where it stands, the last touch, the next promise, and all that happened."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from companies.files import COMPANY, shelved
from companies.models import Company, Position
from config.staff import clock
from config.staff.access import staff
from config.staff.requests import StaffRequest
from leads.models import FollowUp, Interaction, Lead
from leads.timeline import KINDS, Mark, Timeline, timeline_of

# What the page shows of the records around the company, which have fifty columns more.
NAMED = ("owner", "city", "parent", "ultimate_parent")
NAMED_IN_TWO = ("sector", "activity", "origin_country", "seat_country")
HEADER = (
    *(field.name for field in Company._meta.concrete_fields),
    *(f"{record}__name" for record in NAMED),
    *(f"{record}__name_{language}" for record in NAMED_IN_TWO for language in ("en", "es")),
)
OF_A_PERSON = ("given_name", "family_name", "family_name_first", "objected_at")
PEOPLE_SHOWN = 50


@require_safe
@staff
def company(request: StaffRequest, pk: int) -> HttpResponse:
    """A merged company's address leads to the one that it went into."""
    visible = Company.objects.visible_to(request.user).select_related(*NAMED, *NAMED_IN_TWO).only(*HEADER)
    shown = get_object_or_404(visible, pk=pk)
    if shown.merged_into_id:
        return redirect("leads:company", shown.merged_into_id)
    kind = request.GET.get("kind", "")
    kind = kind if kind in KINDS else ""
    older_than = before(request)
    timeline = timeline_of(shown, reader=request.user, kind=kind, before=older_than)
    context: dict[str, object] = {"company": shown, "timeline": timeline, "kind": kind}
    if request.htmx:
        return render(request, "leads/_timeline.html", context)
    newest = None if older_than or kind not in {"", "meetings"} else _first_said(timeline)
    context |= {"last_touch": newest or _last_touch(request, shown), "today": clock.today_for(request.user)}
    return render(request, "companies/company.html", context | _header(request, shown))


def before(request: StaffRequest) -> Mark | None:
    """The entry after which the timeline goes on, out of the address."""
    return Mark.read(request.GET.get("before", ""))


def _first_said(timeline: Timeline) -> Interaction | None:
    return next((entry.interaction for entry in timeline.entries if entry.interaction), None)


def _last_touch(request: StaffRequest, shown: Company) -> Interaction | None:
    said = Interaction.objects.visible_to(request.user).filter(company=shown).select_related("logged_by")
    return said.only("happened_at", "kind", "logged_by__name").order_by("-happened_at").first()


def _header(request: StaffRequest, shown: Company) -> dict[str, object]:
    reader = request.user
    open_follow_ups = (
        FollowUp.objects.visible_to(reader)
        .open()
        .filter(company=shown)
        .select_related("owner")
        .only("text", "due_on", "owner__name")
        .order_by("due_on", "pk")
    )
    follow_ups = list(open_follow_ups[:6])
    leads = list(
        Lead.objects.visible_to(reader)
        .filter(company=shown)
        .select_related("stage", "owner")
        .only("title", "code_name", "status", "stage__name_en", "stage__name_es", "owner__name")
        .order_by("-created_at")[:20]
    )
    return {
        "next_promise": follow_ups[0] if follow_ups else None,
        "follow_ups": follow_ups,
        "leads": leads,
        "has_open_lead": any(lead.is_open for lead in leads),
        "people": Position.objects.current()
        .filter(company=shown, contact__merged_into=None)
        .select_related("contact")
        .only("title", *(f"contact__{name}" for name in OF_A_PERSON))
        .prefetch_related("contact__contact_points")[:PEOPLE_SHOWN],
        "files": shelved(COMPANY, shown, reader),
        "names": shown.names.all(),
        "subsidiaries": shown.subsidiaries.filter(merged_into=None).order_by("folded").only("parent", "name")[:20],
        "targets": shown.mission_targets.select_related("mission")
        .only("company", "mission__name")
        .order_by("-mission__starts_on")[:6],
    }
