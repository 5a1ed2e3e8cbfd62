import io
import json
import zipfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from companies.anonymising import ask_for, carry_out
from companies.files import CONTACT, keep
from companies.models import (
    Contact,
    DataRequest,
    File,
    Import,
    ImportRow,
    ImportWrite,
    Incident,
    MergeLog,
    PersonalAct,
)
from companies.personal import parts
from companies.unmerging import TooLate, undo
from config.staff import clock
from config.staff.models import MailAttempt, User
from leads.models import Enquiry, Letter, PersonReview, SiteVisit
from leads.models.choices import Level
from tests.companies.factories import ContactFactory, EmailFactory, PositionFactory
from tests.leads.factories import FollowUpFactory, InteractionFactory, LeadFactory, ParticipantFactory
from tests.missions.factories import AppointmentFactory, MissionTargetFactory
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db

TOLD_OF_THEM = ("Zenaida", "Quiñonero", "QUINONERO", "zenaida@", "zq@old.example", "5550147", "555 01 47")
# They hold no text, or are forgotten with the rows that they point at.
NOT_TOLD = {
    "companies.ContactLookAlike",
    "companies.ImportRow",
    "companies.MergeLog",
    "companies.NotTheSameContact",
    "companies.PersonalAct",
}


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = str(tmp_path)
    return tmp_path


@pytest.fixture
def administrator(client: Client) -> User:
    user = UserFactory(administrator=True)
    client.force_login(user)
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": clock.now().timestamp()}]
    session.save()
    return user


def everywhere(by: User) -> Contact:
    """A person of whom every kind of record says something."""
    contact = ContactFactory(given_name="Zenaida", family_name="Quiñonero", note="Zenaida likes coffee")
    Contact.objects.filter(pk=contact.pk).update(family_name="Quiñonero Paz")
    EmailFactory(contact=contact, value="zenaida@new.example")
    EmailFactory(contact=contact, value="zq@old.example").delete()
    EmailFactory(contact=contact, kind="phone", value="+576025550147")
    position = PositionFactory(contact=contact, title="Zenaida's own chair")
    lead = LeadFactory(company=position.company, contact=contact, requirements="As Zenaida Quiñonero asked")
    said = InteractionFactory(company=position.company, lead=lead, note="ZENAIDA QUINONERO: call (602) 555 01 47.")
    ParticipantFactory(interaction=said, contact=contact, company_then=position.company)
    InteractionFactory(note="Somebody else knows Quiñonero,  Zenaida")
    promise = FollowUpFactory(contact=contact, company=position.company, text="Write to zenaida@new.example")
    words = {"subject": "For Zenaida", "body": "Dear Zenaida", "language": "en"}
    Letter.objects.create(follow_up=promise, contact=contact, to_address="zenaida@new.example", writer=by, **words)
    day = clock.agency_today()
    visit = SiteVisit.objects.create(lead=LeadFactory(), starts_on=day, ends_on=day, purpose="For Zenaida Quiñonero")
    visit.visitors.create(contact=contact)
    target = MissionTargetFactory(contact=contact, company=position.company, reason="Zenaida Quiñonero Paz")
    AppointmentFactory(mission=target.mission, purpose="With Zenaida Quiñonero Paz").contacts.add(contact)
    DataRequest.objects.create(
        contact=contact, kind="deletion", asked_by="Zenaida Quiñonero", received_on="2026-11-02", due_on="2026-11-23"
    )
    Enquiry.objects.create(
        contact=contact, name="Z. Quiñonero", email="zenaida@x.example", text="I, Zenaida", respond_by=clock.now()
    )
    MailAttempt.objects.create(
        message_id="1", address="zenaida@new.example", kind="x", at=clock.now(), outcome="accepted"
    )
    PersonReview.objects.create(contact=contact, by=by, at=clock.now())
    content = SimpleUploadedFile("card.txt", b"Zenaida Quinonero")
    keep(CONTACT, contact, content, name="Zenaida.txt", media_type="text/plain", note="Zenaida", by=by)
    double = ContactFactory(given_name="Zenaida", family_name="Quiñonero P.")
    _merged(contact, double, by)
    _imported(contact, by)
    contact.refresh_from_db()
    return contact


def _merged(contact: Contact, double: Contact, by: User) -> None:
    Contact.objects.filter(pk=double.pk).update(merged_into=contact)
    MergeLog.objects.create(
        of="contact",
        survivor_contact=contact,
        loser_contact=double,
        by=by,
        at=clock.now(),
        snapshot={"loser": {"given_name": "Zenaida", "family_name": "Quiñonero P."}, "moved": []},
    )


