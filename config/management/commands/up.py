from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config import up
from config.embedded.problem import StartProblem


class Command(BaseCommand):
    help = "Runs Puente for an agency: web, worker and beat on the servers that DATABASE_URL and REDIS_URL name."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--embedded", action="store_true", help="run PostgreSQL and Valkey here as well")
        parser.add_argument("--only", choices=("web", "worker", "beat"), help="one part, for several machines")
        parser.add_argument("--bind", default="127.0.0.1:8000", help="address and port of the web server")
        parser.add_argument("--web-processes", type=int, default=2)
        parser.add_argument("--worker-processes", type=int, default=2)

    def handle(self, **options: Any) -> None:
        names = ("embedded", "only", "bind", "web_processes", "worker_processes")
        try:
            up.run(self.stdout.write, up.Wish(**{name: options[name] for name in names}))
        except StartProblem as problem:
            raise CommandError(str(problem)) from problem
