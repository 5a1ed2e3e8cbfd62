"""The facts of a company as its page shows them, each to be edited in its place."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from companies.models import Company

# In the order they stand in. The owner stands in the head of the page.
SHOWN = (
    *("domain", "sector", "activity", "origin_country", "seat_country", "legal_country", "city"),
    *("parent", "installed_since", "legal_name", "tax_id"),
)
EDITED = ("owner", *SHOWN)


@dataclass(frozen=True)
class Fact:
    name: str
    label: str
    words: str
    edit: str
    href: str = ""

    @property
    def edit_label(self) -> str:
        return _("Edit: %(fact)s") % {"fact": self.label}


def facts_of(company: Company) -> list[Fact]:
    """Reads `names_of`, where the page has filled it, instead of the records themselves."""
    base = reverse("companies:fact", args=[company.pk, "x"]).removesuffix("x/")
    return [_fact(company, name, base) for name in SHOWN]


def fact_of(company: Company, name: str) -> Fact:
    return _fact(company, name, reverse("companies:fact", args=[company.pk, "x"]).removesuffix("x/"))


def _fact(company: Company, name: str, base: str) -> Fact:
    label = str(Company._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
    return Fact(name, label, _words(company, name), f"{base}{name}/", _href(company, name))


def _words(company: Company, name: str) -> str:
    known: dict[str, str] = getattr(company, "names_of", {})
    value = known[name] if name in known else getattr(company, name)
    if hasattr(value, "isoformat"):
        value = date_format(value, "DATE_FORMAT")
    # A person is named without the address that stands behind the name.
    return str(getattr(value, "name", value) or "–")


def _href(company: Company, name: str) -> str:
    if name == "domain" and company.domain:
        return f"https://{company.domain}"
    return reverse("leads:company", args=[company.parent_id]) if name == "parent" and company.parent_id else ""
