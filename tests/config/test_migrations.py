"""The quick way to migrate leaves no model behind with an old picture of another."""

import pytest
from django.db import connection, models
from django.db.migrations import AddField, AlterField, Migration, RemoveField
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ModelState

from config.migrations import QuickExecutor, QuickState


@pytest.fixture
def state() -> QuickState:
    state = QuickState()
    state.add_model(ModelState("room", "Company", [("id", models.AutoField(primary_key=True))]))
    company = models.ForeignKey("room.Company", models.CASCADE)
    state.add_model(ModelState("room", "Lead", [("id", models.AutoField(primary_key=True)), ("company", company)]))
    assert state.apps.get_models()
    return state


def run(state: QuickState, operation: Operation) -> QuickState:
    one = type("Migration", (Migration,), {"operations": [operation]})
    after = QuickExecutor(connection).apply_migration(state, one("0002", "room"), fake=True)
    assert isinstance(after, QuickState)
    return after


def add_name(state: QuickState) -> None:
    state.one_by_one = True
    state.add_field("room", "company", "name", models.TextField(default=""), preserve_default=True)


def test_an_added_column_draws_its_model_and_no_other(state: QuickState) -> None:
    company, lead = state.apps.get_model("room", "Company"), state.apps.get_model("room", "Lead")

    add_name(state)

    assert state.apps.get_model("room", "Company")._meta.get_field("name")
    assert state.apps.get_model("room", "Company") is not company
    assert state.apps.get_model("room", "Lead") is lead


def test_who_asks_for_all_models_gets_all_of_them_anew(state: QuickState) -> None:
    add_name(state)

    state.clear_delayed_apps_cache()

    target = state.apps.get_model("room", "Lead")._meta.get_field("company").related_model
    assert target is state.apps.get_model("room", "Company")


def test_a_copy_is_as_quick(state: QuickState) -> None:
    assert isinstance(state.clone(), QuickState)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("operation", "alone"),
    [
        (AddField("company", "name", models.TextField(default="")), True),
        (AlterField("company", "id", models.BigAutoField(primary_key=True)), False),
        (RemoveField("lead", "company"), False),
    ],
    ids=["a column is added", "a key changes its type", "a relation goes"],
)
def test_only_what_nobody_points_to_is_drawn_alone(state: QuickState, operation: Operation, *, alone: bool) -> None:
    assert run(state, operation).one_by_one is alone
