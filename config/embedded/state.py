"""Where a machine without servers keeps their data: a git-ignored folder of the checkout, or the one that is named."""

import hashlib
import os
import stat
import tempfile
from pathlib import Path
from urllib.parse import quote

# A Unix socket's address holds about 104 bytes, and PostgreSQL adds a name of its own to the folder's.
LONGEST_SOCKET_FOLDER = 80


def state_folder() -> Path:
    named = os.environ.get("PUENTE_STATE")
    return Path(named).absolute() if named else Path(__file__).resolve().parent.parent.parent / ".state"


def server_folder() -> Path:
    """Where the servers' own files lie: the state folder, or a place that they can reach.

    PostgreSQL refuses to run as root, so root's servers run as `nobody`, who cannot enter a private home.
    """
    state = state_folder()
    if os.geteuid() != 0 or everyone_may_enter(state):
        return state
    return Path("/var/tmp") / _private_name(state)  # noqa: S108 - its owner is checked when it is made


def socket_folder() -> Path:
    folder = server_folder() / "sock"
    if len(os.fsencode(folder)) <= LONGEST_SOCKET_FOLDER:
        return folder
    return Path(tempfile.gettempdir()) / _private_name(state_folder()) / "sock"


def database_url(name: str = "puente") -> str:
    return f"postgres://puente@/{name}?host={quote(str(socket_folder()))}"


def redis_url(number: int = 0) -> str:
    return f"unix://{quote(str(socket_folder() / 'valkey.sock'))}?db={number}"


def everyone_may_enter(folder: Path) -> bool:
    existing = [place for place in (folder, *folder.parents) if place.exists()]
    return all(place.stat().st_mode & stat.S_IXOTH for place in existing)


def _private_name(folder: Path) -> str:
    return f"puente-{os.geteuid()}-{hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]}"
