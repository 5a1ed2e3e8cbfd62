"""What is written oddly, each with the spelling that a rule proposes: names, web domains, countries and phones.

A rule proposes only what it is sure of; the rest stays odd until a person looks at it. What is accepted is changed as
a bulk edit, a value a record, and can be undone for an hour.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import phonenumbers
from django import forms
from django.db.models import F, Model, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from companies.cleanup import E164, GAPS, odd_name_of_a_person
from companies.country_words import odd_countries
from companies.lists.kinds import BulkField
from companies.models import Company, Contact, ContactPoint, Country, Position
from companies.tidy_names import tidy_company, tidy_person
from companies.web_domains import bare_domain, is_domain

# So many are read at once; the next ones come when these are done.
MOST = 2_000
Proposes = Callable[[Any], str]


@dataclass(frozen=True)
class Proposal:
    record: Any
    before: Any
    after: Any

    @property
    def key(self) -> str:
        """Of this change alone: once the record says something else, it is another one."""
        mark = hashlib.sha256(f"{self.before}\0{self.after}".encode()).hexdigest()[:12]
        return f"{self.record.pk}-{mark}"


@dataclass(frozen=True)
class Rule:
    name: str
    label: Any
    # The list that the records belong to, and the column that is written.
    of: str
    model: type[Model]
    column: str
    rows: Callable[[], QuerySet[Any]]
    # Made anew for each reading, since some look something up first.
    proposes: Callable[[], Proposes]
    via: str = ""

    @property
    def is_of_countries(self) -> bool:
        return bool(self.model._meta.get_field(self.column).is_relation)

    @property
    def field(self) -> BulkField:
        return BulkField(
            self.name, self.label, lambda reader: forms.CharField(), column=self.column, model=self.model, via=self.via
        )

    def proposals(self) -> Iterator[Proposal]:
        """The first ones by their keys, of those that the rule has a better spelling for."""
        attname = self.model._meta.get_field(self.column).attname  # type: ignore[union-attr]
        better = self.proposes()
        rows = self.rows().order_by("pk")
        for row in (rows.select_related(self.via) if self.via else rows)[:MOST]:
            before, after = getattr(row, attname), better(row)
            if after and after != before:
                yield Proposal(row, before, after)


def _companies(wanted: Callable[[], Q]) -> Callable[[], QuerySet[Any]]:
    return lambda: Company.objects.current().filter(wanted())


def _contacts(wanted: Callable[[], Q]) -> Callable[[], QuerySet[Any]]:
    return lambda: Contact.objects.current().filter(wanted())


def _domain(company: Company) -> str:
    bare = bare_domain(company.domain)
    return bare if is_domain(bare) else ""


def _country_of(field: str) -> Callable[[], Proposes]:
    def proposes() -> Proposes:
        means = odd_countries()
        return lambda row: means.get(getattr(row, f"{field}_id"), "")

    return proposes


def _in_odd_country(field: str) -> Callable[[], Q]:
    return lambda: Q(**{f"{field}__in": [code for code, means in odd_countries().items() if means]})


def _phones() -> QuerySet[Any]:
    held = Position.objects.current().filter(contact=OuterRef("contact")).order_by("-pk")
    seat = held.values("company__seat_country")[:1]
    standing = ContactPoint.objects.phones().filter(contact__merged_into=None, contact__anonymised_at=None)
    return standing.exclude(value__regex=E164).annotate(
        place=F("contact__country"), seat=Subquery(seat), origin=Subquery(held.values("company__origin_country")[:1])
    )


def _phone(point: Any) -> str:
    """A number that is one of the country of the person or of their company; no country is guessed."""
    for country in dict.fromkeys([None, point.place, point.seat, point.origin]):
        text = f"+{point.value.strip()[2:]}" if country is None and point.value.strip()[:2] == "00" else point.value
        try:
            number = phonenumbers.parse(text, country)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number) and not number.extension:
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return ""


def _company_country(name: str, label: Any, column: str) -> Rule:
    rows = _companies(_in_odd_country(column))
    return Rule(name, label, "companies", Company, column, rows, _country_of(column))


RULES = {
    rule.name: rule
    for rule in (
        Rule(
            "company_name",
            _("Names of companies"),
            "companies",
            Company,
            "name",
            _companies(GAPS["odd_name"].wanted),
            lambda: lambda company: tidy_company(company.name),
        ),
        Rule(
            "domain",
            _("Web domains"),
            "companies",
            Company,
            "domain",
            _companies(GAPS["odd_domain"].wanted),
            lambda: _domain,
        ),
        _company_country("origin", _("Countries of origin"), "origin_country"),
        _company_country("seat", _("Countries of the seat"), "seat_country"),
        _company_country("legal", _("Countries of registration"), "legal_country"),
        Rule(
            "given_name",
            _("Given names"),
            "contacts",
            Contact,
            "given_name",
            _contacts(lambda: odd_name_of_a_person("given_name")),
            lambda: lambda contact: tidy_person(contact.given_name),
        ),
        Rule(
            "family_name",
            _("Family names"),
            "contacts",
            Contact,
            "family_name",
            _contacts(lambda: odd_name_of_a_person("family_name")),
            lambda: lambda contact: tidy_person(contact.family_name),
        ),
        Rule(
            "contact_country",
            _("Countries of people"),
            "contacts",
            Contact,
            "country",
            _contacts(_in_odd_country("country")),
            _country_of("country"),
        ),
        Rule("phone", _("Phones"), "contacts", ContactPoint, "value", _phones, lambda: _phone, via="contact"),
    )
}


def countries_in_words() -> dict[str, str]:
    """What a stored country is called, for the preview."""
    return {country.code: country.name for country in Country.objects.all()}
