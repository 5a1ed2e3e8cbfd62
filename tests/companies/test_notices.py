"""The version of the privacy notice that a person was given stands beside the legal basis."""

from typing import Any

import pytest
from django.test import Client

from companies.models import Contact
from companies.notices import publish
from config.staff import clock
from config.staff.models import User
from tests.companies.factories import ContactFactory
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db
PERSON = {"given_name": "Ana", "family_name": "Ñáñez", "legal_basis": "authorisation"}


@pytest.fixture
def officer(client: Client) -> User:
    user: User = UserFactory()
    client.force_login(user)
    return user


def save(client: Client, **sent: Any) -> int:
    day = clock.agency_today().isoformat()
    return client.post("/contacts/new/", {**PERSON, "legal_basis_on": day, **sent}).status_code


def test_the_version_given_is_chosen_from_those_that_were_published(client: Client, officer: User) -> None:
    for number in (1, 2):
        publish(f"Sus datos {number}", f"Your data {number}", by=UserFactory(administrator=True))

    form = client.get("/contacts/new/").context["form"]

    assert [value for value, _label in form.fields["notice_version"].choices] == ["", "2", "1"]
    assert save(client, notice_version="3") == 200
    assert save(client, notice_version="2") == 302
    assert Contact.objects.get().notice_version == "2"


def test_an_authorisation_is_informed(client: Client, officer: User) -> None:
    publish("Sus datos", "Your data", by=UserFactory(administrator=True))

    assert save(client) == 200

    assert not Contact.objects.exists()


def test_a_version_that_was_noted_before_stays_with_its_person(client: Client, officer: User) -> None:
    contact = ContactFactory(notice_version="2019")

    form = client.get(f"/contacts/{contact.pk}/edit/").context["form"]

    assert ("2019", "2019") in form.fields["notice_version"].choices
