"""Rows that the writing left are decided afterwards, on the page of the import, as long as it can be undone."""

import pytest
from django.test import Client

from companies.importing import deciding, steps
from companies.importing.steps import WrongMoment
from companies.models import Company, Contact, Import, ImportRow
from tests.companies.factories import CompanyFactory
from tests.companies.importing import imported, outcomes, undone, worked
from tests.staff.factories import UserFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("eager")]

Status = Import.Status


@pytest.fixture
def manager(client: Client) -> Client:
    client.force_login(UserFactory(manager_role=True))
    return client


@pytest.fixture
def finished() -> Import:
    """Written but for two look-alikes of what stood there."""
    CompanyFactory(name="Apollo", domain="apollo.io")
    CompanyFactory(name="Globant", domain="globant.com")
    rows = "Company,Website,Description\nMoove It,moove-it.com,\nApollo,apollo.com,Words\nGlobant,globant.co,\n"
    done = imported(rows)
    assert (done.status, outcomes(done)) == (Status.DONE, ["create", "alike", "alike"])
    return done


def decide(client: Client, an_import: Import, number: int, choice: str = "new") -> None:
    client.post(f"/imports/{an_import.pk}/rows/{number}/", {"do": "company", "choice": choice})


def test_the_page_of_a_finished_import_leads_to_what_is_undecided(manager: Client, finished: Import) -> None:
    page = manager.get(f"/imports/{finished.pk}/").content.decode()

    assert "2 rows look like what we have" in page
    assert f'href="/imports/{finished.pk}/rows/3/"' in page


def test_the_queue_goes_on_to_the_next_one_and_ends_at_the_import(manager: Client, finished: Import) -> None:
    root = f"/imports/{finished.pk}/"

    first = manager.post(f"{root}rows/3/", {"do": "company", "choice": "new"})
    last = manager.post(f"{root}rows/4/", {"do": "skip"})

    assert (first.headers["Location"], last.headers["Location"]) == (f"{root}rows/4/", root)


def test_what_is_decided_later_is_written_and_nothing_twice(manager: Client, finished: Import) -> None:
    there = Company.objects.get(domain="apollo.io")
    decide(manager, finished, 3, str(there.pk))
    decide(manager, finished, 4)
    assert "2 rows have been decided" in manager.get(f"/imports/{finished.pk}/").content.decode()

    manager.post(f"/imports/{finished.pk}/run/")

    finished.refresh_from_db()
    assert (finished.status, finished.counts["written"]) == (Status.DONE, 3)
    assert sorted(Company.objects.values_list("domain", "description")) == [
        ("apollo.io", "Words"),
        ("globant.co", ""),
        ("globant.com", ""),
        ("moove-it.com", ""),
    ]


def test_an_undo_takes_back_what_was_decided_later(manager: Client, finished: Import) -> None:
    decide(manager, finished, 4)
    manager.post(f"/imports/{finished.pk}/run/")

    undone(finished)

    assert set(Company.objects.values_list("name", "domain")) == {("Apollo", "apollo.io"), ("Globant", "globant.com")}


def test_a_row_repaired_later_joins_the_company_that_the_file_made() -> None:
    rows = "Name,Company,E-mail\nAna,Moove It,ana@moove-it.com\nLuis,Moove It,not one\n"
    done = imported(rows, "person")
    assert outcomes(done) == ["create", "error"]

    deciding.repair(done, 3, {"email": "luis@moove-it.com"})
    worked(steps.go_on(done, Status.RUNNING, from_=(Status.DONE,)))

    assert list(Company.objects.values_list("name", flat=True)) == ["Moove It"]
    assert Contact.objects.filter(positions__company__name="Moove It").count() == 2


@pytest.mark.parametrize("what", ["written", "undone", "old"])
def test_it_is_too_late_for(finished: Import, what: str) -> None:
    if what == "undone":
        undone(finished)
    if what == "old":
        Import.objects.update(finished_at="2020-01-01T00:00Z")

    with pytest.raises(WrongMoment):
        deciding.leave_out(finished, 2 if what == "written" else 3)

    assert not ImportRow.objects.filter(outcome="skip").exists()


def test_an_import_that_is_too_old_is_not_written_again(manager: Client, finished: Import) -> None:
    decide(manager, finished, 4)
    Import.objects.update(finished_at="2020-01-01T00:00Z")

    answer = manager.post(f"/imports/{finished.pk}/run/", follow=True)

    assert "gone on meanwhile" in answer.content.decode()
    assert Company.objects.count() == 3
