from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config import archive
from config.embedded.problem import StartProblem


class Command(BaseCommand):
    help = "Writes the database and the files into one archive."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *, file: Path, **_options: Any) -> None:
        try:
            archive.write(file.absolute())
        except StartProblem as problem:
            raise CommandError(str(problem)) from problem
        except OSError as fault:
            raise CommandError(f"{file} cannot be written: {fault.strerror}.") from fault
        self.stdout.write(f"Written: {file}, {file.stat().st_size / 1e6:.1f} MB. It holds personal data.")
