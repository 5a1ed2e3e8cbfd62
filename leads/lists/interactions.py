"""Every meeting, call and mail, the newest first."""

from collections.abc import Sequence
from typing import Any

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import Case, F, OuterRef, Subquery, Value, When
from django.db.models.functions import Concat, NullIf, Trim
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from companies.lists.filters import by_form
from companies.lists.kinds import Column, RecordList
from companies.lists.showing import sub
from companies.sheets import Kind as Cell
from config.staff.models import User
from config.templatetags.puente import interest, local_time
from leads import looks
from leads.forms.interaction import InteractionFilter
from leads.interactions.filters import narrowed
from leads.lists.columns import lead_name, said
from leads.models import Interaction, Participant
from leads.models.choices import Interest, Outcome


def _met(reader: User) -> Any:
    """The names of the other side's people."""
    given, family, space = F("contact__given_name"), F("contact__family_name"), Value(" ")
    named = Case(
        When(contact__family_name_first=True, then=Trim(Concat(family, space, given))),
        default=Trim(Concat(given, space, family)),
    )
    people = Participant.objects.filter(interaction=OuterRef("pk"), contact__isnull=False).order_by()
    joined = people.values("interaction").annotate(names=StringAgg(named, ", ", order_by="pk"))
    return Subquery(joined.values("names"))


def _looked(reader: User, rows: Sequence[Any], shown_in: str) -> None:
    looks.note(reader, looks.Where.EXPORT if shown_in == "file" else looks.Where.SAID, (row.lead_id for row in rows))


def _beneath(row: Any) -> SafeString:
    return sub(Truncator(row.note).chars(160)) if row.note else SafeString()


INTERACTIONS = RecordList(
    "interactions",
    "leads",
    "leads:interactions",
    _("Interactions"),
    Interaction,
    rows=Interaction.objects.visible_to,
    columns=(
        Column("company", _("Company"), "company__name"),
        Column("met", _("People"), _met),
        Column("kind", _("Kind"), "kind", choices=dict(Interaction.Kind.choices)),
        Column("officer", _("Logged by"), "logged_by__name"),
        Column("mission", _("Mission"), "mission__name"),
        Column("event", _("Event"), "event__name"),
        Column(
            "interest",
            _("Interest"),
            lambda reader: NullIf(F("interest"), Value("")),
            choices=dict(Interest.choices),
            shows=lambda row: interest(row.c_interest),
        ),
        Column("outcome", _("Outcome"), "outcome", choices=dict(Outcome.choices)),
        Column(
            "when",
            _("When"),
            "happened_at",
            Cell.MOMENT,
            shows=lambda row: local_time(row.happened_at, row.zone, "day"),
            sort_key="happened_at",
            newest_first=True,
        ),
        said("place", _("Place")),
        Column("lead", _("Lead"), lambda reader: lead_name("lead__")),
        Column(
            "note",
            _("What was said"),
            "note",
            shows=lambda row: Truncator(row.note).chars(300),
            is_sorted=False,
        ),
    ),
    shown_first=("met", "kind", "officer", "mission", "interest", "when"),
    filters=by_form(lambda query, reader: InteractionFilter(query, user=reader), narrowed),
    keys=("-happened_at", "-pk"),
    always=("zone", "note", "lead_id"),
    sorted_by="-when",
    looked=_looked,
    beneath=_beneath,
    none_yet=(_("Nothing was logged yet"), "/meetings/new/", _("Log a meeting")),
    sign="talk",
)
