from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LeadsConfig(AppConfig):
    name = "leads"
    verbose_name = _("Leads")

    def ready(self) -> None:
        from config.staff import accounts  # noqa: PLC0415 - models are there only now
        from leads import lists, personal  # noqa: PLC0415 - models are there only now
        from leads.follow_ups import handing_over  # noqa: PLC0415 - models are there only now
        from leads.interactions import importing  # noqa: PLC0415 - models are there only now
        from leads.pipeline import search  # noqa: PLC0415 - models are there only now

        accounts.register_work(lambda user: [(one.label, one.count) for one in handing_over.open_of(user)])
        personal.register_parts()
        search.register_kinds()
        importing.register_kinds()
        lists.register_lists()
