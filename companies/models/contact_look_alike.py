from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from companies.models.contact import Contact
from config.staff import clock
from config.staff.merge_policy import MergePolicy
from config.staff.models import User


class PersonReason(models.TextChoices):
    NAME = "name", _("Same name")
    NEARLY = "nearly", _("Nearly the same name")
    EMAIL = "email", _("Same e-mail address")
    PHONE = "phone", _("Same phone number")
    COMPANY = "company", _("Same company")
    GROUP = "group", _("Same group")
    ALIKE = "alike", _("Companies that look alike")


class ContactLookAlikeQuerySet(models.QuerySet["ContactLookAlike"]):
    def visible_to(self, user: User) -> Self:
        """Pairs of which both people may be seen."""
        seen = Contact.objects.visible_to(user)
        return self.filter(low__in=seen, high__in=seen)

    def open(self) -> Self:
        """Both are in use, and nobody has said that they are two."""
        apart = NotTheSameContact.objects.filter(
            contact_low=models.OuterRef("low"), contact_high=models.OuterRef("high")
        )
        in_use = models.Q(low__merged_into=None, low__anonymised_at=None)
        in_use &= models.Q(high__merged_into=None, high__anonymised_at=None)
        return self.filter(in_use, ~models.Exists(apart))


class ContactLookAlike(models.Model):
    """Two contacts that may be one person, as the background search found them; the older record is the low one."""

    of = "contact"

    low = models.ForeignKey("companies.Contact", models.CASCADE, related_name="+", verbose_name=_("older record"))
    high = models.ForeignKey("companies.Contact", models.CASCADE, related_name="+", verbose_name=_("newer record"))
    score = models.PositiveSmallIntegerField(_("likeness in percent"))
    reasons = ArrayField(models.CharField(max_length=12, choices=PersonReason), verbose_name=_("reasons"))
    found_at = models.DateTimeField(_("found"))

    # Both stay with the old record, so that undoing a merge brings the pair back.
    merge_policies: ClassVar[dict[str, MergePolicy]] = {"low": MergePolicy.KEEP, "high": MergePolicy.KEEP}

    objects = ContactLookAlikeQuerySet.as_manager()

    class Meta:
        verbose_name = _("pair of people who look alike")
        verbose_name_plural = _("people who look alike")
        constraints = [
            models.UniqueConstraint("low", "high", name="one_row_a_pair_of_like_people"),
            models.CheckConstraint(name="like_people_stand_in_order", condition=models.Q(low__lt=models.F("high"))),
        ]
        indexes = [
            # The queue, the likeliest first, page by key.
            models.Index(fields=["-score", "-id"], name="like_people_by_score"),
        ]

    def __str__(self) -> str:
        return f"{self.low} = {self.high}?"

    @property
    def reasons_in_words(self) -> list[str]:
        return [str(PersonReason(reason).label) for reason in self.reasons]

    @transaction.atomic
    def tell_apart(self, *, by: User) -> "NotTheSameContact":
        """Remember that they are two. A second time changes nothing."""
        said, _created = NotTheSameContact.objects.get_or_create(
            contact_low=self.low, contact_high=self.high, defaults={"said_by": by, "said_at": clock.now()}
        )
        return said

    tell_apart.alters_data = True  # type: ignore[attr-defined]


class NotTheSameContact(models.Model):
    """Somebody looked at two contacts and said that they are two people: remembered for good."""

    contact_low = models.ForeignKey("companies.Contact", models.CASCADE, related_name="+", verbose_name=_("one"))
    contact_high = models.ForeignKey("companies.Contact", models.CASCADE, related_name="+", verbose_name=_("other"))
    said_by = models.ForeignKey("staff.User", models.PROTECT, related_name="+", verbose_name=_("said by"))
    said_at = models.DateTimeField(_("said"))

    # The search for look-alikes follows a merged record to its survivor by itself.
    merge_policies: ClassVar[dict[str, MergePolicy]] = {
        "contact_low": MergePolicy.KEEP,
        "contact_high": MergePolicy.KEEP,
    }

    class Meta:
        verbose_name = _("two people who are not the same")
        verbose_name_plural = _("people who are not the same")
        constraints = [
            models.UniqueConstraint("contact_low", "contact_high", name="two_people_are_told_apart_once"),
            models.CheckConstraint(
                name="people_told_apart_stand_in_order", condition=models.Q(contact_low__lt=models.F("contact_high"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contact_low} ≠ {self.contact_high}"
