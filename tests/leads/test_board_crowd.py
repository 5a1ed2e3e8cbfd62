"""Fifty people at the same board at once, each with a browser and a connection of their own."""

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client

from leads.models import Lead, StageChange
from tests.leads.ready import ready_lead
from tests.staff.factories import UserFactory

PEOPLE, MOVES, CARDS = 50, 2, 16
ON_THE_BOARD = {"HX-Request": "true", "HX-Current-URL": "http://testserver/leads/board/"}


def moves_of(browser: Client, leads: list[int], chance: random.Random) -> Counter[str]:
    told: Counter[str] = Counter()
    for _ in range(MOVES):
        pk = chance.choice(leads)
        seen = Lead.objects.values("stage_id", "version").get(pk=pk)
        to = chance.choice([stage for stage in range(1, 6) if stage != seen["stage_id"]])
        sent = {"stage": to, "version": seen["version"], "seen_stage": seen["stage_id"], "note": "Back"}
        answer = browser.post(f"/leads/{pk}/move/", sent, headers=ON_THE_BOARD)
        while answer.status_code == 409:
            told["refused"] += 1
            assert "You saw" in answer.text
            assert "It is now" in answer.text
            # What Enter sends: the form as it stands, from what is true now.
            now = answer.context["lead"]
            sent = sent | {"version": now.version, "seen_stage": now.stage_id}
            answer = browser.post(f"/leads/{pk}/move/", sent, headers=ON_THE_BOARD)
        assert answer.status_code == 200, answer.text
        told["accepted"] += 1
    return told


@pytest.mark.django_db(transaction=True)
def test_fifty_people_move_cards_at_once_and_each_accepted_move_is_logged_once_in_order() -> None:
    leads = [ready_lead(title=f"Card {number}").pk for number in range(CARDS)]
    people = [UserFactory(manager_role=True) for _ in range(PEOPLE)]
    clients = [Client() for _ in people]
    for browser, person in zip(clients, people, strict=True):
        browser.force_login(person)

    def move_some(number: int) -> Counter[str]:
        try:
            return moves_of(clients[number], leads, random.Random(number))
        finally:
            connection.close()

    with ThreadPoolExecutor(PEOPLE) as crowd:
        told = sum(crowd.map(move_some, range(PEOPLE)), Counter())

    assert told["accepted"] == PEOPLE * MOVES
    assert told["refused"] > 0
    assert StageChange.objects.count() == sum(Lead.objects.values_list("version", flat=True)) - CARDS
    for lead in Lead.objects.all():
        log = list(lead.stage_changes.order_by("pk"))
        assert [row.stage_before_id for row in log] == [1, *(row.stage_after_id for row in log[:-1])]
        assert log[-1].stage_after_id == lead.stage_id
        assert [row.at for row in log] == sorted(row.at for row in log)
