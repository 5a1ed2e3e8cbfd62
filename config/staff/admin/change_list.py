"""Lists of the admin: paged by key, counted up to 10,000, filtered and searched without reading whole tables."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import get_fields_from_path
from django.contrib.admin.views.main import ChangeList
from django.db import models
from django.db.models import Func, Q, Value
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from config.staff.models import User
from config.staff.paging import AFTER, BEFORE, keyset_page


class KeysetChangeList(ChangeList):
    """Django's list, without its page numbers: they cost a count and an OFFSET."""

    paging: Any

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> models.QuerySet[Any]:
        for name in (AFTER, BEFORE):
            self.params.pop(name, None)
            self.filter_params.pop(name, None)
        return super().get_queryset(request, exclude_parameters)

    def get_results(self, request: HttpRequest) -> None:
        keys = self.model_admin.keys  # type: ignore[attr-defined]
        self.paging = keyset_page(self.queryset, request, keys=keys, size=self.list_per_page)
        self.result_list = self.paging.rows
        self.result_count = self.full_result_count = len(self.paging.rows)
        self.show_full_result_count = False
        self.can_show_all = self.multi_page = self.show_all = False
        self.paginator = self.model_admin.get_paginator(request, self.result_list, self.list_per_page)


def search(queryset: models.QuerySet[Any], paths: tuple[str, ...], words: str) -> models.QuerySet[Any]:
    """Rows in which one of the paths holds the words. Every path is asked by itself, so that each can use its index."""
    model = queryset.model
    found = [model._default_manager.filter(wanted).values("pk") for wanted in _conditions(model, paths, words)]
    if not found:
        return queryset.none()
    first, *others = found
    return queryset.filter(pk__in=first.union(*others) if others else first)


def _conditions(model: type[models.Model], paths: tuple[str, ...], words: str) -> list[Q]:
    wanted = []
    if words.isascii() and words.isdecimal() and len(words) < 19 and isinstance(model._meta.pk, models.BigAutoField):
        wanted.append(Q(pk=int(words)))
    for path in paths:
        plain, _sep, lookup = path.rpartition("__")
        field = get_fields_from_path(model, plain)[-1]
        fold = getattr(getattr(field, "expression", None), "function", None)
        if fold:
            # Compared as the column was made: without case, accents and legal form.
            wanted.append(Q(**{path: Func(Value(words), function=fold, output_field=models.TextField())}))
        else:
            wanted.append(Q(**{path: words.lower() if lookup == "startswith" else words}))
    return wanted


class PersonFilter(admin.SimpleListFilter):
    """One person by name or address, typed: a list of everybody would be as long as the agency."""

    template = "admin/person_filter.html"
    title = _("owner")
    parameter_name = "person"
    field = "owner"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        self.others = [
            (name, value)
            for name, values in request.GET.lists()
            if name not in {self.parameter_name, AFTER, BEFORE}
            for value in values
        ]
        return [("", "")]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> models.QuerySet[Any]:
        typed = (self.value() or "").strip()
        if not typed:
            return queryset
        if "\x00" in typed:
            return queryset.none()
        people = User.objects.filter(Q(name__icontains=typed[:200]) | Q(email__istartswith=typed[:200]))
        return queryset.filter(**{f"{self.field}__in": people})


class LoggedByFilter(PersonFilter):
    title = _("logged by")
    field = "logged_by"


class OfPersonFilter(PersonFilter):
    title = _("person")
    field = "person"


class OfUserFilter(PersonFilter):
    title = _("person")
    field = "user"
