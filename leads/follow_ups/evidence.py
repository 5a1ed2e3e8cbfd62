"""What may prove that a follow-up is done: a meeting or mail with them since, or a file; a note does as well."""

from typing import NamedTuple

from django.db.models import Q
from django.utils.formats import date_format

from companies.models import File
from config.staff.models import User
from leads.letters.files import files_for
from leads.models import FollowUp, Interaction
from leads.models.choices import Level

OFFERED = 4


class Evidence(NamedTuple):
    interaction: Interaction | None = None
    file: File | None = None


def choices(follow_up: FollowUp, reader: User) -> list[tuple[str, str]]:
    """What came since the follow-up was planned, the newest first, as far as the reader may see it."""
    if follow_up.company_id is None:
        return []
    since = Interaction.objects.visible_to(reader).filter(
        # Nothing of a lead that whoever sees the follow-up may not see.
        Q(lead=None) | (Q(lead=follow_up.lead_id) if follow_up.lead_id else Q(lead__level=Level.OPEN)),
        company=follow_up.company_id,
        happened_at__gte=follow_up.created_at,
    )
    talks = since.exclude(pk=follow_up.interaction_id or 0).newest_first()[:OFFERED]
    files = files_for(follow_up, reader).filter(uploaded_at__gte=follow_up.created_at)[:OFFERED]
    said = [(row.happened_at, f"said:{row.pk}", f"{row.get_kind_display()} {_day(row.happened_at)}") for row in talks]
    kept = [(file.uploaded_at, f"file:{file.pk}", file.name) for file in files]
    return [(key, words) for _at, key, words in sorted(said + kept, reverse=True)]


def read(key: str, follow_up: FollowUp, reader: User) -> Evidence:
    """Of what was offered; anything else is nothing."""
    if key not in dict(choices(follow_up, reader)):
        return Evidence()
    kind, _sep, pk = key.partition(":")
    if kind == "said":
        return Evidence(interaction=Interaction.objects.visible_to(reader).get(pk=pk))
    return Evidence(file=files_for(follow_up, reader).get(pk=pk))


def _day(moment: object) -> str:
    return date_format(moment, "SHORT_DATE_FORMAT")  # type: ignore[arg-type]
