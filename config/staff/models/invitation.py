from datetime import datetime
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from config.staff.history import tracked
from config.staff.models.user import Role


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open_at(self, moment: datetime) -> Self:
        return self.filter(accepted_at=None, withdrawn_at=None, expires_at__gt=moment)


@tracked(exclude=("token_hash",))
class Invitation(models.Model):
    """A link by which one person sets up one account. Only the hash of its secret is kept."""

    # Empty for the first administrator, who types it when setting up the account.
    email = models.EmailField(_("e-mail"), max_length=254, blank=True)
    role = models.CharField(_("role"), max_length=20, choices=Role)
    team = models.ForeignKey("staff.Team", models.SET_NULL, null=True, blank=True, verbose_name=_("team"))
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(
        "staff.User", models.SET_NULL, null=True, related_name="+", verbose_name=_("invited by")
    )
    invited_at = models.DateTimeField(_("invited"))
    expires_at = models.DateTimeField(_("expires"))
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    user = models.OneToOneField("staff.User", models.SET_NULL, null=True, blank=True, related_name="invitation")

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-invited_at"]

    def __str__(self) -> str:
        return self.email
