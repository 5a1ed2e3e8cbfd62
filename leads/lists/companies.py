"""The company list, with the last touch and the next promise of each."""

from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from companies.cleanup import GAPS
from companies.lists.filters import by_form
from companies.lists.kinds import Column, RecordList
from companies.menus import MenuField
from companies.models import Company, Country, Kind, Position, Sector
from companies.search import find
from companies.sheets import Kind as Cell
from config.staff import clock
from config.staff.models import User
from leads.lists.bulk import OF_COMPANIES
from leads.lists.columns import counted, named, promise, promised_of, said, silent_since, touch
from leads.models import AccountPlan, Interaction, Lead
from leads.models.account_plan import Tier

# Words that fit more companies than this are no help; the count says so.
MOST_FOUND = 500
FIELDS = {"country": "origin_country", "sector": "sector", "owner": "owner", "kind": "kind"}


class CompanyFilter(forms.Form):
    q = forms.CharField(label=_("Words"), required=False, max_length=200)
    relation = forms.ChoiceField(
        label=_("Relation"),
        required=False,
        choices=[
            ("", _("All")),
            ("installed", _("Installed investor")),
            ("unplanned", _("Installed, without an account plan")),
            ("lead", _("With an open lead")),
            ("contact", _("In contact")),
            ("new", _("Never met")),
        ],
    )
    country = MenuField(Country.objects.all(), label=_("Country of origin"), required=False, empty_label=_("All"))
    sector = MenuField(Sector.objects.all(), label=_("Sector"), required=False, empty_label=_("All"))
    owner = MenuField(User.objects.staff().active(), label=_("Owner"), required=False, empty_label=_("All"))
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("All")), *Kind.choices])
    promise = forms.ChoiceField(
        label=_("Next promise"),
        required=False,
        choices=[("", _("All")), ("late", _("Overdue")), ("none", _("None planned"))],
    )
    silent = forms.TypedChoiceField(
        label=_("No touch for"),
        required=False,
        coerce=int,
        choices=[("", _("All")), (90, _("3 months")), (180, _("6 months")), (365, _("a year"))],
    )
    gap = forms.ChoiceField(label=_("What is missing"), required=False)
    archived = forms.ChoiceField(
        label=_("Archive"), required=False, choices=[("", _("In use")), ("yes", _("Archived"))]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        gaps = [(name, gap.label) for name, gap in GAPS.items()]
        self.fields["gap"].choices = [("", _("All")), *gaps]  # type: ignore[attr-defined]


def narrowed(rows: QuerySet[Company], asked: dict[str, Any], reader: User) -> QuerySet[Company]:
    for name, field in FIELDS.items():
        if name in asked:
            rows = rows.filter(**{field: asked[name]})
    rows = rows.filter(archived_at__isnull="archived" not in asked)
    if "gap" in asked:
        rows = rows.filter(GAPS[asked["gap"]].wanted())
    if "q" in asked:
        found = find(asked["q"], user=reader, kinds=("company",), limit=MOST_FOUND)
        rows = rows.filter(pk__in=[hit.pk for group in found for hit in group.hits])
    if "silent" in asked:
        rows = rows.filter(silent_since("company", reader, clock.now() - timedelta(days=asked["silent"])))
    if "promise" in asked:
        planned = promised_of("company", reader).order_by()
        late = planned.filter(due_on__lt=localdate(clock.now()))
        rows = rows.filter(Exists(late) if asked["promise"] == "late" else ~Exists(planned))
    return rows.filter(_relation(asked.get("relation", ""), reader))


def _relation(asked: str, reader: User) -> Q:
    said_to = Exists(Interaction.objects.visible_to(reader).filter(company=OuterRef("pk")))
    match asked:
        case "installed":
            return Q(installed_since__isnull=False)
        case "unplanned":
            planned = Exists(AccountPlan.objects.filter(company=OuterRef("pk")))
            return Q(~planned, installed_since__isnull=False)
        case "lead":
            return Q(Exists(Lead.objects.visible_to(reader).open().filter(company=OuterRef("pk"))))
        case "contact":
            return Q(said_to)
        case "new":
            return ~Q(said_to)
    return Q()


def _beneath(row: Any) -> SafeString:
    if row.installed_since is None:
        return SafeString()
    return format_html('<div class="row-sub"><span class="pill pacific">{}</span></div>', gettext("Installed"))


COMPANIES = RecordList(
    "companies",
    "leads",
    "leads:companies",
    _("Companies"),
    Company,
    rows=lambda reader: Company.objects.visible_to(reader).filter(merged_into=None),
    columns=(
        Column("name", _("Company"), "name", sort_key="folded"),
        named("country", _("Country of origin"), "origin_country"),
        named("sector", _("Sector"), "sector"),
        named("activity", _("Activity"), "activity"),
        Column("owner", _("Owner"), "owner__name"),
        Column("kind", _("Kind"), "kind", choices=dict(Kind.choices)),
        touch("company"),
        promise("company", _("Next promise")),
        Column(
            "leads",
            _("Open leads"),
            lambda reader: counted(Lead.objects.visible_to(reader).open(), "company"),
            Cell.NUMBER,
            newest_first=True,
        ),
        Column(
            "people",
            _("People"),
            lambda reader: counted(Position.objects.current(), "company"),
            Cell.NUMBER,
            newest_first=True,
        ),
        Column("installed", _("Installed since"), "installed_since", Cell.DATE),
        Column(
            "tier",
            _("Tier"),
            lambda reader: Subquery(AccountPlan.objects.filter(company=OuterRef("pk")).values("tier")[:1]),
            choices=dict(Tier.choices),
        ),
        Column("city", _("City"), "city__name"),
        Column("parent", _("Parent company"), "parent__name"),
        said("domain", _("Web domain")),
        said("legal_name", _("Legal name")),
        said("tax_id", _("Tax id (NIT)")),
        Column("created", _("Created"), "created_at", Cell.DATE, newest_first=True),
        Column(
            "changed",
            _("Changed"),
            "updated_at",
            Cell.DATE,
            sort_key="updated_at",
            newest_first=True,
        ),
    ),
    shown_first=("country", "sector", "owner", "touch", "promise"),
    filters=by_form(lambda query, reader: CompanyFilter(query), narrowed),
    keys=("folded", "pk"),
    always=("installed_since",),
    sorted_by="name",
    beneath=_beneath,
    bulk=OF_COMPANIES,
    none_yet=(_("No company yet"), "/meetings/new/", _("Log a meeting")),
    sign="company",
)
