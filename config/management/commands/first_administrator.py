from typing import Any

from django.core.management.base import BaseCommand

from config.staff.invitations import first_administrator_link


class Command(BaseCommand):
    help = "Prints the one-time link by which the first administrator sets up the account, while there is none."
    requires_system_checks = []

    def handle(self, **_options: Any) -> None:
        link = first_administrator_link()
        if link:
            self.stdout.write(f"The first administrator sets up the account here, once, within a week: {link}")
