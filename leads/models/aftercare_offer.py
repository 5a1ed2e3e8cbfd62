from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from config.staff.history import tracked
from config.staff.models import User
from leads.models.lead import may_see_lead


class AftercareOfferQuerySet(models.QuerySet["AftercareOffer"]):
    def visible_to(self, user: User) -> Self:
        """Those of leads that this person may see."""
        return self.filter(may_see_lead(user, "lead__")) if user.is_staff_member else self.none()

    def open(self) -> Self:
        return self.filter(state=AftercareOffer.State.OFFERED)


@tracked()
class AftercareOffer(models.Model):
    """A won project on its way from whoever brought it to whoever keeps the investor; it waits until they accept."""

    class State(models.TextChoices):
        OFFERED = "offered", _("Waits for an answer")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Taken back")

    lead = models.ForeignKey("leads.Lead", models.CASCADE, related_name="aftercare_offers", verbose_name=_("lead"))
    sender = models.ForeignKey("staff.User", models.PROTECT, related_name="+", verbose_name=_("who hands over"))
    receiver = models.ForeignKey("staff.User", models.PROTECT, related_name="+", verbose_name=_("who takes over"))
    note = models.TextField(_("what they must know"), blank=True, max_length=2000)
    offered_at = models.DateTimeField(_("offered"))
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.OFFERED)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answer = models.CharField(_("why not"), max_length=300, blank=True)
    # The follow-up by which the receiver hears of it.
    question = models.ForeignKey(
        "leads.FollowUp", models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )

    objects = AftercareOfferQuerySet.as_manager()

    class Meta:
        verbose_name = _("hand-over to aftercare")
        verbose_name_plural = _("hand-overs to aftercare")
        ordering = ["-offered_at", "-pk"]
        constraints = [
            models.UniqueConstraint("lead", condition=Q(state="offered"), name="one_open_aftercare_offer_a_lead"),
            models.CheckConstraint(name="aftercare_is_offered_to_somebody_else", condition=~Q(sender=F("receiver"))),
            models.CheckConstraint(
                name="answered_aftercare_offer_has_its_moment",
                condition=Q(state="offered", answered_at=None) | (~Q(state="offered") & Q(answered_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lead_id} {self.state}"

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OFFERED
