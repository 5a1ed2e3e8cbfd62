"""Code names for restricted leads: trees, birds and places of water, which say nothing about a company."""

import re
import secrets
import unicodedata

from django.utils.translation import gettext as _

from companies.models import Company
from leads.models import Lead

# Shorter words tell nothing of a company, and these are in every code name.
TELLING, COMMON = 4, {"project", "proyecto"}

THINGS = (
    *("Ceiba", "Guadua", "Samán", "Guayacán", "Yarumo", "Caracolí", "Chiminango", "Nogal", "Cedro", "Arrayán"),
    *("Colibrí", "Turpial", "Garza", "Alcaraván", "Mirla", "Tángara", "Barranquero", "Gavilán", "Cóndor", "Toche"),
    *("Laguna", "Ensenada", "Manglar", "Estero", "Cascada", "Ribera", "Marea", "Arrecife", "Páramo", "Sabana"),
)
KINDS = ("Azul", "Verde", "Claro", "Sereno", "Alto", "Norte", "Sur", "Nuevo", "Blanco", "Dorado", "Gris", "Real")


def suggest(company: Company) -> str:
    """A name that says nothing about this company and that no lead has, also none that the asker may not see."""
    for _attempt in range(200):
        name = _("Project %(name)s") % {"name": f"{secrets.choice(THINGS)} {secrets.choice(KINDS)}"}
        if not gives_away(name, company) and not Lead.objects.filter(code_name=name).exists():
            return name
    return f"{name} {secrets.randbelow(9000) + 1000}"


def gives_away(code_name: str, company: Company) -> bool:
    """Whether it shares a telling word with any name that the company has or had."""
    names = [company.name, company.legal_name, *company.names.values_list("name", flat=True)]
    theirs = {word for name in names for word in _words(name)}
    return bool(theirs & _words(code_name))


def _words(text: str) -> set[str]:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().casefold()
    return {word for word in re.findall(r"[a-z0-9]+", plain) if len(word) >= TELLING and word not in COMMON}
