"""What may be set for many companies, contacts or leads at once. Stages and statuses are not here: they have gates."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from companies.lists.kinds import BulkField
from companies.menus import MenuField
from companies.models import Activity, Country, Kind, Sector
from config.staff import clock
from config.staff.models import User
from leads.models import AccountPlan
from leads.models.account_plan import Tier
from leads.models.choices import Source, Status

DAY = forms.DateInput(attrs={"type": "date"})


def one_of(name: str, label: Any, rows: Any, *, may_be_empty: bool = True, **more: Any) -> BulkField:
    """A record out of a menu."""
    return BulkField(
        name,
        label,
        lambda reader: MenuField(rows(), empty_label=_("Choose")),
        column=name,
        may_be_empty=may_be_empty,
        **more,
    )


def choice(name: str, label: Any, choices: Any, **more: Any) -> BulkField:
    return BulkField(
        name, label, lambda reader: forms.ChoiceField(choices=[("", _("Choose")), *choices]), column=name, **more
    )


def colleagues() -> Any:
    return User.objects.staff().active().order_by("name")


def _archives(value: datetime | None) -> Q:
    return Q(archived_at__isnull=value is None)


def _visits_are_planned_anew(pks: Sequence[int]) -> None:
    """The regular job says when the next one is due."""
    AccountPlan.objects.filter(pk__in=pks).update(next_visit_on=None)


OF_COMPANIES = (
    one_of("owner", _("Owner"), colleagues),
    one_of("sector", _("Sector"), Sector.objects.all),
    one_of("activity", _("Activity"), Activity.objects.all),
    one_of("origin_country", _("Country of origin"), Country.objects.all),
    choice("kind", _("Kind"), Kind.choices),
    choice("tier", _("Tier"), Tier.choices, model=AccountPlan, via="company", settles=_visits_are_planned_anew),
    BulkField(
        "archived",
        _("Archive"),
        lambda reader: forms.ChoiceField(
            choices=[("", _("Choose")), ("yes", _("Archive")), ("no", _("Take out of the archive"))]
        ),
        column="archived_at",
        stores=lambda chosen: clock.now() if chosen == "yes" else None,
        is_so=_archives,
        # One by one it is an administrator's too.
        may=lambda user: user.is_administrator,
    ),
)

OF_CONTACTS = (
    BulkField(
        "language",
        _("Language"),
        lambda reader: forms.CharField(max_length=5, help_text=_("The language to write in: en, es, …")),
        column="language",
        may_be_empty=True,
        emptied="",
    ),
    one_of("country", _("Country"), Country.objects.all),
)


def _merged(value: Any, by: User) -> list[tuple[str, Q]]:
    return [(gettext("Merged as a duplicate."), Q(status=Status.MERGED))]


def _cannot_own(owner: Any, by: User) -> list[tuple[str, Q]]:
    return [*_merged(owner, by), (gettext("Has checked the evidence of it, so cannot own it."), Q(verified_by=owner))]


def _is_not_on_hold(day: Any, by: User) -> list[tuple[str, Q]]:
    return [(gettext("Only a lead on hold has a day to look at it again."), ~Q(status=Status.ON_HOLD))]


OF_LEADS = (
    one_of("owner", _("Owner"), colleagues, may_be_empty=False, refuses=_cannot_own),
    one_of("project_manager", _("Project manager"), colleagues, refuses=_merged),
    one_of("sector", _("Sector"), Sector.objects.all, refuses=_merged),
    one_of("activity", _("Activity"), Activity.objects.all, refuses=_merged),
    choice("source", _("Source"), Source.choices, may_be_empty=True, emptied="", refuses=_merged),
    BulkField(
        "review_on",
        _("Look at it again on"),
        lambda reader: forms.DateField(widget=DAY),
        column="review_on",
        refuses=_is_not_on_hold,
    ),
)
