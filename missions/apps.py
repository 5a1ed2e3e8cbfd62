from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MissionsConfig(AppConfig):
    name = "missions"
    verbose_name = _("Missions")

    def ready(self) -> None:
        from missions import importing, personal, search, target_list  # noqa: PLC0415 - models are there only now

        personal.register_parts()
        search.register_kinds()
        importing.register_kinds()
        target_list.register_lists()
