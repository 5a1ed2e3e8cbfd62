from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config import demo
from config.embedded.problem import StartProblem


class Command(BaseCommand):
    help = "Runs the whole product on this machine with sample data, servers included. Ctrl-C stops everything."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, help="8000, or the next free one, unless it is named")
        parser.add_argument("--data-dir", type=Path, help="where data is kept between runs (.state of the checkout)")
        parser.add_argument("--reset", action="store_true", help="begin anew: forget everything that was kept")

    def handle(self, *, port: int | None, data_dir: Path | None, reset: bool, **_options: Any) -> None:
        try:
            demo.run(self.stdout.write, port=port, data_folder=data_dir, reset=reset)
        except StartProblem as problem:
            raise CommandError(str(problem)) from problem
