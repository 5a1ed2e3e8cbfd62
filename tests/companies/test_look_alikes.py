import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from companies.look_alike_scan import scan
from companies.models import LookAlike, NotTheSame
from companies.tasks import find_look_alikes
from config.staff import clock
from tests.companies.factories import CompanyFactory
from tests.config.world import CODE_NAME, SECRET, N, secret_lead
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(client: Client) -> Client:
    client.force_login(UserFactory(manager_role=True))
    return client


def a_pair(one: str = "Acme", other: str = "ACME Inc.", score: int = 95) -> LookAlike:
    return LookAlike.objects.create(
        low=CompanyFactory(name=one),
        high=CompanyFactory(name=other),
        score=score,
        reasons=["name", "domain"],
        found_at=clock.now(),
    )


def queue(client: Client, query: str = "") -> str:
    answer = client.get(f"/look-alikes/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_job_fills_the_queue(manager: Client) -> None:
    CompanyFactory(name="Moove It, Inc.")
    CompanyFactory(name="MOOVE-IT S.A.S.")

    find_look_alikes()

    page = queue(manager)
    assert "Moove It, Inc." in page
    assert "Same name" in page


def test_the_likeliest_pair_stands_first(manager: Client) -> None:
    a_pair("Beta", score=72)
    a_pair("Alpha", score=98)

    page = queue(manager)

    assert page.index("Alpha") < page.index("Beta")
    assert "98 %" in page
    assert "Same web domain" in page


def test_merging_opens_the_screen_of_merges(manager: Client) -> None:
    pair = a_pair()

    assert f"?survivor=&amp;survivor_id={pair.low_id}&amp;loser=&amp;loser_id={pair.high_id}" in queue(manager)


def test_a_merge_out_of_the_queue_leads_back_to_it(client: Client) -> None:
    client.force_login(UserFactory(manager_role=True))
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": clock.now().timestamp()}]
    session.save()
    pair = a_pair()
    address = f"/merges/new/company/?survivor=&survivor_id={pair.low_id}&loser=&loser_id={pair.high_id}"

    assert all("queue=1" in keep for _record, keep in client.get(f"{address}&queue=1").context["columns"])
    assert client.post(f"{address}&queue=1").headers["Location"] == "/look-alikes/"
    assert not LookAlike.objects.open().exists()


def test_skipping_goes_on_below_the_pair_and_decides_nothing(manager: Client) -> None:
    a_pair("Alpha", score=98)
    a_pair("Beta", score=90)
    skip = manager.get("/look-alikes/").context["rows"][0][1]

    below = queue(manager, skip)

    assert "Alpha" not in below
    assert "Beta" in below
    assert "Alpha" in queue(manager)


def test_skipping_the_last_one_leads_back(manager: Client) -> None:
    a_pair()
    skip = manager.get("/look-alikes/").context["rows"][0][1]

    assert "That was the last pair" in queue(manager, skip)


def test_two_that_are_not_the_same_are_not_offered_again(manager: Client) -> None:
    one, other = CompanyFactory(name="Acme"), CompanyFactory(name="ACME")
    scan(seconds=30)
    pair = LookAlike.objects.get()

    manager.post(f"/look-alikes/{pair.pk}/not-the-same/")
    for company in (one, other):
        company.save()
    scan(seconds=30)

    said = NotTheSame.objects.get()
    assert (said.company_low, said.company_high, said.said_by.is_manager) == (one, other, True)
    assert not LookAlike.objects.open().exists()
    assert "No two companies look alike" in queue(manager)


def test_saying_it_twice_is_said_once(manager: Client) -> None:
    pair = a_pair()

    for _time in range(2):
        assert manager.post(f"/look-alikes/{pair.pk}/not-the-same/").status_code == 302

    assert NotTheSame.objects.count() == 1


def test_one_stays_where_one_was_in_the_queue(manager: Client) -> None:
    first, second = a_pair("Alpha", score=98), a_pair("Beta", score=90)
    page = manager.get("/look-alikes/")
    skip = page.context["rows"][0][1]

    answer = manager.post(f"/look-alikes/{second.pk}/not-the-same/{skip}")

    assert answer.headers["Location"] == f"/look-alikes/{skip}"
    assert first.low.name == "Alpha"


def test_pages_of_equal_scores_lose_and_repeat_nothing(manager: Client) -> None:
    wanted = {a_pair(f"Name {n}", f"Other {n}").pk for n in range(65)}

    seen: list[int] = []
    query = "/look-alikes/"
    while query:
        page = manager.get(query).context["page"]
        seen += [pair.pk for pair in page.rows]
        query = page.next_url and f"/look-alikes/{page.next_url}"

    assert len(seen) == len(wanted)
    assert set(seen) == wanted


@pytest.mark.parametrize("role", [{}, {"guest": True}])
def test_the_queue_is_for_managers(client: Client, role: dict[str, bool]) -> None:
    client.force_login(UserFactory(**role))
    pair = a_pair()

    assert client.get("/look-alikes/").status_code == 404
    assert client.post(f"/look-alikes/{pair.pk}/not-the-same/").status_code == 404
    assert not NotTheSame.objects.exists()


@pytest.mark.parametrize("role", ["manager_role", "administrator"])
def test_the_queue_and_its_merge_tell_nothing_of_a_restricted_lead(client: Client, role: str) -> None:
    secret_lead()
    client.force_login(UserFactory(**{role: True}))

    page = queue(client)
    merge = client.get(f"/merges/new/company/?survivor=&survivor_id={N - 1}&loser=&loser_id={N}").content.decode()

    assert "Openly Known Inc." in page
    for text in (page, merge):
        assert SECRET not in text
        assert CODE_NAME not in text
    assert "1 leads" not in merge


def test_a_pair_stands_in_order_and_once() -> None:
    pair = a_pair()
    low, high = pair.low, pair.high

    for wrong in ({"low": high, "high": low}, {"low": low, "high": high}, {"low": low, "high": low}):
        with pytest.raises(IntegrityError), transaction.atomic():
            LookAlike.objects.create(score=80, reasons=[], found_at=clock.now(), **wrong)


def test_the_queue_costs_the_same_however_long_it_is(manager: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            queue(manager)
        return len(captured)

    a_pair()
    once = queries()
    for n in range(10):
        a_pair(f"Name {n}", f"Other {n}")
    assert queries() == once
