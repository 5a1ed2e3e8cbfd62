"""The signs of life of the background processes. /healthz reads them."""

import logging
import time
from datetime import timedelta
from typing import Any

from celery.beat import Scheduler as CeleryScheduler
from celery.signals import heartbeat_sent, worker_ready
from django.db import Error, close_old_connections, connection

from config.staff import clock

logger = logging.getLogger(__name__)

EVERY = 10  # seconds
LASTS = timedelta(seconds=60)

_last: dict[str, float] = {}


def record(name: str) -> None:
    from config.staff.models import Heartbeat  # noqa: PLC0415 - Celery loads this module before the apps

    Heartbeat.objects.bulk_create(
        [Heartbeat(name=name, at=clock.now())],
        update_conflicts=True,
        unique_fields=["name"],
        update_fields=["at"],
    )


def beat(name: str) -> None:
    """Records a sign of life, at most every ten seconds. A database that is away does not end the process."""
    if time.monotonic() - _last.get(name, -EVERY) < EVERY:
        return
    _last[name] = time.monotonic()
    try:
        close_old_connections()
        record(name)
    except Error:
        logger.warning("The %s could not record its heartbeat", name, exc_info=True)
        connection.close()


# By what Celery itself does in its main loop: a worker that has lost the broker falls silent.
@worker_ready.connect(dispatch_uid="puente-worker-ready")
@heartbeat_sent.connect(dispatch_uid="puente-worker-heartbeat")
def _worker_lives(**_signal: Any) -> None:
    beat("worker")


class Scheduler(CeleryScheduler):
    """Celery's own, which keeps the schedule of settings in memory: nothing in it waits longer than a minute."""

    max_interval = EVERY

    def tick(self, *args: Any, **words: Any) -> float:
        beat("beat")
        return min(super().tick(*args, **words), EVERY)
