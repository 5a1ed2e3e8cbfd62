import io
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from companies.file_types import clean_name
from companies.files import purge
from companies.merging import merge
from companies.models import CompanyFile, File
from config.staff import clock
from config.staff.models import User
from leads.models.choices import Level
from tests.companies.factories import CompanyFactory, ContactFactory
from tests.leads.factories import InteractionFactory, LeadFactory
from tests.missions.factories import MissionFactory
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db

PNG = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de")
PDF = b"%PDF-1.7\n1 0 obj\nendobj\n%%EOF"
EXE = b"MZ\x90\x00" + bytes(300)


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = str(tmp_path)
    return tmp_path


@pytest.fixture
def officer(client: Client) -> User:
    user = UserFactory()
    client.force_login(user)
    return user


def docx() -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<w:document/>")
    return content.getvalue()


def send(client: Client, record: Any, name: str, content: bytes, **more: str) -> Any:
    data = {"content": SimpleUploadedFile(name, content), **more}
    return client.post(f"{record.get_absolute_url()}files/", data)


def fetch(client: Client, address: str) -> Any:
    """The answer, with its bytes read and its file closed. To close all of it would close the test's connection."""
    answer: Any = client.get(address)
    if answer.streaming:
        answer.read = b"".join(answer.streaming_content)
        for close in answer._resource_closers:
            close()
    return answer


def on_disk(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize("make", [CompanyFactory, ContactFactory, MissionFactory, LeadFactory, InteractionFactory])
def test_a_file_is_kept_on_any_record_and_shown_on_its_page(
    client: Client, officer: User, make: Callable[[], Any]
) -> None:
    record = make()

    send(client, record, "Brief.pdf", PDF, note="For the board")

    link = record.files.get()
    assert "Brief.pdf" in client.get(record.get_absolute_url()).content.decode()
    assert fetch(client, f"{record.get_absolute_url()}files/{link.file_id}/").read == PDF


@pytest.mark.parametrize(
    ("name", "content"),
    [
        *(("photo.png", PNG), ("table.csv", b"a;b\n1;2"), ("letter.docx", docx()), ("all.zip", docx())),
        *(("utf16.txt", "ñandú".encode("utf-16")), ("Carta.PDF", PDF)),
    ],
)
def test_what_the_office_uses_is_taken(client: Client, officer: User, name: str, content: bytes) -> None:
    assert send(client, CompanyFactory(), name, content).status_code == 302


@pytest.mark.usefixtures("officer")
@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("virus.exe", EXE, "not taken"),
        ("page.html", b"<script>alert(1)</script>", "not taken"),
        ("drawing.svg", b"<svg/>", "not taken"),
        ("noending", PDF, "not taken"),
        ("letter.pdf", EXE, "not what its name says"),
        ("photo.png", b"<html><script>alert(1)</script>", "not what its name says"),
        ("table.xlsx", docx(), "not what its name says"),
        ("note.txt", EXE, "not what its name says"),
        ("photo\u202egpj.exe", EXE, "not taken"),
        ("empty.pdf", b"", "is empty"),
    ],
)
def test_what_is_refused_gets_a_sentence_and_keeps_the_form(
    client: Client, folder: Path, name: str, content: bytes, sentence: str
) -> None:
    answer = send(client, CompanyFactory(), name, content, note="Their annual report")

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert "Their annual report" in answer.content.decode()
    assert on_disk(folder) == []


def test_no_file_at_all_is_asked_for(client: Client, officer: User) -> None:
    answer = client.post(f"{CompanyFactory().get_absolute_url()}files/", {"note": "x"})

    assert "Choose a file" in answer.content.decode()


@pytest.mark.parametrize("limit", ["FILE_SIZE_LIMIT", "UPLOAD_LIMIT"])
def test_a_huge_file_is_refused_while_it_comes_in(
    client: Client, officer: User, settings: Any, folder: Path, limit: str
) -> None:
    setattr(settings, limit, 10)

    answer = send(client, CompanyFactory(), "huge.txt", b"x" * 200_000, note="All of it")

    assert answer.status_code == 422
    assert "too large" in answer.content.decode()
    assert "All of it" in answer.content.decode()
    assert on_disk(folder) == []


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\ana\\carta.pdf", "carta.pdf"),
        ("a\x00b\r\nc.pdf", "ab c.pdf"),
        ("exe\u202efdp.pdf", "exefdp.pdf"),
        ("half\ud800.pdf", "half.pdf"),
        (".. ", ""),
        ("x" * 10_000 + ".pdf", "x" * 251 + ".pdf"),
    ],
)
def test_a_name_is_cleaned(typed: str, kept: str) -> None:
    assert clean_name(typed) == kept


def test_nothing_of_the_name_reaches_the_disk(client: Client, officer: User, folder: Path) -> None:
    send(client, CompanyFactory(), "Secret plan.pdf", PDF)

    assert [path.name for path in on_disk(folder) if "Secret" in str(path) or path.suffix] == []


