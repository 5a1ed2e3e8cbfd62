"""Lists of past meetings become interactions, with their companies and people. They open no follow-ups."""

from datetime import UTC, date, datetime, time
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from companies.importing.kinds import COMPANY, PERSON, Field, Kind, Rows, register
from companies.importing.writes import made
from companies.models import Import, ImportRow, ImportWrite
from config.staff import clock
from config.staff.models import User
from leads.models import Interaction, Participant
from leads.models.choices import Interest, Outcome

# The same meeting out of two files is one.
NAMESPACE = UUID("6f3c6a8e-41c5-4b0e-9d6b-0d5e0a6f2b11")
NOON = "12:00"
MEETING = (
    Field("met_on", _("Day of the meeting"), "date", called="date, fecha, day, dia, meeting date, fecha de reunion"),
    Field("met_at", _("Time of the meeting"), "time", called="time, hora"),
    Field(
        "said", _("What was said"), "long", 20_000, "note, notes, nota, notas, summary, resumen, comments, comentarios"
    ),
    Field("met_in", _("Place of the meeting"), longest=200, called="place, lugar, venue, sede"),
    Field("talk", _("Kind of exchange"), "choice", called="type, tipo", choices=tuple(Interaction.Kind.choices)),
    Field("outcome", _("Outcome"), "choice", called="outcome, resultado", choices=tuple(Outcome.choices)),
    Field("interest", _("Interest"), "choice", called="interest, interes", choices=tuple(Interest.choices)),
    Field("colleague", _("Who of us"), "colleague", called="colleague, colega, officer, ejecutivo, logged by"),
)


def _happened_at(row: ImportRow) -> datetime:
    day, hour = date.fromisoformat(row.said["met_on"]), time.fromisoformat(row.said.get("met_at", NOON))
    return datetime.combine(day, hour, ZoneInfo(settings.AGENCY_ZONE)).astimezone(UTC)


def _capture_id(row: ImportRow) -> UUID:
    told = (row.company_id, row.contact_id, row.said["met_on"], row.said.get("met_at", ""), row.said.get("said", ""))
    return uuid5(NAMESPACE, "|".join(map(str, told)))


def _check(said: dict[str, str]) -> dict[str, str]:
    is_to_come = said.get("met_on", "") > clock.agency_today().isoformat()
    return {"met_on": "in_future"} if is_to_come else {}


def _new(rows: Rows) -> dict[UUID, ImportRow]:
    """Meetings that nobody has written down, by their capture."""
    found = {_capture_id(row): row for row in rows}
    there = Interaction.objects.filter(capture_id__in=found).values_list("capture_id", flat=True)
    return {capture: row for capture, row in found.items() if capture not in set(there)}


def _plan(_an_import: Import, rows: Rows) -> set[int]:
    named = [row for row in rows if ImportRow.Is.NEW not in {row.company_is, row.contact_is}]
    known = {row.pk for row in named} - {row.pk for row in _new(named).values()}
    return {row.pk for row in rows} - known


def _write(an_import: Import, rows: Rows) -> list[ImportWrite]:
    new = _new(rows)
    colleagues = {str(user.pk): user for user in User.objects.filter(pk__in=_colleagues(an_import, rows))}
    pairs = [
        (row, _interaction(row, capture, colleagues[row.said.get("colleague", str(an_import.by_id))]))
        for capture, row in new.items()
    ]
    Interaction.objects.bulk_create([interaction for _row, interaction in pairs], batch_size=500)
    seats = [(row, seat) for row, interaction in pairs for seat in _seats(row, interaction)]
    Participant.objects.bulk_create([seat for _row, seat in seats], batch_size=1000)
    return [made(an_import, row, record) for row, record in (*pairs, *seats)]


def _colleagues(an_import: Import, rows: Rows) -> set[int]:
    return {int(row.said["colleague"]) for row in rows if "colleague" in row.said} | {an_import.by_id}


def _interaction(row: ImportRow, capture: UUID, by: User) -> Interaction:
    said = row.said
    return Interaction(
        capture_id=capture,
        kind=said.get("talk", Interaction.Kind.MEETING),
        outcome=said.get("outcome", Outcome.HELD),
        interest=said.get("interest", ""),
        note=said.get("said", ""),
        place=said.get("met_in", ""),
        happened_at=_happened_at(row),
        zone=settings.AGENCY_ZONE,
        company_id=row.company_id or 0,
        logged_by=by,
        # What was promised then is known to those who were there; a cadence would only remind of old days.
        follow_ups_opened_at=clock.now(),
    )


def _seats(row: ImportRow, interaction: Interaction) -> list[Participant]:
    by = interaction.logged_by
    seats = [Participant(interaction=interaction, user=by, team_then_id=by.team_id)]
    if row.contact_id:
        seats.append(Participant(interaction=interaction, contact_id=row.contact_id, company_then_id=row.company_id))
    return seats


def register_kinds() -> None:
    register(
        Kind(
            name="meeting",
            label=_("Past meetings"),
            text=_("One meeting a row: day, company, person, what was said. They open no follow-ups."),
            icon="talk",
            fields=(*MEETING, *(field for field in PERSON if field.name != "person_note"), *COMPANY),
            needs=(("met_on",), ("company_name",)),
            about="more",
            may=lambda user: user.is_manager,
            plan_more=_plan,
            write_more=_write,
            models=("leads.Interaction", "leads.Participant"),
            owners={"leads.Participant": ("leads.Interaction", "interaction_id")},
            check=_check,
        )
    )
