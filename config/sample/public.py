"""The organisations that are real: partners, and the installed investors of the story. Only public facts, no people."""

from datetime import date

from companies.models import Company, CompanyName, Kind
from config.sample.chance import moment
from config.sample.world import World

PARTNERS = (
    "Invest Pacific",
    "ProColombia",
    "Secretaría de Desarrollo Económico de Cali",
    "Gobernación del Valle del Cauca",
    "Cámara de Comercio de Cali",
)
INSTALLED = "Empresa instalada en la región, nombrada en la prensa."
# What is known of each, and the other names that find it.
INVESTORS: dict[str, tuple[dict[str, str], dict[str, str]]] = {
    "TaskUs": (
        {"origin": "US", "says": f"{INSTALLED} La prensa la llama californiana; su sede registrada está en Texas."},
        {},
    ),
    "Alorica": ({}, {}),
    "Globant": (
        {"origin": "AR", "seat": "LU", "says": f"{INSTALLED} De origen argentino, con sede en Luxemburgo."},
        {},
    ),
    "TSO Mobile": ({}, {}),
    "Moove it": ({"says": f"{INSTALLED} Hoy es parte de Qubika."}, {"Qubika": "alias", "Moove-it": "alias"}),
    "Foundever": ({"says": f"{INSTALLED} Antes se llamaba Sitel."}, {"Sitel": "former"}),
    "Encora": ({}, {}),
}
# As three colleagues spelled the same company.
SPELLED_ANEW = (("Moove it", "MooveIT Inc."), ("Moove it", "Qubika (ex Moove-it)"))


def enter(world: World) -> None:
    began = date(world.today.year - 15, 3, 1)
    for name in PARTNERS:
        company = Company(
            name=name,
            kind=Kind.INSTITUTION.value,
            origin_country_id="CO",
            is_public_seed=True,
            created_at=moment(began, 9),
        )
        world.partners[name] = world.writer.add(company).pk
    numbers = {}
    for name, (facts, others) in INVESTORS.items():
        numbers[name] = _investor(world, name, {"says": INSTALLED, **facts}, began)
        for other, kind in others.items():
            world.writer.add(CompanyName(company_id=numbers[name], name=other, kind=kind))
    for name, spelled in SPELLED_ANEW:
        again = _investor(world, spelled, {}, world.yesterday)
        world.label("duplicates", numbers[name], again, "former_name" if "ex " in spelled else "legal_form")


def _investor(world: World, name: str, facts: dict[str, str], entered: date) -> int:
    owner = world.staff[0]
    world.names.add(name)
    company = Company(
        name=name,
        description=facts.get("says", ""),
        origin_country_id=facts.get("origin"),
        seat_country_id=facts.get("seat"),
        owner_id=owner.id,
        is_public_seed=True,
        created_by_id=owner.id,
        created_at=moment(entered, 9),
    )
    return world.writer.add(company).pk
