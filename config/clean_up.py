"""The admin site: the clean-up home, with the login of everybody else."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from companies import cleanup
from companies.models import DataRequest, Import, LookAlike, MergeLog
from config.staff import clock
from config.staff.models import User
from leads.cleanup import without_next_step
from leads.models import FollowUp, Lead

OURS = {"staff", "companies", "missions", "leads"}


@dataclass(frozen=True)
class Tile:
    label: object
    count: int
    url: str


class PuenteAdmin(admin.AdminSite):
    site_header = "Puente"
    site_title = "Puente"
    index_title = gettext_lazy("Data clean-up")
    enable_nav_sidebar = False

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)
        self.login = secure_admin_login(self.login)  # type: ignore[method-assign]

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Only our own records: what libraries bring (sessions, second factors) has its screens in the settings."""
        models: Iterable[type[Model]] = (
            [model_or_iterable] if isinstance(model_or_iterable, type) else model_or_iterable
        )
        ours = [model for model in models if model._meta.app_label in OURS]
        super().register(ours, admin_class, **options)

    def get_urls(self) -> list[URLPattern | URLResolver]:
        return [path("look-alikes/", self.admin_view(self.look_alikes), name="look_alikes"), *super().get_urls()]

    def index(self, request: HttpRequest, extra_context: Any = None) -> TemplateResponse:
        return super().index(request, {"tiles": _tiles(request), **(extra_context or {})})

    def look_alikes(self, request: HttpRequest) -> HttpResponse:
        """The address that it had before managers could open it too."""
        return redirect("companies:look_alikes")

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:  # type: ignore[override]
        return redirect("account_change_password")


def _tiles(request: HttpRequest) -> list[Tile]:
    """Each number opens the list that it counts."""
    reader: User = request.user  # type: ignore[assignment]
    gaps = cleanup.gap_counts()
    leads = Lead.objects.visible_to(reader).open().filter(owner__is_active=False)
    pairs = LookAlike.objects.visible_to(reader).open()
    stuck = without_next_step(Lead.objects.visible_to(reader))
    follow_ups = FollowUp.objects.visible_to(reader).open().filter(owner__is_active=False)
    overdue = DataRequest.objects.visible_to(reader).overdue_on(clock.agency_today())
    return [
        Tile(_("Suspected look-alikes"), pairs.count(), "/look-alikes/"),
        *(Tile(gap.label, gaps[name], f"/admin/companies/company/?gap={name}") for name, gap in cleanup.GAPS.items()),
        Tile(_("Open leads whose owner has left"), leads.count(), "/admin/leads/lead/?owner=left"),
        Tile(_("Open leads without a next step"), stuck.count(), "/admin/leads/lead/?next=none"),
        Tile(_("Open follow-ups whose owner has left"), follow_ups.count(), "/admin/leads/followup/?owner=left"),
        Tile(_("Bounced addresses"), cleanup.bounced().count(), "/admin/companies/contactpoint/?bounced=yes"),
        Tile(_("Data requests past their day"), overdue.count(), "/privacy/"),
        Tile(_("Merges"), MergeLog.objects.count(), "/merges/"),
        Tile(_("Imports"), Import.objects.visible_to(reader).count(), "/imports/"),
    ]
