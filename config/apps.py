from django.apps import AppConfig


class SiteConfig(AppConfig):
    """The site itself: commands and template tags. It owns no record."""

    name = "config"
