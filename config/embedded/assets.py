"""The screens' third-party files: fetched from npm into the state folder, never kept in the repository."""

import hashlib
import re
import shutil
from pathlib import Path

from config.embedded.npm import installed, one_at_a_time
from config.embedded.problem import StartProblem

SOURCE = Path(__file__).resolve().parent.parent / "assets"
FILES = {
    "tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
    "sortable.min.js": "@tabler/core/dist/libs/sortablejs/Sortable.min.js",
}
# The maps are not fetched, and the manifest storage refuses a file that names one that is not there.
SOURCE_MAP = re.compile(r"(//[#@]|/\*[#@])\s*sourceMappingURL=[^\n*]*(\*/)?")
FINGERPRINT = ".fingerprint"


def fetch(vendor: Path) -> bool:
    """Whether anything had to be fetched: the folder remembers which lock file it was filled from."""
    if _fingerprint(vendor) == _wanted():
        return False
    with one_at_a_time(vendor):
        if _fingerprint(vendor) == _wanted():
            return False
        fresh = vendor.with_name(f"{vendor.name}.new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(parents=True)
        with installed(SOURCE, vendor) as packages:
            for name, origin in FILES.items():
                _copy(packages / origin, fresh / name)
        (fresh / FINGERPRINT).write_text(_wanted())
        shutil.rmtree(vendor, ignore_errors=True)
        fresh.rename(vendor)
    return True


def static_fingerprint(checkout: Path) -> str:
    """Of everything that goes into the collected files: ours, npm's, and the Python packages' by their lock."""
    told = hashlib.sha256(_wanted().encode())
    lock = checkout / "uv.lock"
    for file in (lock, *sorted((checkout / "static").rglob("*"))):
        if file.is_file():
            told.update(str(file.relative_to(checkout)).encode() + file.read_bytes())
    return told.hexdigest()


def _copy(origin: Path, target: Path) -> None:
    if not origin.exists():
        raise StartProblem(f"The npm packages lack {origin.name}: config/embedded/assets.py names a file that moved.")
    target.write_text(SOURCE_MAP.sub("", origin.read_text(encoding="utf-8")), encoding="utf-8")


def _fingerprint(vendor: Path) -> str:
    note = vendor / FINGERPRINT
    return note.read_text() if note.exists() else ""


def _wanted() -> str:
    told = (SOURCE / "package-lock.json").read_bytes() + repr(sorted(FILES.items())).encode()
    return hashlib.sha256(told).hexdigest()
