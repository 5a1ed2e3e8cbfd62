from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import ManyToManyRawIdWidget
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DataError, IntegrityError, models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.staff.admin.history import changes_of
from config.staff.admin.lists import CappedPaginator, KeysetChangeList, holding
from config.staff.admin.pick import DATES, PickById


class RecordForm(forms.ModelForm):  # type: ignore[type-arg]
    def _post_clean(self) -> None:
        """Every constraint of the record, also one that names a field which the form does not show."""
        super()._post_clean()  # type: ignore[misc]
        if not self.errors:
            try:
                self.instance.validate_constraints()
            except ValidationError as fault:
                self.add_error(None, ValidationError(fault.messages))


class VersionedRecordForm(RecordForm):
    """Refuses what was typed over an older version than the one that is stored, and says what stands there now."""

    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2**31 - 1)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seen_version"].initial = self.instance.version

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        seen = cleaned.get("seen_version")
        if self.instance.pk and seen is not None and seen != self.instance.version:
            data: Any = self.data
            self.data = data.copy()
            self.data[self.add_prefix("seen_version")] = str(self.instance.version)  # type: ignore[index]
            raise ValidationError(
                _("A colleague changed this meanwhile: %(theirs)s. Save again to keep yours.")
                % {"theirs": "; ".join(self._theirs()) or "–"},
                code="stale",
            )
        return cleaned

    def _theirs(self) -> list[str]:
        return [
            f"{self.fields[name].label}: {self.initial.get(name)}"
            for name in self.changed_data
            if name in self.initial and name in self.fields
        ]

    def save(self, commit: bool = True) -> Any:  # noqa: FBT001, FBT002 - Django's own signature
        if self.instance.pk:
            self.instance.version += 1
        return super().save(commit)


class RecordAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """One model in the admin. A subclass names its columns; what must not be forgotten stands here."""

    # The order of the list; an index serves it.
    keys: Sequence[str] = ("-pk",)
    # Folded columns with a trigram index, searched instead of Django's own scan.
    folded_fields: Sequence[str] = ()
    # A path to the record whose `visible_to` decides, where this model has none of its own: "lead".
    seen_with: str = ""
    # A table that fits into a drop-down.
    is_short = False

    actions = None
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    sortable_by = ()
    paginator = CappedPaginator
    object_history_template = "admin/changes.html"
    formfield_overrides = DATES

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[KeysetChangeList]:
        return KeysetChangeList

    def get_queryset(self, request: HttpRequest) -> "models.QuerySet[Any]":
        rows: models.QuerySet[Any] = self.model._default_manager.order_by(*self.keys)
        if hasattr(rows, "visible_to"):
            rows = rows.visible_to(request.user)
        for path in filter(None, [self.seen_with]):
            records: Any = self.model._meta.get_field(path).related_model
            rows = rows.filter(**{f"{path}__in": records._default_manager.visible_to(request.user)})
        return rows

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        if request.method == "POST" and not from_field:
            self._lock(object_id)
        return super().get_object(request, object_id, from_field)

    def _lock(self, object_id: str) -> None:
        # Held to the end of the request, so that the version that is compared is the one that is overwritten.
        try:
            pk = self.model._meta.pk.to_python(object_id)
        except ValidationError:
            return
        if self._has_version() and isinstance(pk, int) and pk < 2**63:
            self.model._default_manager.select_for_update().filter(pk=pk).values_list("pk", flat=True).first()

    def _has_version(self) -> bool:
        return any(field.name == "version" for field in self.model._meta.fields)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002
        is_versioned = obj is not None and self._has_version() and self.has_change_permission(request, obj)
        kwargs.setdefault("form", VersionedRecordForm if is_versioned else RecordForm)
        return super().get_form(request, obj, change, **kwargs)

    def get_search_results(
        self, request: HttpRequest, queryset: "models.QuerySet[Any]", search_term: str
    ) -> tuple["models.QuerySet[Any]", bool]:
        text = search_term.replace("\0", "").strip()
        if not self.folded_fields or not text:
            return super().get_search_results(request, queryset, text)
        wanted = models.Q()
        for column in self.folded_fields:
            wanted |= holding(column, text)
        return queryset.filter(wanted), False

    def get_list_select_related(self, request: HttpRequest) -> list[str]:
        shown = self.get_list_display(request)
        return [field.name for field in self.model._meta.fields if field.is_relation and field.name in shown]

    # No drop-down over a whole table, and none that names what the reader may not see
    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        # Past Django's wrapper, whose buttons to add and to change would stand beside every choice.
        if isinstance(db_field, models.ForeignKey):
            return self.formfield_for_foreignkey(db_field, request, **kwargs)
        if isinstance(db_field, models.ManyToManyField):
            return self.formfield_for_manytomany(db_field, request, **kwargs)
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        rows = kwargs.setdefault("queryset", self._choices(db_field, request))
        if not self._is_short(db_field):
            kwargs["widget"] = PickById(db_field, self.admin_site, rows)
        return db_field.formfield(**kwargs)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if not db_field.remote_field.through._meta.auto_created:
            return None
        kwargs.setdefault("queryset", self._choices(db_field, request))
        if not self._is_short(db_field):
            kwargs["widget"] = ManyToManyRawIdWidget(db_field.remote_field, self.admin_site)
        return db_field.formfield(**kwargs)

    def _choices(self, db_field: Any, request: HttpRequest) -> "models.QuerySet[Any]":
        related = self.admin_site._registry.get(db_field.related_model)
        rows: models.QuerySet[Any] = db_field.related_model._default_manager.all()
        return related.get_queryset(request) if related else rows

    def _is_short(self, db_field: Any) -> bool:
        return bool(getattr(self.admin_site._registry.get(db_field.related_model), "is_short", False))

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: FBT001
        if not change and hasattr(obj, "created_by_id"):
            obj.created_by = request.user
        super().save_model(request, obj, form, change)

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except (IntegrityError, DataError):
            messages.error(request, _("The database refused this: it breaks one of its rules. Nothing was saved."))
            return HttpResponseRedirect(request.path)

    # Deleting tells nothing about records that the reader may not see
    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        _shown, _counts, perms_needed, protected = super().get_deleted_objects(objs, request)
        rows = [str(row) for row in objs]
        hint = [_("Other records still point here. Merge it, or move those first.")] if protected else []
        return rows, {str(self.opts.verbose_name_plural): len(rows)}, perms_needed, hint

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        record = self.get_object(request, object_id)
        if record is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined, no-any-return]
        if not self.has_view_or_change_permission(request, record):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": _("Changes of %(record)s") % {"record": record},
            "opts": self.opts,
            "object": record,
            "changes": changes_of(record),
            **(extra_context or {}),
        }
        return render(request, self.object_history_template, context)


class ReadOnlyAdmin(RecordAdmin):
    """A log: it is written by what happens, and shown here."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class LeftOwnerFilter(admin.SimpleListFilter):
    """What is open and belongs to somebody whose account is closed."""

    title = gettext_lazy("owner")
    parameter_name = "owner"
    # The condition for "open" of this model.
    open_rows = models.Q()

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("left", gettext_lazy("Open, and the owner has left"))]

    def queryset(self, request: HttpRequest, queryset: "models.QuerySet[Any]") -> "models.QuerySet[Any]":
        return queryset.filter(self.open_rows, owner__is_active=False) if self.value() == "left" else queryset
