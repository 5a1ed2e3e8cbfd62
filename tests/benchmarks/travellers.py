"""What the processes of a travelling run are started by: the site, workers and beats, with a schedule of seconds.

Workers and beats are forked off a server that has read the code already: they are killed by the hundred.
"""

import os
import select
import signal
import sys
import threading
from pathlib import Path

from django.core.wsgi import get_wsgi_application

from config.celery_app import app
from tests.benchmarks.travelling import CLOCK, Travel

EVERY = {"open_follow_ups": 4.0, "raise_reminders": 3.0, "send_due": 2.0}

application = get_wsgi_application()
if CLOCK in os.environ:
    Travel(Path(os.environ[CLOCK])).follow()
    app.conf.beat_schedule = {
        name: {"task": f"leads.tasks.{name}", "schedule": seconds, "options": {"expires": 2 * seconds}}
        for name, seconds in EVERY.items()
    }
    app.loader.import_default_modules()


def begin(command: list[str], log: str, run: int) -> None:
    """A Celery command in a process and a session of its own, that ends with the run."""
    os.setsid()
    threading.Thread(target=_end_with, args=[os.pidfd_open(run)], daemon=True).start()
    with Path(log).open("ab") as output:
        for number in (1, 2):
            os.dup2(output.fileno(), number)
    sys.argv = command
    app.start(command[1:])


def _end_with(run: int) -> None:
    select.select([run], [], [])
    os.killpg(0, signal.SIGKILL)
