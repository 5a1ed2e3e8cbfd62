from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from companies.models.company import Company
from config.staff import clock
from config.staff.merge_policy import MergePolicy
from config.staff.models import User


class Reason(models.TextChoices):
    NAME = "name", _("Same name")
    NEARLY = "nearly", _("Nearly the same name")
    OTHER_NAME = "other_name", _("Same former or other name")
    DOMAIN = "domain", _("Same web domain")
    MAIL = "mail", _("Same domain in e-mail addresses")
    PHONE = "phone", _("Same phone number")


class LookAlikeQuerySet(models.QuerySet["LookAlike"]):
    def visible_to(self, user: User) -> Self:
        """Pairs of which both companies may be seen."""
        seen = Company.objects.visible_to(user)
        return self.filter(low__in=seen, high__in=seen)

    def open(self) -> Self:
        """Both companies are in use, and nobody has said that they are two."""
        apart = NotTheSame.objects.filter(company_low=models.OuterRef("low"), company_high=models.OuterRef("high"))
        in_use = models.Q(low__merged_into=None, low__archived_at=None)
        in_use &= models.Q(high__merged_into=None, high__archived_at=None)
        return self.filter(in_use, ~models.Exists(apart))


class LookAlike(models.Model):
    """Two companies that may be one, as the background search found them; the older record is the low one."""

    of = "company"

    low = models.ForeignKey("companies.Company", models.CASCADE, related_name="+", verbose_name=_("older record"))
    high = models.ForeignKey("companies.Company", models.CASCADE, related_name="+", verbose_name=_("newer record"))
    score = models.PositiveSmallIntegerField(_("likeness in percent"))
    reasons = ArrayField(models.CharField(max_length=12, choices=Reason), verbose_name=_("reasons"))
    found_at = models.DateTimeField(_("found"))

    # Both stay with the old record, so that undoing a merge brings the pair back.
    merge_policies: ClassVar[dict[str, MergePolicy]] = {"low": MergePolicy.KEEP, "high": MergePolicy.KEEP}

    objects = LookAlikeQuerySet.as_manager()

    class Meta:
        verbose_name = _("pair of look-alikes")
        verbose_name_plural = _("look-alikes")
        constraints = [
            models.UniqueConstraint("low", "high", name="one_row_a_pair_of_look_alikes"),
            models.CheckConstraint(name="look_alikes_stand_in_order", condition=models.Q(low__lt=models.F("high"))),
        ]
        indexes = [
            # The queue, the likeliest first, page by key.
            models.Index(fields=["-score", "-id"], name="look_alikes_by_score"),
        ]

    def __str__(self) -> str:
        return f"{self.low} = {self.high}?"

    @property
    def reasons_in_words(self) -> list[str]:
        return [str(Reason(reason).label) for reason in self.reasons]

    @transaction.atomic
    def tell_apart(self, *, by: User) -> "NotTheSame":
        """Remember that they are two. A second time changes nothing."""
        said, _created = NotTheSame.objects.get_or_create(
            company_low=self.low, company_high=self.high, defaults={"said_by": by, "said_at": clock.now()}
        )
        return said

    tell_apart.alters_data = True  # type: ignore[attr-defined]


class NotTheSame(models.Model):
    """Somebody looked at two companies and said that they are two: remembered for good."""

    company_low = models.ForeignKey("companies.Company", models.CASCADE, related_name="+", verbose_name=_("one"))
    company_high = models.ForeignKey("companies.Company", models.CASCADE, related_name="+", verbose_name=_("other"))
    said_by = models.ForeignKey("staff.User", models.PROTECT, related_name="+", verbose_name=_("said by"))
    said_at = models.DateTimeField(_("said"))

    # The search for look-alikes follows a merged record to its survivor by itself.
    merge_policies: ClassVar[dict[str, MergePolicy]] = {
        "company_low": MergePolicy.KEEP,
        "company_high": MergePolicy.KEEP,
    }

    class Meta:
        verbose_name = _("two that are not the same")
        verbose_name_plural = _("those that are not the same")
        constraints = [
            models.UniqueConstraint("company_low", "company_high", name="not_the_same_is_said_once"),
            models.CheckConstraint(
                name="not_the_same_stands_in_order", condition=models.Q(company_low__lt=models.F("company_high"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.company_low} ≠ {self.company_high}"


class LookAlikeWalk(models.Model):
    """How far a background search has come, by the time of the last change; a row for companies, one for people."""

    class Of(models.TextChoices):
        COMPANY = "company", _("Companies")
        CONTACT = "contact", _("Contacts")

    of = models.CharField(_("search among"), max_length=10, choices=Of, default=Of.COMPANY)
    began_at = models.DateTimeField(_("began"), null=True)
    changed_at = models.DateTimeField(_("changes looked at until"), null=True)
    record_id = models.BigIntegerField(_("last record looked at"), default=0)

    class Meta:
        verbose_name = _("search for look-alikes")
        verbose_name_plural = _("searches for look-alikes")
        constraints = [models.UniqueConstraint("of", name="one_walk_for_look_alikes_of_a_kind")]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)
