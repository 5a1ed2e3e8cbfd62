"""The way from a request to the queue. What is asked for stands in the database, so no message is needed to find it."""

import logging
from typing import Any

from celery import Task
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

log = logging.getLogger(__name__)


def ask(task: Task[Any, Any], *ids: int, expires: int | None = None) -> None:
    """Do it at once; where the queue is down, the regular job takes it up. `expires` is in seconds."""
    try:
        task.apply_async(ids, expires=expires, retry=False)  # type: ignore[arg-type]  # its stub knows no None
    except (OperationalError, RedisError, OSError) as error:
        log.warning("%s%s waits for the regular job (%s)", task.name, ids, error)
