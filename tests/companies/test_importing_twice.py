"""Whatever a file says: importing and undoing it leaves every record as it was, and a dead worker leaves no double."""

from typing import Any

import pytest
from django.apps import apps
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from companies.importing import staging, steps, writing
from companies.models import Company, Contact, Import, ImportRow
from tests.companies.factories import CompanyFactory, ContactFactory, CountryFactory, EmailFactory, PositionFactory
from tests.companies.importing import checked, imported, undone, worked

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(600)]

OWN = {"Import", "ImportRow", "ImportWrite", "ColumnShape"}
BOOKKEEPING = {"version", "updated_at"}
NAMES = ["Moove It", "Moove-It Inc.", "Globant", "Globnat", "Apollo", "Ñandú S.A.S.", "!!!", "株式会社", "", "N/A"]
PEOPLE = ["Ana Gómez", "Ana Gomez", "Gómez, Ana", "Luis", "Luis Pérez", "", "O'Neill"]
EMAILS = ["", "ana@moove-it.com", "luis@example.org", "ANA@moove-it.com; two@example.org", "no address"]
row = st.tuples(
    st.sampled_from(NAMES),
    st.sampled_from(["", "moove-it.com", "apollo.io", "https://www.globant.com/es", "nope"]),
    st.sampled_from(["", "USA", "Atlantis"]),
    st.sampled_from(PEOPLE),
    st.sampled_from(EMAILS),
    st.sampled_from(["", "+57 602 555 0100", "12"]),
    st.text(st.characters(blacklist_characters='"\x00', blacklist_categories=["Cs"]), max_size=12),
)


def everything() -> dict[str, Any]:
    """Every table of the companies but history and the import's own."""
    found = {}
    for model in apps.get_app_config("companies").get_models():
        columns = [field.attname for field in model._meta.concrete_fields if field.attname not in BOOKKEEPING]
        if "pgh_id" not in columns and model.__name__ not in OWN:
            found[model.__name__] = sorted(map(repr, model._default_manager.values_list(*columns)))
    return found


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(rows=st.lists(row, max_size=8), overwrites=st.booleans(), kind=st.sampled_from(["company", "person"]))
def test_undoing_leaves_everything_as_it_was(rows: list[tuple[str, ...]], kind: str, *, overwrites: bool) -> None:
    lines = "\n".join(",".join(f'"{cell}"' for cell in cells) for cells in rows)
    with transaction.atomic():
        CountryFactory()
        there = CompanyFactory(name="Moove It", domain="moove-it.com")
        ana = ContactFactory(given_name="Ana", family_name="Gómez")
        EmailFactory(contact=ana, value="ana@moove-it.com")
        PositionFactory(contact=ana, company=there)
        CompanyFactory(name="Globant", description="Words")
        before = everything()

        header = "Company,Website,Country,Name,E-mail,Phone,Description"
        done = imported(f"{header}\nX Y Z Unseen,,,Xenia Unseen,,,\n{lines}\n", kind, overwrites=overwrites)
        assert done.status == Import.Status.DONE
        assert everything() != before
        undone(done)

        assert everything() == before
        transaction.set_rollback(True)


def test_a_worker_that_dies_writes_no_row_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    names = [f"{first}{second} Foods" for first in ("Alba", "Brisa", "Cielo") for second in ("mar", "sol", "luz")]
    an_import = checked("Name,Company\n" + "".join(f"Ana {name.split()[0]},{name}\n" for name in names), "person")
    an_import = steps.go_on(an_import, Import.Status.RUNNING, from_=(Import.Status.CHECKED,))
    keep, steps_done = staging.keep_written, []

    def dies(rows: list[ImportRow]) -> None:
        keep(rows)
        steps_done.append(len(rows))
        if len(steps_done) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(staging, "keep_written", dies)
    monkeypatch.setattr(steps, "write_some", lambda an_import: writing.write_some(an_import, size=4))
    with pytest.raises(KeyboardInterrupt):
        worked(an_import)
    assert Company.objects.count() == 4

    worked(an_import)

    assert sorted(Company.objects.values_list("name", flat=True)) == sorted(names)
    assert Contact.objects.count() == len(names)
    assert not an_import.rows.filter(written_at=None).exists()


def test_a_row_that_the_database_refuses_stands_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    an_import = checked("Company\nMoove It\nGlobant\n")
    ImportRow.objects.filter(number=2).update(said={"company_name": "x" * 300})

    an_import = worked(steps.go_on(an_import, Import.Status.RUNNING, from_=(Import.Status.CHECKED,)))

    assert list(Company.objects.values_list("name", flat=True)) == ["Globant"]
    assert an_import.rows.get(number=2).problems == {"": "refused"}
