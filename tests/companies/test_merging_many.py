"""Any number of records become one, and undoing it leaves every table as it was, whatever hangs on them."""

from contextlib import suppress

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from companies.groups import GroupCycle, move_under
from companies.merging import MergeRefused, merge, what_moves
from companies.models import Company, CompanyName, Contact, ContactPoint, MergeLog
from companies.unmerging import UndoRefused, undo
from config.staff import clock
from config.staff.models import User
from leads.models import Claim, Lead
from missions.models import Mission
from tests.companies.factories import CompanyFactory, ContactFactory, EmailFactory, PositionFactory
from tests.companies.test_merging import everything, fresh
from tests.leads.factories import FollowUpFactory, InteractionFactory, LeadFactory, ParticipantFactory
from tests.missions.factories import AppointmentFactory, MissionFactory, MissionTargetFactory
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.mark.timeout(600)
def test_merging_and_undoing_leaves_every_table_as_it_was() -> None:
    by = UserFactory(administrator=True)

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.data())
    def try_one(data: st.DataObject) -> None:
        with transaction.atomic():
            records = _draw_graph(data, by)
            number = data.draw(st.integers(2, len(records)))
            order = data.draw(st.permutations(range(len(records))))
            survivor, *losers = [records[at] for at in order[:number]]
            values = data.draw(st.sampled_from([{}, {"name": str(losers[0])}, {"domain": "x.example"}]))
            if isinstance(survivor, Contact):
                values = {}
            before = everything()

            done = undo(merge(survivor, *losers, values=values, by=by), by=by)

            assert everything() == before
            assert done.conflicts == []
            transaction.set_rollback(True)

    try_one()


def _draw_graph(data: st.DataObject, by: User) -> list[Company] | list[Contact]:
    """Two to five companies and as many contacts, with names, positions, missions, leads and groups at random."""
    companies = [CompanyFactory(name=data.draw(st.sampled_from(["A", "B", "C"]))) for _n in range(data.draw(COUNT))]
    contacts = [ContactFactory() for _n in companies]
    missions = [MissionFactory(lead_officer=by) for _n in range(2)]
    lead = LeadFactory(company=companies[0], owner=by)
    a_company, a_contact = st.sampled_from(companies), st.sampled_from(contacts)
    for what in data.draw(st.lists(st.sampled_from(sorted(HANGS)), max_size=10)):
        company, contact = data.draw(a_company), data.draw(a_contact)
        mission = data.draw(st.sampled_from(missions))
        _hang(what, company, contact, mission, lead=lead, by=by, parent=data.draw(a_company))
    return companies if data.draw(st.booleans()) else contacts


COUNT = st.integers(2, 5)
HANGS = {"name", "position", "target", "appointment", "interaction", "lead", "follow_up", "parent", "claim", "email"}


def _hang(  # noqa: C901 - a line a kind
    what: str, company: Company, contact: Contact, mission: Mission, *, lead: Lead, by: User, parent: Company
) -> None:
    match what:
        case "name":
            CompanyName.objects.get_or_create(company=company, name="Other", kind="alias")
        case "position" if not contact.positions.filter(company=company).exists():
            PositionFactory(company=company, contact=contact, title=company.name)
        case "target" if not company.mission_targets.filter(mission=mission).exists():
            target = MissionTargetFactory(mission=mission, company=company, contact=contact)
            AppointmentFactory(mission=mission, company=company, target=target).contacts.add(contact)
        case "appointment":
            AppointmentFactory(mission=mission, company=company).contacts.add(contact)
        case "interaction":
            said = InteractionFactory(company=company, logged_by=by)
            ParticipantFactory(interaction=said, contact=contact, company_then=company)
            if parent != company:
                ParticipantFactory(interaction=said, contact=ContactFactory(), company_then=parent)
        case "lead":
            LeadFactory(company=company, contact=contact, owner=by)
        case "follow_up":
            FollowUpFactory(company=company, contact=contact, owner=by)
        case "parent":
            with suppress(GroupCycle):
                move_under(company, parent)
        case "claim":
            Claim.objects.get_or_create(lead=lead, organisation=company)
        case "email":
            ContactPoint.objects.get_or_create(contact=contact, kind="email", value="ana@example.org")


def test_three_become_one_and_all_old_addresses_lead_there(client: Client) -> None:
    survivor, one, other = CompanyFactory(name="Acme"), CompanyFactory(name="Acme Inc"), CompanyFactory(name="ACME")
    LeadFactory(company=one)
    LeadFactory(company=other)

    merge(survivor, one, other, by=UserFactory())

    assert survivor.leads.count() == 2
    assert set(survivor.names.values_list("name", flat=True)) == {"Acme Inc", "ACME"}
    client.force_login(UserFactory())
    for gone in (one, other):
        assert client.get(gone.get_absolute_url()).headers["Location"] == survivor.get_absolute_url()


