"""Whether a database has every migration of this code, asked without another process; and how they run quickly."""

from typing import Any, cast

import psycopg
from django.contrib.postgres.operations import CreateExtension
from django.db.migrations import Migration, operations
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from pgtrigger.migrations import AddTrigger, RemoveTrigger

# What changes no column that another model can point to: nobody else's picture of the model can go stale.
# (What Python a migration runs has all models drawn for itself first.)
OF_ONE_MODEL = (
    CreateExtension,
    operations.CreateModel,
    operations.AlterModelOptions,
    operations.AlterModelManagers,
    operations.AddField,
    operations.AddIndex,
    operations.RemoveIndex,
    operations.AddConstraint,
    operations.AlterConstraint,
    operations.RemoveConstraint,
    operations.RunSQL,
    operations.RunPython,
    AddTrigger,
    RemoveTrigger,
)


def on_disk() -> set[tuple[str, str]]:
    return set(MigrationLoader(None).disk_migrations)


def pending(connection: "psycopg.Connection[Any]") -> bool:
    with connection:
        found = connection.execute("SELECT to_regclass('django_migrations')").fetchone()
        if not found or found[0] is None:
            return True
        applied = set(connection.execute("SELECT app, name FROM django_migrations").fetchall())
    return bool(on_disk() - applied)


class QuickState(ProjectState):
    """Draws one model anew where Django draws all that are related: and to the people who change records, all are.

    On an empty database that was nine tenths of the time. What reads the other models finds them delayed, in Django's
    own sense, and has them all drawn first.
    """

    one_by_one = False

    def reload_model(self, app_label: str, model_name: str, delay: bool = False) -> None:  # noqa: FBT001, FBT002
        if not self.one_by_one:
            super().reload_model(app_label, model_name, delay)
        elif "apps" in self.__dict__:
            self.is_delayed = True
            self._reload({(app_label, model_name)})  # type: ignore[attr-defined]  # the stubs know the public ones

    def clone(self) -> "QuickState":
        plain = super().clone()
        plain.__class__ = QuickState
        return cast("QuickState", plain)


class QuickExecutor(MigrationExecutor):
    def _create_project_state(self, with_applied_migrations: bool = False) -> QuickState:  # noqa: FBT001, FBT002
        state = super()._create_project_state(with_applied_migrations)  # type: ignore[misc]
        return QuickState(state.models, state.real_apps)

    def apply_migration(self, state: ProjectState, migration: Migration, *args: Any, **options: Any) -> ProjectState:
        if isinstance(state, QuickState):
            state.one_by_one = all(_is_of_one_model(operation) for operation in migration.operations)
            if not state.one_by_one:
                state.clear_delayed_apps_cache()
        return super().apply_migration(state, migration, *args, **options)


def _is_of_one_model(operation: Operation) -> bool:
    if isinstance(operation, operations.AlterField):
        return not (operation.field.primary_key or operation.field.unique)
    return isinstance(operation, OF_ONE_MODEL)
