"""Pages of figures as PDF from the queue, the annex of a funder, and what an embargo keeps from leaving."""

import io
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook
from pypdf import PdfReader

from companies.models import Company
from config.staff import clock
from config.staff.models import User
from leads import goals
from leads.figures import annex, papers, printed
from leads.figures.board import board
from leads.figures.choices import load
from leads.figures.filters import Filters
from leads.models import Goal, Lead, Paper, Stage
from leads.models.choices import Sharing, Status
from tests.companies.factories import CompanyFactory
from tests.leads.factories import InteractionFactory, LeadFactory, StageFactory
from tests.leads.ready import all_stages
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db
NEVER = date(2999, 1, 1)


@pytest.fixture
def manager(client: Client) -> User:
    person: User = UserFactory(manager_role=True)
    client.force_login(person)
    return person


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """What the queue was given."""
    given: list[int] = []
    monkeypatch.setattr(printed, "go_on", given.append)
    return given


def ask(client: Client, kind: str = "board", language: str = "en", query: str = "period=2026") -> Paper:
    client.post("/dashboard/papers/new/", {"kind": kind, "query": query, "language": language})
    return Paper.objects.latest("pk")


def words(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


@pytest.mark.parametrize("kind", ["board", "week", "public"])
@pytest.mark.parametrize(("language", "said"), [("en", "Jobs"), ("es", "Empleos")])
def test_a_page_is_made_by_the_queue_in_its_language(
    client: Client, manager: User, kind: str, language: str, said: str
) -> None:
    made = ask(client, kind, language)
    assert client.get(f"{made.get_absolute_url()}file/").status_code == 404
    assert "being made" in client.get(made.get_absolute_url()).text

    assert printed.make(made.pk) is False
    answer = client.get(f"{made.get_absolute_url()}file/")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert PdfReader(io.BytesIO(answer.content)).pages
    assert kind == "week" or said in words(answer.content) or kind == "public"


def test_the_page_that_waits_leads_to_the_file_by_itself(client: Client, manager: User) -> None:
    made = ask(client)
    assert "HX-Redirect" not in client.get(made.get_absolute_url(), headers={"HX-Request": "true"}).headers
    printed.make(made.pk)

    answer = client.get(made.get_absolute_url(), headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == f"{made.get_absolute_url()}file/"


def test_what_fails_three_times_says_so_and_can_be_asked_again(
    client: Client, manager: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = ask(client)
    with monkeypatch.context() as broken:
        broken.setitem(printed.MAKERS, Paper.Kind.BOARD, lambda paper: 1 / 0)
        assert [printed.make(made.pk) for _try in range(3)] == [True, True, False]
    assert "could not be made" in client.get(made.get_absolute_url()).text

    client.post(f"{made.get_absolute_url()}again/")
    printed.make(made.pk)
    made.refresh_from_db()
    assert made.state == Paper.State.DONE


def test_asking_twice_while_it_is_made_is_one(client: Client, manager: User) -> None:
    assert ask(client) == ask(client)


def test_a_new_one_takes_the_place_of_the_last(client: Client, manager: User) -> None:
    printed.make(ask(client).pk)
    printed.make(ask(client).pk)

    assert Paper.objects.count() == 1


def test_it_belongs_to_who_asked_and_goes_after_a_week(client: Client, manager: User) -> None:
    made = ask(client)
    printed.make(made.pk)
    client.force_login(UserFactory(manager_role=True))
    assert client.get(made.get_absolute_url()).status_code == 404
    assert client.get(f"{made.get_absolute_url()}file/").status_code == 404

    with clock.set_to(clock.now() + timedelta(days=8)):
        assert printed.remove_old() == 1


@pytest.mark.parametrize("sent", [{}, {"kind": "x", "language": "en"}, {"kind": "board", "language": "xx"}])
def test_nonsense_is_no_paper(client: Client, manager: User, sent: dict[str, str]) -> None:
    assert client.post("/dashboard/papers/new/", sent).status_code == 404


def test_officers_ask_for_none(client: Client) -> None:
    client.force_login(UserFactory())

    assert client.post("/dashboard/papers/new/", {"kind": "board", "language": "en"}).status_code == 404
    assert client.get("/dashboard/funders/").status_code == 404


# The embargo


def opened(**facts: Any) -> Lead:
    stage = StageFactory(number=Stage.SHORTLIST)
    facts = {"company": CompanyFactory(name="Quiet Harbour"), "title": "Harbour plant", **facts}
    made: Lead = LeadFactory(stage=stage, capex_estimate_usd=9_000_000, **facts)
    return made


@pytest.mark.parametrize(("code", "shown"), [("Proyecto Bruma", "Proyecto Bruma"), ("", "Project not announced yet")])
def test_on_paper_a_project_under_embargo_bears_its_code_name(manager: User, code: str, shown: str) -> None:
    opened(embargo_until=NEVER, code_name=code)
    printed_words = words(papers.board(Filters(clock.agency_today(), since=2026, until=2026), manager))

    assert "Harbour" not in printed_words
    assert shown in printed_words


def test_on_its_day_it_is_named(manager: User) -> None:
    opened(embargo_until=clock.agency_today())

    assert "Harbour" in words(papers.board(Filters(clock.agency_today()), manager))


def test_on_the_screen_of_the_agency_it_is_named_and_counted(manager: User) -> None:
    opened(embargo_until=NEVER)
    page = board(Filters(clock.agency_today()), load(), manager)

    assert [line.title for line in page.top] == ["Harbour plant"]
    assert [line.title for line in page.top_outside] == ["Project not announced yet"]
    assert page.pipeline["pipeline"].value == 1


# The annex


@pytest.fixture
def funder(manager: User) -> Company:
    all_stages()
    made: Company = CompanyFactory(name="Alcaldía", kind="institution")
    for figure, value in (("projects", 4), ("meetings", 10)):
        goal = goals.propose(Goal(figure=figure, year=2026, value=value, agreement=made, scope="all"), by=UserFactory())
        goals.approve(goal, by=manager)
    return made


def project(name: str, **facts: Any) -> Lead:
    company = CompanyFactory(name=name)
    stage = Stage.objects.get(number=Stage.DECISION)
    decided = {"stage": stage, "status": Status.WON, "decided_on": date(2026, 3, 1), "company": company}
    made: Lead = LeadFactory(**decided | {"title": f"Plan of {name}"} | facts)
    return made


def test_the_annex_tells_outputs_against_what_was_agreed_with_what_proves_them(
    client: Client, manager: User, funder: Company
) -> None:
    project("Openly Known")
    page = client.get(f"/dashboard/funders/?year=2026&funder={funder.pk}")

    outputs = {each.line.measure.name: each for each in page.context["page"].outputs}
    assert outputs["projects"].amounts[0] == "4"
    assert outputs["projects"].amounts[2] == "1"
    assert outputs["projects"].reached.startswith("25")
    assert [line.company for line in outputs["projects"].evidence] == ["Openly Known"]


@pytest.mark.parametrize("facts", [{"embargo_until": NEVER}, {"sharing": Sharing.REFUSED}, {"named": True}])
def test_what_may_not_be_told_is_counted_and_not_named(manager: User, funder: Company, facts: dict[str, Any]) -> None:
    hidden = project("Hidden Cove", **facts)
    if "named" in facts:
        hidden.lead_people.create(user=manager)
    InteractionFactory(lead=hidden, company=hidden.company, happened_at=clock.now())
    content = annex.pdf(annex.annex(funder, 2026, manager))

    assert "Hidden" not in words(content)
    assert "Alcaldía" in words(content)
    assert all(
        "Hidden" not in str(row) for sheet in annex.sheets(annex.annex(funder, 2026, manager)) for row in sheet.rows
    )


def test_the_annex_is_a_workbook_with_real_numbers_and_days(client: Client, manager: User, funder: Company) -> None:
    project("Openly Known")
    answer = client.post(f"/dashboard/funders/export/?funder={funder.pk}&year=2026", {"format": "xlsx"})
    book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]

    assert book["Outputs of the agreement"]["C2"].value in {4, 10}
    assert book["Evidence"]["F2"].value.date() == date(2026, 3, 1)


def test_the_annex_is_a_paper_in_both_languages(client: Client, manager: User, funder: Company) -> None:
    for language, said in (("en", "Outputs of the agreement"), ("es", "Resultados del convenio")):
        made = ask(client, "funder", language, f"funder={funder.pk}&year=2026")
        printed.make(made.pk)
        assert said in words(client.get(f"{made.get_absolute_url()}file/").content)


@pytest.mark.parametrize("query", ["", "funder=x&year=2026", "funder=999999999&year=2026", "funder=1&year=%00"])
def test_an_annex_of_nothing_is_not_there(client: Client, manager: User, query: str) -> None:
    assert client.get(f"/dashboard/funders/export/?{query}").status_code == 404
    assert client.get(f"/dashboard/funders/?{query}").status_code == 200
