"""What is wrong on purpose, as in every real address book; the labels say where."""

from datetime import timedelta

from companies.models import CompanyName
from config.sample.chance import Chance
from config.sample.firms import Registry
from config.sample.world import Firm, World

DUPLICATES = 0.06
LONG = "Compañía Ejemplar de Servicios Compartidos, Inteligencia de Negocios, Manufactura Liviana, Logística "
ODD_NAMES = (
    ("US", "O'Neill & D'Souza Labs"),
    ("AE", "شركة المثال للبرمجيات"),
    ("IL", "דוגמה תוכנה"),
    ("CN", "示例软件有限公司"),
    ("JP", "サンプル電機株式会社"),
    ("BR", "Açaí Ñandú São Exemplo 🚀"),
    ("DE", "Groß & Söhne Übungsbeispiel"),
    ("US", "𝓔𝔁𝓪𝓶𝓹𝓵𝓮 Games"),
    ("ES", (LONG * 3)[:200]),
)
HOW = {"case": 1, "legal_form": 2, "accents": 1, "typo": 2, "former_name": 1, "domain": 1}
FORMS = ("Inc.", "S.A.S.", "LLC", "Ltda.", "Corp")


def odd_names(world: World, registry: Registry) -> None:
    for country, name in ODD_NAMES:
        firm = registry.open(country=country, name=name)
        if country == "CN":
            world.writer.add(CompanyName(company_id=firm.id, name="Shili Software", kind=CompanyName.Kind.SCRIPT.value))


def duplicates(world: World, registry: Registry, count: int) -> None:
    """Companies that we have already, entered once more by somebody who did not find them."""
    chance = world.chance("dirt")
    originals = [firm for firm in world.firms if firm.name not in {name for _country, name in ODD_NAMES}]
    for original in chance.sample(originals, min(count, len(originals))):
        how = chance.one_of(HOW)
        name = _name_again(original, how, registry, chance)
        later = min(original.created + timedelta(days=chance.randint(20, 300)), world.yesterday)
        again = registry.open(
            country=original.country, sector=original.sector, name=name, created=later,
            domain="" if how == "domain" else original.domain,
        )  # fmt: skip
        again.is_duplicate = True
        world.label("duplicates", original.id, again.id, how)


def _name_again(firm: Firm, how: str, registry: Registry, chance: Chance) -> str:
    name = firm.name
    if how == "case":
        return name.upper() if chance.hits(0.5) else name.lower()
    if how == "legal_form":
        return f"{name} {chance.choice(FORMS)}"
    if how == "accents":
        first_vowel = next((letter for letter in name if letter in "aeio"), "")
        return name.replace(first_vowel, {"a": "á", "e": "é", "i": "í", "o": "ó", "": ""}[first_vowel], 1)
    if how == "typo":
        at = chance.randint(1, len(name) - 3)
        return name[:at] + name[at + 1] + name[at] + name[at + 2 :]
    if how == "former_name":
        return registry.former_name(firm)
    return name.replace(" ", "-")
