from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from config.staff.history import tracked
from config.staff.merge_policy import MergePolicy
from config.staff.models import User
from leads.models.follow_up import FollowUp


class LetterQuerySet(models.QuerySet["Letter"]):
    def visible_to(self, user: User) -> Self:
        """Whoever may see what it is about."""
        return self.filter(follow_up__in=FollowUp.objects.visible_to(user))

    def unsettled(self) -> Self:
        return self.filter(state__in=[Letter.State.DRAFT, Letter.State.SENDING])

    def sent(self) -> Self:
        return self.filter(state__in=[Letter.State.SENT, Letter.State.RETURNED])


@tracked(exclude=("version",))
class Letter(models.Model):
    """A mail to one contact, written by a person and sent by their decision; its delivery has the attempts."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")
        STOPPED = "stopped", _("Not sent")
        RETURNED = "returned", _("Came back")

    follow_up = models.ForeignKey("leads.FollowUp", models.CASCADE, related_name="letters", verbose_name=_("follow-up"))
    contact = models.ForeignKey(
        "companies.Contact", models.SET_NULL, null=True, related_name="letters", verbose_name=_("contact")
    )
    to_address = models.EmailField(_("to"), max_length=254, blank=True)
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES)
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("text"), max_length=10_000)
    # Copies of what lies on the company, the lead or the meeting.
    files = models.ManyToManyField("companies.File", blank=True, related_name="+", verbose_name=_("files"))
    writer = models.ForeignKey("staff.User", models.PROTECT, related_name="letters", verbose_name=_("written by"))
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.DRAFT, editable=False)
    delivery = models.OneToOneField(
        "leads.Delivery", models.SET_NULL, null=True, editable=False, related_name="letter", verbose_name=_("delivery")
    )
    # What stands in the timeline once it is sent, and closes the follow-up as its evidence.
    interaction = models.OneToOneField(
        "leads.Interaction", models.SET_NULL, null=True, editable=False, related_name="letter"
    )
    sent_at = models.DateTimeField(_("sent"), null=True, editable=False)
    # Why it was not sent, or with which words it came back.
    because = models.CharField(_("why not"), max_length=500, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    merge_policies: ClassVar[dict[str, MergePolicy]] = {"contact": MergePolicy.MOVE}

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail to a contact")
        verbose_name_plural = _("mails to contacts")
        constraints = [
            models.UniqueConstraint(
                "follow_up", condition=Q(state__in=["draft", "sending"]), name="one_unsent_mail_a_follow_up"
            ),
            models.CheckConstraint(
                name="mail_that_goes_out_has_its_delivery", condition=~Q(state="sending") | Q(delivery__isnull=False)
            ),
            models.CheckConstraint(
                name="sent_mail_has_its_moment",
                condition=~Q(state__in=["sent", "returned"]) | Q(sent_at__isnull=False),
            ),
            models.CheckConstraint(name="unsent_mail_says_why", condition=~Q(state="stopped") | ~Q(because="")),
        ]

    def __str__(self) -> str:
        return self.to_address or "–"

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT
