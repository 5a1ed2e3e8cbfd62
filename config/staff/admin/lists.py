"""Lists in the admin: by key instead of by offset, and never counted to the end."""

from functools import cached_property
from typing import Any

from django.contrib.admin.views.main import ChangeList
from django.core.paginator import Paginator
from django.db import models
from django.db.models import Func, Q, TextField, Value
from django.http import HttpRequest

from config.staff.paging import AFTER, BEFORE, COUNTED, Page, keyset_page

LONGEST_SEARCH = 200


class KeysetChangeList(ChangeList):
    """Django's list with our pages. Its `p=` is not used; `after` and `before` are no filters."""

    page: Page[Any]

    def get_filters_params(self, params: Any = None) -> dict[str, Any]:
        found = super().get_filters_params(params)
        return {name: value for name, value in found.items() if name not in {AFTER, BEFORE}}

    def get_results(self, request: HttpRequest) -> None:
        keys = getattr(self.model_admin, "keys", ("-pk",))
        self.page = keyset_page(self.queryset, request, keys=keys, size=self.list_per_page)
        self.result_list = self.page.rows
        self.result_count = COUNTED if self.page.count is None else self.page.count
        # Equal numbers keep Django's own count line away; ours stands at the foot.
        self.full_result_count = self.result_count
        self.show_full_result_count = self.show_admin_actions = False
        self.can_show_all = self.multi_page = False
        self.paginator = CappedPaginator(self.page.rows, self.list_per_page)


class CappedPaginator(Paginator):  # type: ignore[type-arg]
    """For what the pickers of the admin offer: nobody pages through more, so nobody waits for the count."""

    @cached_property
    def count(self) -> int:
        rows = self.object_list
        if isinstance(rows, models.QuerySet):
            return rows.order_by().values("pk")[: COUNTED + 1].count()
        return len(rows)


def holding(column: str, text: str) -> Q:
    """Rows whose folded column holds the words, folded the same way; served by the trigram index."""
    words = Func(Value(text.replace("\0", "")[:LONGEST_SEARCH]), function="puente_fold", output_field=TextField())
    return Q(**{f"{column}__contains": words})
