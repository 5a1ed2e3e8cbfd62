from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config import archive
from config.embedded.problem import StartProblem


class Command(BaseCommand):
    help = "Puts the database and the files of a backup in place. Stop the app first."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--force", action="store_true", help="replace the data that is there")

    def handle(self, *, file: Path, force: bool, **_options: Any) -> None:
        try:
            archive.read(file.absolute(), force=force)
        except StartProblem as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write("Restored. `manage.py up` brings it to the state of this code.")
