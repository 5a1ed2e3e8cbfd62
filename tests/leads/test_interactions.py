from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from config.staff.models import User
from leads.errors import StaleEdit
from leads.models import Interaction
from leads.tasks import open_follow_ups_of
from tests.companies.factories import CompanyFactory, ContactFactory
from tests.leads.factories import FollowUpFactory, InteractionFactory, LeadFactory, ParticipantFactory
from tests.missions.factories import MissionFactory
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db

THEN = datetime(2026, 11, 10, 15, 0, tzinfo=UTC)


@pytest.fixture
def officer(client: Client) -> User:
    user: User = UserFactory()
    client.force_login(user)
    return user


def listed(client: Client, **asked: Any) -> list[Interaction]:
    rows = client.get(reverse("leads:interactions"), asked).context["page"].rows
    found = Interaction.objects.in_bulk([row.pk for row in rows])
    return [found[row.pk] for row in rows]


@pytest.mark.parametrize(
    ("facts", "asked"),
    [
        ({"kind": "call"}, {"kind": "call"}),
        ({"outcome": "no_show"}, {"outcome": "no_show"}),
        ({"interest": "hot"}, {"interest": "hot"}),
        ({"note": "They want 200 seats"}, {"q": "200 SEATS"}),
        ({"happened_at": THEN}, {"until": "2026-11-10"}),
    ],
)
@pytest.mark.usefixtures("officer")
def test_filter_finds_the_one_that_fits(client: Client, facts: dict[str, Any], asked: dict[str, str]) -> None:
    wanted = InteractionFactory(**facts)
    InteractionFactory(happened_at=datetime(2026, 11, 20, tzinfo=UTC))

    assert listed(client, **asked) == [wanted]


@pytest.mark.usefixtures("officer")
def test_words_find_the_company_and_the_person(client: Client) -> None:
    of_company = InteractionFactory(company=CompanyFactory(name="Globant"))
    of_person = InteractionFactory()
    ParticipantFactory(interaction=of_person, contact=ContactFactory(given_name="Martín", family_name="Peña"))

    assert (listed(client, q="globant"), listed(client, q="pena")) == ([of_company], [of_person])


def test_filter_by_records(client: Client, officer: User) -> None:
    wanted = InteractionFactory(mission=MissionFactory(), logged_by=officer)
    InteractionFactory()

    for asked in ({"mission": wanted.mission_id}, {"officer": officer.pk}, {"company_id": wanted.company_id}):
        assert listed(client, **asked) == [wanted]


@pytest.mark.usefixtures("officer")
def test_talk_about_a_hidden_lead_is_in_no_list(client: Client) -> None:
    hidden = InteractionFactory(lead=LeadFactory(named=True))

    assert listed(client) == []
    assert client.get(hidden.get_absolute_url()).status_code == 404
    assert client.get(reverse("leads:interaction_edit", args=[hidden.pk])).status_code == 404


@pytest.mark.usefixtures("officer")
def test_page_shows_what_follows(client: Client) -> None:
    interaction = InteractionFactory()
    FollowUpFactory(interaction=interaction, text="Send the pack")

    assert b"Send the pack" in client.get(interaction.get_absolute_url()).content


def edited(interaction: Interaction, **changes: Any) -> dict[str, Any]:
    data = {
        "version": interaction.version,
        "kind": "meeting",
        "direction": "both",
        "outcome": "held",
        "happened_at": "2026-11-10T10:00",
        "zone": "America/Bogota",
        "note": "",
    }
    return data | changes


@pytest.mark.usefixtures("officer")
def test_edit_writes_what_was_typed(client: Client) -> None:
    interaction = InteractionFactory()

    client.post(reverse("leads:interaction_edit", args=[interaction.pk]), edited(interaction, note="Corrected"))

    interaction.refresh_from_db()
    assert (interaction.note, interaction.happened_at, interaction.version) == ("Corrected", THEN, 2)


@pytest.mark.usefixtures("officer")
def test_edit_asks_for_the_steps_that_now_apply(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    interaction, asked = InteractionFactory(), list[tuple[int]]()
    monkeypatch.setattr(open_follow_ups_of, "apply_async", lambda args, **_words: asked.append(args))

    client.post(reverse("leads:interaction_edit", args=[interaction.pk]), edited(interaction, interest="hot"))

    assert asked == [(interaction.pk,)]


@pytest.mark.usefixtures("officer")
def test_stale_edit_shows_both_and_keeps_what_was_typed(client: Client) -> None:
    interaction = InteractionFactory()
    data = edited(interaction, note="Mine")
    interaction.revise({"note": "Theirs"}, seen_version=1)

    answer = client.post(reverse("leads:interaction_edit", args=[interaction.pk]), data)

    assert answer.status_code == 409
    assert ("What was said", "Theirs", "Mine") in answer.context["theirs"]
    assert Interaction.objects.get().note == "Theirs"


@pytest.mark.usefixtures("officer")
def test_edit_sent_again_after_seeing_both_is_written(client: Client) -> None:
    interaction = InteractionFactory()
    data = edited(interaction, note="Mine")
    interaction.revise({"note": "Theirs"}, seen_version=1)

    refused = client.post(reverse("leads:interaction_edit", args=[interaction.pk]), data)
    client.post(
        reverse("leads:interaction_edit", args=[interaction.pk]),
        data | {"version": refused.context["form"]["version"].value()},
    )

    assert Interaction.objects.get().note == "Mine"


def test_stale_revision_is_refused() -> None:
    interaction = InteractionFactory()
    interaction.revise({"note": "One"}, seen_version=1)

    with pytest.raises(StaleEdit):
        interaction.revise({"note": "Two"}, seen_version=1)


def test_list_costs_the_same_however_much_there_is(client: Client, officer: User) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as spent:
            listed(client)
        return len(spent)

    ParticipantFactory(interaction=InteractionFactory(mission=MissionFactory()), contact=ContactFactory())
    few = queries()
    for _time in range(8):
        ParticipantFactory(interaction=InteractionFactory(mission=MissionFactory()), contact=ContactFactory())

    assert queries() == few


def test_days_are_those_of_the_reader(client: Client, officer: User) -> None:
    # 23:30 in Bogotá is the next day in UTC.
    late = InteractionFactory(happened_at=datetime(2026, 11, 11, 4, 30, tzinfo=UTC))

    assert listed(client, since=date(2026, 11, 10), until=date(2026, 11, 10)) == [late]
