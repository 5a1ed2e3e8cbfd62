from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from config.embedded import assets
from config.embedded.problem import StartProblem
from config.embedded.state import state_folder


class Command(BaseCommand):
    help = "Fetches third-party files of screens or printed pages from npm into the state folder, where they changed."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--collect", action="store_true", help="then collect all static files, where any changed")
        parser.add_argument("--fonts", action="store_true", help="the letters of printed pages instead")

    def handle(self, *, collect: bool, fonts: bool, **_options: Any) -> None:
        folder, bundle = (settings.PRINT_FONTS, assets.FONTS) if fonts else (state_folder() / "vendor", assets.SCREENS)
        try:
            fetched = assets.fetch(folder, bundle)
        except StartProblem as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write(f"{'Fetched into' if fetched else 'Nothing new for'} {folder}")
        if collect:
            self.collect(Path(settings.STATIC_ROOT))

    def collect(self, target: Path) -> None:
        checkout, note = Path(settings.BASE_DIR), assets.collected_note(target)
        if assets.is_collected(target, checkout):
            return
        wanted = assets.static_fingerprint(checkout)
        note.unlink(missing_ok=True)
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)
        note.write_text(wanted)
        self.stdout.write(f"Collected into {target}")
