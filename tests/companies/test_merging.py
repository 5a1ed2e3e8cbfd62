from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client

from companies.groups import settle_ultimate_parents
from companies.merging import MergeRefused, merge, what_moves
from companies.models import Company, CompanyName, Contact, MergeLog
from companies.relations import relations
from companies.unmerging import TooLate, undo
from config.staff import clock
from config.staff.merge_policy import MergePolicy
from tests.companies.factories import CompanyFactory, ContactFactory, EmailFactory, PositionFactory
from tests.leads.factories import FollowUpFactory, InteractionFactory, LeadFactory, ParticipantFactory
from tests.missions.factories import AppointmentFactory, MissionFactory, MissionTargetFactory
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db

# Written by merges themselves, or by triggers.
NOT_COMPARED = ("companies_mergelog", "pghistory_context", "event")


def everything() -> dict[str, list[str]]:
    """Every row of every table that a merge may touch, but what counts versions."""
    tables = [
        name
        for name in connection.introspection.table_names()
        if name.startswith(("companies_", "missions_", "leads_")) and not name.endswith(NOT_COMPARED)
    ]
    found = {}
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT (to_jsonb(t) - 'version' - 'updated_at')::text FROM {table} t ORDER BY 1")  # noqa: S608
            found[table] = [row[0] for row in cursor.fetchall()]
    return found


def two_companies_with_everything() -> tuple[Company, Company]:
    survivor = CompanyFactory(name="Moove It", domain="")
    loser = CompanyFactory(name="Moove-It Inc.", domain="moove-it.com", installed_since=date(2020, 1, 1))
    mission, contact = MissionFactory(), ContactFactory()
    mission.partners.add(survivor, loser)
    MissionTargetFactory(mission=mission, company=survivor)
    folded = MissionTargetFactory(mission=mission, company=loser)
    AppointmentFactory(mission=mission, company=loser, target=folded)
    PositionFactory(contact=contact, company=survivor)
    PositionFactory(contact=contact, company=loser)
    PositionFactory(company=loser)
    LeadFactory(company=loser, target=folded)
    ParticipantFactory(interaction=InteractionFactory(company=loser), contact=contact, company_then=loser)
    FollowUpFactory(company=loser)
    CompanyName.objects.create(company=loser, name="Moove", kind="alias")
    CompanyFactory(parent=loser)
    settle_ultimate_parents()
    return survivor, loser


@pytest.mark.parametrize("model", [Company, Contact])
def test_every_relation_says_what_a_merge_does_with_it(model: type[Company] | type[Contact]) -> None:
    assert [relation.label for relation in relations(model) if not isinstance(relation.policy, MergePolicy)] == []


def test_everything_goes_over_to_the_survivor() -> None:
    survivor, loser = two_companies_with_everything()

    merge(survivor, loser, by=UserFactory())

    left = [r.label for r in relations(Company) if r.policy is not MergePolicy.KEEP and r.rows_of(loser).exists()]
    assert left == []


def test_two_targets_of_one_mission_fold_and_keep_their_appointment() -> None:
    survivor, loser = two_companies_with_everything()

    merge(survivor, loser, by=UserFactory())

    target = survivor.mission_targets.get()
    assert target.appointments.count() == 1
    assert target.leads.count() == 1


def test_a_chosen_field_comes_from_the_loser() -> None:
    survivor, loser = two_companies_with_everything()

    merge(survivor, loser, values={"domain": loser.domain}, by=UserFactory())

    survivor.refresh_from_db()
    assert (survivor.name, survivor.domain) == ("Moove It", "moove-it.com")


def test_the_name_of_the_loser_stays_findable() -> None:
    survivor, loser = two_companies_with_everything()

    merge(survivor, loser, by=UserFactory())

    assert survivor.names.filter(name="Moove-It Inc.").exists()


@pytest.mark.parametrize("taken", [(), ("domain", "installed_since", "name")])
def test_undoing_a_merge_puts_everything_back(taken: tuple[str, ...]) -> None:
    survivor, loser = two_companies_with_everything()
    before = everything()

    values = {name: getattr(loser, name) for name in taken}
    done = undo(merge(survivor, loser, values=values, by=UserFactory()), by=UserFactory())

    assert everything() == before
    assert done.conflicts == []


