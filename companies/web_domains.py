"""The bare domain, however a web address was pasted."""

import re

_DOMAIN = re.compile(r"^(?=.{4,253}$)([^\W_]([\w-]{0,61}[^\W_])?\.)+[^\W\d_]{2,63}$")


def bare_domain(text: str) -> str:
    """Without scheme, person, port, path and www; what is no domain then is given back as it stands."""
    bare = text.strip().lower()
    bare = re.sub(r"^[a-z]+:/*", "", bare).rpartition("@")[2]
    return re.split(r"[\s/?#:,;]", bare)[0].removeprefix("www.").strip(".")


def is_domain(text: str) -> bool:
    return bool(_DOMAIN.match(text))
