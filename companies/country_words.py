"""Words that mean a country, and rows of our own list that no country is or that mean another one."""

from collections.abc import Iterable

from babel import Locale
from babel.core import get_global

from companies.importing.texts import fold
from companies.models import Country

# Regions of CLDR with a two-letter code that ISO 3166 does not know as countries.
NOT_COUNTRIES = {"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"}
LANGUAGES = ("en", "es")
# What people write and no table of countries has.
CALLED = {
    "eeuu": "US",
    "ee uu": "US",
    "e e u u": "US",
    "eua": "US",
    "us": "US",
    "u s": "US",
    "u s a": "US",
    "united states of america": "US",
    "estados unidos de america": "US",
    "norteamerica": "US",
    "uk": "GB",
    "u k": "GB",
    "england": "GB",
    "great britain": "GB",
    "inglaterra": "GB",
    "gran bretana": "GB",
    "scotland": "GB",
    "escocia": "GB",
    "holanda": "NL",
    "holland": "NL",
    "the netherlands": "NL",
    "corea": "KR",
    "corea del sur": "KR",
    "south korea": "KR",
    "korea": "KR",
    "republic of korea": "KR",
    "mejico": "MX",
    "brasil": "BR",
    "uae": "AE",
    "emiratos arabes": "AE",
    "czech republic": "CZ",
    "republica checa": "CZ",
    "turquia": "TR",
    "turkey": "TR",
    "rusia": "RU",
    "russia": "RU",
    "republica dominicana": "DO",
    "hong kong": "HK",
    "taiwan": "TW",
    "vietnam": "VN",
    "republica popular china": "CN",
}


def country_words(ours: Iterable[tuple[str, str, str]]) -> dict[str, str]:
    """The code by every word that means a country of ours: its own names have the last word."""
    rows = list(ours)
    codes = {code for code, *_names in rows}
    words = _known_words() | {fold(name): code for code, *names in rows for name in names}
    return {word: code for word, code in words.items() if code in codes}


def _known_words() -> dict[str, str]:
    return {fold(word): code for word, codes in get_global("territory_aliases").items() for code in codes[:1]} | CALLED


def territories(language: str) -> dict[str, str]:
    """The countries of the world by their codes."""
    names = {str(code): str(name) for code, name in Locale(language).territories.items()}
    return {c: name for c, name in names.items() if len(c) == 2 and c.isalpha() and c not in NOT_COUNTRIES}


def odd_countries() -> dict[str, str]:
    """Rows of our list that no country is, such as "EEUU", or whose names mean another; with the code they mean."""
    rows = list(Country.objects.values_list("code", "name_en", "name_es"))
    ours = {code for code, *_names in rows}
    real = {language: territories(language) for language in LANGUAGES}
    words = _known_words() | {fold(name): code for names in real.values() for code, name in names.items()}
    odd = {}
    for code, *names in rows:
        means = [found for found in (words.get(fold(name), "") for name in names) if found in ours]
        if code not in real["en"] or (means and code not in means):
            odd[code] = next((found for found in means if found != code and found in real["en"]), "")
    return odd