def test_undo_leaves_what_was_changed_since_and_says_so() -> None:
    survivor, loser = two_companies_with_everything()
    log = merge(survivor, loser, values={"domain": loser.domain}, by=UserFactory())
    Company.objects.filter(pk=survivor.pk).update(domain="qubika.com")

    done = undo(log, by=UserFactory())

    survivor.refresh_from_db()
    assert survivor.domain == "qubika.com"
    assert len(done.conflicts) == 1


def test_a_merge_is_undone_once() -> None:
    log = merge(*two_companies_with_everything(), by=UserFactory())
    undo(log, by=UserFactory())

    with pytest.raises(TooLate):
        undo(log, by=UserFactory())


def test_a_merge_is_not_undone_after_thirty_days() -> None:
    log = merge(*two_companies_with_everything(), by=UserFactory())

    with clock.set_to(clock.now() + timedelta(days=31)), pytest.raises(TooLate):
        undo(log, by=UserFactory())


def test_a_merged_record_is_not_merged_again() -> None:
    survivor, loser = two_companies_with_everything()
    merge(survivor, loser, by=UserFactory())

    with pytest.raises(MergeRefused):
        merge(CompanyFactory(), loser, by=UserFactory())


def test_a_relation_without_a_policy_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(CompanyName, "merge_policies", {})
    survivor, loser = two_companies_with_everything()

    with pytest.raises(MergeRefused, match="CompanyName"):
        merge(survivor, loser, by=UserFactory())


def test_an_objection_outlives_the_merge_of_its_contact() -> None:
    survivor, loser = ContactFactory(), ContactFactory(objected_at=clock.now())

    merge(survivor, loser, by=UserFactory())

    survivor.refresh_from_db()
    assert survivor.objected_at is not None


def test_two_contacts_with_one_address_keep_it_once() -> None:
    survivor, loser = ContactFactory(), ContactFactory()
    for contact in (survivor, loser):
        EmailFactory(contact=contact, value="ana@example.org")
    before = everything()

    log = merge(survivor, loser, by=UserFactory())

    assert survivor.contact_points.count() == 1
    undo(log, by=UserFactory())
    assert everything() == before


def test_what_moves_does_not_count_what_the_reader_may_not_see() -> None:
    loser = CompanyFactory()
    lead = LeadFactory(company=loser, named=True)

    assert what_moves(loser, reader=UserFactory(administrator=True)) == []
    assert what_moves(loser, reader=lead.owner) != []


def test_the_old_address_leads_to_the_survivor(client: Client) -> None:
    survivor, loser = two_companies_with_everything()
    merge(survivor, loser, by=UserFactory())
    client.force_login(UserFactory())

    assert client.get(loser.get_absolute_url()).headers["Location"] == survivor.get_absolute_url()


def fresh(client: Client) -> Client:
    """Logged in a moment ago, as a merge demands."""
    user = UserFactory(manager_role=True)
    client.force_login(user)
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": clock.now().timestamp()}]
    session.save()
    return client


def test_a_manager_merges_on_the_screen(client: Client) -> None:
    survivor, loser = two_companies_with_everything()
    address = f"/merges/new/company/?survivor=&survivor_id={survivor.pk}&loser=&loser_id={loser.pk}"

    assert "moove-it.com" in fresh(client).get(address).content.decode()
    client.post(address, {"pick_domain": loser.pk})

    assert MergeLog.objects.get().survivor_company == survivor
    survivor.refresh_from_db()
    assert survivor.domain == "moove-it.com"


def test_a_merge_asks_for_the_password_again(client: Client) -> None:
    user = UserFactory(manager_role=True)
    user.set_password("a long password 1")
    user.save()
    client.force_login(user)

    assert "reauthenticate" in client.get("/merges/new/company/").headers["Location"]


def test_a_parent_that_is_merged_into_its_child_leaves_no_circle() -> None:
    loser = CompanyFactory()
    survivor = CompanyFactory(parent=loser)

    merge(survivor, loser, by=UserFactory())

    survivor.refresh_from_db()
    assert survivor.parent is None
