from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from config.staff.history import tracked
from config.staff.merge_policy import MergePolicy
from config.staff.models import User
from leads.models.lead import may_see_lead


class SiteVisitQuerySet(models.QuerySet["SiteVisit"]):
    def visible_to(self, user: User) -> Self:
        """Those of leads that this person may see."""
        return self.filter(may_see_lead(user, "lead__")) if user.is_staff_member else self.none()


@tracked()
class SiteVisit(models.Model):
    """An investor comes and is shown the region: the programme, who is there, and what it showed."""

    lead = models.ForeignKey("leads.Lead", models.CASCADE, related_name="site_visits", verbose_name=_("lead"))
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    purpose = models.CharField(_("what they want to see"), max_length=300, blank=True)
    debrief = models.TextField(_("what the visit showed"), blank=True, max_length=5000)
    objections = models.TextField(_("their objections"), blank=True, max_length=2000)
    # The service that it counts as, from the debrief on.
    service = models.ForeignKey(
        "leads.Service", models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    created_by = models.ForeignKey("staff.User", models.SET_NULL, null=True, editable=False, related_name="+")

    objects = SiteVisitQuerySet.as_manager()

    class Meta:
        verbose_name = _("site visit")
        verbose_name_plural = _("site visits")
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="site_visit_ends_after_it_starts",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("The last day is before the first."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.starts_on}"

    def get_absolute_url(self) -> str:
        return reverse("leads:site_visit", args=[self.lead_id, self.pk])


@tracked()
class SiteVisitor(models.Model):
    """Somebody who is there: one of theirs or one of ours."""

    visit = models.ForeignKey(SiteVisit, models.CASCADE, related_name="visitors")
    contact = models.ForeignKey("companies.Contact", models.PROTECT, null=True, blank=True, related_name="site_visits")
    user = models.ForeignKey("staff.User", models.PROTECT, null=True, blank=True, related_name="+")

    merge_policies: ClassVar[dict[str, MergePolicy]] = {"contact": MergePolicy.FOLD}

    class Meta:
        verbose_name = _("person of a site visit")
        verbose_name_plural = _("people of site visits")
        constraints = [
            models.CheckConstraint(
                name="site_visitor_is_one_of_theirs_or_one_of_ours",
                condition=Q(contact__isnull=False, user=None) | Q(contact=None, user__isnull=False),
            ),
            models.UniqueConstraint("visit", "contact", name="one_row_a_site_visit_and_contact"),
            models.UniqueConstraint("visit", "user", name="one_row_a_site_visit_and_colleague"),
        ]


@tracked()
class SiteStop(models.Model):
    """One line of the programme, in the clock of the place."""

    visit = models.ForeignKey(SiteVisit, models.CASCADE, related_name="stops")
    day = models.DateField(_("day"))
    starts = models.TimeField(_("from"))
    ends = models.TimeField(_("until"), null=True, blank=True)
    title = models.CharField(_("what is shown"), max_length=200)
    host = models.CharField(_("host"), max_length=200, blank=True)
    place = models.CharField(_("place"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("stop of a site visit")
        verbose_name_plural = _("stops of site visits")
        ordering = ["day", "starts", "pk"]
        constraints = [
            models.CheckConstraint(
                name="site_stop_ends_after_it_starts",
                condition=Q(ends=None) | Q(ends__gt=F("starts")),
                violation_error_message=_("It ends before it starts."),
            )
        ]
