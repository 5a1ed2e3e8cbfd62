"""Agreements not to tell: of one lead, and of all that one may see, with what lacks one."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from config.staff import clock
from config.staff.access import staff
from config.staff.paging import keyset_page
from config.staff.requests import StaffRequest
from leads import looks
from leads.forms.move import Day
from leads.models import Lead, Nda
from leads.pipeline.ndas import SOON, without
from leads.views.lead import find_lead

SHOWN = 50


class NdaForm(forms.ModelForm[Nda]):
    class Meta:
        model = Nda
        fields = ("parties", "signed_on", "expires_on", "scope", "file")
        widgets = {"scope": forms.Textarea({"rows": 3})}

    def __init__(self, data: Any = None, *, lead: Lead, **words: Any) -> None:
        super().__init__(data, **words)
        self.instance.lead = lead
        self.fields["signed_on"] = Day(label=self.fields["signed_on"].label)
        self.fields["expires_on"] = Day(
            label=self.fields["expires_on"].label, required=False, help_text=self.fields["expires_on"].help_text
        )
        files: Any = self.fields["file"]
        files.queryset = lead.files.kept().newest_first()
        files.label_from_instance = lambda row: row.file.name

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        signed, ends = found.get("signed_on"), found.get("expires_on")
        if signed and ends and ends < signed:
            self.add_error("expires_on", _("It expires before it was signed."))
        return found

    def _get_validation_exclusions(self) -> set[str]:
        return super()._get_validation_exclusions() | {"expires_on"}  # type: ignore[misc, no-any-return]


@require_http_methods(["GET", "POST"])
@staff
def new(request: StaffRequest, pk: int) -> HttpResponse:
    return _edit(request, find_lead(request.user, pk), None)


@require_http_methods(["GET", "POST"])
@staff
def edit(request: StaffRequest, pk: int, nda: int) -> HttpResponse:
    lead = find_lead(request.user, pk)
    return _edit(request, lead, get_object_or_404(lead.ndas, pk=nda))


@require_POST
@staff
def remove(request: StaffRequest, pk: int, nda: int) -> HttpResponse:
    lead = find_lead(request.user, pk)
    get_object_or_404(lead.ndas, pk=nda).delete()
    return redirect(lead)


@require_safe
@staff
def ndas(request: StaffRequest) -> HttpResponse:
    """Mine that lack one first, then all that I may see, the newest first."""
    today = clock.today_for(request.user)
    rows = Nda.objects.visible_to(request.user).select_related("lead")
    page = keyset_page(rows, request, keys=("-signed_on", "-pk"))
    looks.note_rows(request.user, looks.Where.LIST, (row.lead for row in page.rows))
    context = {
        "lacking": without(request.user, today=today).order_by("code_name")[:SHOWN],
        "page": page,
        "today": today,
        "soon": today + SOON,
    }
    return render(request, "leads/ndas.html", context)


def _edit(request: StaffRequest, lead: Lead, nda: Nda | None) -> HttpResponse:
    form = NdaForm(request.POST if request.method == "POST" else None, lead=lead, instance=nda)
    if form.is_valid():
        form.save()
        messages.success(request, _("The agreement is kept."))
        return redirect(lead)
    context = {"lead": lead, "form": form, "title": gettext_lazy("Confidentiality agreement")}
    return render(request, "leads/lead_part.html", context, status=422 if form.is_bound else 200)
