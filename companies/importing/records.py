"""What a row says, as columns of the records; and what of it those records do not say yet."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from companies.models import Company, CompanyName, Contact, ContactPoint, Import, ImportRow, Position

Said = dict[str, Any]
Changes = dict[str, Any]

# Names are never replaced, so they are not in these.
COMPANY = {
    "website": "domain",
    "country": "origin_country_id",
    "seat_country": "seat_country_id",
    "sector": "sector_id",
    "legal_name": "legal_name",
    "tax_id": "tax_id",
    "description": "description",
    "installed_since": "installed_since",
    "owner": "owner_id",
}
CONTACT = {"language": "language", "person_country": "country_id", "person_note": "note"}
POINTS = {"email": ContactPoint.Kind.EMAIL, "phone": ContactPoint.Kind.PHONE}


def company_values(said: Said) -> Changes:
    return {attribute: _typed(attribute, said[name]) for name, attribute in COMPANY.items() if name in said}


def contact_values(said: Said) -> Changes:
    return {attribute: said[name] for name, attribute in CONTACT.items() if name in said}


def points_of(said: Said) -> list[tuple[str, str]]:
    return [(kind, value) for name, kind in POINTS.items() for value in said.get(name, [])]


def company_changes(said: Said, company: Company, an_import: Import) -> Changes:
    return _changes(company_values(said), company, an_import)


def contact_changes(said: Said, contact: Contact, an_import: Import) -> Changes:
    changes = _changes(contact_values(said), contact, an_import)
    if not contact.family_name and said.get("family_name") and contact.given_name == said.get("given_name"):
        changes["family_name"] = said["family_name"]
    return changes


def _changes(values: Changes, record: Any, an_import: Import) -> Changes:
    """Gaps are filled; what stands there is replaced only where the file is said to be right."""
    return {
        attribute: value
        for attribute, value in values.items()
        if (current := getattr(record, attribute)) != value and (current in (None, "") or an_import.overwrites)
    }


def _typed(attribute: str, value: Any) -> Any:
    if attribute == "owner_id":
        return int(value)
    return date.fromisoformat(value) if attribute == "installed_since" else value


class Known:
    """The records that some rows are about, with what hangs on them; asked once for all rows."""

    def __init__(self, rows: Sequence[ImportRow], *, locked: bool = False) -> None:
        companies, contacts = Company.objects.order_by("pk"), Contact.objects.order_by("pk")
        if locked:
            companies, contacts = companies.select_for_update(), contacts.select_for_update()
        company_ids = {row.company_id for row in rows if row.company_id}
        contact_ids = {row.contact_id for row in rows if row.contact_id}
        self.companies = {company.pk: company for company in companies.filter(pk__in=company_ids)}
        self.contacts = {contact.pk: contact for contact in contacts.filter(pk__in=contact_ids)}
        self.points: dict[int, set[tuple[str, str]]] = defaultdict(set)
        for contact, kind, value in ContactPoint.objects.filter(contact__in=contact_ids).values_list(
            "contact", "kind", "value"
        ):
            self.points[contact].add((kind, value))
        current = Position.objects.current().filter(contact__in=contact_ids)
        self.positions = {(position.contact_id, position.company_id): position for position in current}
        self.names: dict[int, set[str]] = defaultdict(set)
        for company, name in CompanyName.objects.filter(company__in=company_ids).values_list("company", "name"):
            self.names[company].add(name)

    def has_news(self, row: ImportRow, an_import: Import) -> bool:
        """Whether writing this row would change anything that stands here."""
        return self._company_news(row, an_import) or self._contact_news(row, an_import)

    def _company_news(self, row: ImportRow, an_import: Import) -> bool:
        company = self.companies.get(row.company_id or 0)
        if company is None:
            return row.company_is == ImportRow.Is.NEW
        return bool(company_changes(row.said, company, an_import) or self.new_names(row, company))

    def new_names(self, row: ImportRow, company: Company) -> list[str]:
        """Other names of the company that nobody has written down; its own in the file too, if a person matched it."""
        wanted = [row.said.get("other_name", "")]
        if row.company_decided:
            wanted.append(row.said.get("company_name", ""))
        return [name for name in wanted if name and name != company.name and name not in self.names[company.pk]]

    def _contact_news(self, row: ImportRow, an_import: Import) -> bool:
        contact = self.contacts.get(row.contact_id or 0)
        if contact is None:
            return row.contact_is == ImportRow.Is.NEW
        return bool(
            contact_changes(row.said, contact, an_import)
            or self.new_points(row, contact.pk)
            or self.needs_position(row, contact.pk)
        )

    def new_points(self, row: ImportRow, contact: int) -> list[tuple[str, str]]:
        return [point for point in points_of(row.said) if point not in self.points[contact]]

    def needs_position(self, row: ImportRow, contact: int) -> bool:
        if row.company_is == ImportRow.Is.NEW:
            return True
        if not row.company_id:
            return False
        position = self.positions.get((contact, row.company_id))
        return position is None or bool(not position.title and row.said.get("title"))
