from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError
from django.test import Client
from django.utils import translation

from companies.models import Rate
from companies.rates import read, store
from config.staff.models import User
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db

FRIDAY = date(2026, 11, 20)


@pytest.fixture
def manager(client: Client) -> User:
    person: User = UserFactory(manager_role=True)
    client.force_login(person)
    return person


def rate(day: date, usd: str = "0.00025", currency: str = "COP") -> Rate:
    return Rate.objects.create(currency=currency, day=day, usd=usd)


def test_the_rate_of_a_day_is_that_days() -> None:
    rate(FRIDAY - timedelta(days=1))
    friday = rate(FRIDAY)

    assert Rate.of("COP", FRIDAY) == friday


def test_a_rate_holds_over_the_days_off_that_follow_and_no_longer() -> None:
    friday = rate(FRIDAY)

    assert Rate.of("COP", FRIDAY + timedelta(days=3)) == friday
    assert Rate.of("COP", FRIDAY + timedelta(days=11)) is None


def test_no_rate_of_a_later_day_is_taken() -> None:
    rate(FRIDAY)

    assert Rate.of("COP", FRIDAY - timedelta(days=1)) is None
    assert Rate.of("EUR", FRIDAY) is None


@pytest.mark.parametrize(
    ("values", "rule"),
    [
        ({"usd": "0"}, "rate_is_above_zero"),
        ({"currency": "USD"}, "a_dollar_is_a_dollar"),
    ],
)
def test_the_database_refuses_what_is_no_rate(values: dict[str, str], rule: str) -> None:
    with pytest.raises(IntegrityError, match=rule):
        rate(FRIDAY, **values)


def test_lines_are_read_as_they_come_out_of_a_sheet() -> None:
    text = "day\tcurrency\trate\n2026-11-20\tCOP\t4000\n\n21/11/2026;cop;5000\n2026-11-20  CLP  800"
    lines, problems = read(text, per_dollar=True)

    assert problems == []
    assert [(line.currency, line.day.day, line.usd) for line in lines] == [
        ("COP", 20, Decimal("0.00025")),
        ("COP", 21, Decimal("0.0002")),
        ("CLP", 20, Decimal("0.00125")),
    ]


@pytest.mark.parametrize(
    ("language", "word", "units"),
    [
        ("es", "4.123,45", "4123.45"),
        ("en", "4,123.45", "4123.45"),
        ("es", "4.123", "4123"),
        ("en", "4.123", "4.123"),
        ("es", "4123.45", "4123.45"),
        ("en", "4,123", "4123"),
    ],
)
def test_numbers_are_read_as_the_reader_writes_them(language: str, word: str, units: str) -> None:
    with translation.override(language):
        [line], _none = read(f"2026-11-20 COP {word}", per_dollar=True)

    assert round(1 / line.usd, 3) == Decimal(units)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("2026-11-20 COP", "A line has a day"),
        ("2026-13-45 COP 4000", "is no day"),
        ("2026-11-20 PESOS 4000", "three letters"),
        ("2026-11-20 USD 1", "needs no rate"),
        ("2026-11-20 COP 0", "is no rate"),
        ("2026-11-20 COP NaN", "is no rate"),
        ("2026-11-20 COP 4000\n2026-11-20 COP 4001", "twice"),
    ],
)
def test_a_wrong_line_is_told_by_its_number(text: str, told: str) -> None:
    _lines, [problem] = read(text, per_dollar=True)

    assert told in problem.words
    assert problem.number == text.count("\n") + 1


def test_a_corrected_rate_takes_the_place_of_the_first() -> None:
    for value in ("4000", "5000"):
        store(read(f"2026-11-20 COP {value}", per_dollar=True)[0], source="Banco de la República")

    assert Rate.objects.get().usd == Decimal("0.0002")


def test_one_rate_is_entered_either_way_round(client: Client, manager: User) -> None:
    client.post("/rates/new/", {"day": "2026-11-20", "currency": "cop", "quoted": "per_dollar", "value": "4000"})
    client.post("/rates/new/", {"day": "2026-11-20", "currency": "EUR", "quoted": "usd", "value": "1.085"})

    assert dict(Rate.objects.values_list("currency", "usd")) == {"COP": Decimal("0.00025"), "EUR": Decimal("1.085")}


@pytest.mark.parametrize("wrong", [{"value": "0"}, {"currency": "USD"}, {"currency": "12"}, {"day": "20000-01-01"}])
def test_a_rate_that_cannot_be_is_refused_in_words(client: Client, manager: User, wrong: dict[str, str]) -> None:
    typed = {"day": "2026-11-20", "currency": "COP", "quoted": "per_dollar", "value": "4000"}

    assert client.post("/rates/new/", typed | wrong).status_code == 422


def test_pasted_rates_are_all_kept_or_none(client: Client, manager: User) -> None:
    wrong = {"lines": "2026-11-20 COP 4000\n2026-11-21 COP x", "quoted": "per_dollar"}

    assert "Line 2" in client.post("/rates/paste/", wrong).text
    assert not Rate.objects.exists()
    client.post("/rates/paste/", wrong | {"lines": "2026-11-20 COP 4000\n2026-11-21 COP 4100"})
    assert "4,100.0000" in client.get("/rates/?currency=COP").text


def test_officers_read_the_rates_and_enter_none(client: Client) -> None:
    rate(FRIDAY)
    client.force_login(UserFactory())

    assert "COP" in client.get("/rates/").text
    assert client.get("/rates/new/").status_code == 404
