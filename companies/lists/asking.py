"""What the address of a list asks for: a saved view, filters, order and columns."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.http import QueryDict

from companies.lists.kinds import Column, Filters, RecordList
from companies.models import SavedView
from companies.models.saved_view import LONGEST_QUERY
from config.staff.models import User
from config.staff.paging import AFTER, BEFORE

# `own` marks what a form of the list sent: with everything cleared it is not the saved view again.
VIEW, SORT, COLUMNS, OWN = "view", "sort", "columns", "own"
# `?view=all` is the list as it comes, whatever view one begins with.
ALL = "all"
# They say where one stands or what one is about to do, not what the list is.
PASSING = {AFTER, BEFORE, VIEW, OWN}


@dataclass(frozen=True)
class Asked:
    """A list as one reader asked for it."""

    of: RecordList
    reader: User
    query: QueryDict
    views: Sequence[SavedView] = ()
    view: SavedView | None = None
    is_changed: bool = False

    @cached_property
    def filters(self) -> Filters:
        return self.of.filters(self.query, self.reader)

    @cached_property
    def sort(self) -> str:
        """The name of a column, with a minus where it goes down."""
        asked = self.query.get(SORT, "")
        column = self.of.column(asked.removeprefix("-"))
        return asked if column and column.is_sorted else self.of.sorted_by

    @cached_property
    def sort_column(self) -> Column | None:
        return self.of.column(self.sort.removeprefix("-")) if self.sort else None

    @cached_property
    def columns(self) -> list[Column]:
        """In the order of the list's own, the first one always."""
        asked = {name for names in self.query.getlist(COLUMNS) for name in names.split(".")}
        known = {column.name for column in self.of.columns[1:]}
        wanted = asked & known or set(self.of.shown_first)
        return [self.of.columns[0], *(column for column in self.of.columns[1:] if column.name in wanted)]

    @cached_property
    def address(self) -> str:
        """All that makes the list what it is, for saved views, files and the way back."""
        return plain(self.query).urlencode()


def plain(query: QueryDict) -> QueryDict:
    """Without what is empty or only passing."""
    kept = QueryDict(mutable=True)
    for name, values in sorted(query.lists()):
        said = [value.replace("\0", "") for value in values if value]
        if said and name not in PASSING:
            kept.setlist(name, said)
    return kept


def read(of: RecordList, sent: QueryDict, reader: User) -> Asked:
    """One query, for the reader's views of this list."""
    views = list(SavedView.objects.of_list(of.name, reader))
    named = sent.get(VIEW, "")
    own = plain(sent)
    is_own = bool(own) or OWN in sent
    if named:
        view = next((view for view in views if str(view.pk) == named), None)
    else:
        view = None if is_own else next((view for view in views if view.is_first), None)  # type: ignore[attr-defined]
    if view is None:
        return Asked(of, reader, own, views)
    saved = plain(QueryDict(view.query))
    is_changed = is_own and own.urlencode() != saved.urlencode()
    return Asked(of, reader, own if is_changed else saved, views, view, is_changed)


def asked_by(of: RecordList, text: str, reader: User) -> Asked:
    """A list whose address was handed on in another one's."""
    return Asked(of, reader, plain(QueryDict(text.replace("\0", "")[:LONGEST_QUERY])))
