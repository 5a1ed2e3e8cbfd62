from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _


class PushDeviceQuerySet(models.QuerySet["PushDevice"]):
    def awake(self) -> Self:
        """Somebody is signed in there, as far as we know."""
        return self.exclude(session=None)


class PushDevice(models.Model):
    """A browser that shows a person's notices while Puente is closed. Signing out ends it.

    Where its session is gone otherwise, it sleeps until the same person signs in there again.
    """

    user = models.ForeignKey("staff.User", models.CASCADE, related_name="push_devices", verbose_name=_("person"))
    session = models.ForeignKey("usersessions.UserSession", models.SET_NULL, null=True, related_name="push_devices")
    name = models.CharField(_("device"), max_length=80)
    # Whoever knows these may write to the device, so no page and no log shows them.
    endpoint = models.CharField(max_length=1000, unique=True)
    p256dh = models.CharField(max_length=120)
    auth = models.CharField(max_length=60)
    created_at = models.DateTimeField(_("since"))

    objects = PushDeviceQuerySet.as_manager()

    class Meta:
        verbose_name = _("device for notices")
        verbose_name_plural = _("devices for notices")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name
