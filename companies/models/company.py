from typing import ClassVar, Self

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Replace
from django.utils.translation import gettext_lazy as _

from companies.models.folding import folded_company_name
from config.staff.addresses import address
from config.staff.history import tracked
from config.staff.labels import Labelled
from config.staff.merge_policy import MergePolicy
from config.staff.models import User


class Kind(models.TextChoices):
    INVESTOR = "investor", _("Company")
    INSTITUTION = "institution", _("Institution")


class CompanyQuerySet(models.QuerySet["Company"]):
    def visible_to(self, user: User) -> Self:
        """Staff see every company; a guest delegate sees none (the agenda of their mission names them)."""
        return self if user.is_staff_member else self.none()

    def current(self) -> Self:
        """Neither merged away nor archived."""
        return self.filter(merged_into=None, archived_at=None)

    def investors(self) -> Self:
        return self.filter(kind=Kind.INVESTOR)

    def institutions(self) -> Self:
        return self.filter(kind=Kind.INSTITUTION)

    def installed(self) -> Self:
        return self.filter(installed_since__isnull=False)


@tracked(exclude=("folded", "version", "updated_at"))
class Company(Labelled):
    """Any organisation: its kind tells an investor from an institution (partner, funder, claimant)."""

    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.INVESTOR)
    name = models.CharField(_("name"), max_length=255)
    legal_name = models.CharField(_("legal name"), max_length=255, blank=True)
    tax_id = models.CharField(_("tax id (NIT)"), max_length=40, blank=True)
    domain = models.CharField(
        _("web domain"), max_length=253, blank=True, help_text=_("For example moove-it.com, without https://")
    )
    description = models.TextField(_("what they do"), blank=True, max_length=5000)
    sector = models.ForeignKey(
        "companies.Sector", models.PROTECT, null=True, blank=True, related_name="companies", verbose_name=_("sector")
    )
    activity = models.ForeignKey(
        "companies.Activity",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="companies",
        verbose_name=_("activity"),
    )
    # One word "country" hides three facts: Globant is Argentine by origin with a seat in Luxembourg.
    origin_country = models.ForeignKey(
        "companies.Country",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="companies",
        verbose_name=_("country of origin"),
    )
    seat_country = models.ForeignKey(
        "companies.Country",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("country of the seat"),
    )
    legal_country = models.ForeignKey(
        "companies.Country",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("country of registration"),
    )
    city = models.ForeignKey(
        "companies.City", models.PROTECT, null=True, blank=True, related_name="companies", verbose_name=_("city")
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="subsidiaries", verbose_name=_("parent company")
    )
    # Kept by `companies.groups`, so that figures count groups without walking up.
    ultimate_parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="group_members",
        verbose_name=_("ultimate parent"),
    )
    owner = models.ForeignKey(
        "staff.User", models.PROTECT, null=True, blank=True, related_name="companies", verbose_name=_("owner")
    )
    installed_since = models.DateField(_("installed since"), null=True, blank=True)
    is_public_seed = models.BooleanField(
        _("real company, public facts only"),
        default=False,
        help_text=_("Named in the press; nothing here is invented."),
    )
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True)
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="merged",
        verbose_name=_("merged into"),
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    created_by = models.ForeignKey(
        "staff.User", models.SET_NULL, null=True, editable=False, related_name="+", verbose_name=_("created by")
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)
    folded = folded_company_name("name")

    merge_policies: ClassVar[dict[str, MergePolicy]] = {
        "parent": MergePolicy.MOVE,
        "ultimate_parent": MergePolicy.MOVE,
        "merged_into": MergePolicy.MOVE,
    }

    objects = CompanyQuerySet.as_manager()

    class Meta:
        verbose_name = _("company")
        verbose_name_plural = _("companies")
        constraints = [
            models.CheckConstraint(name="company_has_a_name", condition=~models.Q(name="")),
            models.CheckConstraint(
                name="company_is_not_its_own_parent",
                condition=models.Q(parent=None) | ~models.Q(parent=models.F("id")),
                violation_error_message=_("A company cannot be its own parent."),
            ),
            models.CheckConstraint(
                name="company_is_not_merged_into_itself",
                condition=models.Q(merged_into=None) | ~models.Q(merged_into=models.F("id")),
            ),
        ]
        indexes = [
            # Search, pickers and look-alikes, typos forgiven.
            GinIndex(fields=["folded"], name="company_search", opclasses=["gin_trgm_ops"]),
            # The company list, by name, page by key.
            models.Index(fields=["folded", "id"], name="company_list_by_name"),
            # Look-alikes that are written with a space or without.
            models.Index(Replace("folded", models.Value(" "), models.Value("")), name="company_by_name_without_spaces"),
            # The search for look-alikes walks along what changed last.
            models.Index(fields=["updated_at", "id"], name="company_by_change"),
            # Look-alikes by web domain.
            models.Index(fields=["domain"], name="company_by_domain", condition=~models.Q(domain="")),
            # Search by a part of the web domain.
            GinIndex(fields=["domain"], name="company_domain_search", opclasses=["gin_trgm_ops"]),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return address("leads:company", self.pk)
