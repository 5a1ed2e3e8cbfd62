from urllib.parse import urlsplit

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from config.staff.history import tracked


@tracked(exclude=("url",))
class Webhook(models.Model):
    """An address that a chat gave us to write to: a person's own, or a channel of the whole agency."""

    class Style(models.TextChoices):
        SLACK = "slack", _("Slack, Mattermost, Google Chat")
        TEAMS = "teams", _("Microsoft Teams")
        JSON = "json", _("Plain JSON for another program")

    user = models.OneToOneField(
        "staff.User", models.CASCADE, null=True, blank=True, related_name="webhook", verbose_name=_("person")
    )
    name = models.CharField(_("name"), max_length=80)
    # Whoever knows it may write there, so it is shown by its host alone.
    url = models.CharField(_("address"), max_length=1000)
    style = models.CharField(_("written for"), max_length=5, choices=Style, default=Style.SLACK)
    # Set when the other side said no for good; nothing goes there until a test goes through.
    refused_at = models.DateTimeField(_("refused"), null=True, editable=False)
    refusal = models.CharField(_("the server's answer"), max_length=300, blank=True, editable=False)
    created_at = models.DateTimeField(_("since"), auto_now_add=True)

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                name="refused_webhook_has_its_answer", condition=Q(refused_at=None) | ~Q(refusal="")
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def host(self) -> str:
        """What may be shown of the address."""
        return urlsplit(self.url).hostname or ""
