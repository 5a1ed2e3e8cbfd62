from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CompaniesConfig(AppConfig):
    name = "companies"
    verbose_name = _("Companies")

    def ready(self) -> None:
        from companies import personal, search_kinds  # noqa: PLC0415 - models are there only now
        from companies.importing import kinds  # noqa: PLC0415

        personal.register_parts()
        search_kinds.register_kinds()
        kinds.register_kinds()
