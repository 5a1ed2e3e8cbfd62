from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.embedded import assets
from config.embedded.problem import StartProblem
from config.embedded.state import state_folder


class Command(BaseCommand):
    help = "Fetches the screens' third-party files from npm into the state folder, where they changed."
    requires_system_checks = []

    def handle(self, **_options: Any) -> None:
        vendor = state_folder() / "vendor"
        try:
            fetched = assets.fetch(vendor)
        except StartProblem as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write(f"{'Fetched into' if fetched else 'Nothing new for'} {vendor}")
