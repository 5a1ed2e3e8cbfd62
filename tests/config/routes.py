"""Every address of the site, out of the URL patterns themselves: whoever adds a page is checked without knowing."""

import re
from collections.abc import Iterable, Iterator

from django.urls import URLPattern, URLResolver, get_resolver

# What stands in for an argument of an address.
SAMPLES = {"int": "7777", "str": "x", "slug": "x", "uuid": "00000000-0000-4000-8000-000000007777", "path": "x"}


def every_route() -> Iterator[tuple[str, str]]:
    """Name and path of every address, arguments filled in; the admin's sites and allauth's included."""
    return _walk(get_resolver().url_patterns, "/", "")


def _walk(patterns: Iterable[URLPattern | URLResolver], before: str, space: str) -> Iterator[tuple[str, str]]:
    for pattern in patterns:
        part = _filled(str(pattern.pattern))
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _walk(pattern.url_patterns, before + part, inner)
        else:
            yield space + (pattern.name or ""), before + part


def _filled(route: str) -> str:
    route = re.sub(r"<(?:(\w+):)?\w+>", lambda found: SAMPLES[found.group(1) or "str"], route)
    route = re.sub(r"\(\?P<\w+>(\w+)(?:\|\w+)+\)", r"\1", route)
    route = re.sub(r"\(\?P<\w+>\\d[^)]*\)", "7777", route)
    route = re.sub(r"\(\?P<\w+>[^)]*\)", "x", route)
    return re.sub(r"[\^$?\\]|\.\+", "", route)