def test_the_browser_is_told_to_save_and_never_to_run_it(client: Client, officer: User) -> None:
    company = CompanyFactory()
    send(client, company, "Ñandú.txt", b"<script>alert(1)</script>")

    answer = fetch(client, f"{company.get_absolute_url()}files/{File.objects.get().pk}/?show")

    assert answer.headers["Content-Disposition"] == "attachment; filename*=utf-8''%C3%91and%C3%BA.txt"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_a_picture_may_be_looked_at_only_while_it_is_one(client: Client, officer: User) -> None:
    company = CompanyFactory()
    send(client, company, "card.png", PNG)
    file = File.objects.get()
    address = f"{company.get_absolute_url()}files/{file.pk}/?show"

    assert fetch(client, address).headers["Content-Disposition"].startswith("inline")
    Path(file.blob.path).write_bytes(b"<html><script>")
    assert fetch(client, address).headers["Content-Disposition"].startswith("attachment")


def test_the_file_of_a_restricted_lead_is_neither_reached_nor_named(client: Client) -> None:
    lead = LeadFactory(level=Level.NAMED, code_name="Proyecto Ceiba", title="Plan")
    said = InteractionFactory(lead=lead, company=lead.company)
    client.force_login(lead.owner)
    for record in (lead, said):
        assert send(client, record, "zqsecret.pdf", PDF).status_code == 302
    client.force_login(UserFactory(administrator=True))
    pages = [f"{record.get_absolute_url()}files/" for record in (lead, said)]
    pages += [f"{page}{link.file_id}/" for page in pages for link in (*lead.files.all(), *said.files.all())]

    assert {client.get(page).status_code for page in pages} == {404}
    for page in (lead.company.get_absolute_url(), "/admin/companies/file/", "/admin/leads/leadfile/", "/interactions/"):
        assert "zqsecret" not in client.get(page).content.decode()
    assert not File.objects.visible_to(UserFactory(administrator=True)).exists()


def test_a_file_is_not_served_under_another_record(client: Client, officer: User) -> None:
    company = CompanyFactory()
    send(client, company, "Brief.pdf", PDF)

    assert client.get(f"{CompanyFactory().get_absolute_url()}files/{File.objects.get().pk}/").status_code == 404


def test_who_added_it_removes_it_and_takes_it_back(client: Client, officer: User) -> None:
    company = CompanyFactory()
    send(client, company, "Brief.pdf", PDF)
    address = f"{company.get_absolute_url()}files/{File.objects.get().pk}/"

    client.post(f"{address}remove/")
    assert fetch(client, address).status_code == 404
    assert "Removed lately" in client.get(f"{company.get_absolute_url()}files/").content.decode()
    client.post(f"{address}restore/")

    assert fetch(client, address).status_code == 200


def test_a_colleague_does_not_remove_it_but_a_manager_does(client: Client, officer: User) -> None:
    company = CompanyFactory()
    send(client, company, "Brief.pdf", PDF)
    address = f"{company.get_absolute_url()}files/{File.objects.get().pk}/remove/"

    client.force_login(UserFactory())
    assert client.post(address).status_code == 404
    client.force_login(UserFactory(manager_role=True))
    assert client.post(address).status_code == 302


def test_what_was_removed_is_destroyed_after_thirty_days(client: Client, officer: User, folder: Path) -> None:
    company = CompanyFactory()
    send(client, company, "Brief.pdf", PDF)
    file = File.objects.get()
    file.remove(by=officer)

    purge()
    assert len(on_disk(folder)) == 1
    with clock.set_to(clock.now() + timedelta(days=31)):
        assert not file.restore()
        assert purge() == 1

    assert on_disk(folder) == []
    assert not CompanyFile.objects.exists()


def test_a_purge_that_was_cut_short_goes_on(client: Client, officer: User, folder: Path) -> None:
    send(client, CompanyFactory(), "Brief.pdf", PDF)
    File.objects.get().remove(by=officer, for_good=True)
    on_disk(folder)[0].unlink()

    assert purge() == 1


def test_files_follow_a_merge_and_so_do_their_old_addresses(client: Client, officer: User) -> None:
    survivor, loser = CompanyFactory(), CompanyFactory()
    send(client, loser, "Brief.pdf", PDF)
    file = File.objects.get()

    merge(survivor, loser, by=officer)

    answer = client.get(f"/companies/{loser.pk}/files/{file.pk}/")
    assert answer.headers["Location"] == f"/companies/{survivor.pk}/files/{file.pk}/"
    assert fetch(client, answer.headers["Location"]).status_code == 200


def test_the_list_costs_the_same_for_two_and_for_many(
    client: Client, officer: User, django_assert_max_num_queries: Any
) -> None:
    company = CompanyFactory()
    for n in range(12):
        send(client, company, f"Brief {n}.pdf", PDF)

    with django_assert_max_num_queries(12):
        client.get(f"{company.get_absolute_url()}files/")
