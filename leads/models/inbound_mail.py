from django.db import models
from django.utils.translation import gettext_lazy as _


class InboundMail(models.Model):
    """What became of one mail that came in. Its words are not kept here; the same mail again changes nothing."""

    class Kind(models.TextChoices):
        ENQUIRY = "enquiry", _("Enquiry")
        ANSWER = "answer", _("A colleague's answer")
        AUTOMATIC = "automatic", _("Written by a machine")
        RETURN = "return", _("Notice that a mail did not arrive")
        OURS = "ours", _("Our own mail, come back")

    message_id = models.CharField(_("message id"), max_length=255, unique=True)
    kind = models.CharField(_("what it was"), max_length=9, choices=Kind)
    enquiry = models.ForeignKey(
        "leads.Enquiry", models.SET_NULL, null=True, related_name="mails", verbose_name=_("enquiry")
    )
    received_at = models.DateTimeField(_("received"))

    class Meta:
        verbose_name = _("mail that came in")
        verbose_name_plural = _("mails that came in")
        ordering = ["-received_at", "-pk"]

    def __str__(self) -> str:
        return self.message_id
