"""Child processes that live no longer than their parent, whatever ends it."""

import contextlib
import ctypes
import os
import pwd
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from config.embedded.problem import StartProblem

PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG


@dataclass(frozen=True)
class Account:
    """The user that a child runs as where the parent is root and the child must not be."""

    user: int
    group: int

    @classmethod
    def for_servers(cls) -> "Account | None":
        if os.geteuid() != 0:
            return None
        nobody = pwd.getpwnam("nobody")
        return cls(nobody.pw_uid, nobody.pw_gid)

    def own(self, folder: Path) -> None:
        os.chown(folder, self.user, self.group)


@dataclass
class Child:
    name: str
    process: "subprocess.Popen[bytes]"
    stop_signal: signal.Signals
    note: Path

    def stopped(self) -> bool:
        return self.process.poll() is not None


class Children:
    """A group of processes, started in order and stopped in the opposite order.

    Each is noted in a folder, so that a later start finds and ends what a kill -9 left behind.
    """

    def __init__(self, notes: Path) -> None:
        self.notes = notes
        self.running: list[Child] = []

    def start(
        self,
        name: str,
        command: Sequence[str | Path],
        *,
        environment: Mapping[str, str] | None = None,
        account: Account | None = None,
        stop_signal: signal.Signals = signal.SIGTERM,
        folder: Path | None = None,
        log: Path | None = None,
    ) -> Child:
        with contextlib.ExitStack() as opened:
            output = opened.enter_context(log.open("ab")) if log else None
            process = subprocess.Popen(  # noqa: S603
                [str(part) for part in command],
                env=None if environment is None else dict(environment),
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT if output else None,
                # Ctrl-C at the terminal reaches the parent alone, which then stops the children in order.
                start_new_session=True,
                preexec_fn=_die_with_parent(stop_signal, os.getpid()),  # noqa: PLW1509 - the parent has one thread
                user=account.user if account else None,
                group=account.group if account else None,
                extra_groups=[account.group] if account else None,
            )
        self.notes.mkdir(parents=True, exist_ok=True)
        note = self.notes / f"{name}.pid"
        note.write_text(f"{process.pid} {_birth(process.pid)} {int(stop_signal)}")
        child = Child(name, process, stop_signal, note)
        self.running.append(child)
        return child

    def first_stopped(self) -> Child | None:
        return next((child for child in self.running if child.stopped()), None)

    def stop_all(self) -> None:
        for child in reversed(self.running):
            self.stop(child)
        self.running.clear()

    def forget(self, child: Child) -> None:
        """One that has ended, or must end now, and that nobody waits for any more."""
        self.stop(child)
        self.running.remove(child)

    def stop(self, child: Child, patience: float = 8) -> None:
        if not child.stopped():
            _signal_group(child.process.pid, child.stop_signal, whole=False)
            try:
                child.process.wait(patience)
            except subprocess.TimeoutExpired:
                _signal_group(child.process.pid, signal.SIGKILL)
                child.process.wait()
        # A child that was killed may have left children of its own.
        _signal_group(child.process.pid, signal.SIGKILL)
        child.note.unlink(missing_ok=True)


def end_leftovers(notes: Path, patience: float = 8) -> None:
    """Ends what an earlier parent left running. Only for the holder of the folder's lock."""
    for note in sorted(notes.glob("*.pid")):
        pid, birth, stop_signal = _read_note(note)
        if pid and birth and _birth(pid) == birth:
            _signal_group(pid, signal.Signals(stop_signal), whole=False)
            wait_until(lambda pid=pid, birth=birth: _birth(pid) != birth, patience)  # type: ignore[misc]
            if _birth(pid) == birth:
                _signal_group(pid, signal.SIGKILL)
                wait_until(lambda pid=pid, birth=birth: _birth(pid) != birth, patience)  # type: ignore[misc]
        note.unlink(missing_ok=True)


def wait_until(ready: Callable[[], bool], patience: float, pause: float = 0.05) -> bool:
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if ready():
            return True
        time.sleep(pause)
    return ready()


def wait_for(child: Child, ready: Callable[[], bool], patience: float, log: Path | None = None) -> None:
    """Waits for a child to serve; says in one sentence when it does not."""
    wait_until(lambda: child.stopped() or ready(), patience)
    if child.stopped() or not ready():
        told = f" Its last words: {last_words(log)}" if log and last_words(log) else ""
        raise StartProblem(f"{child.name} did not start.{told}")


def last_words(log: Path, lines: int = 3) -> str:
    if not log.exists():
        return ""
    return " / ".join(log.read_text(errors="replace").strip().splitlines()[-lines:])


def is_alive(pid: int) -> bool:
    return bool(_birth(pid))


def _die_with_parent(stop_signal: signal.Signals, parent: int) -> Callable[[], None] | None:
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None)

    def ask() -> None:
        libc.prctl(PARENT_DEATH_SIGNAL, int(stop_signal))
        if os.getppid() != parent:
            os._exit(1)

    return ask


def _signal_group(pid: int, number: signal.Signals, *, whole: bool = True) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if whole:
            os.killpg(pid, number)
        else:
            os.kill(pid, number)


def _birth(pid: int) -> str:
    """The moment a process began, which tells it from a later one of the same number; empty where it is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if fields[0] == "Z" else fields[19]


def _read_note(note: Path) -> tuple[int, str, int]:
    parts = note.read_text().split()
    return (int(parts[0]), parts[1], int(parts[2])) if len(parts) == 3 else (0, "", 0)
