"""Finding what is due among a million open follow-ups: the questions of the job that raises reminders, and their plans.

A third is long overdue, of people with a manager and without; of these everybody was told. The rest lies ahead. A few
hundred are due this morning, some at an hour, some are new to their owners or offered, some just late enough for a
manager. Each round raises them all and takes it back, so that every round finds the same.
"""

import re
import statistics
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import connection, transaction

from companies.models import Company
from config.staff import clock
from config.staff.models import Role, User
from leads.models import FollowUp, Reminder
from leads.reminding.reminders import raise_due
from tests.benchmarks.ground import NOW

TIMES = re.compile(r"^(?:Planning|Execution) Time: ([\d.]+) ms", re.MULTILINE)
OPEN, PEOPLE, ROUNDS = 1_000_000, 60, 25
# Each sixth person has no manager, and of what they do nobody else ever hears.
FILL = """
    INSERT INTO leads_followup (
        origin, kind, text, owner_id, company_id, due_on, waiting_for, state, closed_with, in_time, snoozes,
        snooze_reason, version, created_at, updated_at, known_to_id, reminded_of_day, escalated_for, warned_days
    )
    SELECT 'manual', 'other', 'Call them', owner, (%(companies)s::bigint[])[1 + number %% 1999], day, '', 'open',
        '', false, 0, '', 1, %(now)s, %(now)s, owner, CASE WHEN day < %(today)s THEN day END,
        CASE WHEN day < %(today)s AND number %% %(people)s %% 6 > 0 THEN day END, 0
    FROM (
        SELECT number, (%(owners)s::bigint[])[1 + number %% %(people)s] AS owner,
            %(today)s::date + CASE WHEN number %% 3 = 0 THEN -30 - number / 3 %% 700 ELSE 1 + number %% 900 END AS day
        FROM generate_series(1, %(count)s) AS number
    ) AS drawn
"""


def run(size: str, only: set[str]) -> dict[str, Any]:
    with clock.set_to(NOW):
        people = _people()
        _fill(people)
        _come_due(people)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE leads_followup")
            cursor.execute("ANALYZE")
        rounds = [_round() for _number in range(ROUNDS)]
        raised, _spent, questions = rounds[-1]
        plans = [_plan(statement, values) for statement, values in questions]
        print("\n\n".join("\n".join(plan) for plan in plans), end="\n\n")
    answer = {
        "open": FollowUp.objects.open().count(),
        "raised": raised,
        "questions": len(questions),
        "p50_ms": round(statistics.median(spent for _raised, spent, _questions in rounds), 1),
        "slowest_ms": round(max(spent for _raised, spent, _questions in rounds), 1),
        # What PostgreSQL itself says it needed, planning included: a busy machine shows less in it.
        "plans_ms": _told(plans),
    }
    print("\n".join(f"{name:<11} {value}" for name, value in answer.items()))
    return answer


def _round() -> tuple[int, float, list[tuple[str, Any]]]:
    """How many were raised, how long the questions took in milliseconds, and those about follow-ups."""
    spent: list[float] = []
    questions: list[tuple[str, Any]] = []

    def timed(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        began = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            if sql.startswith("SELECT"):
                spent.append((time.perf_counter() - began) * 1000)
                if 'FROM "leads_followup"' in sql:
                    questions.append((sql, params))

    with transaction.atomic():
        with connection.execute_wrapper(timed):
            raised = raise_due(at=NOW)
        transaction.set_rollback(True)
    return raised, sum(spent), questions


def _told(plans: list[list[str]]) -> float:
    return round(sum(float(ms) for plan in plans for ms in TIMES.findall("\n".join(plan))), 1)


def _plan(statement: str, values: Any) -> list[str]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS OFF) {statement}", values)
        plan = [str(row[0]) for row in cursor.fetchall()]
        transaction.set_rollback(True)
        return plan


def _people() -> list[User]:
    manager = User.objects.create(email="head@example.org", name="Head", role=Role.MANAGER)
    return [
        User.objects.create(
            email=f"person{number}@example.org", name=f"Person {number}", manager=manager if number % 6 else None
        )
        for number in range(PEOPLE)
    ]


def _fill(people: list[User]) -> None:
    """Past the triggers, whose history nobody reads here."""
    companies = Company.objects.bulk_create(Company(name=f"Company {number}") for number in range(1_999))
    values: dict[str, Any] = {
        "companies": [row.pk for row in companies],
        "now": NOW,
        "today": NOW.date(),
        "people": PEOPLE,
        "owners": [person.pk for person in people],
        "count": OPEN,
    }
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(FILL, values)
        cursor.execute("SET session_replication_role = origin")


def _come_due(people: list[User]) -> None:
    """Some of what lay ahead is due now, each in its own way."""
    today = NOW.date()
    ahead = FollowUp.objects.filter(due_on__gt=today, owner=people[1])
    for changes in (
        {"due_on": today},
        {"due_on": today, "due_at": NOW - timedelta(hours=1)},
        {"known_to": None},
        {"offered_to": people[2]},
        {"due_on": today - timedelta(days=7), "reminded_of_day": today - timedelta(days=7)},
    ):
        ids = ahead.filter(known_to=people[1], offered_to=None).order_by("pk").values_list("pk", flat=True)[:60]
        FollowUp.objects.filter(pk__in=list(ids)).update(**changes)
    late = FollowUp.objects.filter(due_on=today - timedelta(days=7), owner=people[1])
    a_week_ago = NOW - timedelta(days=7)
    Reminder.objects.bulk_create(
        Reminder(
            rule=Reminder.Rule.DUE,
            follow_up=row,
            person=people[1],
            occurrence=f"{row.due_on.isoformat()}/1",
            due_at=a_week_ago,
            created_at=a_week_ago,
            state=Reminder.State.DELIVERED,
            delivered_at=a_week_ago,
        )
        for row in late
    )
