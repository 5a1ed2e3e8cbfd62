"""What pages of records show of the list that they were opened from."""

from collections.abc import Mapping
from typing import Any

from django import template

from companies.lists.kinds import list_named
from companies.lists.neighbours import neighbours
from companies.lists.showing import LIST

register = template.Library()


@register.inclusion_tag("lists/_neighbours.html", takes_context=True)
def beside(context: Mapping[str, Any], name: str, pk: int) -> dict[str, Any]:
    """`{% beside "companies" company.pk %}`; nothing, and no query, where the record was not opened from a list."""
    request, of = context["request"], list_named(name)
    address = request.GET.get(LIST)
    found = neighbours(of, address, pk, request.user) if of and address is not None else None
    return {"beside": found}
