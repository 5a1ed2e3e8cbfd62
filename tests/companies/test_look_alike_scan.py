from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from companies import look_alike_scan
from companies.look_alike_scan import scan, scan_some
from companies.merging import merge
from companies.models import Company, CompanyName, ContactPoint, LookAlike, LookAlikeWalk, NotTheSame
from companies.unmerging import undo
from config.staff import clock
from tests.companies.factories import CompanyFactory, ContactFactory, EmailFactory, PositionFactory
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db


def pairs() -> list[tuple[str, str]]:
    scan(seconds=30)
    return [(pair.low.name, pair.high.name) for pair in LookAlike.objects.open().order_by("pk")]


def only_pair() -> LookAlike:
    scan(seconds=30)
    return LookAlike.objects.get()


def with_phone(company: Company, number: str) -> None:
    contact = PositionFactory(company=company).contact
    ContactPoint.objects.create(contact=contact, kind="phone", value=number)


def apart(one: Company, other: Company) -> None:
    low, high = sorted([one, other], key=lambda company: company.pk)
    NotTheSame.objects.create(company_low=low, company_high=high, said_by=UserFactory(), said_at=clock.now())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"name": "Moove It, Inc."}, {"name": "MOOVE-IT S.A.S."}),
        ({"name": "Compañía Exámple"}, {"name": "Compania Example"}),
        ({"name": "MooveIT"}, {"name": "Moove It"}),
        ({"name": "Continental Logistics Group"}, {"name": "Continental Logsitics Group"}),
        ({"name": "Globnat", "domain": "globant.example"}, {"name": "Globant", "domain": "globant.example"}),
    ],
)
def test_a_company_entered_twice_is_found(one: dict[str, str], other: dict[str, str]) -> None:
    CompanyFactory(**one)
    CompanyFactory(**other)

    assert pairs() == [(one["name"], other["name"])]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"name": "Blue Ocean Analytics"}, {"name": "Red Mountain Analytics"}),
        ({"name": "Warehouse 12"}, {"name": "Warehouse 13"}),
        ({"name": "Piravía Cloud"}, {"name": "Piravíavia Cloud"}),
        ({"name": "Bancolombia", "domain": "group.example"}, {"name": "Nequi", "domain": "group.example"}),
    ],
)
def test_two_companies_are_left_alone(one: dict[str, str], other: dict[str, str]) -> None:
    CompanyFactory(**one)
    CompanyFactory(**other)

    assert pairs() == []


def test_a_former_name_finds_the_company() -> None:
    company = CompanyFactory(name="Foundever")
    CompanyName.objects.create(company=company, name="Sitel", kind="former")
    CompanyFactory(name="SITEL S.A.")

    assert only_pair().reasons == ["other_name"]


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Qubika (ex Moove-it)", "Moove It Inc."),
        ("Qubika (ex Moove-it)", "QUBIKA S.A.S."),
        ("Foundever, antes Sitel", "Sitel"),
        ("Foundever (antes conocida como Sitel Group)", "SITEL GROUP S.A."),
        ("Encora formerly known as Nearsoft", "Nearsoft LLC"),
    ],
)
@pytest.mark.parametrize("turned", [False, True])
def test_a_former_name_inside_a_name_finds_the_company(name: str, other: str, turned: bool) -> None:
    for each in (other, name) if turned else (name, other):
        CompanyFactory(name=each)

    assert only_pair().reasons[0] == "other_name"


@pytest.mark.parametrize("name", ["Fed Ex Moove-it", "Antes Moove-it", "Moove-it Now Analytics"])
def test_an_ordinary_word_makes_no_former_name(name: str) -> None:
    CompanyFactory(name=name)
    CompanyFactory(name="Moove It")

    assert pairs() == []


def test_what_speaks_for_a_pair_is_told() -> None:
    one, other = (CompanyFactory(name=name, domain="acme.example") for name in ("Acme", "ACME Ltd"))
    for company in (one, other):
        with_phone(company, "+14155550100")
        EmailFactory(contact=PositionFactory(company=company).contact, value=f"x{company.pk}@acme.example")

    pair = only_pair()

    assert pair.reasons == ["name", "domain", "mail", "phone"]
    assert pair.score > 95


