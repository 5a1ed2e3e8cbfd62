"""Code names for restricted leads: trees, birds and places of water, which say nothing about a company."""

import secrets

from django.utils.translation import gettext as _

from leads.models import Lead

THINGS = (
    *("Ceiba", "Guadua", "Samán", "Guayacán", "Yarumo", "Caracolí", "Chiminango", "Nogal", "Cedro", "Arrayán"),
    *("Colibrí", "Turpial", "Garza", "Alcaraván", "Mirla", "Tángara", "Barranquero", "Gavilán", "Cóndor", "Toche"),
    *("Laguna", "Ensenada", "Manglar", "Estero", "Cascada", "Ribera", "Marea", "Arrecife", "Páramo", "Sabana"),
)
KINDS = ("Azul", "Verde", "Claro", "Sereno", "Alto", "Norte", "Sur", "Nuevo", "Blanco", "Dorado", "Gris", "Real")


def suggest() -> str:
    """A name that no lead has, also none that the asking person may not see."""
    for _attempt in range(50):
        name = _("Project %(name)s") % {"name": f"{secrets.choice(THINGS)} {secrets.choice(KINDS)}"}
        if not Lead.objects.filter(code_name=name).exists():
            return name
    return f"{name} {secrets.randbelow(9000) + 1000}"
