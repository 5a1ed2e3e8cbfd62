"""What may come of handing a message over, by whatever way; and a time limit that nobody can stretch."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True)
class Answer:
    """The other side took the message, with these words."""

    text: str


class Delayed(Exception):  # noqa: N818 - it says what happened to the message
    """Not now: the other side could not be reached, was too slow, or asked to come back. To be tried again."""


class Refused(Exception):  # noqa: N818
    """Never: the other side refused this address or this message for good."""


@contextmanager
def time_limit(seconds: float, cut: Callable[[], None], *faults: type[Exception]) -> Iterator[None]:
    """Cuts the line when the time is over. The limits of sockets are for each read, and a drip never reaches them."""
    late = threading.Event()

    def end() -> None:
        late.set()
        cut()

    timer = threading.Timer(seconds, end)
    timer.daemon = True
    timer.start()
    try:
        yield
    except faults as trouble:
        if late.is_set():
            raise Delayed(f"the server took longer than {seconds:g} s") from trouble
        raise
    finally:
        timer.cancel()
