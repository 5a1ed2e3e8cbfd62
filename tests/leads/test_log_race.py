from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.db import connection

from companies.models import Company
from config.staff import clock
from leads.interactions.capture import Said, log_interaction
from leads.models import Interaction
from tests.staff.factories import UserFactory


@pytest.mark.django_db(transaction=True)
def test_same_capture_from_four_sides_at_once_is_stored_once() -> None:
    officer, capture_id = UserFactory(), uuid4()
    said = Said(happened_at=clock.now(), zone="America/Bogota")

    def send(_side: int) -> int:
        try:
            return log_interaction("Nuvola Labs", capture_id=capture_id, by=officer, said=said).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as sides:
        stored = set(sides.map(send, range(4)))

    assert (len(stored), Interaction.objects.count(), Company.objects.count()) == (1, 1, 1)
