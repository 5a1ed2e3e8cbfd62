"""The target list of a mission: seen by filters, filled out of a view, scored, and moved many at once."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet, Value
from django.db.models.functions import Coalesce
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from companies import bulk_editing
from companies.bulk_editing import Work
from companies.lists import reading
from companies.lists.asking import asked_by
from companies.lists.kinds import Rows, list_named
from companies.models import BulkEdit
from companies.views import lists
from config.staff.access import staff
from config.staff.models import User
from config.staff.paging import keyset_page
from config.staff.requests import StaffRequest
from missions import targeting
from missions.forms.target import AddForm, CriteriaForms, TargetFilter, TargetForm, TouchForm
from missions.models import Mission, MissionTarget, Touch
from missions.target_list import TARGETS, WAVES
from missions.targeting import MOST_ADDED, MOST_MOVED, Plan

Status = MissionTarget.Status
KEYS = ("-rank", "priority", "pk")
SHOWN = 100


@require_safe
@staff
def targets(request: StaffRequest, pk: int) -> HttpResponse:
    """Whom the mission wants to meet, the best score first, and how far the asking has come."""
    mission = _mission(request, pk)
    form = TargetFilter(request.GET, mission=mission)
    rows = form.narrowed(mission.targets.all(), request.user)
    rows = targeting.with_progress(rows).annotate(rank=Coalesce("score", Value(-1)))
    rows = rows.select_related("company", "company__sector", "company__origin_country", "caller", "contact")
    context = {
        "mission": mission,
        "tab": "targets",
        "form": form,
        "page": keyset_page(rows, request, keys=KEYS, size=SHOWN),
        "reach": targeting.reach_of(mission),
        "shows": request.GET.get("status", ""),
        "statuses": Status.choices,
        "priorities": MissionTarget.Priority.choices,
        "waves": WAVES[:9],
        "callers": User.objects.staff().active().order_by("name"),
        "kinds": Touch.Kind.choices,
        "has_criteria": mission.criteria.exists(),
        "asked": request.GET.urlencode(),
    }
    return render(request, "missions/targets.html", context)


@require_safe
@staff
def all_targets(request: StaffRequest) -> HttpResponse:
    """Those of every mission, with views, columns and files of their own."""
    return lists.page(request, TARGETS, "lists/list.html")


@require_safe
@staff
def any_target(request: StaffRequest, pk: int) -> HttpResponse:
    return redirect(get_object_or_404(MissionTarget.objects.visible_to(request.user), pk=pk))


@require_http_methods(["GET", "POST"])
@staff
@transaction.atomic
def target(request: StaffRequest, pk: int, target_pk: int) -> HttpResponse:
    """One company: how it scores, whom we ask and how often we did."""
    mission = _mission(request, pk)
    rows = mission.targets.select_related("company").select_for_update(of=("self",))
    wanted = get_object_or_404(rows, pk=target_pk)
    form = TargetForm(request.POST or None, instance=wanted, mission=mission, reader=request.user)
    if form.is_valid():
        form.save()
        return redirect("missions:targets", mission.pk)
    context = {
        "mission": mission,
        "target": wanted,
        "form": form,
        "touch_form": TouchForm(),
        "touches": wanted.touches.select_related("by"),
        "planned": mission.appointments.visible_to(request.user).filter(company=wanted.company_id),
        "has_criteria": bool(form.criteria),
    }
    return render(request, "missions/target.html", context, status=422 if form.errors else 200)


@require_POST
@staff
def touch(request: StaffRequest, pk: int, target_pk: int) -> HttpResponse:
    """They were asked once more."""
    wanted = get_object_or_404(_mission(request, pk).targets, pk=target_pk)
    form = TouchForm(request.POST)
    if form.is_valid():
        rows = MissionTarget.objects.filter(pk=wanted.pk)
        targeting.touch(rows, form.cleaned_data["kind"], by=request.user, note=form.cleaned_data["note"])
        messages.success(request, _("It is written down."))
    else:
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
    return redirect(wanted)


@require_POST
@staff
def move(request: StaffRequest, pk: int) -> HttpResponse:
    """What was ticked gets another status, priority, wave or caller, or was asked once more; undone for an hour."""
    mission = _mission(request, pk)
    ticked = [int(key) for key in request.POST.getlist("pk")[:MOST_MOVED] if _is_key(key)]
    rows = mission.targets.filter(pk__in=ticked)
    name, _colon, value = (request.POST.get("status") or request.POST.get("set", "")).partition(":")
    if request.POST.get("status"):
        name, value = "status", name
    if not ticked or not name:
        messages.error(request, _("Select companies first, and say what is to change."))
    elif name == "touch":
        _touch_all(request, rows, value)
    else:
        _set(request, mission, rows, name, value)
    first = f"#target-{ticked[0]}" if ticked else ""
    back = request.POST.get("back", "").replace("\0", "")[:2000]
    return redirect(f"{reverse('missions:targets', args=[mission.pk])}?{back}{first}")


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 19


def _touch_all(request: StaffRequest, rows: QuerySet[MissionTarget], kind: str) -> None:
    if kind in Touch.Kind.values:
        count = targeting.touch(rows, kind, by=request.user)
        words = ngettext("Written down for %(n)d company.", "Written down for %(n)d companies.", count)
        messages.success(request, words % {"n": count})


def _set(request: StaffRequest, mission: Mission, rows: QuerySet[MissionTarget], name: str, value: str) -> None:
    """By the same way as any edit of many records, so that it is counted, said and can be undone."""
    field = TARGETS.bulk_field(name)
    chosen = field.form_field(request.user) if field else None
    if field is None or chosen is None:
        return
    chosen.required = not field.may_be_empty
    because = " ".join(request.POST.get("because", "").replace("\0", "").split())
    with transaction.atomic():
        if name == "status" and value == Status.DECLINED and because:
            targeting.give_reason(rows, because)
        try:
            cleaned = chosen.clean(value)
        except Exception:  # noqa: BLE001 - whatever was sent is no choice of the menu
            messages.error(request, _("This cannot be chosen here."))
            return
        words = str(dict(getattr(chosen, "choices", ())).get(cleaned, cleaned or ""))
        stored = field.stores(cleaned) if cleaned not in (None, "") else field.emptied
        edit = bulk_editing.begin(Work(TARGETS, field, stored), rows, by=request.user, words=words)
    _tell(request, edit)


def _tell(request: StaffRequest, edit: BulkEdit) -> None:
    said = ngettext("%(n)d company was moved.", "%(n)d companies were moved.", edit.changed) % {"n": edit.changed}
    if edit.left:
        left = ngettext("%(n)d stayed as it was.", "%(n)d stayed as they were.", edit.left) % {"n": edit.left}
        said = f"{said} {left}"
    link = format_html('{} <a href="{}">{}</a>', said, edit.get_absolute_url(), _("See or undo it"))
    (messages.warning if edit.left else messages.success)(request, link)


@require_http_methods(["GET", "POST"])
@staff
def add(request: StaffRequest, pk: int) -> HttpResponse:
    """Companies of a saved view come on the list: first counted, then added."""
    mission = _mission(request, pk)
    sent = request.POST if request.method == "POST" else request.GET
    form = AddForm(sent if "view" in sent else None, reader=request.user)
    context: dict[str, Any] = {"mission": mission, "form": form, "views_url": reverse("leads:companies")}
    if form.is_valid():
        found = _companies_of(form.cleaned_data["view"].query, request.user)
        new = targeting.not_there(mission, found)
        counts = {"found": found.count(), "new": new.count()}
        context |= counts | {"is_too_much": counts["new"] > MOST_ADDED, "most": MOST_ADDED}
        context["some"] = new.select_related("origin_country", "sector").order_by("folded", "pk")[:20]
        if request.method == "POST" and request.POST.get("new") == str(counts["new"]) and not context["is_too_much"]:
            given = form.cleaned_data
            plan = Plan(given["priority"], given["wave"], given["caller"], given["reason"])
            count = targeting.add_companies(mission, found, source=MissionTarget.Source.VIEW, plan=plan)
            words = ngettext("%(n)d company was added.", "%(n)d companies were added.", count)
            messages.success(request, words % {"n": count})
            return redirect("missions:targets", mission.pk)
    return render(request, "missions/targets_add.html", context, status=422 if form.errors else 200)


def _companies_of(query: str, reader: User) -> Rows:
    of = list_named("companies")
    if of is None:
        raise Http404
    return reading.found(asked_by(of, query, reader)).filter(merged_into=None)


@require_http_methods(["GET", "POST"])
@staff
@transaction.atomic
def criteria(request: StaffRequest, pk: int) -> HttpResponse:
    """By what the companies are scored. Every score follows at once."""
    mission = get_object_or_404(Mission.objects.visible_to(request.user).select_for_update(of=("self",)), pk=pk)
    if request.POST.get("act") == "usual" and not mission.criteria.exists():
        mission.criteria.bulk_create(targeting.usual_criteria(mission))
        return redirect("missions:criteria", mission.pk)
    forms = CriteriaForms(request.POST or None, instance=mission, prefix="criteria")
    if request.method == "POST" and forms.is_valid():
        forms.save()
        targeting.score_anew(mission)
        messages.success(request, _("The scores are worked out anew."))
        return redirect("missions:targets", mission.pk)
    context = {"mission": mission, "forms": forms, "has_criteria": mission.criteria.exists()}
    return render(request, "missions/criteria.html", context, status=422 if request.method == "POST" else 200)


def _mission(request: StaffRequest, pk: int) -> Mission:
    return get_object_or_404(Mission.objects.visible_to(request.user), pk=pk)
