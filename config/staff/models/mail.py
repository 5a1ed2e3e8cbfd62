from django.db import models
from django.utils.translation import gettext_lazy as _


class MailAttempt(models.Model):
    """One try to hand one message to the mail server, and what the server answered. Never changed, so not tracked."""

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted", _("Accepted")
        DELAYED = "delayed", _("To be tried again")
        REFUSED = "refused", _("Refused")
        # Said by the server at once, or by the mail that came back.
        NO_ADDRESS = "address", _("The address takes no mail")

    message_id = models.CharField(_("message id"), max_length=200)
    address = models.EmailField(_("address"), max_length=254)
    kind = models.CharField(_("kind"), max_length=40)
    at = models.DateTimeField(_("when"))
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome)
    answer = models.TextField(_("the server's answer"), blank=True)

    class Meta:
        verbose_name = _("mail attempt")
        verbose_name_plural = _("mail attempts")
        ordering = ["-at", "-pk"]
        indexes = [
            # The delivery log of one address.
            models.Index(fields=["address", "-at"], name="mail_log_of_an_address"),
            # "Was this message accepted already?", asked before a second try.
            models.Index(fields=["message_id"], name="mail_log_of_a_message"),
        ]


class PostAttempt(models.Model):
    """One try to hand one message to a device or to a chat, and what came back. Never changed, so not tracked."""

    Outcome = MailAttempt.Outcome

    message_id = models.CharField(_("message id"), max_length=200)
    # A name for people: the device, or the host of the chat. The address itself is a secret.
    target = models.CharField(_("to"), max_length=120)
    at = models.DateTimeField(_("when"))
    outcome = models.CharField(_("outcome"), max_length=10, choices=MailAttempt.Outcome)
    answer = models.TextField(_("the server's answer"), blank=True)

    class Meta:
        verbose_name = _("push or webhook attempt")
        verbose_name_plural = _("push and webhook attempts")
        ordering = ["-at", "-pk"]
        indexes = [
            # "Was this message taken already?", asked before a second try; and the tries on its page.
            models.Index(fields=["message_id"], name="post_log_of_a_message"),
        ]
