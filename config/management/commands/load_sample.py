import json
import time
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from config.embedded.state import state_folder
from config.first_data.load import load_first_data
from config.sample.load import AlreadyLoaded, load_sample
from config.sample.sizes import SIZES
from config.sample.summary import summary


class Command(BaseCommand):
    help = "Fills an empty database with an invented agency and its past; the same for the same arguments."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--size", choices=SIZES, required=True)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--today", type=date.fromisoformat, required=True, help="The day of the story: 2026-11-23")

    def handle(self, *, size: str, seed: int, today: date | str, **_options: Any) -> None:
        day = date.fromisoformat(today) if isinstance(today, str) else today
        began = time.monotonic()
        load_first_data()
        try:
            world = load_sample(SIZES[size], seed=seed, today=day, say=self.stdout.write)
        except AlreadyLoaded:
            raise CommandError("This database holds companies already; the sample goes into an empty one.") from None
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        labels = state_folder() / "sample-labels.json"
        labels.write_text(json.dumps({"size": size, "seed": seed, "today": str(day), **world.labels}))
        self.stdout.write("\n".join(summary(world)))
        self.stdout.write(f"Loaded in {time.monotonic() - began:.0f} s; what is wrong on purpose stands in {labels}.")
