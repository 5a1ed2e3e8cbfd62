from datetime import datetime, timedelta
from typing import Any, ClassVar, Self
from uuid import uuid4

from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from config.staff import clock
from config.staff.history import tracked
from config.staff.merge_policy import MergePolicy
from config.staff.models import User

# So long a removed file can be taken back; then it is gone.
KEPT_FOR = timedelta(days=30)


def random_name(_file: "File", _name: str) -> str:
    """Nothing of what a person typed reaches the disk; the folders keep a directory from growing without end."""
    name = uuid4().hex
    return f"records/{name[:2]}/{name}"


class FileQuerySet(models.QuerySet["File"]):
    def visible_to(self, user: User) -> Self:
        """Those of records that this person may see, whichever app the record belongs to."""
        seen: Q = Q(pk__in=[])
        for relation in self.model._meta.related_objects:
            link: Any = relation.related_model
            if issubclass(link, AttachedFile):
                seen |= Q(Exists(link.objects.visible_to(user).filter(file=OuterRef("pk"))))
        return self.filter(seen)

    def kept(self) -> Self:
        return self.filter(removed_at=None)

    def to_purge(self, at: datetime) -> Self:
        return self.filter(purge_at__lte=at)


@tracked(exclude=("blob",))
class File(models.Model):
    """What somebody handed in: the bytes lie in the storage under a random name, all that is said of them here."""

    blob = models.FileField(upload_to=random_name, max_length=120)
    name = models.CharField(_("file name"), max_length=255)
    note = models.CharField(_("what it is"), max_length=200, blank=True)
    media_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey("staff.User", models.PROTECT, related_name="+", verbose_name=_("added by"))
    uploaded_at = models.DateTimeField(_("added"))
    removed_by = models.ForeignKey(
        "staff.User", models.PROTECT, null=True, related_name="+", verbose_name=_("removed by")
    )
    removed_at = models.DateTimeField(_("removed"), null=True)
    # From then on the regular job may destroy it.
    purge_at = models.DateTimeField(null=True)

    objects = FileQuerySet.as_manager()

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")
        constraints = [
            models.CheckConstraint(name="file_has_a_name", condition=~Q(name="")),
            models.CheckConstraint(name="file_is_not_empty", condition=Q(size__gt=0)),
            models.CheckConstraint(
                name="removed_file_has_its_last_day",
                condition=Q(removed_at=None, purge_at=None) | Q(removed_at__isnull=False, purge_at__isnull=False),
            ),
        ]
        indexes = [
            # The job that destroys what was removed.
            models.Index(fields=["purge_at"], name="files_to_purge", condition=Q(purge_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_picture(self) -> bool:
        """Raster types that a browser only draws; SVG is a program."""
        return self.media_type in {"image/png", "image/jpeg", "image/gif", "image/webp"}

    @property
    def is_voice(self) -> bool:
        return self.media_type.startswith("audio/")

    def may_be_removed_by(self, user: User) -> bool:
        return user.is_manager or self.uploaded_by_id == user.pk

    @transaction.atomic
    def remove(self, *, by: User | None, for_good: bool = False) -> "File":
        """Nobody sees it any more; it can be taken back until its last day. A second time changes nothing."""
        file = File.objects.select_for_update().get(pk=self.pk)
        now = clock.now()
        if file.removed_at is None:
            file.removed_at, file.removed_by, file.purge_at = now, by, now + KEPT_FOR
        if for_good:
            file.purge_at = now
        file.save(update_fields=["removed_at", "removed_by", "purge_at"])
        return file

    @transaction.atomic
    def restore(self) -> bool:
        """Take it back, if its last day has not come. False where it is too late."""
        file = File.objects.select_for_update().filter(pk=self.pk).first()
        if file is None or (file.purge_at and file.purge_at <= clock.now()):
            return False
        file.removed_at = file.removed_by = file.purge_at = None
        file.save(update_fields=["removed_at", "removed_by", "purge_at"])
        return True

    remove.alters_data = restore.alters_data = True  # type: ignore[attr-defined]


class AttachedFileQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """The file of a record is seen by whoever sees the record."""
        field = self.model.record_field
        records: Any = self.model._meta.get_field(field).related_model
        return self.filter(**{f"{field}__in": records._default_manager.visible_to(user)})

    def kept(self) -> Self:
        return self.filter(file__removed_at=None)

    def newest_first(self) -> Self:
        return self.select_related("file__uploaded_by").order_by("-file__uploaded_at", "-pk")


class AttachedFile(models.Model):
    """A file on a record. Each kind of record has its own table in its own app, with a foreign key to the record."""

    file = models.OneToOneField("companies.File", models.CASCADE, verbose_name=_("file"))

    record_field: ClassVar[str]

    objects = AttachedFileQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.file)


@tracked()
class CompanyFile(AttachedFile):
    company = models.ForeignKey("companies.Company", models.CASCADE, related_name="files", verbose_name=_("company"))

    record_field = "company"
    merge_policies: ClassVar[dict[str, MergePolicy]] = {"company": MergePolicy.MOVE}

    class Meta:
        verbose_name = _("file of a company")
        verbose_name_plural = _("files of companies")


@tracked()
class ContactFile(AttachedFile):
    contact = models.ForeignKey("companies.Contact", models.CASCADE, related_name="files", verbose_name=_("contact"))

    record_field = "contact"
    merge_policies: ClassVar[dict[str, MergePolicy]] = {"contact": MergePolicy.MOVE}

    class Meta:
        verbose_name = _("file of a contact")
        verbose_name_plural = _("files of contacts")
