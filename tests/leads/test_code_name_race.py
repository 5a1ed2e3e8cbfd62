from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from leads.access import set_access
from leads.errors import CodeNameTaken
from leads.models import Lead
from tests.leads.factories import LeadFactory


@pytest.mark.django_db(transaction=True)
def test_a_code_name_that_two_take_at_once_is_refused_to_one_and_changes_nothing_there() -> None:
    leads, ready = [LeadFactory(), LeadFactory()], Barrier(2)

    def restrict(lead: Lead) -> bool:
        ready.wait(10)
        try:
            set_access(lead, "named", by=lead.owner, seen_version=1, code_name="Proyecto Garza", team=None, people=[])
        except CodeNameTaken:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as sides:
        taken = list(sides.map(restrict, leads))

    assert sorted(taken) == [False, True]
    assert sorted(Lead.objects.values_list("code_name", "level", "version")) == [
        ("", "open", 1),
        ("Proyecto Garza", "named", 2),
    ]
