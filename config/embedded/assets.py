"""Third-party files of screens and printed pages: fetched from npm into the state folder, never kept in this repo."""

import hashlib
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from config.embedded.npm import installed, one_at_a_time
from config.embedded.problem import StartProblem

SOURCE = Path(__file__).resolve().parent.parent / "assets"


@dataclass(frozen=True)
class Bundle:
    """A folder with package.json and its lock, and which finished files are taken out of the packages."""

    source: Path
    files: dict[str, str]

    def wanted(self) -> str:
        told = (self.source / "package-lock.json").read_bytes() + repr(sorted(self.files.items())).encode()
        return hashlib.sha256(told).hexdigest()


SCREENS = Bundle(
    SOURCE,
    {
        "tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
        "sortable.min.js": "@tabler/core/dist/libs/sortablejs/Sortable.min.js",
        # A card's code, read on the device: the QR, and the vCard in it.
        "qr/decode.js": "qr/decode.js",
        "qr/index.js": "qr/index.js",
        "ical.min.js": "ical.js/dist/ical.min.js",
    },
)
# Names come in many scripts, and the letters inside typst are Latin, Greek and Cyrillic.
FONTS = Bundle(
    SOURCE / "fonts",
    {
        "NotoSans-Regular.ttf": "@expo-google-fonts/noto-sans/400Regular/NotoSans_400Regular.ttf",
        "NotoSans-Italic.ttf": "@expo-google-fonts/noto-sans/400Regular_Italic/NotoSans_400Regular_Italic.ttf",
        "NotoSans-Bold.ttf": "@expo-google-fonts/noto-sans/600SemiBold/NotoSans_600SemiBold.ttf",
        "NotoSansArabic-Regular.ttf": "@expo-google-fonts/noto-sans-arabic/400Regular/NotoSansArabic_400Regular.ttf",
        "NotoSansHebrew-Regular.ttf": "@expo-google-fonts/noto-sans-hebrew/400Regular/NotoSansHebrew_400Regular.ttf",
        "NotoSansSC-Regular.ttf": "@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf",
    },
)
# The maps are not fetched, and the manifest storage refuses a file that names one that is not there.
SOURCE_MAP = re.compile(r"(//[#@]|/\*[#@])\s*sourceMappingURL=[^\n*]*(\*/)?")
FINGERPRINT = ".fingerprint"


def fetch(folder: Path, bundle: Bundle = SCREENS) -> bool:
    """Whether anything had to be fetched: the folder remembers which lock file it was filled from."""
    wanted = bundle.wanted()
    if _fingerprint(folder) == wanted:
        return False
    with one_at_a_time(folder):
        if _fingerprint(folder) == wanted:
            return False
        fresh = folder.with_name(f"{folder.name}.new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(parents=True)
        with installed(bundle.source, folder) as packages:
            for name, origin in bundle.files.items():
                (fresh / name).parent.mkdir(exist_ok=True)
                _copy(packages / origin, fresh / name)
        (fresh / FINGERPRINT).write_text(wanted)
        shutil.rmtree(folder, ignore_errors=True)
        fresh.rename(folder)
    return True


def collected_note(target: Path) -> Path:
    """Where it stands out of what the collected files were made."""
    return target.with_name(f"{target.name}.fingerprint")


def is_collected(target: Path, checkout: Path) -> bool:
    """Whether nothing changed since the files were collected into this folder."""
    note = collected_note(target)
    return target.exists() and note.exists() and note.read_text() == static_fingerprint(checkout)


def static_fingerprint(checkout: Path) -> str:
    """Of everything that goes into the collected files: ours, npm's, and the Python packages' by their lock."""
    told = hashlib.sha256(SCREENS.wanted().encode())
    lock = checkout / "uv.lock"
    for file in (lock, *sorted((checkout / "static").rglob("*"))):
        if file.is_file():
            told.update(str(file.relative_to(checkout)).encode() + file.read_bytes())
    return told.hexdigest()


def _copy(origin: Path, target: Path) -> None:
    if not origin.exists():
        raise StartProblem(f"The npm packages lack {origin.name}: config/embedded/assets.py names a file that moved.")
    if target.suffix in {".css", ".js"}:
        target.write_text(SOURCE_MAP.sub("", origin.read_text(encoding="utf-8")), encoding="utf-8")
    else:
        shutil.copy(origin, target)


def _fingerprint(folder: Path) -> str:
    note = folder / FINGERPRINT
    return note.read_text() if note.exists() else ""
