"""Saved views of a list: named, shared, begun with, removed."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from companies.forms.saved_view import SavedViewForm
from companies.lists.asking import plain
from companies.lists.kinds import RecordList
from companies.models import FirstView, SavedView
from companies.models.saved_view import LONGEST_QUERY
from config.staff.access import staff
from config.staff.models import User
from config.staff.requests import StaffRequest


@require_safe
@staff
def views(request: StaffRequest, of: RecordList) -> HttpResponse:
    found = list(SavedView.objects.of_list(of.name, request.user))
    for view in found:
        view.may_change = view.may_be_changed_by(request.user)  # type: ignore[attr-defined]
    return render(request, "lists/views.html", {"of": of, "views": found})


@require_http_methods(["GET", "POST"])
@staff
def new(request: StaffRequest, of: RecordList) -> HttpResponse:
    query = plain(QueryDict(request.GET.get("query", "")[:LONGEST_QUERY])).urlencode()
    view = SavedView(owner=request.user, list=of.name, query=query[:LONGEST_QUERY])
    return _form(request, of, view)


@require_http_methods(["GET", "POST"])
@staff
def edit(request: StaffRequest, of: RecordList, pk: int) -> HttpResponse:
    """Whoever may not change a view may still begin with it."""
    return _form(request, of, get_object_or_404(SavedView.objects.of_list(of.name, request.user), pk=pk))


def _form(request: StaffRequest, of: RecordList, view: SavedView) -> HttpResponse:
    form = SavedViewForm(request.POST or None, instance=view, reader=request.user)
    if form.is_valid():
        with transaction.atomic():
            saved = form.save() if form.may_change else view
            _begin_with(saved, request.user, wanted=form.cleaned_data["is_first"])
        messages.success(request, _("The view is saved."))
        return redirect(f"{of.url()}?view={saved.pk}")
    return render(
        request,
        "lists/view.html",
        {"of": of, "form": form, "view": view, "views_url": of.url("views")},
        status=422 if form.errors else 200,
    )


def _begin_with(view: SavedView, reader: User, *, wanted: bool) -> None:
    if wanted:
        FirstView.objects.update_or_create(user=reader, list=view.list, defaults={"view": view})
    else:
        FirstView.objects.filter(user=reader, view=view).delete()


@require_POST
@staff
def keep(request: StaffRequest, of: RecordList, pk: int) -> HttpResponse:
    """The list as it stands now, under the name that it has."""
    view = _mine(request, of, pk)
    view.query = plain(QueryDict(request.POST.get("query", "")[:LONGEST_QUERY])).urlencode()[:LONGEST_QUERY]
    view.save(update_fields=["query"])
    messages.success(request, _("The view is saved."))
    return redirect(f"{of.url()}?view={view.pk}")


@require_POST
@staff
def remove(request: StaffRequest, of: RecordList, pk: int) -> HttpResponse:
    _mine(request, of, pk).delete()
    messages.success(request, _("The view is removed."))
    return redirect(of.url("views"))


def _mine(request: StaffRequest, of: RecordList, pk: int) -> SavedView:
    view = get_object_or_404(SavedView.objects.of_list(of.name, request.user), pk=pk)
    if not view.may_be_changed_by(request.user):
        raise Http404
    return view
