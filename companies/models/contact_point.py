from typing import ClassVar, Self

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.utils.translation import gettext_lazy as _

from config.staff.history import tracked
from config.staff.labels import Labelled
from config.staff.merge_policy import MergePolicy


def mail_domain() -> models.Func:
    return models.Func(
        models.F("value"), models.Value("@"), models.Value(2), function="split_part", output_field=models.TextField()
    )


class ContactPointQuerySet(models.QuerySet["ContactPoint"]):
    def emails(self) -> Self:
        return self.filter(kind=ContactPoint.Kind.EMAIL)

    def phones(self) -> Self:
        return self.filter(kind=ContactPoint.Kind.PHONE)

    def usable(self) -> Self:
        """Not bounced, not objected to."""
        return self.filter(bounced_at=None, objected_at=None)


@tracked()
class ContactPoint(Labelled):
    """An e-mail address or a phone number of a contact."""

    class Kind(models.TextChoices):
        EMAIL = "email", _("E-mail")
        PHONE = "phone", _("Phone")

    contact = models.ForeignKey(
        "companies.Contact", models.CASCADE, related_name="contact_points", verbose_name=_("contact")
    )
    kind = models.CharField(_("kind"), max_length=5, choices=Kind)
    # E-mail in lower case; phone in E.164 where it can be read, else as it was given.
    value = models.CharField(_("address or number"), max_length=254)
    is_primary = models.BooleanField(_("used first"), default=False)
    bounced_at = models.DateTimeField(_("bounced"), null=True, blank=True)
    objected_at = models.DateTimeField(_("objected"), null=True, blank=True)

    merge_policies: ClassVar[dict[str, MergePolicy]] = {"contact": MergePolicy.FOLD}

    objects = ContactPointQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact point")
        verbose_name_plural = _("contact points")
        ordering = ["kind", "-is_primary", "pk"]
        constraints = [
            models.UniqueConstraint("contact", "kind", "value", name="one_row_a_contact_and_address"),
            models.CheckConstraint(name="contact_point_is_not_empty", condition=~models.Q(value="")),
        ]
        indexes = [
            # Look-alikes of people by address.
            models.Index(fields=["value"], name="contact_point_search", opclasses=["varchar_pattern_ops"]),
            # Look-alikes of companies by the domain of an address, and the search by how it begins.
            models.Index(
                OpClass(mail_domain(), "text_pattern_ops"),
                name="contact_point_by_domain",
                condition=models.Q(kind="email"),
            ),
            # Search by a part of it: a piece of an address, the last digits of a number.
            GinIndex(fields=["value"], name="contact_point_part_search", opclasses=["gin_trgm_ops"]),
        ]

    def __str__(self) -> str:
        return self.value


@tracked()
class Suppression(models.Model):
    """An address to which nothing is sent any more, kept for good as a hash; asked at the moment of sending."""

    address_hash = models.CharField(max_length=64, unique=True)
    reason = models.CharField(_("reason"), max_length=200)
    since = models.DateTimeField(_("since"))

    class Meta:
        verbose_name = _("suppressed address")
        verbose_name_plural = _("suppressed addresses")
