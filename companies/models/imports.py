from datetime import timedelta
from typing import ClassVar, Self
from uuid import uuid4

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from config.staff import clock
from config.staff.merge_policy import MergePolicy
from config.staff.models import User

# Undoing a whole import, its rows and the uploaded file: all of them for so long.
KEPT_FOR = timedelta(days=30)


def private_name(instance: "Import", filename: str) -> str:
    """Nothing of the name that came in reaches the disk."""
    return f"imports/{uuid4().hex}.{'xlsx' if filename.lower().endswith('.xlsx') else 'csv'}"


class ImportQuerySet(models.QuerySet["Import"]):
    def visible_to(self, user: User) -> Self:
        """Managers see every import; officers the ones they started."""
        if user.is_manager:
            return self
        return self.filter(by=user) if user.is_staff_member else self.none()

    def busy(self) -> Self:
        """Some work is left that nobody has to be asked about."""
        return self.filter(status__in=Import.BUSY)


class Import(models.Model):
    """One file on its way into the records, and what is needed to take all of it back."""

    class Status(models.TextChoices):
        COLUMNS = "columns", _("Its columns are to be matched")
        READING = "reading", _("Being read")
        VALUES = "values", _("Its values are to be matched")
        CHECKING = "checking", _("Being checked")
        CHECKED = "checked", _("Checked, nothing written yet")
        RUNNING = "running", _("Being written")
        DONE = "done", _("Done")
        UNDOING = "undoing", _("Being undone")
        UNDONE = "undone", _("Undone")

    class DateOrder(models.TextChoices):
        DAY_FIRST = "dmy", _("Day first: 3/4 is 3 April")
        MONTH_FIRST = "mdy", _("Month first: 3/4 is 4 March")

    BUSY: ClassVar = (Status.READING, Status.CHECKING, Status.RUNNING, Status.UNDOING)
    NOTHING_WRITTEN: ClassVar = (Status.COLUMNS, Status.READING, Status.VALUES, Status.CHECKING, Status.CHECKED)

    kind = models.CharField(_("kind"), max_length=20)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.COLUMNS)
    file = models.FileField(_("file"), upload_to=private_name, blank=True)
    file_name = models.CharField(_("file name"), max_length=200)
    file_hash = models.CharField(max_length=64)
    # How the file is read; a sheet for a workbook, encoding and delimiter for text.
    encoding = models.CharField(_("encoding"), max_length=40, blank=True)
    delimiter = models.CharField(_("delimiter"), max_length=1, blank=True)
    sheet = models.CharField(_("sheet"), max_length=200, blank=True)
    header = models.JSONField(_("header"), default=list)
    # The number of a column (as text) to the name of a field.
    columns = models.JSONField(_("columns"), default=dict)
    # Of each field with a list of its own, what the file's words stand for.
    values = models.JSONField(_("values"), default=dict)
    date_order = models.CharField(_("order of dates"), max_length=3, choices=DateOrder, blank=True)
    overwrites = models.BooleanField(
        _("The file is right where the two differ"),
        default=False,
        help_text=_("Otherwise only what is empty here is filled in. Names are never replaced."),
    )
    drops_unmatched = models.BooleanField(
        _("Leave out words that are matched to nothing"),
        default=False,
        help_text=_("Otherwise their rows are errors, which you can repair one by one."),
    )
    owner = models.ForeignKey(
        "staff.User",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("owner of new companies"),
    )
    legal_basis = models.CharField(_("legal basis for the people in it"), max_length=20, blank=True)
    # How far the present status has come, in rows of the file.
    total = models.PositiveIntegerField(_("rows"), default=0)
    done = models.PositiveIntegerField(_("rows done"), default=0)
    # Why the last try stopped, as a code with its words in `companies.importing.problems`.
    fault = models.CharField(_("fault"), max_length=200, blank=True)
    by = models.ForeignKey("staff.User", models.PROTECT, related_name="imports", verbose_name=_("by"))
    at = models.DateTimeField(_("uploaded"))
    checked_at = models.DateTimeField(_("checked"), null=True)
    finished_at = models.DateTimeField(_("written"), null=True)
    undone_by = models.ForeignKey(
        "staff.User", models.PROTECT, null=True, related_name="+", verbose_name=_("undone by")
    )
    undone_at = models.DateTimeField(_("undone"), null=True)
    # What the database counted, kept when rows and file are removed.
    counts = models.JSONField(_("counts"), default=dict)

    objects = ImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-at", "-pk"]
        indexes = [
            # The list of imports, page by key.
            models.Index(fields=["-at", "-id"], name="import_list_by_day"),
        ]
        constraints = [
            models.CheckConstraint(
                name="undone_import_has_who_and_when",
                condition=models.Q(undone_at=None) | models.Q(undone_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        return reverse("companies:import", args=[self.pk])

    @property
    def is_busy(self) -> bool:
        return self.status in self.BUSY

    @property
    def may_be_undone(self) -> bool:
        """Written, and young enough that its rows are still there."""
        return self.status == self.Status.DONE and bool(self.finished_at) and not self.is_past

    @property
    def may_be_decided(self) -> bool:
        """Rows that are not written yet can be repaired and decided, also once the others are."""
        return self.status == self.Status.CHECKED or self.may_be_undone

    @property
    def is_past(self) -> bool:
        return clock.now() - (self.finished_at or self.at) > KEPT_FOR

    def field_of(self, name: str) -> int | None:
        """The number of the column that says this."""
        return next((int(column) for column, field in self.columns.items() if field == name), None)


class ImportRow(models.Model):
    """One row of the file: what it says, what will become of it, and what became of it."""

    class Outcome(models.TextChoices):
        UNCHECKED = "", _("Not checked yet")
        CREATE = "create", _("New")
        UPDATE = "update", _("Update")
        SAME = "same", _("Nothing new in it")
        ALIKE = "alike", _("Look-alike")
        ERROR = "error", _("Error")
        DOUBLE = "double", _("Twice in the file")
        SKIP = "skip", _("Left out")

    class Is(models.TextChoices):
        """What the company (or the person) of a row is."""

        NOBODY = "", _("Not named")
        SAME = "same", _("One that we have")
        NEW = "new", _("A new one")
        ASK = "ask", _("To be decided")

    WRITTEN: ClassVar = (Outcome.CREATE, Outcome.UPDATE)
    LEFT: ClassVar = (Outcome.ALIKE, Outcome.ERROR, Outcome.SKIP)

    of = models.ForeignKey(Import, models.CASCADE, related_name="rows", verbose_name=_("import"))
    # As the spreadsheet counts: the header is usually row 1.
    number = models.PositiveIntegerField(_("row"))
    cells = models.JSONField(_("cells"))
    said = models.JSONField(_("values"), default=dict)
    # A field to the code of what is wrong with its cell.
    problems = models.JSONField(_("problems"), default=dict)
    outcome = models.CharField(_("outcome"), max_length=8, choices=Outcome, blank=True)
    # Rows of one key name one company; the first of them leads.
    company_key = models.CharField(max_length=600, blank=True)
    contact_key = models.CharField(max_length=600, blank=True)
    # The row of the file that says the same, where this one is a double.
    double_of = models.PositiveIntegerField(_("same as row"), null=True)
    company = models.ForeignKey(
        "companies.Company", models.SET_NULL, null=True, related_name="+", verbose_name=_("company")
    )
    company_is = models.CharField(max_length=4, choices=Is, blank=True)
    company_alikes = models.JSONField(default=list)
    company_decided = models.BooleanField(default=False)
    contact = models.ForeignKey(
        "companies.Contact", models.SET_NULL, null=True, related_name="+", verbose_name=_("contact")
    )
    contact_is = models.CharField(max_length=4, choices=Is, blank=True)
    contact_alikes = models.JSONField(default=list)
    contact_decided = models.BooleanField(default=False)
    written_at = models.DateTimeField(_("written"), null=True)

    # A row tells what it became on the day; its undoing must not reach for the survivor.
    merge_policies: ClassVar[dict[str, MergePolicy]] = {"company": MergePolicy.KEEP, "contact": MergePolicy.KEEP}

    class Meta:
        verbose_name = _("row of an import")
        verbose_name_plural = _("rows of imports")
        constraints = [
            models.UniqueConstraint("of", "number", name="one_row_an_import_and_number"),
        ]
        indexes = [
            # The rows of one outcome, page by key; and the next ones to write.
            models.Index(fields=["of", "outcome", "number"], name="import_rows_by_outcome"),
            # All rows that name one company.
            models.Index(fields=["of", "company_key"], name="import_rows_by_company"),
            # All rows that name one person.
            models.Index(fields=["of", "contact_key"], name="import_rows_by_contact"),
        ]

    def __str__(self) -> str:
        return str(self.number)


class ImportWrite(models.Model):
    """One record that an import made or changed, with all that undoing it needs."""

    class State(models.TextChoices):
        WRITTEN = "written", _("Written")
        UNDONE = "undone", _("Undone")
        LEFT = "left", _("Left as it is")

    class Why(models.TextChoices):
        CHANGED = "changed", _("It was changed since")
        USED = "used", _("Other records point at it")
        GONE = "gone", _("It is not there any more")

    of = models.ForeignKey(Import, models.CASCADE, related_name="writes", verbose_name=_("import"))
    row = models.PositiveIntegerField(_("row"))
    model = models.CharField(_("kind of record"), max_length=60)
    record = models.BigIntegerField(_("record"))
    # Empty where the import made the record; else the changed fields as they were.
    before = models.JSONField(null=True)
    after = models.JSONField()
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.WRITTEN)
    why = models.CharField(_("why it was left"), max_length=8, choices=Why, blank=True)

    class Meta:
        verbose_name = _("record of an import")
        verbose_name_plural = _("records of imports")
        indexes = [
            # Undoing goes kind by kind, backwards.
            models.Index(fields=["of", "model", "state", "id"], name="import_writes_to_undo"),
        ]

    def __str__(self) -> str:
        return f"{self.model} {self.record}"


class ColumnShape(models.Model):
    """How the columns of such a file were matched the last time, by what its header says."""

    kind = models.CharField(_("kind"), max_length=20)
    fingerprint = models.CharField(max_length=64)
    columns = models.JSONField(_("columns"))
    values = models.JSONField(_("values"), default=dict)
    used_at = models.DateTimeField(_("last used"))

    class Meta:
        verbose_name = _("shape of a file")
        verbose_name_plural = _("shapes of files")
        constraints = [models.UniqueConstraint("kind", "fingerprint", name="one_shape_a_kind_and_header")]

    def __str__(self) -> str:
        return self.kind
