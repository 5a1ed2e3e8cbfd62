from datetime import UTC, date, datetime, timedelta

import pytest

from config.staff import clock
from config.staff.models import Stay
from tests.staff.factories import UserFactory

LATE = datetime(2026, 11, 24, 3, 30, tzinfo=UTC)


@pytest.mark.django_db
def test_a_persons_day_is_the_day_of_their_zone() -> None:
    user = UserFactory(zone="America/Bogota")

    with clock.set_to(LATE):
        assert clock.today_for(user) == date(2026, 11, 23)


@pytest.mark.django_db
def test_a_travellers_day_is_the_day_of_the_place() -> None:
    user = UserFactory(zone="America/Bogota")
    Stay.objects.create(
        user=user,
        zone="Europe/Madrid",
        starts_at=LATE - timedelta(days=1),
        ends_at=LATE + timedelta(days=1),
        source="x",
    )

    with clock.set_to(LATE):
        assert clock.today_for(user) == date(2026, 11, 24)


def test_the_running_clock_does_not_advance_by_hand() -> None:
    with pytest.raises(RuntimeError):
        clock.advance(hours=1)
