"""The company list, with the last touch and the next promise of each."""

from typing import Any

from django import forms
from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from companies.menus import MenuField
from companies.models import Company, Country, Kind, Sector
from companies.models.named import name_column
from companies.search import find
from config.staff import clock
from config.staff.access import staff
from config.staff.models import User
from config.staff.paging import keyset_page
from config.staff.requests import StaffRequest
from leads.models import FollowUp, Interaction, Lead

# Words that fit more companies than this are no help; the count says so.
MOST_FOUND = 500
COLUMNS = (
    *("pk", "name", "folded", "installed_since"),
    *("country", "sector_name", "owner_name", "last_touch", "next_promise"),
)


class CompanyFilter(forms.Form):
    q = forms.CharField(label=_("Words"), required=False, max_length=200)
    relation = forms.ChoiceField(
        label=_("Relation"),
        required=False,
        choices=[
            ("", _("All")),
            ("installed", _("Installed investor")),
            ("lead", _("With an open lead")),
            ("contact", _("In contact")),
            ("new", _("Never met")),
        ],
    )
    country = MenuField(Country.objects.all(), label=_("Country of origin"), required=False)
    sector = MenuField(Sector.objects.all(), label=_("Sector"), required=False)
    owner = MenuField(User.objects.staff().active(), label=_("Owner"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("All")), *Kind.choices])


@require_safe
@staff
def companies(request: StaffRequest) -> HttpResponse:
    form = CompanyFilter(request.GET)
    form.is_valid()
    asked = {name: value for name, value in form.cleaned_data.items() if value}
    rows = filtered(Company.objects.visible_to(request.user).current(), asked, request.user)
    page = keyset_page(_shown(rows, request.user), request, keys=("folded", "pk"))
    context = {"form": form, "page": page, "is_filtered": bool(asked), "today": clock.today_for(request.user)}
    return render(request, "companies/company_list.html", context)


def filtered(rows: QuerySet[Company], asked: dict[str, Any], reader: User) -> QuerySet[Company]:
    for name, field in {"country": "origin_country", "sector": "sector", "owner": "owner", "kind": "kind"}.items():
        if name in asked:
            rows = rows.filter(**{field: asked[name]})
    if "q" in asked:
        found = find(asked["q"], user=reader, kinds=("company",), limit=MOST_FOUND)
        rows = rows.filter(pk__in=[hit.pk for group in found for hit in group.hits])
    said = Exists(Interaction.objects.visible_to(reader).filter(company=OuterRef("pk")))
    lead = Exists(Lead.objects.visible_to(reader).open().filter(company=OuterRef("pk")))
    match asked.get("relation"):
        case "installed":
            return rows.filter(installed_since__isnull=False)
        case "lead":
            return rows.filter(lead)
        case "contact":
            return rows.filter(said)
        case "new":
            return rows.filter(~said)
    return rows


def _shown(rows: QuerySet[Company], reader: User) -> QuerySet[Any, Any]:
    """What a line shows of each, as plain values."""
    said = Interaction.objects.visible_to(reader).filter(company=OuterRef("pk")).order_by("-happened_at")
    due = FollowUp.objects.visible_to(reader).open().filter(company=OuterRef("pk")).order_by("due_on")
    name = name_column()
    return rows.annotate(
        country=F(f"origin_country__{name}"),
        sector_name=F(f"sector__{name}"),
        owner_name=F("owner__name"),
        last_touch=Subquery(said.values("happened_at")[:1]),
        next_promise=Subquery(due.values("due_on")[:1]),
    ).values_list(*COLUMNS, named=True)
