"""The fixed meanings of the pipeline. Labels of stages and reasons are data; these are not."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Level(models.TextChoices):
    OPEN = "open", _("Open")
    TEAM = "team", _("The team")
    NAMED = "named", _("Named people")


class Status(models.TextChoices):
    ACTIVE = "active", _("Active")
    ON_HOLD = "on_hold", _("On hold")
    DELAYED = "delayed", _("Delayed")
    DORMANT = "dormant", _("Dormant")
    WON = "won", _("Won")
    LOST = "lost", _("Lost")
    DEAD = "dead", _("Dead")
    DISQUALIFIED = "disqualified", _("Disqualified")
    MERGED = "merged", _("Merged as duplicate")
    HANDED_OVER = "handed_over", _("Handed over")


OPEN = (Status.ACTIVE, Status.ON_HOLD, Status.DELAYED, Status.DORMANT)
ON_THE_BOARD = (*OPEN, Status.WON)
# No follow-up goes on for these; a won lead stays alive through the start of operation and aftercare.
ENDED = (Status.LOST, Status.DEAD, Status.DISQUALIFIED, Status.MERGED, Status.HANDED_OVER)
# Statuses that ask for a reason of their kind.
WITH_REASON = (Status.ON_HOLD, Status.DELAYED, Status.LOST, Status.DEAD, Status.DISQUALIFIED)


class Source(models.TextChoices):
    MISSION = "mission", _("Mission or event")
    AFTERCARE = "aftercare", _("Aftercare")
    REFERRAL = "referral", _("Referral")
    PARTNER = "partner", _("ProColombia or another partner")
    ENQUIRY = "enquiry", _("Enquiry")
    RESEARCH = "research", _("Own research")


class Involvement(models.TextChoices):
    GENERATED = "generated", _("Generated: the agency found it")
    ASSISTED = "assisted", _("Assisted: a material service was given")
    TRACKED = "tracked", _("Tracked only: no involvement")


class Sharing(models.TextChoices):
    """What the client allowed us to tell partners; unknown is blank, never a yes."""

    ALLOWED = "allowed", _("Allowed")
    REFUSED = "refused", _("Not allowed")


class Layer(models.TextChoices):
    ANNOUNCED = "announced", _("Announced")
    COMMITTED = "committed", _("Committed")
    VERIFIED = "verified", _("Verified")


class Interest(models.TextChoices):
    HOT = "hot", _("Hot")
    WARM = "warm", _("Warm")
    COLD = "cold", _("Cold")


class Outcome(models.TextChoices):
    HELD = "held", _("Held")
    NO_SHOW = "no_show", _("No-show")
    CANCELLED = "cancelled", _("Cancelled")
    RESCHEDULED = "rescheduled", _("Rescheduled")
    PASSING = "passing", _("Passing contact")