def test_undoing_one_part_undoes_the_whole() -> None:
    survivor, one, other = (CompanyFactory() for _n in range(3))
    head = merge(survivor, one, other, by=UserFactory())

    undo(head.parts.get(), by=UserFactory())

    assert not Company.objects.exclude(merged_into=None).exists()
    assert not MergeLog.objects.filter(undone_at=None).exists()


def test_a_record_that_fails_stops_them_all() -> None:
    survivor, one, merged = CompanyFactory(), CompanyFactory(), CompanyFactory(merged_into=CompanyFactory())

    with pytest.raises(MergeRefused):
        merge(survivor, one, merged, by=UserFactory())

    one.refresh_from_db()
    assert one.merged_into is None


def test_the_name_that_was_replaced_stays_findable() -> None:
    survivor, loser = CompanyFactory(name="Moove It"), CompanyFactory(name="Qubika")

    merge(survivor, loser, values={"name": "Qubika"}, by=UserFactory())

    assert list(survivor.names.values_list("name", flat=True)) == ["Moove It"]


def test_a_merge_of_what_changed_meanwhile_is_refused() -> None:
    survivor, loser = CompanyFactory(), CompanyFactory(version=3)

    with pytest.raises(MergeRefused, match="changed meanwhile"):
        merge(survivor, loser, seen_versions={loser.pk: 2}, by=UserFactory())


def test_values_that_do_not_fit_are_refused_in_words() -> None:
    survivor, loser = ContactFactory(), ContactFactory(legal_basis="public", legal_basis_on="2026-01-01")

    with pytest.raises(MergeRefused, match="since when"):
        merge(survivor, loser, values={"legal_basis": "public"}, by=UserFactory())


def test_a_merge_is_not_undone_under_a_later_one() -> None:
    first, second, third = (CompanyFactory() for _n in range(3))
    log = merge(second, first, by=UserFactory())
    merge(third, second, by=UserFactory())

    with pytest.raises(UndoRefused, match="Undo that merge first"):
        undo(log, by=UserFactory())


def test_an_objection_to_an_address_outlives_its_folding() -> None:
    survivor, loser = ContactFactory(), ContactFactory()
    EmailFactory(contact=survivor, value="ana@example.org")
    EmailFactory(contact=loser, value="ana@example.org", objected_at=clock.now())

    log = merge(survivor, loser, by=UserFactory())

    assert survivor.contact_points.get().objected_at is not None
    undo(log, by=UserFactory())
    assert survivor.contact_points.get().objected_at is None


@pytest.mark.parametrize("role", [{}, {"manager_role": True}, {"administrator": True}])
def test_neither_counts_nor_conflicts_tell_of_a_restricted_lead(role: dict[str, bool]) -> None:
    reader, company, agency = UserFactory(**role), CompanyFactory(), CompanyFactory()
    contact = ContactFactory()
    lead = LeadFactory(company=company, named=True)
    Claim.objects.create(lead=lead, organisation=agency)
    ParticipantFactory(interaction=InteractionFactory(company=company, lead=lead), contact=contact)

    for record in (company, agency, contact):
        assert what_moves(record, reader=reader) == []
    log = merge(CompanyFactory(), company, by=reader)
    type(lead).objects.filter(pk=lead.pk).update(company=CompanyFactory())
    assert undo(log, by=reader).conflicts == []


def test_what_is_typed_into_the_result_is_kept(client: Client) -> None:
    survivor, loser, third = CompanyFactory(name="Acme"), CompanyFactory(name="Acme Inc"), CompanyFactory(name="ACME")
    address = f"/merges/new/company/?record={survivor.pk}&record={loser.pk}&record={third.pk}"

    page = fresh(client).get(address).content.decode()
    client.post(address, {"pick_name": "own", "own_name": "Acme Corporation"})

    assert "Take all from this one" in page
    survivor.refresh_from_db()
    assert survivor.name == "Acme Corporation"
    assert MergeLog.objects.filter(part_of=None).count() == 1


def test_taking_all_from_one_asks_before_it_merges(client: Client) -> None:
    survivor, loser = CompanyFactory(name="Acme"), CompanyFactory(name="Acme Inc")
    address = f"/merges/new/company/?record={survivor.pk}&record={loser.pk}"

    [row] = fresh(client).post(address, {"all": loser.pk}).context["rows"]

    assert [cell.chosen for cell in row.cells] == [False, True]
    assert not MergeLog.objects.exists()


def test_one_more_is_added_to_the_comparison(client: Client) -> None:
    survivor, loser, third = (CompanyFactory() for _n in range(3))
    address = f"/merges/new/company/?record={survivor.pk}&record={loser.pk}&add=&add_id={third.pk}"

    assert fresh(client).get(address).context["records"] == [survivor, loser, third]
