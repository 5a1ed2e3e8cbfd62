"""One field for many records: what would change is told first, happens at once, and can be taken back for an hour."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from companies import bulk_editing
from companies.bulk_editing import WrongMoment
from companies.models import BulkEdit, BulkEditRow, Company, Contact
from companies.tasks import carry_on_bulk_edits
from config.staff import clock
from config.staff.models import User
from leads.models import AccountPlan, Lead
from leads.models.choices import Status
from tests.companies.factories import CompanyFactory, ContactFactory, CountryFactory, SectorFactory
from tests.config.world import CODE_NAME, SECRET, secret_lead
from tests.leads.factories import AccountPlanFactory, LeadFactory
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(client: Client) -> User:
    user: User = UserFactory(manager_role=True)
    client.force_login(user)
    return user


def asked(records: Any, field: str, value: object, **more: object) -> dict[str, Any]:
    return {"pk": [record.pk for record in records], "field": field, "value": value, **more}


def changed(client: Client, address: str, sent: dict[str, Any]) -> BulkEdit:
    """Looks first, as a person does, and then changes what was told."""
    seen = client.get(address, sent).context["preview"]
    answer = client.post(address, {**sent, "changes": seen.changes})
    assert answer.status_code == 302, answer.text
    return BulkEdit.objects.latest("pk")


def undone(client: Client, edit: BulkEdit) -> Any:
    return client.post(f"/bulk-edits/{edit.pk}/undo/", follow=True)


def test_the_preview_counts_what_changes_and_what_is_so_already(client: Client, manager: User) -> None:
    sector = SectorFactory()
    companies = [CompanyFactory(), CompanyFactory(), CompanyFactory(sector=sector)]

    page = client.get("/companies/bulk/", asked(companies, "sector", sector.pk))

    seen = page.context["preview"]
    assert (seen.total, seen.changes, seen.same, seen.refused) == (3, 2, 1, [])
    assert [record for record, _before in seen.some] == companies[:2]
    assert not Company.objects.filter(pk=companies[0].pk, sector=sector).exists()


def test_what_was_told_is_changed_with_its_history(client: Client, manager: User) -> None:
    companies = [CompanyFactory(), CompanyFactory()]
    other, colleague = CompanyFactory(), UserFactory()

    edit = changed(client, "/companies/bulk/", asked(companies, "owner", colleague.pk))

    assert set(Company.objects.filter(owner=colleague)) == set(companies)
    assert (edit.status, edit.changed, edit.left, edit.value_words) == ("done", 2, 0, colleague.name)
    other.refresh_from_db()
    assert other.owner is None
    companies[0].refresh_from_db()
    assert companies[0].version == 2
    assert companies[0].history.filter(pgh_label="update").count() == 1  # type: ignore[attr-defined]


def test_all_that_the_list_holds_is_changed_and_nothing_else(client: Client, manager: User) -> None:
    for _ in range(60):
        CompanyFactory(kind="institution")
    company, sector = CompanyFactory(), SectorFactory()

    sent = {"all": "1", "list": "kind=institution", "field": "sector", "value": sector.pk}
    edit = changed(client, "/companies/bulk/", sent)

    assert edit.changed == 60
    company.refresh_from_db()
    assert company.sector is None


def test_nothing_happens_where_the_list_has_changed_since_it_was_looked_at(client: Client, manager: User) -> None:
    companies, sector = [CompanyFactory(), CompanyFactory()], SectorFactory()
    Company.objects.filter(pk=companies[0].pk).update(sector=sector)

    answer = client.post("/companies/bulk/", asked(companies, "sector", sector.pk, changes=2))

    assert answer.status_code == 409
    assert not BulkEdit.objects.exists()


def test_a_field_is_emptied_only_where_that_is_said(client: Client, manager: User) -> None:
    company = CompanyFactory(owner=manager)

    assert client.get("/companies/bulk/", asked([company], "owner", "")).status_code == 422
    changed(client, "/companies/bulk/", asked([company], "owner", "", empty="on"))

    company.refresh_from_db()
    assert company.owner is None


def test_undo_puts_back_what_each_one_had(client: Client, manager: User) -> None:
    first, second = UserFactory(), UserFactory()
    companies = [CompanyFactory(owner=first), CompanyFactory(owner=second), CompanyFactory()]
    edit = changed(client, "/companies/bulk/", asked(companies, "owner", manager.pk))

    page = undone(client, edit)

    assert [Company.objects.get(pk=company.pk).owner for company in companies] == [first, second, None]
    edit.refresh_from_db()
    assert (edit.status, edit.undone_by) == ("undone", manager)
    assert "3 records are as they were" in page.text


def test_undo_leaves_and_tells_what_was_changed_since(client: Client, manager: User) -> None:
    companies = [CompanyFactory(name="Touched"), CompanyFactory(), CompanyFactory(name="Merged")]
    edit = changed(client, "/companies/bulk/", asked(companies, "owner", manager.pk))
    colleague = UserFactory()
    Company.objects.filter(pk=companies[0].pk).update(owner=colleague)
    Company.objects.filter(pk=companies[2].pk).update(merged_into=companies[1])

    page = undone(client, edit)

    assert [Company.objects.get(pk=company.pk).owner for company in companies] == [colleague, None, manager]
    assert "Touched" in page.text
    assert "It was changed since" in page.text
    assert "It is not there any more" in page.text


def test_undo_ends_after_an_hour(client: Client, manager: User) -> None:
    now = clock.now()
    with clock.set_to(now):
        edit = changed(client, "/companies/bulk/", asked([CompanyFactory()], "owner", manager.pk))
    with clock.set_to(now + timedelta(minutes=61)):
        undone(client, edit)
        edit.refresh_from_db()
        assert edit.status == "done"
        with pytest.raises(WrongMoment):
            bulk_editing.undo(edit, by=manager)
    with clock.set_to(now + timedelta(minutes=59)):
        undone(client, edit)
    edit.refresh_from_db()
    assert edit.status == "undone"


def test_it_is_undone_once(client: Client, manager: User) -> None:
    company = CompanyFactory()
    edit = changed(client, "/companies/bulk/", asked([company], "owner", manager.pk))
    undone(client, edit)
    Company.objects.filter(pk=company.pk).update(owner=manager)

    undone(client, edit)

    company.refresh_from_db()
    assert company.owner == manager


# Who may


def test_an_officer_edits_some_hundreds_and_sees_only_their_own(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.force_login(officer := UserFactory())
    monkeypatch.setattr("companies.views.bulk_edits.MOST_OF_AN_OFFICER", 2)
    companies = [CompanyFactory() for _ in range(3)]

    changed(client, "/companies/bulk/", asked(companies[:2], "owner", officer.pk))
    too_much = client.post("/companies/bulk/", asked(companies, "owner", officer.pk, changes=1))

    assert "more are for managers" in too_much.text
    others = BulkEdit.objects.create(list="companies", field="owner", by=UserFactory(), at=clock.now())
    assert client.get(f"/bulk-edits/{others.pk}/").status_code == 404
    assert undone(client, others).status_code == 404
    assert BulkEdit.objects.visible_to(officer).count() == 1


def test_archiving_is_an_administrators(client: Client, manager: User) -> None:
    company = CompanyFactory()
    sent = asked([company], "archived", "yes")
    assert "preview" not in client.get("/companies/bulk/", sent).context
    assert client.post("/companies/bulk/", {**sent, "changes": 1}).status_code == 200
    client.force_login(UserFactory(administrator=True))

    edit = changed(client, "/companies/bulk/", sent)
    company.refresh_from_db()
    assert company.archived_at
    assert client.get("/companies/?archived=yes").context["page"].rows[0].pk == company.pk

    undone(client, edit)
    company.refresh_from_db()
    assert company.archived_at is None


def test_a_guest_finds_no_such_page(client: Client) -> None:
    client.force_login(UserFactory(guest=True))

    assert client.get("/companies/bulk/").status_code == 404
    assert client.get("/bulk-edits/").status_code == 404


# Fields with rules


def test_a_lead_whose_evidence_they_checked_is_not_given_to_them(client: Client, manager: User) -> None:
    checked = LeadFactory(verified_by=manager, evidence="A letter")
    free = LeadFactory()

    page = client.get("/leads/bulk/", asked([checked, free], "owner", manager.pk))
    edit = changed(client, "/leads/bulk/", asked([checked, free], "owner", manager.pk))

    assert [count for _reason, count in page.context["preview"].refused] == [1]
    assert [lead.owner == manager for lead in Lead.objects.order_by("pk")] == [False, True]
    assert (edit.changed, edit.left) == (1, 1)


def test_only_leads_on_hold_get_another_day(client: Client, manager: User) -> None:
    waiting = LeadFactory(status=Status.ON_HOLD, review_on=date(2026, 12, 1))
    active = LeadFactory()

    edit = changed(client, "/leads/bulk/", asked([waiting, active], "review_on", "2027-01-15"))

    waiting.refresh_from_db()
    active.refresh_from_db()
    assert (waiting.review_on, active.review_on) == (date(2027, 1, 15), None)
    undone(client, edit)
    waiting.refresh_from_db()
    assert waiting.review_on == date(2026, 12, 1)


def test_no_state_of_a_lead_is_offered(client: Client, manager: User) -> None:
    page = client.get("/leads/bulk/", {"pk": [LeadFactory().pk]})

    offered = {field.name for field, _url in page.context["fields"]}
    assert not offered & {"stage", "status", "level", "decided_on", "reason", "verified_by"}


def test_the_tier_is_set_where_there_is_an_account_plan(client: Client, manager: User) -> None:
    plan, without = AccountPlanFactory(tier="C"), CompanyFactory()

    edit = changed(client, "/companies/bulk/", asked([plan.company, without], "tier", "A"))

    assert AccountPlan.objects.get().tier == "A"
    undone(client, edit)
    assert AccountPlan.objects.get().tier == "C"


def test_what_the_database_refuses_is_left_and_the_others_change(manager: User) -> None:
    from companies.lists.kinds import BulkField  # noqa: PLC0415
    from leads.lists.companies import COMPANIES  # noqa: PLC0415

    upper, lower = CompanyFactory(), CompanyFactory()
    field = BulkField("parent", "Parent", lambda reader: None, column="parent")
    work = bulk_editing.Work(COMPANIES, field, upper.pk)

    # Its own parent it cannot be.
    assert bulk_editing._write(work, [upper.pk, lower.pk], upper.pk) == {upper.pk}
    lower.refresh_from_db()
    assert lower.parent == upper


# Many


@pytest.fixture
def in_small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("companies.bulk_editing.SOME", 10)


@pytest.mark.usefixtures("in_small_steps", "eager")
def test_many_are_changed_and_undone_by_the_queue(
    client: Client, manager: User, django_capture_on_commit_callbacks: Any
) -> None:
    for _ in range(35):
        CompanyFactory()
    sent = {"all": "1", "list": "", "field": "owner", "value": manager.pk}

    with django_capture_on_commit_callbacks(execute=True):
        edit = changed(client, "/companies/bulk/", sent)
    edit.refresh_from_db()
    assert (edit.status, edit.changed, edit.done) == ("done", 35, 35)
    assert Company.objects.filter(owner=manager).count() == 35

    with django_capture_on_commit_callbacks(execute=True):
        undone(client, edit)
    edit.refresh_from_db()
    assert edit.status == "undone"
    assert not Company.objects.filter(owner=manager).exists()


@pytest.mark.usefixtures("in_small_steps", "eager")
def test_the_regular_job_goes_on_where_a_worker_died(client: Client, manager: User) -> None:
    for _ in range(35):
        CompanyFactory()
    edit = changed(client, "/companies/bulk/", {"all": "1", "list": "", "field": "owner", "value": manager.pk})
    page = client.get(f"/bulk-edits/{edit.pk}/")
    assert "<progress" in page.text

    carry_on_bulk_edits()

    edit.refresh_from_db()
    assert (edit.status, edit.changed) == ("done", 35)


def test_a_page_of_it_costs_the_same_at_two_sizes(client: Client, manager: User) -> None:
    def queries(records: int) -> int:
        companies = [CompanyFactory(sector=SectorFactory(code=f"s{number}")) for number in range(records)]
        edit = changed(client, "/companies/bulk/", asked(companies, "owner", manager.pk))
        Company.objects.filter(pk__in=[company.pk for company in companies]).update(owner=None)
        undone(client, edit)
        with CaptureQueriesContext(connection) as seen:
            client.get("/companies/bulk/", asked(companies, "sector", "s0"))
            client.get(f"/bulk-edits/{edit.pk}/")
        return len(seen)

    assert queries(2) == queries(19)


def test_rows_of_old_ones_go(manager: User) -> None:
    edit = BulkEdit.objects.create(
        list="companies", field="owner", by=manager, at=clock.now() - timedelta(days=3), status="done"
    )
    BulkEditRow.objects.create(of=edit, record=1)

    assert bulk_editing.remove_old() == 1
    assert bulk_editing.remove_old() == 0
    assert BulkEdit.objects.exists()


# Secrets


def test_a_restricted_lead_is_neither_counted_nor_changed(client: Client, manager: User) -> None:
    secret, seen = secret_lead(), LeadFactory()
    before = secret.version

    sent: dict[str, Any] = {"all": "1", "list": "", "field": "owner", "value": manager.pk}
    page = client.get("/leads/bulk/", sent)
    edit = changed(client, "/leads/bulk/", sent)
    named = asked([secret, seen], "sector", SectorFactory().pk)

    assert page.context["total"] == 1
    assert client.get("/leads/bulk/", named).context["total"] == 1
    assert list(edit.rows.values_list("record", flat=True)) == [seen.pk]
    secret.refresh_from_db()
    assert secret.version == before
    for text in (page.text, client.get(f"/bulk-edits/{edit.pk}/").text):
        assert SECRET not in text
        assert CODE_NAME not in text


def test_undoing_names_no_lead_that_was_restricted_since(client: Client, manager: User) -> None:
    lead = LeadFactory(title=f"{SECRET} plan")
    edit = changed(client, "/leads/bulk/", asked([lead], "sector", SectorFactory().pk))
    Lead.objects.filter(pk=lead.pk).update(level="named", code_name=CODE_NAME, sector=None)

    page = undone(client, edit)

    assert SECRET not in page.text
    assert CODE_NAME not in page.text


# Whatever happens in between

FIELDS = ("owner", "sector", "origin_country", "kind")
PICK = st.integers(0, 3)
CHOSEN = st.sets(st.integers(0, 5), min_size=1)
EDITS = st.lists(st.tuples(st.sampled_from(FIELDS), PICK, CHOSEN), min_size=1, max_size=4)
BETWEEN = st.lists(st.tuples(st.sampled_from(FIELDS), PICK, st.integers(0, 5)), max_size=4)


def stored() -> list[dict[str, Any]]:
    rows: Any = Company.objects.order_by("pk").values("pk", "owner", "sector", "origin_country", "kind", "name")
    return list(rows)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(edits=EDITS, between=BETWEEN)
def test_undoing_in_any_history_restores_all_but_what_others_set_since(
    edits: list[tuple[str, int, set[int]]], between: list[tuple[str, int, int]]
) -> None:
    """Bulk edits one after another, then colleagues' changes, then every bulk edit undone, the last one first."""
    from companies.lists.kinds import list_named  # noqa: PLC0415

    of = list_named("companies")
    assert of
    with transaction.atomic():
        by = UserFactory(manager_role=True)
        values: dict[str, list[Any]] = {
            "owner": [None, by.pk, UserFactory().pk, UserFactory().pk],
            "sector": [None, *(SectorFactory(code=f"s{number}").pk for number in range(3))],
            "origin_country": [None, *(CountryFactory(code=code).pk for code in ("AA", "BB", "CC"))],
            "kind": ["investor", "institution", "investor", "institution"],
        }
        companies = [CompanyFactory(owner_id=values["owner"][number % 4]) for number in range(6)]
        before = stored()
        done = []
        for name, pick, chosen in edits:
            field = of.bulk_field(name)
            assert field
            work = bulk_editing.Work(of, field, values[name][pick])
            selected = Company.objects.filter(pk__in=[companies[number].pk for number in chosen])
            done.append(bulk_editing.begin(work, selected, by=by, words=""))
        set_since: dict[tuple[int, str], Any] = {}
        for name, pick, number in between:
            Company.objects.filter(pk=companies[number].pk).update(**{name: values[name][pick]})
            set_since[companies[number].pk, name] = values[name][pick]

        for edit in reversed(done):
            bulk_editing.undo(edit, by=by)

        reported = {
            (row.record, edit.field)
            for edit in done
            for row in edit.rows.filter(state=BulkEditRow.State.LEFT, why=BulkEditRow.Why.CHANGED)
        }
        for was, now in zip(before, stored(), strict=True):
            for name in FIELDS:
                if (was["pk"], name) not in set_since:
                    assert now[name] == was[name]
                elif now[name] != was[name]:
                    # Somebody's own word stands, and whoever undid is told where it was in the way.
                    assert now[name] == set_since[was["pk"], name]
            assert now["name"] == was["name"]
        assert reported <= set(set_since)
        transaction.set_rollback(True)


