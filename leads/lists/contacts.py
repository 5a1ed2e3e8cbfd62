"""The list of people."""

from datetime import timedelta
from functools import partial
from typing import Any, cast

from django import forms
from django.db.models import Case, CharField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Concat, Trim
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from companies.cleanup import CONTACT_GAPS
from companies.lists.filters import by_form
from companies.lists.joining import beside
from companies.lists.kinds import Column, RecordList, Rows
from companies.menus import MenuField
from companies.models import Company, Contact, ContactPoint, Country, LegalBasis, Position
from companies.pickers import PickField
from companies.search import find
from companies.sheets import Kind as Cell
from config.staff import clock
from config.staff.models import User
from leads.lists.bulk import OF_CONTACTS
from leads.lists.columns import named, promise, promised_of, said, silent_since, touch

MOST_FOUND = 500


class ContactFilter(forms.Form):
    q = forms.CharField(label=_("Words"), required=False, max_length=200)
    company = PickField(Company.objects.none(), label=_("Company"), required=False)
    country = MenuField(Country.objects.all(), label=_("Country"), required=False, empty_label=_("All"))
    reach = forms.ChoiceField(
        label=_("May we write?"),
        required=False,
        choices=[
            ("", _("All")),
            ("yes", _("With an e-mail that works")),
            ("none", _("Without an e-mail")),
            ("bounced", _("Bounced")),
            ("objected", _("Objected")),
            ("basis", _("Without a legal basis")),
        ],
    )
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

    gap = forms.ChoiceField(label=_("What is odd"), required=False)

    def __init__(self, data: Any, *, reader: User) -> None:
        super().__init__(data)
        gaps = [(name, gap.label) for name, gap in CONTACT_GAPS.items()]
        self.fields["gap"].choices = [("", _("All")), *gaps]  # type: ignore[attr-defined]
        cast("PickField", self.fields["company"]).queryset = Company.objects.visible_to(reader)


def narrowed(rows: QuerySet[Contact], asked: dict[str, Any], reader: User) -> QuerySet[Contact]:
    if "q" in asked:
        found = find(asked["q"], user=reader, kinds=("contact",), limit=MOST_FOUND)
        rows = rows.filter(pk__in=[hit.pk for group in found for hit in group.hits])
    if "company" in asked:
        here = Position.objects.current().filter(contact=OuterRef("pk"), company=asked["company"])
        rows = rows.filter(Exists(here))
    if "country" in asked:
        rows = rows.filter(country=asked["country"])
    if "gap" in asked:
        rows = rows.filter(CONTACT_GAPS[asked["gap"]].wanted())
    if "silent" in asked:
        since = clock.now() - timedelta(days=asked["silent"])
        rows = rows.filter(silent_since("participants__contact", reader, since))
    if "promise" in asked:
        planned = promised_of("contact", reader).order_by()
        late = planned.filter(due_on__lt=localdate(clock.now()))
        rows = rows.filter(Exists(late) if asked["promise"] == "late" else ~Exists(planned))
    return rows.filter(_reach(asked.get("reach", "")))


def _reach(asked: str) -> Q:
    emails = ContactPoint.objects.emails().filter(contact=OuterRef("pk"))
    match asked:
        case "yes":
            return Q(Exists(emails.usable())) & Q(objected_at=None)
        case "none":
            return ~Q(Exists(emails))
        case "bounced":
            return Q(Exists(emails.filter(bounced_at__isnull=False)))
        case "objected":
            return Q(objected_at__isnull=False)
        case "basis":
            return Q(legal_basis="")
    return Q()


def _name(reader: User) -> Any:
    given, family, space = F("given_name"), F("family_name"), Value(" ")
    turned = Trim(Concat(family, space, given))
    return Case(When(family_name_first=True, then=turned), default=Trim(Concat(given, space, family)))


def _position(what: str) -> Any:
    current = Position.objects.current().filter(contact=OuterRef("pk")).order_by("-pk")
    return Subquery(current.values(what)[:1])


def _positions(what: str, rows: Rows, _reader: User) -> tuple[Rows, Any]:
    newest = Position.objects.current().order_by("contact", "-pk").distinct("contact")
    return beside(rows, "positions", newest.values(k=F("contact"), v=F(what)), CharField())


def _point(kind: str) -> Any:
    points = ContactPoint.objects.filter(contact=OuterRef("pk"), kind=kind)
    return Subquery(points.order_by("bounced_at", "-is_primary", "pk").values("value")[:1])


def _beneath(row: Any) -> SafeString:
    if row.objected_at is None:
        return SafeString()
    return format_html('<div class="row-sub"><span class="pill danger">{}</span></div>', gettext("No messages"))


CONTACTS = RecordList(
    "contacts",
    "leads",
    "leads:contacts",
    _("Contacts"),
    Contact,
    rows=lambda reader: Contact.objects.visible_to(reader).current(),
    columns=(
        Column("name", _("Name"), _name, sort_key="folded"),
        Column(
            "company",
            _("Company"),
            lambda reader: _position("company__name"),
            for_all=partial(_positions, "company__name"),
        ),
        Column("title", _("Job title"), lambda reader: _position("title"), for_all=partial(_positions, "title")),
        Column("email", _("E-mail"), lambda reader: _point("email")),
        Column("phone", _("Phone"), lambda reader: _point("phone")),
        named("country", _("Country"), "country"),
        said("language", _("Language")),
        touch("participants__contact"),
        promise("contact", _("Next promise")),
        said("legal_basis", _("Legal basis"), dict(LegalBasis.choices)),
        said("notice_version", _("Privacy notice given")),
        Column("objected", _("Objected"), "objected_at", Cell.DATE, newest_first=True),
        Column("created", _("Created"), "created_at", Cell.DATE, newest_first=True),
    ),
    shown_first=("company", "title", "email", "touch", "promise"),
    filters=by_form(lambda query, reader: ContactFilter(query, reader=reader), narrowed),
    keys=("folded", "pk"),
    always=("objected_at",),
    sorted_by="name",
    beneath=_beneath,
    bulk=OF_CONTACTS,
    none_yet=(_("No contact yet"), "/contacts/new/", _("Add a person")),
    sign="people",
)
