from typing import Self

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from config.staff.history import tracked
from config.staff.models import User


class PrivacyNoticeQuerySet(models.QuerySet["PrivacyNotice"]):
    def visible_to(self, user: User) -> Self:
        return self if user.is_administrator else self.none()

    def in_force(self) -> "PrivacyNotice | None":
        return self.order_by("-number").first()


class WayGiven(models.TextChoices):
    """How a person came to know the notice when they handed over their data."""

    SHOWN = "shown", _("In person, told or shown")
    CODE = "code", _("By a code or a link on the spot")
    PAPER = "paper", _("On paper")
    MAIL = "mail", _("By mail afterwards")


@tracked()
class PrivacyNotice(models.Model):
    """What a stranger reads before writing to us. A version is never changed: what somebody was told stays known."""

    number = models.PositiveIntegerField(_("version"), unique=True)
    text_es = models.TextField(_("text in Spanish"), max_length=5000)
    text_en = models.TextField(_("text in English"), max_length=5000)
    published_at = models.DateTimeField(_("published"))
    published_by = models.ForeignKey(
        "staff.User", models.PROTECT, null=True, related_name="+", verbose_name=_("published by")
    )

    objects = PrivacyNoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("privacy notice")
        verbose_name_plural = _("privacy notices")
        ordering = ["-number"]

    def __str__(self) -> str:
        return str(self.number)

    @property
    def text(self) -> str:
        return self.text_en if (get_language() or "").startswith("en") else self.text_es