def test_contacts_take_a_language(client: Client, manager: User) -> None:
    people = [ContactFactory(language="en"), ContactFactory()]

    edit = changed(client, "/contacts/bulk/", asked(people, "language", "es"))
    assert set(Contact.objects.values_list("language", flat=True)) == {"es"}

    undone(client, edit)
    assert [Contact.objects.get(pk=person.pk).language for person in people] == ["en", ""]


@pytest.mark.parametrize("junk", ["", "0", "-1", "99999999999999999999", "a\0b", "x" * 10_000, "20000-01-01"])
@pytest.mark.parametrize("address", ["/companies/bulk/", "/leads/bulk/", "/contacts/bulk/"])
def test_bad_values_get_a_sentence(client: Client, manager: User, address: str, junk: str) -> None:
    made: dict[str, Any] = {"companies": CompanyFactory, "leads": LeadFactory, "contacts": ContactFactory}
    record = made[address.split("/")[1]]()
    for field in ("owner", "language", "review_on", "kind", "junk"):
        sent = {"pk": [record.pk, junk], "field": field, "value": junk}
        assert client.get(address, sent).status_code in {200, 422}
        assert client.post(address, {**sent, "changes": junk}).status_code in {200, 409, 422}
    assert not BulkEdit.objects.exclude(changed=0).exists()
