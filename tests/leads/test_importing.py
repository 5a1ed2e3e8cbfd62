import pytest

from companies.models import Company
from leads.models import FollowUp, Interaction, Participant
from tests.companies.importing import checked, imported, outcomes, row, undone
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db

MEETINGS = (
    "Fecha,Empresa,Contacto,Notas,Interés,Colega\n2025-03-14,Moove It,Ana Gómez,Wants a site,hot,luz@example.org\n"
)


def test_a_past_meeting_becomes_an_interaction_with_its_people() -> None:
    luz = UserFactory(email="luz@example.org")

    imported(MEETINGS, "meeting")

    meeting = Interaction.objects.get()
    assert (meeting.company.name, meeting.note, meeting.interest) == ("Moove It", "Wants a site", "hot")
    assert f"{meeting.happened_at:%Y-%m-%d}" == "2025-03-14"
    assert meeting.logged_by == luz
    assert set(Participant.objects.values_list("user", "contact__given_name")) == {(luz.pk, None), (None, "Ana")}


def test_the_same_file_again_writes_no_meeting_twice() -> None:
    UserFactory(email="luz@example.org")
    imported(MEETINGS, "meeting")

    again = imported(MEETINGS, "meeting")

    assert outcomes(again) == ["same"]
    assert Interaction.objects.count() == 1


def test_a_meeting_that_is_still_to_come_is_an_error() -> None:
    an_import = checked("Fecha,Empresa\n2150-01-01,Moove It\n", "meeting")

    assert row(an_import, 2).problems == {"met_on": "in_future"}


def test_old_meetings_open_no_follow_ups_and_are_undone_whole() -> None:
    UserFactory(email="luz@example.org")
    done = imported(MEETINGS, "meeting")
    assert not Interaction.objects.filter(follow_ups_opened_at=None).exists()

    undone(done)

    assert not Interaction.objects.exists()
    assert not Participant.objects.exists()
    assert not Company.objects.exists()
    assert not FollowUp.objects.exists()
