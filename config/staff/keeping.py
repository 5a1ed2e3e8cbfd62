"""What is dear to make is kept in the cache for a while; a cache that is away is as good as an empty one."""

from collections.abc import Callable

from django.core.cache import cache
from redis.exceptions import RedisError


def kept(key: str, seconds: int, make: Callable[[], bytes]) -> bytes:
    try:
        found: bytes | None = cache.get(key)
    except RedisError:
        return make()
    if found is None:
        found = make()
        try:
            cache.set(key, found, seconds)
        except RedisError:
            return found
    return found
