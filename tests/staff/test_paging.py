from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest
from django.db.models import F
from django.test import RequestFactory
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from companies.models import Company
from config.staff import paging
from config.staff.paging import Page, keyset_page
from tests.companies.factories import CompanyFactory

pytestmark = pytest.mark.django_db
BY_NAME = ("folded", "pk")


def page(url: str = "/", keys: tuple[str, ...] = BY_NAME, size: int = 2) -> Page[Company]:
    return keyset_page(Company.objects.annotate(since=F("installed_since")), RequestFactory().get(url), keys, size)


def names(shown: Page[Company]) -> str:
    return "".join(company.name for company in shown.rows)


def walk(keys: tuple[str, ...], size: int = 2) -> tuple[list[str], list[str]]:
    """The pages on the way to the end, and those on the way back."""
    shown = page(keys=keys, size=size)
    there = [names(shown)]
    while shown.next_url:
        shown = page(shown.next_url, keys, size)
        there.append(names(shown))
    back = [names(shown)]
    while shown.previous_url:
        shown = page(shown.previous_url, keys, size)
        back.append(names(shown))
    return there, back


def test_pages_follow_each_other_and_lead_back() -> None:
    for name in "CABED":
        CompanyFactory(name=name)

    there, back = walk(BY_NAME)

    assert there == ["AB", "CD", "E"]
    assert back == ["E", "CD", "AB"]


def test_rows_with_equal_keys_are_shown_once() -> None:
    for name in "ABCDE":
        CompanyFactory(name=name, description="the same")

    assert walk(("description", "pk"))[0] == ["AB", "CD", "E"]
    assert walk(("-description", "-pk"))[0] == ["ED", "CB", "A"]


def test_moments_are_told_apart_to_the_microsecond() -> None:
    start = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    for count, name in enumerate("ABC"):
        CompanyFactory(name=name, archived_at=start + timedelta(microseconds=count))

    assert walk(("-archived_at", "-pk"), size=1)[0] == ["C", "B", "A"]


@pytest.mark.parametrize(
    "key", ["installed_since", "-installed_since", "since", "-since", "owner__name", "-owner__name"]
)
def test_rows_without_the_key_are_shown_too(key: str) -> None:
    for count, name in enumerate("ABCD"):
        CompanyFactory(name=name, installed_since=f"2026-01-0{count + 1}" if count < 2 else None)

    there, back = walk((key, "pk"), size=1)

    assert sorted(there) == list("ABCD")
    assert back == there[::-1]


def test_the_filter_of_the_list_stays_in_the_address() -> None:
    for name in "ABC":
        CompanyFactory(name=name)

    url = page("/?sector=software&q=a+b&after=old").next_url

    assert url.startswith("?sector=software&q=a+b&after=")
    assert "old" not in url


@pytest.mark.parametrize(
    "mark", ["x", "%00", "W10", "bnVsbA", "W1tdLDFd", "WyJhIiwieCJd", "WyJcdTAwMDAiLDFd", "9" * 5000, quote("ñ")]
)
def test_a_mark_that_cannot_be_read_shows_the_first_page(mark: str) -> None:
    for name in "ABC":
        CompanyFactory(name=name)

    assert names(page(f"/?after={mark}")) == "AB"


@pytest.mark.parametrize("moment", ["20000-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-10:00"])
def test_a_mark_of_an_impossible_day_shows_the_first_page(moment: str) -> None:
    CompanyFactory(name="A", archived_at=datetime(2026, 11, 23, tzinfo=UTC))

    assert names(page(f"/?before={paging._packed([moment, 1])}", ("-archived_at", "-pk"))) == "A"


def test_the_count_is_exact_as_far_as_people_read_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "COUNTED", 3)
    for name in "ABC":
        CompanyFactory(name=name)

    with translation.override("en"):
        assert (page().count, page().count_label) == (3, "3 records")
        CompanyFactory(name="D")
        assert (page().count, page().count_label) == (None, "More than 3 records")


def test_a_page_asks_the_database_twice(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    for name in "ABCDE":
        CompanyFactory(name=name)

    with django_assert_num_queries(2):
        page()
