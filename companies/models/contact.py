from typing import ClassVar, Self

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from companies.models.folding import folded
from config.staff.addresses import address
from config.staff.history import tracked
from config.staff.labels import Labelled
from config.staff.merge_policy import MergePolicy
from config.staff.models import User


class LegalBasis(models.TextChoices):
    """Why we may keep and write to this person (Ley 1581/2012; GDPR for people in the EU)."""

    AUTHORISATION = "authorisation", _("Authorisation, prior and informed")
    CONDUCT = "conduct", _("Unequivocal conduct, such as handing over a card")
    PUBLIC = "public", _("Public source")
    CONTRACT = "contract", _("Contract or request of the person")
    INTEREST = "interest", _("Legitimate interest (GDPR)")


class ContactQuerySet(models.QuerySet["Contact"]):
    def visible_to(self, user: User) -> Self:
        """Staff see every contact; a guest delegate sees none (the agenda of their mission names them)."""
        return self if user.is_staff_member else self.none()

    def current(self) -> Self:
        return self.filter(merged_into=None, anonymised_at=None)


@tracked(exclude=("folded", "version", "updated_at"))
class Contact(Labelled):
    """A person whom the agency meets."""

    given_name = models.CharField(_("given name"), max_length=120, blank=True)
    family_name = models.CharField(_("family name"), max_length=120, blank=True)
    family_name_first = models.BooleanField(_("family name comes first"), default=False)
    language = models.CharField(
        _("language"), max_length=5, blank=True, help_text=_("The language to write in: en, es, …")
    )
    country = models.ForeignKey(
        "companies.Country", models.PROTECT, null=True, blank=True, related_name="contacts", verbose_name=_("country")
    )
    note = models.TextField(_("note"), blank=True, max_length=5000)
    legal_basis = models.CharField(_("legal basis"), max_length=20, choices=LegalBasis, blank=True)
    legal_basis_on = models.DateField(_("basis since"), null=True, blank=True)
    legal_basis_source = models.CharField(_("where the basis comes from"), max_length=200, blank=True)
    notice_version = models.CharField(_("privacy notice given"), max_length=20, blank=True)
    objected_at = models.DateTimeField(
        _("objected to messages"), null=True, blank=True, help_text=_("From then on nobody writes to this person.")
    )
    objection_source = models.CharField(_("how the objection came"), max_length=200, blank=True)
    anonymised_at = models.DateTimeField(_("anonymised"), null=True, blank=True, editable=False)
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
    folded = folded("given_name", "family_name")

    merge_policies: ClassVar[dict[str, MergePolicy]] = {"merged_into": MergePolicy.MOVE}

    objects = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        constraints = [
            models.CheckConstraint(
                name="contact_has_a_name",
                condition=~models.Q(given_name="", family_name=""),
                violation_error_message=_("Give at least one name."),
            ),
            models.CheckConstraint(
                name="contact_basis_has_its_date",
                condition=models.Q(legal_basis="") | models.Q(legal_basis_on__isnull=False),
                violation_error_message=_("Say since when the legal basis holds."),
            ),
        ]
        indexes = [
            # Search and pickers, typos forgiven.
            GinIndex(fields=["folded"], name="contact_search", opclasses=["gin_trgm_ops"]),
            # The contact list, by name, page by key.
            models.Index(fields=["folded", "id"], name="contact_list_by_name"),
            # The search for look-alikes walks along what changed last, and asks how many bear a name.
            models.Index(fields=["updated_at", "id"], name="contact_by_change"),
            models.Index(Lower("given_name"), name="contact_by_given_name"),
            models.Index(Lower("family_name"), name="contact_by_family_name"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return address("leads:contact", self.pk)

    @property
    def name(self) -> str:
        return self.full_name(self.given_name, self.family_name, family_name_first=self.family_name_first)

    @staticmethod
    def full_name(given: str | None, family: str | None, *, family_name_first: bool | None) -> str:
        """For lists that read no contacts, only what they show of them."""
        parts = (family, given) if family_name_first else (given, family)
        return f"{parts[0] or ''} {parts[1] or ''}".strip()


class PositionQuerySet(models.QuerySet["Position"]):
    def current(self) -> Self:
        return self.filter(ended_on=None)


@tracked()
class Position(models.Model):
    """Who worked where and when; a move ends one row and begins another, so the history stays."""

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="positions", verbose_name=_("contact"))
    company = models.ForeignKey(
        "companies.Company", models.CASCADE, related_name="positions", verbose_name=_("company")
    )
    title = models.CharField(_("job title"), max_length=160, blank=True)
    started_on = models.DateField(_("since"), null=True, blank=True)
    ended_on = models.DateField(_("until"), null=True, blank=True)

    merge_policies: ClassVar[dict[str, MergePolicy]] = {"company": MergePolicy.FOLD, "contact": MergePolicy.FOLD}

    objects = PositionQuerySet.as_manager()

    class Meta:
        verbose_name = _("position")
        verbose_name_plural = _("positions")
        ordering = [models.F("ended_on").desc(nulls_first=True), "-started_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="position_ends_after_it_starts",
                condition=models.Q(started_on=None)
                | models.Q(ended_on=None)
                | models.Q(ended_on__gte=models.F("started_on")),
                violation_error_message=_("A position cannot end before it starts."),
            ),
            models.UniqueConstraint(
                "contact",
                "company",
                condition=models.Q(ended_on=None),
                name="one_current_position_a_contact_and_company",
            ),
        ]

    def __str__(self) -> str:
        return self.title
