from django.db import models
from django.utils.translation import gettext_lazy as _

from config.staff.history import tracked


@tracked()
class Invitation(models.Model):
    """The words by which a mission asks its targets, in both languages, with the names of `leads.letters.words`."""

    mission = models.OneToOneField(
        "missions.Mission", models.CASCADE, related_name="invitation", verbose_name=_("mission")
    )
    subject_en = models.CharField(_("subject in English"), max_length=200)
    body_en = models.TextField(_("text in English"), max_length=5000)
    subject_es = models.CharField(_("subject in Spanish"), max_length=200)
    body_es = models.TextField(_("text in Spanish"), max_length=5000)

    class Meta:
        verbose_name = _("invitation of a mission")
        verbose_name_plural = _("invitations of missions")

    def __str__(self) -> str:
        return self.subject_en


@tracked()
class Outreach(models.Model):
    """A follow-up by whose mail a target of a mission is asked."""

    follow_up = models.OneToOneField(
        "leads.FollowUp", models.CASCADE, related_name="outreach", verbose_name=_("follow-up")
    )
    target = models.ForeignKey(
        "missions.MissionTarget", models.CASCADE, related_name="outreach", verbose_name=_("target")
    )

    class Meta:
        verbose_name = _("mail to a target")
        verbose_name_plural = _("mails to targets")

    def __str__(self) -> str:
        return str(self.target_id)
