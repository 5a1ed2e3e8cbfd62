"""A clock that a run moves, for processes that are started by that run alone: the machine's own and an offset.

The offset lies in a file that all of them look into, so that a jump is seen by everybody at once, and between two jumps
time runs as it does outside. The product knows nothing of it: whoever travels calls `follow` in a module of its own.
"""

import mmap
import struct
from datetime import UTC, datetime, timedelta
from pathlib import Path

from config.staff import clock

# Where the file lies, told by the environment.
CLOCK = "TRAVELLING_CLOCK"
SIZE = struct.calcsize("d")


class Travel:
    def __init__(self, file: Path) -> None:
        if not file.exists():
            file.write_bytes(struct.pack("d", 0))
        with file.open("r+b") as opened:
            self._shared = mmap.mmap(opened.fileno(), SIZE)

    def now(self) -> datetime:
        (offset,) = struct.unpack("d", self._shared[:SIZE])
        return datetime.now(UTC) + timedelta(seconds=offset)

    def to(self, moment: datetime) -> None:
        self._shared[:SIZE] = struct.pack("d", (moment - datetime.now(UTC)).total_seconds())

    def follow(self) -> None:
        """From here on this process lives by it."""
        clock.now = self.now
