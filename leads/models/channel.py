from django.db import models
from django.utils.translation import gettext_lazy as _

from config.staff.history import tracked


class Channel(models.TextChoices):
    """A way to a person. What stands in the app is the reminder itself; the others carry it out of the house."""

    APP = "app", _("In Puente")
    MAIL = "mail", _("E-mail")
    PUSH = "push", _("Notices on my devices")
    HOOK = "hook", _("Chat")


class Topic(models.TextChoices):
    """What a person may choose the ways for."""

    DAY = "day", _("My day: what is due")
    HOUR = "hour", _("What I asked for at an hour")
    GIVEN = "given", _("Given or offered to me")
    TEAM = "team", _("Overdue in my team")
    ENQUIRY = "enquiry", _("Enquiries that wait for an answer")
    EVENING = "evening", _("The evening of a mission I travel with or lead")
    NOTICE = "notice", _("Trouble: a way to people that fails")


@tracked()
class ChannelChoice(models.Model):
    """A person wants to hear of a topic by this way, or does not. Without a row the default holds."""

    user = models.ForeignKey("staff.User", models.CASCADE, related_name="channel_choices", verbose_name=_("person"))
    topic = models.CharField(_("topic"), max_length=7, choices=Topic)
    channel = models.CharField(_("way"), max_length=4, choices=Channel)
    is_on = models.BooleanField(_("on"))

    class Meta:
        verbose_name = _("choice of ways")
        verbose_name_plural = _("choices of ways")
        constraints = [
            models.UniqueConstraint("user", "topic", "channel", name="one_choice_a_person_topic_and_channel"),
        ]
