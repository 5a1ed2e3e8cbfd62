from django.apps import AppConfig


class SiteConfig(AppConfig):
    """The site itself: commands and template tags. It owns no record."""

    name = "config"

    def ready(self) -> None:
        from config import heartbeat  # noqa: F401, PLC0415 - its signals need the apps
