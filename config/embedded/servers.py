"""The two servers together: their folders, the lock that keeps a second start away, and their order."""

import contextlib
import fcntl
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from config.embedded import postgres, valkey
from config.embedded.problem import StartProblem
from config.embedded.processes import Account, Children, end_leftovers
from config.embedded.state import server_folder, socket_folder, state_folder


@contextlib.contextmanager
def held_state(url: str = "", part: str = "all") -> Iterator[Children]:
    """Holds the state folder alone; what an earlier start left running is ended first, and ours at the end.

    Parts of the app that are started one by one on a machine hold it side by side.
    """
    make_folders()
    with _lock(state_folder() / f"running-{part}", url):
        notes = server_folder() / f"run-{part}"
        end_leftovers(notes)
        children = Children(notes)
        try:
            yield children
        finally:
            children.stop_all()


def start_servers(children: Children, *, hasty: bool = False) -> None:
    postgres.start(children, hasty=hasty)
    valkey.start(children)


def make_folders() -> None:
    """The state folder for its owner; the servers' folder enterable, and the sockets' closed to all but them."""
    account = Account.for_servers()
    mode = 0o711 if account else 0o700
    try:
        _make(state_folder(), mode)
        for folder in {server_folder(), socket_folder().parent} - {state_folder()}:
            _make(folder, mode)
            _refuse_a_stranger(folder)
        _make(socket_folder(), 0o700)
        if account:
            account.own(socket_folder())
        if not os.access(state_folder(), os.W_OK | os.X_OK):
            raise PermissionError(0, "it belongs to another user")
    except OSError as refused:
        raise StartProblem(f"The data folder {state_folder()} is not writable: {refused.strerror}.") from refused


def forget() -> None:
    """Deletes everything that the servers and the app keep in the state folder. Only for the holder of the lock."""
    for folder in {server_folder(), state_folder()}:
        for name in ("pgdata", "pgdata.init", "files", "mail", "sample.json", "sample-labels.json"):
            place = folder / name
            if place.is_dir():
                shutil.rmtree(place)
            else:
                place.unlink(missing_ok=True)


def _make(folder: Path, mode: int) -> None:
    if not folder.exists():
        folder.mkdir(parents=True)
        folder.chmod(mode)  # whatever the umask is


def _refuse_a_stranger(folder: Path) -> None:
    """In a folder that everybody writes to, somebody may have made ours before us."""
    if folder.is_symlink() or folder.lstat().st_uid != os.geteuid():
        raise StartProblem(f"The folder {folder} belongs to somebody else.")


@contextlib.contextmanager
def _lock(file: Path, url: str) -> Iterator[None]:
    with file.open("a+") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            held.seek(0)
            told = held.read().strip()
            raise StartProblem(f"Puente already runs on the data folder {file.parent}: {told}.") from None
        held.truncate(0)
        held.write(f"process {os.getpid()}{', ' + url if url else ''}")
        held.flush()
        yield
