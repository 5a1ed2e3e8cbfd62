"""The lists: what the address asks for, saved views, the way through a list from inside a record, and its files."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from companies.models import Export, FirstView, SavedView
from config.staff import clock
from config.staff.models import User
from leads.models.choices import Level
from tests.companies.factories import CompanyFactory, ContactFactory, EmailFactory, PositionFactory, SectorFactory
from tests.config.world import CODE_NAME, SECRET, secret_lead
from tests.leads.factories import FollowUpFactory, InteractionFactory, LeadFactory, ParticipantFactory, StageFactory
from tests.staff.factories import TeamFactory, UserFactory

pytestmark = pytest.mark.django_db
ADDRESSES = ["/companies/", "/contacts/", "/leads/", "/interactions/"]
EVERY_COLUMN = {
    "/companies/": "country.sector.activity.owner.kind.touch.promise.leads.people.installed.tier.city.parent.domain"
    ".legal_name.tax_id.created.changed",
    "/contacts/": "company.title.email.phone.country.language.touch.promise.legal_basis.notice_version.objected"
    ".created",
    "/leads/": "company.stage.status.owner.step.promise.jobs.capex.interest.sector.activity.country.investment_type"
    ".municipality.mission.source.involvement.manager.team.likelihood.since.review.land.decided.created",
    "/interactions/": "met.kind.officer.mission.event.interest.outcome.when.place.lead.note",
}


@pytest.fixture
def reader(client: Client) -> User:
    user: User = UserFactory(manager_role=True, team=TeamFactory())
    client.force_login(user)
    return user


def names(client: Client, address: str) -> list[str]:
    context = client.get(address).context
    first = context["shown"].asked.of.columns[0]
    return [first.of(row) for row in context["page"].rows]


def heads(client: Client, address: str) -> list[str]:
    return [head.label for head in client.get(address).context["shown"].heads]


# Order


def walked(client: Client, address: str) -> Iterator[str]:
    """Every page to the end, by the links."""
    while address:
        answer = client.get(address)
        page = answer.context["page"]
        yield from (row.c_name for row in page.rows)
        address = f"/companies/{page.next_url}" if page.next_url else ""


@pytest.mark.parametrize("sort", ["touch", "-touch", "sector", "-sector", "name", "-name", "-changed", "leads"])
def test_every_order_pages_through_all_rows_once(client: Client, reader: User, sort: str) -> None:
    for number in range(120):
        company = CompanyFactory(
            name=f"Company {number:03}",
            sector=SectorFactory(code=f"s{number % 3}", name_en=f"Sector {number % 3}") if number % 4 else None,
        )
        if number % 5 == 0:
            InteractionFactory(company=company, happened_at=clock.now() - timedelta(days=number % 10))

    found = list(walked(client, f"/companies/?sort={sort}"))

    assert len(found) == len(set(found)) == 120


@pytest.mark.parametrize("sort", ["touch", "-touch"])
def test_what_is_empty_stands_last_whichever_way_the_list_goes(client: Client, reader: User, sort: str) -> None:
    CompanyFactory(name="Never met")
    InteractionFactory(company__name="Long ago", happened_at=clock.now() - timedelta(days=90))
    InteractionFactory(company__name="Lately", happened_at=clock.now() - timedelta(days=1))

    met = ["Long ago", "Lately"] if sort == "touch" else ["Lately", "Long ago"]
    assert names(client, f"/companies/?sort={sort}") == [*met, "Never met"]


@pytest.mark.parametrize("address", ["/companies/?sort=-touch", "/contacts/?sort=-touch"])
def test_what_was_said_of_a_secret_orders_no_list(client: Client, reader: User, address: str) -> None:
    for name, days in (("Alba", 2), ("Brisa", 1)):
        company, person = CompanyFactory(name=name), ContactFactory(given_name=name, family_name="")
        said = InteractionFactory(company=company, happened_at=clock.now() - timedelta(days=days))
        ParticipantFactory(interaction=said, contact=person)
        if name == "Alba":
            lead = LeadFactory(company=company, level=Level.NAMED, code_name="Ceiba")
            secret = InteractionFactory(company=company, lead=lead)
            ParticipantFactory(interaction=secret, contact=person)

    assert names(client, address)[:2] == ["Brisa", "Alba"]


def test_leads_are_sorted_by_the_number_of_their_stage(client: Client, reader: User) -> None:
    for number in (3, 1, 2):
        LeadFactory(title=f"At {number}", stage=StageFactory(number=number))

    assert names(client, "/leads/?sort=stage") == ["At 1", "At 2", "At 3"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_column_is_shown_and_sorted_by(client: Client, reader: User, address: str) -> None:
    fill()
    columns = EVERY_COLUMN[address]

    assert len(heads(client, f"{address}?columns={columns}")) == len(columns.split(".")) + 1
    for name in columns.split("."):
        for sort in (name, f"-{name}"):
            assert client.get(f"{address}?sort={sort}").status_code == 200


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize(
    "junk", ["sort=junk", "sort=-", "columns=junk", "view=99999", "view=x", "q=%00", "country=%00"]
)
def test_junk_in_the_address_is_as_if_it_had_not_been_asked(
    client: Client, reader: User, address: str, junk: str
) -> None:
    assert client.get(f"{address}?{junk}").status_code == 200


def fill() -> None:
    position = PositionFactory()
    EmailFactory(contact=position.contact)
    said = InteractionFactory(company=position.company, note="They want 200 seats")
    ParticipantFactory(interaction=said, contact=position.contact)
    lead = LeadFactory(company=position.company)
    FollowUpFactory(company=position.company, contact=position.contact, lead=lead)


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_list_costs_the_same_queries_at_two_sizes(client: Client, reader: User, address: str) -> None:
    def queries(of: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            client.get(of)
        return len(seen)

    every = f"{address}?columns={EVERY_COLUMN[address]}"
    fill()
    few = queries(address), queries(every)
    for _ in range(60):
        fill()

    assert (queries(address), queries(every)) == few


def test_the_columns_of_the_address_are_shown(client: Client, reader: User) -> None:
    assert heads(client, "/companies/?columns=domain&columns=tier") == ["Company", "Tier", "Web domain"]


# Saved views


def view_of(owner: User, **more: Any) -> SavedView:
    return SavedView.objects.create(
        **{"owner": owner, "list": "companies", "name": "Mine", "query": "kind=investor"} | more
    )


def test_a_view_is_the_list_as_it_was_saved(client: Client, reader: User) -> None:
    CompanyFactory(name="An institution", kind="institution")
    CompanyFactory(name="A company")
    page = client.post(
        "/companies/views/new/?query=kind%3Dinstitution%26columns%3Ddomain",
        {"name": "Partners", "sharing": "private"},
        follow=True,
    )

    assert [row.c_name for row in page.context["page"].rows] == ["An institution"]
    assert [head.label for head in page.context["shown"].heads] == ["Company", "Web domain"]


def test_a_list_begins_with_the_view_that_one_chose(client: Client, reader: User) -> None:
    CompanyFactory(name="An institution", kind="institution")
    CompanyFactory(name="A company")
    view = view_of(reader, query="kind=institution")
    client.post(f"/companies/views/{view.pk}/", {"name": "Partners", "sharing": "private", "is_first": "on"})

    assert names(client, "/companies/") == ["An institution"]
    assert len(names(client, "/companies/?view=all")) == 2
    assert names(client, "/companies/?kind=investor") == ["A company"]


def test_a_view_with_everything_cleared_is_the_whole_list(client: Client, reader: User) -> None:
    CompanyFactory(kind="institution")
    CompanyFactory()
    view = view_of(reader, query="kind=institution")

    shown = client.get(f"/companies/?view={view.pk}&own=1&kind=").context["shown"]

    assert len(shown.page.rows) == 2
    assert shown.asked.is_changed


@pytest.mark.parametrize(("sharing", "colleague", "stranger"), [("private", 0, 0), ("team", 1, 0), ("all", 1, 1)])
def test_a_view_is_seen_by_whom_it_is_shared_with(
    client: Client, reader: User, sharing: str, colleague: int, stranger: int
) -> None:
    view_of(UserFactory(team=reader.team), sharing=sharing)

    assert SavedView.objects.visible_to(reader).count() == colleague
    assert SavedView.objects.visible_to(UserFactory(team=TeamFactory())).count() == stranger
    assert SavedView.objects.visible_to(UserFactory()).count() == stranger
    assert not SavedView.objects.visible_to(UserFactory(guest=True, team=reader.team)).exists()


def test_another_persons_view_is_not_changed_but_may_be_begun_with(client: Client, reader: User) -> None:
    view = view_of(UserFactory(), sharing="all")

    client.post(f"/companies/views/{view.pk}/", {"name": "Taken", "sharing": "all", "is_first": "on"})
    kept = client.post(f"/companies/views/{view.pk}/keep/", {"query": "q=x"})
    removed = client.post(f"/companies/views/{view.pk}/remove/")

    view.refresh_from_db()
    assert (view.name, view.query) == ("Mine", "kind=investor")
    assert (kept.status_code, removed.status_code) == (404, 404)
    assert FirstView.objects.get().user == reader


def test_a_changed_view_is_kept_on_wish(client: Client, reader: User) -> None:
    view = view_of(reader)
    page = client.get(f"/companies/?view={view.pk}&kind=institution&sort=-changed")
    assert "Keep the changes" in page.text

    client.post(f"/companies/views/{view.pk}/keep/", {"query": page.context["shown"].asked.address})

    view.refresh_from_db()
    assert view.query == "kind=institution&sort=-changed"


def test_two_views_of_one_name_are_refused_in_the_form(client: Client, reader: User) -> None:
    view_of(reader)

    answer = client.post("/companies/views/new/?query=", {"name": "Mine", "sharing": "all"})

    assert answer.status_code == 422
    assert "of this name already" in answer.text


# The way through a list


def link(client: Client, page: str, rel: str) -> str:
    found = re.search(rf'href="([^"]+)" rel="{rel}"', client.get(page).text)
    return found.group(1).replace("&amp;", "&") if found else ""


@pytest.mark.parametrize("query", ["", "?sort=-name", "?sort=-touch", "?kind=investor&sort=sector"])
def test_next_and_previous_walk_the_list_that_was_left(client: Client, reader: User, query: str) -> None:
    for name in "CABED":
        InteractionFactory(company__name=name)
    CompanyFactory(name="Institution", kind="institution") if "kind" in query else None
    context = client.get(f"/companies/{query}").context
    order = [row.pk for row in context["page"].rows]
    page = re.search(r'href="(/companies/\d+/[^"]*)"', context["shown"].body)
    assert page
    address, walk = page.group(1).replace("&amp;", "&"), []
    while address:
        walk.append(int(address.split("/")[2]))
        address = link(client, address, "next")

    assert walk == order
    second = f"/companies/{order[1]}/?{urlencode({'list': query.removeprefix('?')})}"
    assert link(client, second, "prev").startswith(f"/companies/{order[0]}/")


def test_a_record_that_left_the_list_still_knows_its_neighbours(client: Client, reader: User) -> None:
    first, second, third = (CompanyFactory(name=name, kind="institution") for name in "ABC")
    second.kind = "investor"
    second.save()

    page = f"/companies/{second.pk}/?list=kind%3Dinstitution"

    assert link(client, page, "prev").startswith(f"/companies/{first.pk}/")
    assert link(client, page, "next").startswith(f"/companies/{third.pk}/")


@pytest.mark.parametrize("kind", ["company", "contact", "lead", "interaction"])
def test_every_record_of_a_list_leads_on(client: Client, reader: User, kind: str) -> None:
    made: Any = {
        "company": CompanyFactory,
        "contact": ContactFactory,
        "lead": LeadFactory,
        "interaction": InteractionFactory,
    }[kind]
    records = [made(), made()]

    pages = [client.get(f"{record.get_absolute_url()}?list=").text for record in records]

    assert sum('rel="next"' in page for page in pages) == 1
    assert sum('rel="prev"' in page for page in pages) == 1
    assert 'class="beside"' not in client.get(records[0].get_absolute_url()).text


def test_walking_costs_three_queries(client: Client, reader: User) -> None:
    companies = [CompanyFactory() for _ in range(3)]

    def queries(page: str) -> int:
        client.get(page)
        with CaptureQueriesContext(connection) as seen:
            client.get(page)
        return len(seen)

    page = companies[1].get_absolute_url()
    assert queries(f"{page}?list=sort%3D-touch") == queries(page) + 3


# Files


def exported(client: Client, address: str) -> list[list[str]]:
    answer = client.post(address, {"format": "csv"})
    assert answer.status_code == 200
    return list(csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))


def test_a_file_holds_exactly_what_is_shown(client: Client, reader: User) -> None:
    for number in range(60):
        CompanyFactory(name=f"Company {number:02}", domain=f"c{number}.example")
    CompanyFactory(name="Partner", kind="institution")

    header, *rows = exported(client, "/companies/export/?kind=investor&sort=-name&columns=domain")

    assert header == ["Company", "Web domain"]
    assert [row[0] for row in rows] == [f"Company {number:02}" for number in reversed(range(60))]
    note = Export.objects.get()
    assert (note.what, note.filters, note.rows) == ("Companies", "Kind: Company", 60)


def test_a_file_of_a_view_is_of_that_view(client: Client, reader: User) -> None:
    CompanyFactory(name="A company")
    CompanyFactory(name="Partner", kind="institution")
    view = view_of(reader, query="kind=institution&columns=kind")

    assert exported(client, f"/companies/export/?view={view.pk}")[1:] == [["Partner", "Institution"]]


def test_a_workbook_of_leads_has_numbers(client: Client, reader: User) -> None:
    LeadFactory(jobs_estimate=120, capex_estimate_usd="2500000.50")

    answer = client.post("/leads/export/?columns=jobs.capex", {"format": "xlsx"})

    page = load_workbook(io.BytesIO(answer.getvalue())).worksheets[0]
    assert [cell.value for cell in list(page.rows)[1]][1:] == [120, 2500000.5]


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_column_goes_into_a_file(client: Client, reader: User, address: str) -> None:
    fill()

    rows = exported(client, f"{address}export/?columns={EVERY_COLUMN[address]}")

    assert len(rows) == 2
    assert len(rows[0]) == len(rows[1]) == len(EVERY_COLUMN[address].split(".")) + 1


def test_a_formula_in_a_name_leaves_inert(client: Client, reader: User) -> None:
    CompanyFactory(name="=cmd|' /C calc'!A0")

    assert exported(client, "/companies/export/?columns=kind")[1][0].startswith("'=cmd")


def test_an_officer_sees_no_export(client: Client) -> None:
    client.force_login(UserFactory())

    assert "/companies/export/" not in client.get("/companies/").text
    assert client.get("/companies/export/").status_code == 403


# Secrets


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_restricted_lead_is_in_no_list_no_count_and_no_file(client: Client, reader: User, address: str) -> None:
    lead = secret_lead()
    every = f"?columns={EVERY_COLUMN[address]}"

    shown = client.get(f"{address}{every}")
    told = str(exported(client, f"{address}export/{every}"))

    for text in (shown.text, told):
        assert SECRET not in text
        assert CODE_NAME not in text
    if address in {"/leads/", "/interactions/"}:
        assert shown.context["shown"].count_label == "0 records"
    client.force_login(lead.owner)
    assert CODE_NAME in client.get("/leads/").text


def test_what_was_said_of_a_restricted_lead_is_no_last_touch(client: Client, reader: User) -> None:
    secret_lead()

    [row] = [
        row for row in client.get("/companies/?q=Openly+Known").context["page"].rows if row.c_name == "Openly Known"
    ]
    assert (row.c_touch, row.c_promise) == (None, None)


def test_next_and_previous_step_over_a_restricted_lead(client: Client, reader: User) -> None:
    hidden = secret_lead()
    newer, older = LeadFactory(title="Newer"), LeadFactory(title="Older")
    at = clock.now()
    for lead, days in ((newer, 1), (hidden, 2), (older, 3)):
        type(lead).objects.filter(pk=lead.pk).update(created_at=at - timedelta(days=days))

    assert link(client, f"/leads/{newer.pk}/?list=", "next").startswith(f"/leads/{older.pk}/")
    assert client.get(f"/leads/{hidden.pk}/?list=").status_code == 404


def test_a_guest_finds_no_list(client: Client) -> None:
    client.force_login(UserFactory(guest=True))

    for address in ADDRESSES:
        assert {client.get(f"{address}{part}").status_code for part in ("", "export/", "views/")} == {404}
