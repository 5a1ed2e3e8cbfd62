"""Briefing books: what is in them, what is left out for whom, and that each is made once, in steps."""

import io
import subprocess

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from config.embedded.processes import wait_until
from config.staff.models import Role, User
from leads.models import Booklet, BookletPart
from leads.models.choices import Level
from leads.on_mission import booklets
from leads.on_mission.briefing import Audience, briefs
from leads.on_mission.offline import kept_of
from missions.models import Appointment, Delegate
from missions.models.appointment import Level as AppointmentLevel
from tests.companies.factories import CompanyFactory, ContactFactory, PositionFactory
from tests.leads.factories import FollowUpFactory, InteractionFactory, LeadFactory
from tests.missions.factories import AppointmentFactory, DelegateFactory, MissionFactory, SeatFactory
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer() -> User:
    user: User = UserFactory(name="Ana Ruiz")
    return user


@pytest.fixture
def planned(officer: User) -> Appointment:
    """A meeting with all that a book tells of."""
    position = PositionFactory(
        company=CompanyFactory(name="Moove It"), contact=ContactFactory(given_name="María", family_name="Peña")
    )
    one: Appointment = AppointmentFactory(
        company=position.company, purpose="Ask for the hiring plan", do_not_mention="The closed office in Quito"
    )
    one.contacts.add(position.contact)
    SeatFactory(appointment=one, delegate__user=officer)
    InteractionFactory(company=one.company, note="They look for bilingual people")
    FollowUpFactory(company=one.company, text="Send the salary study")
    return one


def made(planned: Appointment, by: User, delegate: Delegate | None = None, language: str = "en") -> Booklet:
    booklet = booklets.ask(planned.mission, delegate=delegate, by=by, language=language)
    while booklets.make_part(booklet.pk):
        pass
    booklet.refresh_from_db()
    return booklet


def paper(booklet: Booklet) -> PdfReader:
    with booklet.parts.get().pdf.open("rb") as file:
        return PdfReader(io.BytesIO(file.read()))


def words(booklet: Booklet) -> str:
    return "\n".join(page.extract_text() for page in paper(booklet).pages)


TOLD = ("Moove It", "María Peña", "Ask for the hiring plan", "The closed office", "bilingual people", "salary study")


@pytest.mark.parametrize("told", TOLD)
def test_a_book_tells_what_to_know_before_a_meeting(planned: Appointment, officer: User, told: str) -> None:
    booklet = made(planned, officer)

    assert told in words(booklet)
    assert told in booklet.parts.get().page


def test_a_book_has_a_page_a_meeting_beside_programme_and_contacts(planned: Appointment, officer: User) -> None:
    AppointmentFactory(mission=planned.mission)

    assert len(paper(made(planned, officer)).pages) == 4


def test_a_book_speaks_the_language_it_was_asked_in(planned: Appointment, officer: User) -> None:
    assert "No mencionar" in words(made(planned, officer, language="es"))


def test_a_delegates_book_holds_their_meetings_alone(planned: Appointment, officer: User) -> None:
    AppointmentFactory(mission=planned.mission, company__name="Globant")

    booklet = made(planned, officer, planned.delegates.get())

    assert booklet.meetings == [planned.pk]


def test_a_cancelled_meeting_is_in_no_book(planned: Appointment, officer: User) -> None:
    planned.become(Appointment.Status.CANCELLED)

    assert made(planned, officer).meetings == []


@pytest.mark.parametrize("hidden", TOLD[3:])
def test_a_guests_book_says_nothing_of_what_was_said(planned: Appointment, officer: User, hidden: str) -> None:
    guest = DelegateFactory(mission=planned.mission, user=UserFactory(guest=True))
    SeatFactory(appointment=planned, delegate=guest)

    booklet = made(planned, officer, guest)

    assert "Ask for the hiring plan" in words(booklet)
    assert hidden not in words(booklet)
    assert hidden not in booklet.parts.get().page


def test_a_restricted_meeting_is_in_ones_own_book_alone(planned: Appointment, officer: User) -> None:
    Appointment.objects.update(level=AppointmentLevel.RESTRICTED)

    assert made(planned, officer, planned.delegates.get()).meetings == [planned.pk]
    assert made(planned, officer).meetings == []


