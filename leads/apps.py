from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LeadsConfig(AppConfig):
    name = "leads"
    verbose_name = _("Leads")

    def ready(self) -> None:
        from leads import importing, search  # noqa: PLC0415 - models are there only now

        search.register_kinds()
        importing.register_kinds()
