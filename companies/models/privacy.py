"""What the law on personal data asks the agency to write down (Ley 1581/2012)."""

from datetime import date
from typing import ClassVar, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from config.staff import clock
from config.staff.history import tracked
from config.staff.merge_policy import MergePolicy
from config.staff.models import User
from config.staff.working_days import add_working_days

# Working days from finding an incident to reporting it to the authority.
DAYS_TO_REPORT = 15


class DataRequestQuerySet(models.QuerySet["DataRequest"]):
    def visible_to(self, user: User) -> Self:
        return self if user.is_administrator else self.none()

    def open(self) -> Self:
        return self.filter(answered_at=None)

    def overdue_on(self, day: date) -> Self:
        return self.open().filter(due_on__lt=day)


@tracked()
class DataRequest(models.Model):
    """A person asks what we hold of them, or wants it corrected or deleted; the law sets the day of the answer."""

    class Kind(models.TextChoices):
        ACCESS = "access", _("Consultation: what do you hold about me?")
        CORRECTION = "correction", _("Claim: correct it")
        DELETION = "deletion", _("Claim: delete it")
        REVOCATION = "revocation", _("Claim: I take my authorisation back")

    # Working days to answer, and how many more there are once, if the person is told why.
    DAYS: ClassVar = {Kind.ACCESS: (10, 5)}
    DAYS_OF_A_CLAIM: ClassVar = (15, 8)

    kind = models.CharField(_("what they ask"), max_length=10, choices=Kind)
    contact = models.ForeignKey(
        "companies.Contact",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="data_requests",
        verbose_name=_("contact"),
    )
    asked_by = models.CharField(
        _("who asks"), max_length=300, help_text=_("Name and how to answer; say how you know that it is them.")
    )
    text = models.TextField(_("in their words"), max_length=5000, blank=True)
    received_on = models.DateField(_("received"))
    due_on = models.DateField(_("answer by"), editable=False)
    extended_because = models.CharField(_("why it takes longer"), max_length=300, blank=True)
    owner = models.ForeignKey(
        "staff.User", models.PROTECT, null=True, blank=True, related_name="data_requests", verbose_name=_("owner")
    )
    answer = models.TextField(_("answer"), max_length=5000, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True, editable=False)
    answered_by = models.ForeignKey(
        "staff.User", models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("answered by")
    )
    created_by = models.ForeignKey(
        "staff.User", models.SET_NULL, null=True, editable=False, related_name="+", verbose_name=_("created by")
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    merge_policies: ClassVar[dict[str, MergePolicy]] = {"contact": MergePolicy.MOVE}

    objects = DataRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("data-subject request")
        verbose_name_plural = _("data-subject requests")
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="answered_request_has_its_answer",
                condition=Q(answered_at=None, answered_by=None)
                | (Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(answer="")),
            ),
        ]
        indexes = [
            # The register, what is due first, page by key; and the clock of what is open.
            models.Index(fields=["due_on", "id"], name="open_data_requests", condition=Q(answered_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.Kind(self.kind).label} ({self.received_on:%Y-%m-%d})"

    def get_absolute_url(self) -> str:
        return reverse("companies:data_request", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.answered_at is None

    @property
    def days(self) -> tuple[int, int]:
        days: tuple[int, int] = self.DAYS.get(self.Kind(self.kind), self.DAYS_OF_A_CLAIM)
        return days

    def start_clock(self) -> None:
        """The days count from the day after it came in."""
        self.due_on = add_working_days(self.received_on, self.days[0], settings.AGENCY_COUNTRY)

    @transaction.atomic
    def extend(self, because: str) -> bool:
        """Once, while it is not due yet: the person must hear of it before the first day is over."""
        request = DataRequest.objects.select_for_update().get(pk=self.pk)
        if not request.is_open or request.extended_because or request.due_on < clock.agency_today():
            return False
        request.extended_because = because
        request.due_on = add_working_days(request.due_on, request.days[1], settings.AGENCY_COUNTRY)
        request.save(update_fields=["extended_because", "due_on"])
        return True

    @transaction.atomic
    def close(self, answer: str, *, by: User) -> "DataRequest":
        """Say what was answered. A second time changes nothing."""
        request = DataRequest.objects.select_for_update().get(pk=self.pk)
        if request.is_open:
            request.answer, request.answered_at, request.answered_by = answer, clock.now(), by
            request.save(update_fields=["answer", "answered_at", "answered_by"])
        return request

    extend.alters_data = close.alters_data = True  # type: ignore[attr-defined]


class IncidentQuerySet(models.QuerySet["Incident"]):
    def visible_to(self, user: User) -> Self:
        return self if user.is_administrator else self.none()

    def unreported(self) -> Self:
        return self.filter(reported_on=None)


@tracked()
class Incident(models.Model):
    """Personal data was lost, leaked or seen by the wrong eyes."""

    what = models.CharField(_("what happened"), max_length=300)
    found_on = models.DateField(_("found"))
    whose = models.CharField(_("whose data, and how many people"), max_length=300)
    measures = models.TextField(_("what was done about it"), max_length=5000, blank=True)
    reported_on = models.DateField(_("reported to the authority (SIC)"), null=True, blank=True)
    created_by = models.ForeignKey(
        "staff.User", models.SET_NULL, null=True, editable=False, related_name="+", verbose_name=_("created by")
    )

    objects = IncidentQuerySet.as_manager()

    class Meta:
        verbose_name = _("incident")
        verbose_name_plural = _("incidents")
        ordering = ["-found_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="incident_is_reported_after_it_is_found",
                condition=Q(reported_on=None) | Q(reported_on__gte=models.F("found_on")),
                violation_error_message=_("It cannot be reported before it was found."),
            ),
        ]

    def __str__(self) -> str:
        return self.what

    @property
    def due_on(self) -> date:
        return add_working_days(self.found_on, DAYS_TO_REPORT, settings.AGENCY_COUNTRY)


class PersonalActQuerySet(models.QuerySet["PersonalAct"]):
    def visible_to(self, user: User) -> Self:
        return self if user.is_administrator else self.none()

    def unfinished(self) -> Self:
        return self.filter(finished_at=None)


class PersonalAct(models.Model):
    """Who exported or anonymised one person's data, and when; an anonymising is work for the worker."""

    class Kind(models.TextChoices):
        EXPORT = "export", _("Exported")
        ANONYMISE = "anonymise", _("Anonymised")

    kind = models.CharField(_("what"), max_length=10, choices=Kind)
    contact = models.ForeignKey(
        "companies.Contact", models.CASCADE, related_name="personal_acts", verbose_name=_("contact")
    )
    by = models.ForeignKey("staff.User", models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("when"))
    finished_at = models.DateTimeField(_("finished"), null=True)
    # How many rows were told, or rewritten.
    rows = models.PositiveIntegerField(_("rows"), default=0)

    merge_policies: ClassVar[dict[str, MergePolicy]] = {"contact": MergePolicy.KEEP}

    objects = PersonalActQuerySet.as_manager()

    class Meta:
        verbose_name = _("export or anonymising of a person")
        verbose_name_plural = _("exports and anonymisings of people")
        ordering = ["-at", "-pk"]
        indexes = [
            # The job that goes on where a worker died.
            models.Index(fields=["at"], name="personal_acts_to_do", condition=Q(finished_at=None)),
        ]

    def __str__(self) -> str:
        return str(self.Kind(self.kind).label)
