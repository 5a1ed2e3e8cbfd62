"""What hangs on the records of a list, worked out for all of them at once: a list of 100,000 that is ordered by it
would ask a question a record otherwise.
"""

from typing import Any

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.sql.constants import LOUTER

from companies.lists.kinds import Rows

KEY, VALUE = "k", "v"


class Beside:
    """A query that names each record once at most, joined to the rows of a list: to Django one of its tables."""

    join_type = LOUTER
    filtered_relation = None
    nullable = True

    def __init__(self, parent_alias: str, alias: str, held: QuerySet[Any, Any]) -> None:
        self.parent_alias, self.table_alias, self.table_name = parent_alias, alias, alias
        self.held = held

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        name = compiler.quote_name_unless_alias
        sql, params = self.held.query.get_compiler(connection=connection).as_sql()
        parent, own, key = name(self.parent_alias), name(self.table_alias), name(KEY)
        return f"LEFT OUTER JOIN ({sql}) {own} ON ({parent}.{name('id')} = {own}.{key})", tuple(params)

    def relabeled_clone(self, change_map: dict[str, str]) -> "Beside":
        return Beside(change_map.get(self.parent_alias, self.parent_alias), self.table_alias, self.held)


def beside(rows: Rows, alias: str, held: QuerySet[Any, Any], output_field: Any) -> tuple[Rows, RawSQL]:
    """The rows with this query beside them, and its value. It selects the record as `k` and what is said as `v`."""
    joined = rows.all()
    query: Any = joined.query
    query.alias_map[alias] = Beside(query.get_initial_alias(), alias, held)
    query.alias_refcount[alias] = 1
    return joined, RawSQL(f'"{alias}"."{VALUE}"', [], output_field=output_field)  # noqa: S611 - a name of our own
