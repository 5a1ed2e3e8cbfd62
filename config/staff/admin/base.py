"""What every record in the admin has in common. The admin is for cleaning data up, not for daily work: states change on
the ordinary screens, and who may not see a lead there does not see it here."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.db import DataError, IntegrityError, models
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from config.staff.admin.change_list import KeysetChangeList, search
from config.staff.admin.forms import PickById, RecordForm
from config.staff.admin.history import history_of
from config.staff.models import User


class RecordAdmin(admin.ModelAdmin[Any]):
    form = RecordForm
    # The order of the list; the last key is unique, and an index serves them.
    keys: ClassVar[tuple[str, ...]] = ("-pk",)
    # Relations by which a row hangs on a record that not everybody may see.
    hangs_on: ClassVar[tuple[str, ...]] = ()
    # A table short enough for a drop-down.
    is_short: ClassVar[bool] = False
    # States and what their methods write: shown, never typed.
    states: ClassVar[tuple[str, ...]] = ()
    can_add: ClassVar[bool] = True
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    sortable_by = ()
    formfield_overrides = {  # noqa: RUF012 - Django's own name
        models.DateField: {"widget": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")},
        models.DateTimeField: {
            "form_class": forms.DateTimeField,
            "widget": forms.DateTimeInput(attrs={"type": "datetime-local", "step": "1"}, format="%Y-%m-%dT%H:%M:%S"),
        },
    }

    # Who sees what

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        return self.seen(self.model._default_manager.all(), request.user)

    def seen(self, rows: models.QuerySet[Any], user: Any) -> models.QuerySet[Any]:
        """Of these rows those that the person may see: the record's own rule, and the rules of what it hangs on."""
        if hasattr(rows, "visible_to"):
            rows = rows.visible_to(user)
        for name in self.hangs_on:
            rows = rows.filter(Q(**{name: None}) | Q(**{f"{name}__in": self._others(name, user)}))
        return rows

    def _others(self, name: str, user: Any) -> models.QuerySet[Any]:
        model: Any = self.model._meta.get_field(name).related_model
        return _seen(self.admin_site, model, user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.can_add and super().has_add_permission(request)

    def _hidden(self, request: HttpRequest, record: models.Model | None) -> set[str]:
        """Relations of this record that lead to one which the person may not see."""
        if record is None or record.pk is None:
            return set()
        known: dict[tuple[type, Any], set[str]] = getattr(request, "_hidden_relations", {})
        key = (type(record), record.pk)
        if key not in known:
            known[key] = {
                field.name
                for field in record._meta.concrete_fields
                if isinstance(field, models.ForeignKey)
                and getattr(record, field.attname) is not None
                and self._is_hidden(request, field, getattr(record, field.attname))
            }
            request._hidden_relations = known  # type: ignore[attr-defined]
        return known[key]

    def _is_hidden(self, request: HttpRequest, field: "models.ForeignKey[Any, Any]", value: Any) -> bool:
        seen = _seen(self.admin_site, field.related_model, request.user)
        # Nothing is asked of the database where this person may see all.
        return bool(seen.query.where) and not seen.filter(**{field.target_field.name: value}).exists()

    def get_exclude(self, request: HttpRequest, obj: models.Model | None = None) -> list[str]:
        return [*(super().get_exclude(request, obj) or ()), *self._hidden(request, obj)]

    def get_readonly_fields(self, request: HttpRequest, obj: models.Model | None = None) -> list[str]:
        kept = [
            field.name
            for field in self.model._meta.concrete_fields
            if not field.editable and not field.primary_key and not isinstance(field, models.GeneratedField)
        ]
        if obj is None:
            kept = []
        shut = set(self.get_exclude(request, obj))
        return [name for name in dict.fromkeys([*self.states, *self.readonly_fields, *kept]) if name not in shut]

    # Lists

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[KeysetChangeList]:
        return KeysetChangeList

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet[Any], search_term: str
    ) -> tuple[models.QuerySet[Any], bool]:
        words = search_term.strip()[:200]
        return (search(queryset, tuple(self.search_fields), words) if words else queryset), False

    # Forms

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        seen = _seen(self.admin_site, db_field.related_model, request.user)
        kwargs.setdefault("queryset", seen)
        if not _is_short(self.admin_site, db_field.related_model):
            kwargs["widget"] = PickById(db_field, self.admin_site, kwargs["queryset"])
        return db_field.formfield(**kwargs)

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if isinstance(db_field, models.ForeignKey):
            # Without Django's wrapper, whose buttons for adding and changing stand on every drop-down.
            return self.formfield_for_foreignkey(db_field, request, **kwargs)
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs.setdefault("queryset", _seen(self.admin_site, db_field.related_model, request.user))
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: FBT001 - Django's
        if change and hasattr(obj, "version"):
            obj.version += 1
        if not change and hasattr(obj, "created_by_id"):
            obj.created_by = request.user
        super().save_model(request, obj, form, change)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except (IntegrityError, DataError):
            return self._refused(
                request, _("The database refused this: it breaks one of its rules. Nothing was saved.")
            )

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        record = kwargs.get("obj")
        context["changes"] = history_of(record) if record is not None else []
        return super().render_change_form(request, context, *args, **kwargs)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        record = self.get_object(request, object_id)
        changes = history_of(record) if record is not None else []
        return super().history_view(request, object_id, {**(extra_context or {}), "changes": changes})

    def get_view_on_site_url(self, obj: models.Model | None = None) -> str | None:
        return obj.get_absolute_url() if obj is not None and hasattr(obj, "get_absolute_url") else None

    # Deleting

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Without the names of what hangs on it: the person may not be allowed to know that it is there."""
        _names, _counts, needed, protected = super().get_deleted_objects(objs, request)
        chosen = [str(record) or str(record.pk) for record in objs]
        hangs = [_("Other records hang on this one. Merge it, or move them first.")] if protected else []
        return chosen, {str(self.opts.verbose_name_plural): len(chosen)}, needed, hangs

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None) -> Any:
        try:
            return super().delete_view(request, object_id, extra_context)
        except (models.ProtectedError, models.RestrictedError, IntegrityError):
            return self._refused(request, _("Other records hang on this one. Merge it, or move them first."))

    def _refused(self, request: HttpRequest, words: str) -> HttpResponse:
        messages.error(request, words)
        return HttpResponseRedirect(request.path)


class ShortAdmin(RecordAdmin):
    """A table of words that other records choose from: sectors, stages, teams."""

    is_short = True
    keys = ("pk",)


class LogAdmin(RecordAdmin):
    """What was written once, by a method or a job: read, never typed."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def _registered(site: admin.AdminSite, model: type[models.Model]) -> RecordAdmin | None:
    found = site._registry.get(model)
    return found if isinstance(found, RecordAdmin) else None


def _seen(site: admin.AdminSite, model: Any, user: Any) -> models.QuerySet[Any]:
    rows: models.QuerySet[Any] = model._default_manager.all()
    registered = _registered(site, model)
    if registered:
        return registered.seen(rows, user)
    return rows.visible_to(user) if hasattr(rows, "visible_to") else rows


def _is_short(site: admin.AdminSite, model: Any) -> bool:
    registered = _registered(site, model)
    return model is not User and registered is not None and registered.is_short
