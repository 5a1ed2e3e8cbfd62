from typing import Any

from django.core.management.base import BaseCommand

from config.first_data.load import load_first_data


class Command(BaseCommand):
    help = "Loads what an agency starts with: stages, reasons, sectors, places and the default cadence."

    def handle(self, **_options: Any) -> None:
        self.stdout.write(f"First data: {load_first_data()} rows added.")
