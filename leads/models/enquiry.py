import uuid
from datetime import timedelta
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from config.staff import clock
from config.staff.addresses import address
from config.staff.history import tracked
from config.staff.labels import Labelled
from config.staff.merge_policy import MergePolicy
from config.staff.models import User
from config.staff.working_hours import working_time_between


class EnquiryQuerySet(models.QuerySet["Enquiry"]):
    def visible_to(self, user: User) -> Self:
        """Anybody at the agency may answer. Nothing to guests."""
        return self if user.is_staff_member else self.none()

    def waiting(self) -> Self:
        """No person has answered yet."""
        return self.filter(state=Enquiry.State.WAITING)


@tracked(exclude=("version", "told_at", "told_late_at"))
class Enquiry(Labelled):
    """A question from outside, by whatever way it came. Its response clock runs until a person has answered."""

    class Channel(models.TextChoices):
        FORM = "form", _("Web form")
        MAIL = "mail", _("E-mail")
        PHONE = "phone", _("Phone")
        OTHER = "other", _("Another way")

    class State(models.TextChoices):
        WAITING = "waiting", _("Waits for an answer")
        ANSWERED = "answered", _("Answered")
        LEAD = "lead", _("Became a lead")
        CLOSED = "closed", _("Closed")

    class Closed(models.TextChoices):
        NOT_INVESTMENT = "not_investment", _("No investment")
        SELLER = "seller", _("Wants to sell something")
        JOB_SEEKER = "job_seeker", _("Looks for a job")
        STUDENT = "student", _("Student or researcher")
        NO_REPLY = "no_reply", _("They did not reply")
        ELSEWHERE = "elsewhere", _("Passed on to another body")
        DUPLICATE = "duplicate", _("Came before")
        SPAM = "spam", _("Spam")

    # Made by the browser that shows the form, so that a second submission is harmless.
    capture_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    channel = models.CharField(_("how it came"), max_length=5, choices=Channel, default=Channel.FORM)
    name = models.CharField(_("name"), max_length=200)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    company_name = models.CharField(_("company, as they wrote it"), max_length=255, blank=True)
    country = models.ForeignKey(
        "companies.Country", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("country")
    )
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES, default="es")
    text = models.TextField(_("what they ask"), max_length=10_000)
    # What whoever filled in the form was told of their data.
    notice = models.ForeignKey(
        "companies.PrivacyNotice",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("privacy notice"),
    )
    received_at = models.DateTimeField(_("received"), default=clock.now)
    respond_by = models.DateTimeField(_("to be answered by"), editable=False)
    owner = models.ForeignKey(
        "staff.User", models.PROTECT, null=True, blank=True, related_name="enquiries", verbose_name=_("owner")
    )
    company = models.ForeignKey(
        "companies.Company",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="enquiries",
        verbose_name=_("company"),
    )
    contact = models.ForeignKey(
        "companies.Contact",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="enquiries",
        verbose_name=_("contact"),
    )
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.WAITING, editable=False)
    # Of the first answer by a person; an automatic receipt is none.
    answered_at = models.DateTimeField(_("first answer"), null=True, editable=False)
    # Working time from the question to that answer, kept so that figures need no calendar of holidays.
    response_minutes = models.PositiveIntegerField(_("minutes until the first answer"), null=True, editable=False)
    answered_by = models.ForeignKey(
        "staff.User", models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("answered by")
    )
    answer_note = models.CharField(_("what was answered"), max_length=500, blank=True, editable=False)
    closed_because = models.CharField(_("why closed"), max_length=14, choices=Closed, blank=True, editable=False)
    closed_note = models.CharField(_("in short"), max_length=500, blank=True, editable=False)
    # When those who must know were told that it came, and that its answer is late; empty again with a new owner.
    told_at = models.DateTimeField(null=True, editable=False)
    told_late_at = models.DateTimeField(null=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    merge_policies: ClassVar[dict[str, MergePolicy]] = {"company": MergePolicy.MOVE, "contact": MergePolicy.MOVE}

    objects = EnquiryQuerySet.as_manager()

    class Meta:
        verbose_name = _("enquiry")
        verbose_name_plural = _("enquiries")
        constraints = [
            models.CheckConstraint(name="enquiry_says_what_and_who", condition=~Q(text="") & ~Q(name="")),
            models.CheckConstraint(
                name="only_a_waiting_or_closed_enquiry_has_no_answer",
                condition=Q(state__in=["waiting", "closed"]) | Q(answered_at__isnull=False),
            ),
            models.CheckConstraint(
                name="closed_enquiry_says_why", condition=~Q(state="closed") | ~Q(closed_because="")
            ),
        ]
        indexes = [
            # The list, page by key.
            models.Index(fields=["-received_at", "-id"], name="enquiry_list_by_day"),
            # What waits, the most pressing first; the jobs that tell of it read the same.
            models.Index(fields=["respond_by", "id"], name="enquiries_waiting", condition=Q(state="waiting")),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.company_name}" if self.company_name else self.name

    def get_absolute_url(self) -> str:
        return address("leads:enquiry", self.pk)

    @property
    def is_waiting(self) -> bool:
        return self.state == self.State.WAITING

    @property
    def is_late(self) -> bool:
        return (self.answered_at or clock.now()) > self.respond_by

    @property
    def response_time(self) -> timedelta:
        """Working time until the first answer, or until now."""
        return working_time_between(
            self.received_at,
            self.answered_at or clock.now(),
            zone=settings.AGENCY_ZONE,
            country=settings.AGENCY_COUNTRY,
        )
