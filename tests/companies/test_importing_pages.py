import csv
import io
import zipfile

import pytest
from django.conf import settings as django_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import Workbook

from companies.models import Company, Import
from tests.companies.factories import CompanyFactory, CountryFactory, SectorFactory
from tests.companies.importing import checked, imported, undone
from tests.staff.factories import UserFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("eager")]


@pytest.fixture
def manager(client: Client) -> Client:
    client.force_login(UserFactory(manager_role=True))
    return client


def upload(client: Client, content: bytes, name: str = "list.csv", kind: str = "company") -> str:
    """Where it leads, or what the page says is wrong."""
    answer = client.post(f"/imports/new/{kind}/", {"file": SimpleUploadedFile(name, content)})
    assert answer.status_code in {200, 302}, answer.status_code
    return answer.headers.get("Location") or answer.content.decode()


def workbook(*rows: list[object]) -> bytes:
    book, file = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(file)
    return file.getvalue()


def test_the_whole_way_from_the_upload_to_the_undoing(manager: Client) -> None:
    CountryFactory()
    SectorFactory()
    place = upload(manager, "Empresa;País;Industria\nMoove It;EEUU;Programas\nGlobant;USA;\n".encode("cp1252"))
    an_import = Import.objects.get()
    root = f"/imports/{an_import.pk}/"

    assert (place, an_import.delimiter) == (f"{root}columns/", ";")
    page = manager.get(place).content.decode()
    assert "Moove It" in page
    manager.post(place, {"0": "company_name", "1": "country", "2": "sector"})
    page = manager.get(f"{root}values/").content.decode()
    assert "Programas" in page
    manager.post(f"{root}values/", {"sector-0": "software", "owner": ""})
    page = manager.get(root).content.decode()
    assert "Write 2 rows" in page
    manager.post(f"{root}run/")
    assert set(Company.objects.values_list("name", "origin_country", "sector")) == {
        ("Moove It", "US", "software"),
        ("Globant", "US", None),
    }
    assert "2 rows were written" in manager.get(root).content.decode()
    Import.objects.get().refresh_from_db()
    done = undone(Import.objects.get())
    assert done.status == Import.Status.UNDONE
    assert "Undone by" in manager.get(root).content.decode()
    assert not Company.objects.exists()


def test_the_next_file_of_that_shape_is_matched_by_itself(manager: Client) -> None:
    upload(manager, b"Foo,Bar\nMoove It,x\n")
    first = Import.objects.get()
    manager.post(f"/imports/{first.pk}/columns/", {"0": "", "1": "company_name"})
    manager.post(f"/imports/{first.pk}/values/", {})

    upload(manager, b"foo,BAR\nGlobant,y\n")

    assert Import.objects.first().columns == {"1": "company_name"}  # type: ignore[union-attr]


def test_days_that_can_be_read_both_ways_are_asked_about(manager: Client) -> None:
    upload(manager, b"Company,Installed since\nMoove It,03/04/2015\n")
    root = f"/imports/{Import.objects.get().pk}/"
    manager.post(f"{root}columns/", {"0": "company_name", "1": "installed_since"})

    assert "03/04/2015" in manager.get(f"{root}values/").content.decode()
    manager.post(f"{root}values/", {})
    assert Import.objects.get().status == Import.Status.VALUES
    manager.post(f"{root}values/", {"date_order": "dmy"})
    manager.post(f"{root}run/")

    assert str(Company.objects.get().installed_since) == "2015-04-03"


def test_a_bad_cell_is_repaired_in_place(manager: Client) -> None:
    an_import = checked("Company,Website\nMoove It,no address\n")
    place = f"/imports/{an_import.pk}/rows/2/"
    assert "This is no web address." in manager.get(place).content.decode()

    manager.post(place, {"company_name": "Moove It", "website": "moove-it.com"})

    assert an_import.rows.get().outcome == "create"
    assert an_import.rows.get().said["website"] == "moove-it.com"


@pytest.mark.parametrize(("choice", "outcome", "companies"), [("new", "create", 2), ("same", "update", 1)])
def test_a_look_alike_is_decided(manager: Client, choice: str, outcome: str, companies: int) -> None:
    there = CompanyFactory(name="Apollo", domain="apollo.io")
    an_import = checked("Company,Website,Description\nApollo,apollo.com,Words\n")
    place = f"/imports/{an_import.pk}/rows/2/"
    assert "apollo.io" in manager.get(place).content.decode()

    manager.post(place, {"do": "company", "choice": str(there.pk) if choice == "same" else "new"})
    assert an_import.rows.get().outcome == outcome
    manager.post(f"/imports/{an_import.pk}/run/")

    assert Company.objects.count() == companies