def _imported(contact: Contact, by: User) -> None:
    an_import = Import(kind="people", file_name="people.csv", by=by, at=clock.now(), status=Import.Status.DONE)
    an_import.file.save("people.csv", ContentFile(b"Zenaida;Quinonero"))
    ImportRow.objects.create(of=an_import, number=2, cells=["Zenaida", "Quiñonero"], contact=contact)
    ImportRow.objects.create(of=an_import, number=3, cells=["Zenaida", "zenaida@new.example"], outcome="skip")
    ImportWrite.objects.create(
        of=an_import, row=2, model="companies.Contact", record=contact.pk, after={"given_name": "Zenaida"}
    )


def texts_with(words: tuple[str, ...]) -> list[str]:
    """Every column of every table, as text, in which one of the words stands."""
    found = []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns JOIN information_schema.tables"
            " USING (table_schema, table_name) WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
        )
        for table, column in cursor.fetchall():
            for word in words:
                cursor.execute(f'SELECT count(*) FROM "{table}" WHERE "{column}"::text ILIKE %s', [f"%{word}%"])  # noqa: S608
                if cursor.fetchone()[0]:
                    found.append(f"{table}.{column}: {word}")
    return found


def forget(contact: Contact, by: User) -> None:
    ask_for(contact, by=by)
    carry_out()


def test_nothing_in_the_database_names_an_anonymised_person(
    administrator: User, folder: Path, django_capture_on_commit_callbacks: Any
) -> None:
    contact = everywhere(administrator)
    assert len(texts_with(TOLD_OF_THEM)) > 20

    with django_capture_on_commit_callbacks(execute=True):
        forget(contact, administrator)

    assert texts_with(TOLD_OF_THEM) == []
    assert [path for path in folder.rglob("*") if path.is_file()] == []
    assert not File.objects.exists()


def test_what_happened_stays_and_counts(administrator: User) -> None:
    contact = everywhere(administrator)
    before = contact.interactions.count(), contact.leads.count(), contact.follow_ups.count()

    forget(contact, administrator)

    contact.refresh_from_db()
    assert (contact.interactions.count(), contact.leads.count(), contact.follow_ups.count()) == before
    assert contact.anonymised_at
    assert contact.objected_at


def test_others_keep_what_is_theirs(administrator: User) -> None:
    contact = everywhere(administrator)
    colleague = UserFactory(name="Zenaida Quiñonero")
    other = ContactFactory(given_name="Zenaida", family_name="Mora", note="Knows the port")
    shared = EmailFactory(contact=other, kind="phone", value="+576025550147")

    forget(contact, administrator)

    for row in (colleague, other, shared):
        row.refresh_from_db()
    assert (colleague.name, other.given_name, other.note) == ("Zenaida Quiñonero", "Zenaida", "Knows the port")
    assert shared.value == "+576025550147"


def test_a_merge_of_an_anonymised_person_is_not_undone(administrator: User) -> None:
    forget(everywhere(administrator), administrator)

    with pytest.raises(TooLate):
        undo(MergeLog.objects.get(), by=administrator)


def test_anonymising_twice_is_once(administrator: User) -> None:
    contact = ContactFactory()
    assert ask_for(contact, by=administrator) == ask_for(contact, by=administrator)

    assert carry_out() == 1
    assert carry_out() == 0


def test_an_edit_begun_before_does_not_bring_the_name_back(client: Client, administrator: User) -> None:
    contact = everywhere(administrator)
    said = contact.interactions.get()
    version = said.version

    forget(contact, administrator)

    said.refresh_from_db()
    assert said.version == version + 1


def relations() -> list[str]:
    """Every field of a record that points at a contact, but those of its history."""
    found: list[Any] = list(Contact._meta.get_fields(include_hidden=True))
    models = [(one.related_model, one.field.name) for one in found if one.auto_created and one.is_relation]
    return sorted(
        f"{model._meta.label}.{field}"
        for model, field in models
        if not model._meta.auto_created and not hasattr(model, "pgh_tracked_model")
    )


def test_the_relations_are_found() -> None:
    assert {"leads.Lead.contact", "missions.Appointment.contacts"} <= set(relations())


@pytest.mark.parametrize("relation", relations())
def test_every_relation_to_a_contact_is_told_or_left_out_on_purpose(relation: str) -> None:
    told = {label for part in parts() for label in part.covers}

    assert relation in told or relation.rpartition(".")[0] in NOT_TOLD


