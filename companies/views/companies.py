from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from companies.forms.company import CompanyForm, CompanyNameForm
from companies.groups import GroupCycle, move_under
from companies.look_alikes import look_alikes
from companies.models import Company, CompanyName
from config.staff import clock
from config.staff.access import administrators, staff
from config.staff.requests import StaffRequest


@require_http_methods(["GET", "POST"])
@staff
def new(request: StaffRequest) -> HttpResponse:
    """A new company; one that looks like one we have asks first."""
    form = CompanyForm(request.POST or None, reader=request.user, initial={"owner": request.user})
    likes: list[Company] = []
    if form.is_valid():
        likes = look_alikes(form.cleaned_data["name"], form.cleaned_data["domain"])
        if not likes or "another" in request.POST:
            form.instance.created_by = request.user
            return redirect(save(form))
    return render(request, "companies/company_form.html", {"form": form, "likes": likes})


@require_http_methods(["GET", "POST"])
@staff
@transaction.atomic
def edit(request: StaffRequest, pk: int) -> HttpResponse:
    company = get_object_or_404(
        Company.objects.visible_to(request.user).current().select_for_update(of=("self",)), pk=pk
    )
    before = company.name
    form = CompanyForm(request.POST or None, instance=company, reader=request.user)
    if form.is_valid():
        try:
            with transaction.atomic():
                saved = save(form)
        except GroupCycle as cycle:
            form.add_error("parent", str(cycle))
        else:
            _keep_former_name(saved, before)
            return redirect(saved)
    company.name = before
    return render(request, "companies/company_form.html", {"form": form, "company": company})


def save(form: CompanyForm) -> Company:
    if "parent" not in form.fields:
        return form.save()
    parent = form.cleaned_data["parent"]
    company = form.save(commit=False)
    # The parent is set by the one function that keeps the group whole.
    company.parent_id = form.initial.get("parent")
    company.save()
    return move_under(company, parent) if company.parent_id != (parent and parent.pk) else company


def _keep_former_name(company: Company, before: str) -> None:
    """Renaming keeps the old name findable."""
    if before != company.name:
        CompanyName.objects.get_or_create(
            company=company,
            name=before,
            kind=CompanyName.Kind.FORMER,
            defaults={"valid_to": clock.agency_today()},
        )


@require_http_methods(["GET", "POST"])
@staff
def name_new(request: StaffRequest, pk: int) -> HttpResponse:
    company = get_object_or_404(Company.objects.visible_to(request.user).current(), pk=pk)
    form = CompanyNameForm(request.POST or None, instance=CompanyName(company=company))
    if form.is_valid():
        form.save()
        return redirect(company)
    context: dict[str, Any] = {"form": form, "record": company, "title": _("Another name")}
    return render(request, "companies/part_form.html", context)


@require_POST
@staff
def name_remove(request: StaffRequest, pk: int, name_pk: int) -> HttpResponse:
    company = get_object_or_404(Company.objects.visible_to(request.user).current(), pk=pk)
    company.names.filter(pk=name_pk).delete()
    return redirect(company)


@require_POST
@administrators
def archive(request: StaffRequest, pk: int) -> HttpResponse:
    """Put a company away, or take it out again."""
    company = get_object_or_404(Company.objects.visible_to(request.user), pk=pk)
    company.archived_at = None if company.archived_at else clock.now()
    company.save(update_fields=["archived_at", "updated_at"])
    messages.success(request, _("Archived.") if company.archived_at else _("Taken out of the archive."))
    return redirect(company)
