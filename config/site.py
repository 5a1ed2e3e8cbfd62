from django.contrib.admin.apps import AdminConfig as DjangoAdminConfig


class AdminConfig(DjangoAdminConfig):
    """Django's admin with our site, which needs the models and so stands in a module of its own."""

    default_site = "config.clean_up.PuenteAdmin"