def test_a_number_and_an_address_raise_a_name_that_is_only_near() -> None:
    one, other = CompanyFactory(name="Nova Systems Cali"), CompanyFactory(name="Nova Systems")
    assert pairs() == []

    for company in (one, other):
        with_phone(company, "+14155550100")
        EmailFactory(contact=PositionFactory(company=company).contact, value=f"x{company.pk}@nova.example")
        company.save()

    assert pairs() == [("Nova Systems Cali", "Nova Systems")]


def test_an_address_at_a_free_mailer_says_nothing() -> None:
    for name in ("Nova Systems Cali", "Nova Systems"):
        company = CompanyFactory(name=name)
        EmailFactory(contact=PositionFactory(company=company).contact, value=f"x{company.pk}@gmail.com")

    assert pairs() == []


def test_a_subsidiary_under_a_like_name_is_no_look_alike() -> None:
    parent = CompanyFactory(name="Continental Logistics Group")
    CompanyFactory(name="Continental Logistics Grupo", parent=parent)

    assert pairs() == []


def test_archived_and_merged_companies_are_left_out() -> None:
    CompanyFactory(name="Acme")
    CompanyFactory(name="Acme", archived_at=clock.now())
    CompanyFactory(name="Acme", merged_into=CompanyFactory(name="Other"))

    assert pairs() == []


def test_those_said_to_be_two_are_not_found_again() -> None:
    one, other = CompanyFactory(name="Acme"), CompanyFactory(name="ACME")
    pairs()
    apart(one, other)
    one.save()

    assert pairs() == []


def test_what_was_said_of_a_merged_record_holds_for_its_survivor() -> None:
    one, other, third = (CompanyFactory(name=name) for name in ("Acme", "Acme Inc", "Acme Ltd"))
    apart(one, other)
    merge(third, other, by=UserFactory())

    assert pairs() == []


def test_a_pair_comes_back_when_its_merge_is_undone() -> None:
    one, other = CompanyFactory(name="Acme"), CompanyFactory(name="ACME")
    assert len(pairs()) == 1
    done = merge(one, other, by=UserFactory())
    assert pairs() == []

    undo(done, by=UserFactory())

    assert len(pairs()) == 1


def test_a_pair_that_is_none_any_more_is_forgotten() -> None:
    CompanyFactory(name="Acme")
    other = CompanyFactory(name="ACME")
    assert len(pairs()) == 1

    other.name = "Something Else"
    other.save()

    assert pairs() == []
    assert not LookAlike.objects.exists()


def test_a_second_look_keeps_the_day_on_which_a_pair_was_found() -> None:
    one = CompanyFactory(name="Acme")
    CompanyFactory(name="ACME")
    found_at = only_pair().found_at
    one.save()

    assert only_pair().found_at == found_at


def test_only_what_changed_is_looked_at_again() -> None:
    companies = [CompanyFactory() for _n in range(3)]
    assert scan(seconds=30) == 3
    assert scan(seconds=30) == 0

    companies[0].save()

    assert scan(seconds=30) == 1


def test_the_walk_goes_on_where_it_stopped() -> None:
    for _n in range(5):
        CompanyFactory()

    assert [scan_some(2), scan_some(2), scan_some(2), scan_some(2)] == [2, 2, 1, 0]


def test_everything_is_looked_at_again_after_a_day() -> None:
    CompanyFactory()
    scan(seconds=30)
    LookAlikeWalk.objects.update(began_at=clock.now() - timedelta(days=2))

    assert scan(seconds=30) == 1


def test_more_companies_cost_no_more_queries(monkeypatch: Any) -> None:
    def queries() -> int:
        LookAlikeWalk.objects.all().delete()
        with CaptureQueriesContext(connection) as captured:
            scan_some()
        return len(captured)

    monkeypatch.setattr(look_alike_scan, "CHUNK", 500)
    CompanyFactory(name="Acme")
    CompanyFactory(name="ACME")
    ContactFactory()
    once = queries()
    for _n in range(10):
        CompanyFactory(name="Acme")
    assert queries() == once
