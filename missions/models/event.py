from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from config.staff.history import tracked
from config.staff.merge_policy import MergePolicy
from config.staff.zones import validate_zone
from missions.wall_time import WallTimeField, moment_of


@tracked(exclude=("starts_at", "ends_at"))
class Event(models.Model):
    """A fair, a conference, an evening, of a mission or alone. Follow-ups of its meetings open when it ends."""

    mission = models.ForeignKey(
        "missions.Mission", models.CASCADE, null=True, blank=True, related_name="events", verbose_name=_("mission")
    )
    stop = models.ForeignKey(
        "missions.Stop", models.SET_NULL, null=True, blank=True, related_name="events", verbose_name=_("stop")
    )
    name = models.CharField(_("name"), max_length=200)
    organiser = models.ForeignKey(
        "companies.Company",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="events_organised",
        verbose_name=_("organiser"),
    )
    city = models.ForeignKey("companies.City", models.PROTECT, related_name="events", verbose_name=_("city"))
    venue = models.CharField(_("venue"), max_length=200, blank=True)
    zone = models.CharField(_("time zone"), max_length=64, validators=[validate_zone])
    # Wall time and zone are the truth; the two moments follow from them.
    local_start = WallTimeField(_("starts (local time)"))
    local_end = WallTimeField(_("ends (local time)"))
    starts_at = moment_of("local_start")
    ends_at = moment_of("local_end")
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)

    merge_policies: ClassVar[dict[str, MergePolicy]] = {"organiser": MergePolicy.MOVE}

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="event_ends_after_it_starts",
                condition=models.Q(local_end__gt=models.F("local_start")),
                violation_error_message=_("An event cannot end before it starts."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
