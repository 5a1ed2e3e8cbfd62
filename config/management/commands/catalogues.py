import shutil
import subprocess
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

LOCALE = Path(settings.LOCALE_PATHS[0])
IGNORED = ("tests/*", ".venv/*", ".state/*", "node_modules/*")


class Command(BaseCommand):
    help = "Extracts every string that a person reads and compiles the catalogues; with --check it only compares."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; fail where something is missing")

    def handle(self, *, check: bool, **_options: Any) -> None:
        if not shutil.which("msgfmt"):
            raise CommandError("The catalogues need GNU gettext: `apt-get install gettext`.")
        with tempfile.TemporaryDirectory() as name:
            kept = Path(name) / "locale"
            shutil.copytree(LOCALE, kept)
            try:
                self.extract()
                faults = self.faults(kept) if check else []
            finally:
                if check:
                    shutil.rmtree(LOCALE)
                    shutil.copytree(kept, LOCALE)
        if faults:
            raise CommandError("\n".join(faults))
        self.stdout.write("The catalogues are complete." if check else "The catalogues are written.")

    def extract(self) -> None:
        languages = [code for code, _name in settings.LANGUAGES if code != "en"]  # English is in the code
        call_command(
            "makemessages",
            locale=languages,
            ignore_patterns=list(IGNORED),
            add_location="file",
            no_obsolete=True,
            verbosity=0,
        )
        for catalogue in LOCALE.glob("*/LC_MESSAGES/*.po"):
            _keep_the_date_out(catalogue)
            self.compile(catalogue, catalogue.with_suffix(".mo"))

    def compile(self, catalogue: Path, target: Path) -> None:
        done = subprocess.run(  # noqa: S603
            ["msgfmt", "--check-format", "-o", target, catalogue],  # noqa: S607
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise CommandError(f"{catalogue}: {done.stderr.strip()}")

    def faults(self, kept: Path) -> list[str]:
        found = []
        for fresh in sorted(LOCALE.glob("*/LC_MESSAGES/*.[pm]o")):
            name = fresh.relative_to(LOCALE)
            old = kept / name
            if not old.exists() or old.read_bytes() != fresh.read_bytes():
                found.append(f"{name} is not current: run `manage.py catalogues`, translate what is new, and commit.")
            if fresh.suffix == ".po":
                found += _untranslated(fresh)
        return found


def _untranslated(catalogue: Path) -> list[str]:
    told = subprocess.run(  # noqa: S603
        ["msgfmt", "--statistics", "-o", "/dev/null", catalogue],  # noqa: S607
        capture_output=True,
        text=True,
        check=False,
        env={"LC_ALL": "C", "PATH": "/usr/local/bin:/usr/bin:/bin"},
    ).stderr.strip()
    return [f"{catalogue.name}: {told}"] if "untranslated" in told or "fuzzy" in told else []


def _keep_the_date_out(catalogue: Path) -> None:
    """Or every extraction would be a change."""
    lines = catalogue.read_text(encoding="utf-8").splitlines(keepends=True)
    dates = ('"POT-Creation-Date:', '"PO-Revision-Date:')
    catalogue.write_text("".join(line for line in lines if not line.startswith(dates)), encoding="utf-8")