def test_one_persons_data_is_exported_whole(client: Client, administrator: User) -> None:
    contact = everywhere(administrator)

    answer: Any = client.post(f"/privacy/people/{contact.pk}/export/")

    content = b"".join(answer.streaming_content)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        data = json.loads(archive.read("data.json"))
        page = archive.read("data.html").decode()
        [file] = [name for name in archive.namelist() if name.startswith("files/")]
        assert archive.read(file) == b"Zenaida Quinonero"
    assert [name for name, rows in data.items() if not rows] == []
    assert "Zenaida Quiñonero Paz" in page
    assert PersonalAct.objects.get().kind == PersonalAct.Kind.EXPORT


def test_an_export_holds_nothing_of_a_lead_that_its_maker_may_not_see(client: Client, administrator: User) -> None:
    contact = ContactFactory()
    lead = LeadFactory(contact=contact, level=Level.NAMED, code_name="Proyecto Ceiba", title="zqsecret")
    said = InteractionFactory(lead=lead, company=lead.company, note="zqsecret")
    ParticipantFactory(interaction=said, contact=contact, company_then=lead.company)

    answer: Any = client.post(f"/privacy/people/{contact.pk}/export/")

    content = b"".join(answer.streaming_content)

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert b"zqsecret" not in archive.read("data.json")
        assert b"Ceiba" not in archive.read("data.html")


@pytest.mark.parametrize(
    ("kind", "due", "later"),
    [
        # 2 and 16 November 2026 are Colombian holidays moved to Mondays, 8 December is one too.
        ("access", date(2026, 11, 18), date(2026, 11, 25)),
        ("correction", date(2026, 11, 25), date(2026, 12, 7)),
        ("deletion", date(2026, 11, 25), date(2026, 12, 7)),
        ("revocation", date(2026, 11, 25), date(2026, 12, 7)),
    ],
)
def test_the_clock_counts_colombian_working_days(kind: str, due: date, later: date) -> None:
    asked = DataRequest(kind=kind, asked_by="Ana", received_on=date(2026, 11, 3))
    asked.start_clock()
    asked.save()
    assert asked.due_on == due

    with clock.set_to(clock.now().replace(year=2026, month=11, day=5)):
        assert asked.extend("The archive is in another city")
        assert not asked.extend("Still")

    asked.refresh_from_db()
    assert asked.due_on == later


def test_a_request_is_registered_answered_and_out_of_the_list(client: Client, administrator: User) -> None:
    contact = ContactFactory()
    typed = {
        "kind": "access",
        "contact_id": contact.pk,
        "contact": "",
        "asked_by": "Ana, by mail",
        "received_on": clock.agency_today().isoformat(),
    }
    address = client.post("/privacy/requests/new/", typed).headers["Location"]
    assert address in client.get("/privacy/").content.decode()

    client.post(f"{address}answer/", {"answer": "Sent the file by mail"})

    assert DataRequest.objects.get().answered_by == administrator
    assert address not in client.get("/privacy/").content.decode()
    assert address in client.get("/privacy/?answered=1").content.decode()


def test_an_overdue_request_is_loud(client: Client, administrator: User) -> None:
    yesterday = clock.agency_today() - timedelta(days=1)
    DataRequest.objects.create(kind="access", asked_by="Ana", received_on=yesterday, due_on=yesterday)

    assert "past the day that the law sets" in client.get("/privacy/").content.decode()
    assert "Data requests past their day" in client.get("/admin/").content.decode()


def test_an_incident_is_to_be_reported_within_fifteen_working_days(client: Client, administrator: User) -> None:
    found = Incident(found_on=date(2026, 11, 3))
    assert found.due_on == date(2026, 11, 25)

    client.post("/privacy/incidents/new/", {"what": "A lost phone", "found_on": "2026-11-03", "whose": "Two people"})

    assert "A lost phone" in client.get("/privacy/incidents/").content.decode()


def test_anonymising_asks_for_the_password_and_for_a_word(client: Client, administrator: User) -> None:
    contact = ContactFactory()
    address = f"/privacy/people/{contact.pk}/anonymise/"

    assert client.post(address).status_code == 422
    assert client.post(address, {"sure": "on"}).status_code == 302
    assert PersonalAct.objects.unfinished().get().contact == contact
    administrator.set_password("a long password 1")
    administrator.save()
    client.force_login(administrator)
    assert "reauthenticate" in client.post(address, {"sure": "on"}).headers["Location"]


@pytest.mark.parametrize("page", ["", "requests/new/", "incidents/"])
def test_personal_data_is_for_administrators(client: Client, page: str) -> None:
    client.force_login(UserFactory(manager_role=True))

    assert client.get(f"/privacy/{page}").status_code == 404