def test_a_row_is_left_out_and_taken_again(manager: Client) -> None:
    an_import = checked("Company\nMoove It\n")
    place = f"/imports/{an_import.pk}/rows/2/"

    manager.post(place, {"do": "skip"})
    assert an_import.rows.get().outcome == "skip"
    manager.post(place, {"do": "again"})

    assert an_import.rows.get().outcome == "create"


def test_rows_that_were_not_written_come_back_with_number_and_reason(manager: Client) -> None:
    an_import = imported("Company,Website\nMoove It,\n\n=cmd|'/C calc'!A0,not one\n")

    answer = manager.get(f"/imports/{an_import.pk}/left.csv")

    text = b"".join(answer).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(text)))[1:] == [
        ["4", "Website: This is no web address.", "'=cmd|'/C calc'!A0", "not one"]
    ]


def test_a_formula_is_kept_as_words(manager: Client) -> None:
    imported("Company\n=cmd|'/C calc'!A0\n")

    assert Company.objects.get().name == "=cmd|'/C calc'!A0"


def test_a_workbook_is_read(manager: Client) -> None:
    upload(manager, workbook([], ["Company", "NIT"], ["Moove It", 900123456.0]), "Lista.XLSX")
    root = f"/imports/{Import.objects.get().pk}/"

    manager.post(f"{root}columns/", {"0": "company_name", "1": "tax_id"})
    manager.post(f"{root}values/", {})

    row = Import.objects.get().rows.get()
    assert (row.number, row.said) == (3, {"company_name": "Moove It", "tax_id": "900123456"})


def bomb() -> bytes:
    file = io.BytesIO()
    archive = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED)
    with archive, archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
        for _ in range(420):
            part.write(b"0" * 2**20)
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "nothing in this file"),
        (b"\n\n\n", "nothing in this file"),
        (b"PK\x03\x04 and nothing else", "damaged"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "old Excel"),
        (b"\x89PNG\r\n" + b"\0" * 600, "neither a CSV"),
        (b"x" * 600_000, "far too long"),
        (b"," * 600_000, "far too long"),
        (b",".join(b"c%d" % n for n in range(10_000)) + b"\n", "more than 200 columns"),
    ],
)
def test_a_hostile_file_gets_a_sentence(manager: Client, content: bytes, words: str) -> None:
    assert words in upload(manager, content)
    assert not Import.objects.exists()


def test_a_bomb_is_not_opened(manager: Client) -> None:
    assert "unpacks to far more" in upload(manager, bomb(), "list.xlsx")


def test_a_file_that_is_far_too_large_is_refused_before_it_is_read(manager: Client) -> None:
    answer = manager.generic(
        "POST",
        "/imports/new/company/",
        b"",
        content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(2 * 2**30),
    )

    assert answer.status_code == 413
    assert f"larger than {django_settings.IMPORT_MOST_MB} MB" in answer.content.decode()


@pytest.mark.parametrize("text", [b"Company\nMo\x00ove\n", b"Company\nMo\xed\xa0\x80ove\n", b"Company\n\xff\xfe\n"])
def test_what_no_database_can_hold_is_replaced(manager: Client, text: bytes) -> None:
    imported(text)

    assert Company.objects.count() == 1


def test_columns_of_one_title_are_told_apart(manager: Client) -> None:
    place = upload(manager, b"Name,Name\nMoove It,x\n")

    manager.post(place, {"0": "company_name", "1": ""})

    assert Import.objects.get().columns == {"0": "company_name"}


def test_an_officer_may_not_bring_companies(client: Client) -> None:
    client.force_login(UserFactory())

    assert client.get("/imports/new/company/").status_code == 404
    theirs = checked("Company\nMoove It\n")
    assert client.get(f"/imports/{theirs.pk}/").status_code == 404


def test_a_long_list_asks_as_much_as_a_short_one(manager: Client) -> None:
    def asked(names: list[str]) -> int:
        an_import = checked("Company,Website\n" + "".join(f"{name},{name.lower()}.com\n" for name in names))
        with CaptureQueriesContext(connection) as queries:
            assert manager.get(f"/imports/{an_import.pk}/").status_code == 200
        return len(queries)

    for number in range(12):
        CompanyFactory(name=f"Apollo{chr(97 + number) * 3}", domain="apollo.io")

    assert asked(["Apolloaaa", "Apollobbb"]) == asked([f"Apollo{chr(97 + number) * 3}" for number in range(12)])
