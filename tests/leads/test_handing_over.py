import pytest
from django.apps import apps
from django.test import Client

from config.staff import clock
from config.staff.models import User
from leads.follow_ups.handing_over import KINDS, hand_over, open_of
from leads.models import AccountPlan, Lead
from leads.models.choices import Level
from tests.companies.factories import CompanyFactory
from tests.leads.factories import FollowUpFactory, LeadFactory
from tests.missions.factories import MissionFactory
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db

# Who did something, not whose it is; and what goes with the person.
NOT_OWNED = {
    "created_by", "by", "said_by", "uploaded_by", "removed_by", "undone_by", "answered_by", "verified_by", "logged_by",
    "known_to", "offered_to", "person", "user", "deputy", "manager", "invited_by", "users", "pgh_obj", "colleague",
    "closed_by", "offer_known_to", "opened_by", "sender", "writer", "published_by", "decided_by",
}  # fmt: skip


@pytest.fixture
def leaver() -> User:
    person: User = UserFactory(name="Lena Leaver")
    return person


@pytest.fixture
def heir() -> User:
    person: User = UserFactory(name="Hugo Heir")
    return person


def counts(person: User) -> dict[str, int]:
    return {str(count.label): count.count for count in open_of(person)}


def test_everything_open_goes_to_the_heir(leaver: User, heir: User) -> None:
    company = CompanyFactory(owner=leaver)
    lead = LeadFactory(company=company, owner=leaver)
    FollowUpFactory(company=company, owner=leaver)
    MissionFactory(lead_officer=leaver)
    AccountPlan.objects.create(company=company, owner=leaver)

    hand_over(leaver, to=heir, by=UserFactory(administrator=True), note="Gone")

    assert counts(leaver) == {}
    assert {"Leads", "Follow-ups", "Companies", "Missions", "Account plans"} <= counts(heir).keys()
    assert Lead.objects.get(pk=lead.pk).version == lead.version + 1


def test_a_restricted_lead_stays_with_whoever_may_not_give_it(leaver: User, heir: User) -> None:
    lead = LeadFactory(owner=leaver, level=Level.NAMED, code_name="Ceiba")
    FollowUpFactory(company=lead.company, lead=lead, owner=leaver)

    hand_over(leaver, to=heir, by=UserFactory(administrator=True))

    assert counts(heir) == {}
    assert counts(leaver) == {"Leads": 1, "Follow-ups": 1}


def test_what_is_closed_stays_where_it_was(leaver: User) -> None:
    CompanyFactory(owner=leaver, archived_at=clock.now())

    assert "Companies" not in counts(leaver)


def test_handing_over_twice_changes_nothing_more(leaver: User, heir: User) -> None:
    CompanyFactory(owner=leaver)
    by = UserFactory(administrator=True)

    assert len(hand_over(leaver, to=heir, by=by)) == 1
    assert hand_over(leaver, to=heir, by=by) == []


def administrator(client: Client) -> None:
    client.force_login(UserFactory(administrator=True))
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": clock.now().timestamp()}]
    session.save()


def close(client: Client, person: User, **sent: object) -> int:
    return client.post(f"/settings/people/{person.pk}/close/", sent).status_code


def is_open(person: User) -> bool:
    person.refresh_from_db()
    return person.is_active


def test_an_account_closes_and_its_work_goes_over_in_one_step(client: Client, leaver: User, heir: User) -> None:
    administrator(client)
    CompanyFactory(owner=leaver)

    assert close(client, leaver, heir=heir.pk, note="Gone") == 302

    assert not is_open(leaver)
    assert counts(leaver) == {}
    assert counts(heir) == {"Companies": 1}


def test_an_account_with_open_work_does_not_close_without_an_heir(client: Client, leaver: User) -> None:
    administrator(client)
    CompanyFactory(owner=leaver)

    assert close(client, leaver) == 422

    assert is_open(leaver)


def test_an_account_without_work_closes_at_once(client: Client, leaver: User) -> None:
    administrator(client)

    assert close(client, leaver) == 302

    assert not is_open(leaver)


def test_what_the_heir_may_not_see_keeps_the_account_open_and_moves_nothing(
    client: Client, leaver: User, heir: User
) -> None:
    administrator(client)
    CompanyFactory(owner=leaver)
    LeadFactory(owner=leaver, level=Level.NAMED, title="zqsecret", code_name="Ceiba")

    answer = client.post(f"/settings/people/{leaver.pk}/close/", {"heir": heir.pk})

    assert answer.status_code == 422
    assert "Ceiba" not in answer.content.decode()
    assert is_open(leaver)
    assert counts(heir) == {}


def test_what_nobody_else_may_see_goes_over_where_that_is_said(client: Client, leaver: User, heir: User) -> None:
    administrator(client)
    lead = LeadFactory(owner=leaver, level=Level.NAMED, code_name="Ceiba")
    FollowUpFactory(company=lead.company, lead=lead, owner=leaver)

    assert close(client, leaver, heir=heir.pk, hidden_too="on") == 302

    assert counts(leaver) == {}
    assert Lead.objects.visible_to(heir).get() == lead


def test_what_the_rules_forbid_the_heir_keeps_the_account_open(client: Client, leaver: User, heir: User) -> None:
    administrator(client)
    LeadFactory(owner=leaver, second_person=heir)

    assert close(client, leaver, heir=heir.pk, hidden_too="on") == 422

    assert is_open(leaver)


def test_the_page_names_no_restricted_lead(client: Client, leaver: User) -> None:
    administrator(client)
    LeadFactory(owner=leaver, level=Level.NAMED, title="zqsecret", code_name="Ceiba")

    page = client.get(f"/settings/people/{leaver.pk}/hand-over/").content.decode()

    assert "zqsecret" not in page
    assert "Ceiba" not in page


def test_only_administrators_hand_over(client: Client, leaver: User) -> None:
    client.force_login(UserFactory(manager_role=True))

    assert client.get(f"/settings/people/{leaver.pk}/hand-over/").status_code == 404


def test_every_field_by_which_something_belongs_to_a_person_is_handed_over() -> None:
    handed = {(kind.model, kind.field) for kind in KINDS}
    owned = {
        (model, field.name)
        for app in ("companies", "missions", "leads")
        for model in apps.get_app_config(app).get_models()
        if "pgh_id" not in {other.name for other in model._meta.get_fields()}
        for field in model._meta.concrete_fields
        if field.related_model is User and field.name not in NOT_OWNED
    }

    assert {f"{model.__name__}.{name}" for model, name in owned - handed} == NO_WORK


# Views of a list are a person's own; a change in the log says who owned it then, a goal who set it; managers see
# every import.
NO_WORK = {"Goal.approved_by", "Goal.proposed_by", "Import.owner", "SavedView.owner", "StageChange.owner"}


def test_whoever_becomes_a_guest_hands_over_first(client: Client, leaver: User) -> None:
    administrator(client)
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": clock.now().timestamp()}]
    session.save()
    company = CompanyFactory(owner=leaver)

    refused = client.post(f"/settings/people/{leaver.pk}/", {"role": "guest"}, follow=True)

    assert "Companies 1" in refused.content.decode()
    leaver.refresh_from_db()
    assert leaver.role == "officer"
    company.owner = None
    company.save()
    client.post(f"/settings/people/{leaver.pk}/", {"role": "guest"})
    leaver.refresh_from_db()
    assert leaver.role == "guest"