def test_what_was_said_of_a_secret_lead_is_in_ones_own_book_alone(planned: Appointment, officer: User) -> None:
    lead = LeadFactory(company=planned.company, owner=officer, level=Level.NAMED, code_name="Ceiba", title="x")
    InteractionFactory(company=planned.company, lead=lead, logged_by=officer, note="Zq secret note")
    FollowUpFactory(company=planned.company, lead=lead, owner=officer, text="Zq secret promise")

    own = words(made(planned, officer, planned.delegates.get()))
    everybodys = words(made(planned, officer))

    assert "Zq secret note" in own
    assert "Zq secret promise" in own
    assert "Zq" not in everybodys


def test_a_phone_keeps_the_open_part_of_a_briefing(planned: Appointment, officer: User) -> None:
    lead = LeadFactory(company=planned.company, owner=officer, level=Level.NAMED, code_name="Ceiba", title="x")
    InteractionFactory(company=planned.company, lead=lead, logged_by=officer, note="Zq secret note")

    brief = kept_of(planned.mission, user=officer)["appointments"][0]["brief"]

    assert "bilingual people" in str(brief["history"])
    assert "salary study" in str(brief["promises"])
    assert brief["avoid"] == "The closed office in Quito"
    assert "Zq" not in str(brief)


def test_a_book_belongs_to_who_asked_for_it(client: Client, planned: Appointment, officer: User) -> None:
    booklet = made(planned, officer)
    client.force_login(UserFactory(role=Role.MANAGER))

    for name in ("1.pdf", "book.html"):
        assert client.get(f"/missions/{planned.mission_id}/briefing/{booklet.pk}/{name}").status_code == 404


def test_a_guest_makes_no_book(client: Client, planned: Appointment) -> None:
    guest = UserFactory(guest=True)
    DelegateFactory(mission=planned.mission, user=guest)
    client.force_login(guest)

    assert client.post(f"/missions/{planned.mission_id}/briefing/", {"language": "en"}).status_code == 404


def test_the_page_to_take_along_asks_for_nothing_else(client: Client, planned: Appointment, officer: User) -> None:
    Appointment.objects.update(purpose="<script>alert(1)</script>")
    booklet = made(planned, officer)
    client.force_login(officer)

    page = client.get(f"/missions/{planned.mission_id}/briefing/{booklet.pk}/book.html").content.decode()

    assert "bilingual people" in page
    assert "src=" not in page
    assert "<link" not in page
    assert "<script" not in page


def test_a_new_book_takes_the_place_of_the_last(planned: Appointment, officer: User) -> None:
    for _time in range(2):
        made(planned, officer)

    assert Booklet.objects.count() == 1


def test_many_meetings_are_made_in_steps(planned: Appointment, officer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(booklets, "A_PART", 2)
    AppointmentFactory.create_batch(4, mission=planned.mission)

    booklet = made(planned, officer)

    assert (booklet.state, booklet.done, booklet.parts.count()) == ("done", 5, 3)


def test_what_fails_three_times_is_given_up(
    planned: Appointment, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    booklet = booklets.ask(planned.mission, delegate=None, by=officer, language="en")
    monkeypatch.setattr("companies.printing.pdf", lambda *_args, **_more: 1 / 0)

    again = [booklets.make_part(booklet.pk) for _time in range(3)]

    booklet.refresh_from_db()
    assert (again, booklet.state) == ([True, True, False], "failed")
    assert not BookletPart.objects.exists()


def test_a_brief_costs_the_same_for_one_and_for_many(planned: Appointment, officer: User) -> None:
    mission = MissionFactory()
    for _number in range(10):
        one = AppointmentFactory(mission=mission)
        one.contacts.add(PositionFactory(company=one.company).contact)
        InteractionFactory(company=one.company)
    pks = list(mission.appointments.values_list("pk", flat=True))
    briefs(pks[:1], Audience(officer))
    with CaptureQueriesContext(connection) as few:
        briefs(pks[:1], Audience(officer))

    with CaptureQueriesContext(connection) as many:
        briefs(pks, Audience(officer))

    assert len(many) == len(few)


@pytest.mark.django_db(transaction=True)
def test_a_worker_makes_a_book(planned: Appointment, officer: User, worker: "subprocess.Popen[bytes]") -> None:
    booklet = booklets.ask(planned.mission, delegate=None, by=officer, language="es")

    assert wait_until(lambda: Booklet.objects.get(pk=booklet.pk).state == "done", patience=30)
