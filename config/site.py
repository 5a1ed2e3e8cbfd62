"""The admin site: the clean-up home, with the login of everybody else."""

from django.contrib import admin
from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig
from django.utils.translation import gettext_lazy as _


class AdminConfig(DjangoAdminConfig):
    default_site = "config.site.PuenteAdmin"


class PuenteAdmin(admin.AdminSite):
    site_header = "Puente"
    site_title = "Puente"
    index_title = _("Data clean-up")
