"""The door by which records leave: who may, who is asked again, and what is written down."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import path

from companies import exporting
from companies.exporting import Column, Sheet, Table
from companies.models import Export
from config.staff.access import exporters
from config.staff.models import User
from config.staff.requests import StaffRequest
from config.urls import urlpatterns as all_pages
from tests.staff.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]
PASSWORD = "twelve tall palms"


@exporters
def takings(request: StaffRequest) -> HttpResponse:
    rows: Iterator[tuple[str]] = ((f"=row {number}",) for number in range(450))
    table = Table("Ñandúes", [Sheet("One", [Column("Name")], rows)], filters=[("Country", "Perú")])
    return exporting.answer(request, table, back="/companies/")


urlpatterns = [path("takings/", takings), *all_pages]


def taken(client: Client, format_: str) -> bytes:
    answer = client.post("/takings/", {"format": format_})
    assert answer.status_code == 200
    return bytes(answer.getvalue())


def give_up(answer: Any) -> None:
    """What a web server does when the browser goes; the whole of `close` would end the test's connection too."""
    for close in answer._resource_closers:
        close()


@pytest.fixture
def manager(client: Client) -> User:
    user = UserFactory(manager_role=True)
    client.force_login(user)
    return user


@pytest.mark.parametrize(
    ("kind", "exports", "status"),
    [
        ({}, "", 403),
        ({}, "yes", 200),
        ({"manager_role": True}, "", 200),
        ({"manager_role": True}, "no", 403),
        ({"administrator": True}, "", 200),
        ({"administrator": True}, "no", 403),
        ({"guest": True}, "", 404),
        ({"guest": True}, "yes", 404),
    ],
)
def test_exporting_is_a_right_of_its_own(client: Client, kind: dict[str, bool], exports: str, status: int) -> None:
    client.force_login(UserFactory(exports=exports, **kind))

    assert client.get("/takings/").status_code == status
    assert client.post("/takings/", {"format": "csv"}).status_code == status


def test_who_may_not_is_told_why(client: Client) -> None:
    client.force_login(UserFactory())

    assert "needs a right of its own" in client.get("/takings/").text


def test_the_password_is_asked_again(client: Client) -> None:
    user = UserFactory(manager_role=True)
    user.set_password(PASSWORD)
    user.save()
    client.force_login(user)

    assert client.get("/takings/").headers["Location"].startswith("/reauthenticate/")
    assert client.post("/takings/", {"format": "csv"}).headers["Location"].startswith("/reauthenticate/")
    assert not Export.objects.exists()


def test_the_form_says_what_would_leave_and_takes_nothing(client: Client, manager: User) -> None:
    page = client.get("/takings/").text

    assert "Perú" in page
    assert "Name" in page
    assert not Export.objects.exists()


@pytest.mark.parametrize("format_", ["csv", "xlsx"])
def test_who_took_what_and_how_many_is_written_down(client: Client, manager: User, format_: str) -> None:
    taken(client, format_)

    note = Export.objects.get()
    assert (note.by, note.what, note.filters, note.format) == (manager, "Ñandúes", "Country: Perú", format_)
    assert (note.rows, note.is_whole) == (450, True)


def test_a_stream_that_was_given_up_is_noted_as_far_as_it_went(client: Client, manager: User) -> None:
    answer = client.post("/takings/", {"format": "csv"})
    pieces = iter(answer.streaming_content)  # type: ignore[attr-defined]
    for _piece in range(3):
        next(pieces)
    give_up(answer)

    note = Export.objects.get()
    assert (note.rows, note.is_whole) == (200, False)


def test_the_file_has_a_name_and_is_kept_nowhere(client: Client, manager: User) -> None:
    answer = client.post("/takings/", {"format": "csv"})
    give_up(answer)

    assert re.search(r"filename=\"nandues-\d{4}-\d\d-\d\d\.csv\"", answer.headers["Content-Disposition"])
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_another_kind_of_file_is_refused_in_the_form(client: Client, manager: User) -> None:
    answer = client.post("/takings/", {"format": "exe"})

    assert answer.status_code == 422
    assert not Export.objects.exists()


def test_a_workbook_that_would_be_too_long_says_so(
    client: Client, manager: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("companies.sheets.MOST_IN_A_WORKBOOK", 100)

    answer = client.post("/takings/", {"format": "xlsx"})

    assert answer.status_code == 422
    assert "Take a CSV" in answer.text
    assert not Export.objects.exists()


def test_administrators_read_the_log(client: Client, manager: User) -> None:
    taken(client, "csv")
    client.force_login(UserFactory(administrator=True))

    assert "Ñandúes" in client.get("/admin/companies/export/").text
