"""Names in both languages, for records that are data of the trade: sectors, countries, stages, reasons."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


def name_column() -> str:
    """Where the name in the reader's language stands."""
    return "name_en" if (get_language() or "").startswith("en") else "name_es"


class NamedInTwoLanguages(models.Model):
    name_en = models.CharField(_("name in English"), max_length=120)
    name_es = models.CharField(_("name in Spanish"), max_length=120)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return str(getattr(self, name_column()))
