from datetime import timedelta
from typing import ClassVar, Self

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from config.staff import clock
from config.staff.models import User

UNDO_WITHIN = timedelta(hours=1)
# Its rows are there to be undone and to be looked at on the same day.
ROWS_KEPT_FOR = timedelta(days=2)


class BulkEditQuerySet(models.QuerySet["BulkEdit"]):
    def visible_to(self, user: User) -> Self:
        """Managers see every one; officers their own."""
        if user.is_manager:
            return self
        return self.filter(by=user) if user.is_staff_member else self.none()

    def busy(self) -> Self:
        return self.filter(status__in=BulkEdit.BUSY)


class BulkEdit(models.Model):
    """One field set for many records at once, and what is needed to take that back."""

    class Status(models.TextChoices):
        RUNNING = "running", _("Being changed")
        DONE = "done", _("Done")
        UNDOING = "undoing", _("Being undone")
        UNDONE = "undone", _("Undone")

    BUSY: ClassVar = (Status.RUNNING, Status.UNDOING)

    list = models.CharField(_("list"), max_length=20)
    field = models.CharField(_("field"), max_length=40)
    # As the database keeps it, and in the words of whoever chose it.
    value = models.JSONField(_("value"), null=True)
    value_words = models.CharField(_("new value"), max_length=200, blank=True)
    # A rule of `companies.normalising` gave each record a value of its own; the rows hold them.
    by_rule = models.BooleanField(_("by a rule"), default=False)
    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.RUNNING)
    # How far the present status has come.
    total = models.PositiveIntegerField(_("records"), default=0)
    done = models.PositiveIntegerField(_("records done"), default=0)
    changed = models.PositiveIntegerField(_("records changed"), default=0)
    left = models.PositiveIntegerField(_("records left as they are"), default=0)
    by = models.ForeignKey("staff.User", models.PROTECT, related_name="bulk_edits", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))
    finished_at = models.DateTimeField(_("finished"), null=True)
    undone_by = models.ForeignKey(
        "staff.User", models.PROTECT, null=True, related_name="+", verbose_name=_("undone by")
    )
    undone_at = models.DateTimeField(_("undone"), null=True)

    objects = BulkEditQuerySet.as_manager()

    class Meta:
        verbose_name = _("bulk edit")
        verbose_name_plural = _("bulk edits")
        ordering = ["-at", "-pk"]
        indexes = [
            # The list of bulk edits, page by key.
            models.Index(fields=["-at", "-id"], name="bulk_edit_list_by_day"),
        ]
        constraints = [
            models.CheckConstraint(
                name="undone_bulk_edit_has_who_and_when",
                condition=models.Q(undone_at=None) | models.Q(undone_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.list}: {self.field}"

    def get_absolute_url(self) -> str:
        return reverse("companies:bulk_edit", args=[self.pk])

    @property
    def is_busy(self) -> bool:
        return self.status in self.BUSY

    @property
    def may_be_undone(self) -> bool:
        if self.status != self.Status.DONE or self.finished_at is None:
            return False
        return clock.now() - self.finished_at <= UNDO_WITHIN


class BulkEditRow(models.Model):
    """One record of a bulk edit: what stood there before, and what became of it."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        CHANGED = "changed", _("Changed")
        LEFT = "left", _("Left as it is")
        UNDONE = "undone", _("Undone")

    class Why(models.TextChoices):
        SO_ALREADY = "so", _("It was so already")
        REFUSED = "refused", _("It cannot take that value")
        CHANGED = "changed", _("It was changed since")
        GONE = "gone", _("It is not there any more")

    of = models.ForeignKey(BulkEdit, models.CASCADE, related_name="rows", verbose_name=_("bulk edit"))
    record = models.BigIntegerField(_("record"))
    before = models.JSONField(null=True)
    # Where each record has a value of its own.
    after = models.JSONField(null=True)
    state = models.CharField(_("state"), max_length=7, choices=State, default=State.WAITING)
    why = models.CharField(_("why it was left"), max_length=7, choices=Why, blank=True)

    class Meta:
        verbose_name = _("record of a bulk edit")
        verbose_name_plural = _("records of bulk edits")
        constraints = [models.UniqueConstraint("of", "record", name="one_row_a_bulk_edit_and_record")]
        indexes = [
            # The next ones to change, or to undo.
            models.Index(fields=["of", "state", "record"], name="bulk_edit_rows_to_do"),
        ]

    def __str__(self) -> str:
        return str(self.record)
