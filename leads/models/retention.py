"""How long what is held of people is kept, and what was purged by that."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from config.staff.history import tracked
from config.staff.merge_policy import MergePolicy
from config.staff.models import User


class Keeps(models.TextChoices):
    """Of what there is a rule. What was done in a project stays for good."""

    REVIEW = "review", _("People to look at again")
    PEOPLE = "people", _("People nobody has had to do with")
    VOICE = "voice", _("Voice notes of meetings")
    PICTURES = "pictures", _("Pictures taken at meetings, such as of business cards")


@tracked()
class RetentionRule(models.Model):
    # Where nobody says otherwise, in days.
    DEFAULTS: ClassVar = {Keeps.REVIEW: 1096, Keeps.PEOPLE: 1826, Keeps.VOICE: 30, Keeps.PICTURES: 90}

    of = models.CharField(_("what is kept"), max_length=8, choices=Keeps, primary_key=True)
    days = models.PositiveIntegerField(_("days that it is kept"))

    class Meta:
        verbose_name = _("retention rule")
        verbose_name_plural = _("retention rules")
        ordering = ["of"]
        constraints = [
            # What is a month old may still be in somebody's hands.
            models.CheckConstraint(name="nothing_is_purged_within_a_week", condition=Q(days__gte=7)),
            models.CheckConstraint(name="people_are_kept_for_a_year", condition=~Q(of="people") | Q(days__gte=365)),
        ]

    def __str__(self) -> str:
        return str(self.get_of_display())

    @classmethod
    def days_of(cls, of: str) -> int:
        days = cls.objects.filter(of=of).values_list("days", flat=True).first()
        return days or cls.DEFAULTS[Keeps(of)]


class PersonReview(models.Model):
    """Somebody looked at a person nobody had to do with for long, and said that they stay."""

    contact = models.ForeignKey("companies.Contact", models.CASCADE, related_name="reviews", verbose_name=_("contact"))
    by = models.ForeignKey("staff.User", models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("when"))

    merge_policies: ClassVar[dict[str, MergePolicy]] = {"contact": MergePolicy.MOVE}

    class Meta:
        verbose_name = _("review of a person")
        verbose_name_plural = _("reviews of people")
        ordering = ["-at", "-pk"]
        indexes = [
            # The simulated run asks for the reviews of each person since a day.
            models.Index(fields=["contact", "at"], name="reviews_of_a_person"),
        ]

    def __str__(self) -> str:
        return f"{self.contact_id}"


class PurgeQuerySet(models.QuerySet["Purge"]):
    def visible_to(self, user: User) -> Self:
        return self if user.is_administrator else self.none()

    def unfinished(self) -> Self:
        return self.filter(finished_at=None)


class Purge(models.Model):
    """What somebody purged by a rule after a simulated run: who, when, how many; work for the worker, in batches."""

    of = models.CharField(_("what"), max_length=8, choices=Keeps)
    days = models.PositiveIntegerField(_("days that it is kept"))
    by = models.ForeignKey("staff.User", models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("when"))
    total = models.PositiveIntegerField(_("simulated"))
    done = models.PositiveIntegerField(_("purged"), default=0)
    finished_at = models.DateTimeField(_("finished"), null=True)

    objects = PurgeQuerySet.as_manager()

    class Meta:
        verbose_name = _("purge")
        verbose_name_plural = _("purges")
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint("of", condition=Q(finished_at=None), name="one_purge_of_a_kind_at_a_time"),
        ]

    def __str__(self) -> str:
        return f"{self.get_of_display()} ({self.total})"

    def get_absolute_url(self) -> str:
        return reverse("leads:retention")
