"""Making a briefing book: some hundred meetings at a step, so that each costs the same, and a lost worker little."""

import logging
from datetime import timedelta
from functools import partial

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from companies import printing
from config.staff import clock, queue
from config.staff.models import User
from leads.making import note_fault
from leads.models import Booklet, BookletPart
from leads.on_mission.briefing import Audience, Brief, briefs
from missions.models import Delegate, Mission

log = logging.getLogger(__name__)

A_PART = 250
KEPT_FOR = timedelta(days=30)


@transaction.atomic
def ask(mission: Mission, *, delegate: Delegate | None, by: User, language: str) -> Booklet:
    """A new book takes the place of the last one of the same delegate and language."""
    remove(Booklet.objects.filter(mission=mission, delegate=delegate, by=by, language=language))
    planned = Audience(by, delegate).appointments(mission).order_by("starts_at", "pk")
    meetings = list(planned.values_list("pk", flat=True))
    booklet = Booklet.objects.create(
        mission=mission, delegate=delegate, by=by, language=language, at=clock.now(), meetings=meetings
    )
    transaction.on_commit(lambda: go_on(booklet.pk))
    return booklet


def go_on(pk: int) -> None:
    """Where the queue is down, the regular job takes it up."""
    from leads.tasks import make_booklet  # noqa: PLC0415 - tasks call verbs, so a verb asks for them late

    queue.ask(make_booklet, pk)


def make_part(pk: int) -> bool:
    """One step; whether more is left. A second worker does nothing; what fails three times is given up."""
    try:
        with transaction.atomic():
            rows = Booklet.objects.busy().select_for_update(skip_locked=True, of=("self",))
            booklet = rows.select_related("mission", "delegate__user", "by").filter(pk=pk).first()
            if booklet is None:
                return False
            with override(booklet.language):
                _make(booklet)
            return booklet.is_busy
    except Exception:
        log.exception("a part of briefing book %s could not be made", pk)
        return note_fault(Booklet.objects.busy(), pk)


def _make(booklet: Booklet) -> None:
    number = booklet.done // A_PART + 1
    pks = booklet.meetings[booklet.done : booklet.done + A_PART]
    found = briefs(pks, Audience(booklet.by, booklet.delegate))
    data = _data(booklet, found)
    part = BookletPart(booklet=booklet, number=number)
    part.page = render_to_string("missions/briefing_part.html", data)
    content = printing.pdf("briefing", data, title=str(booklet.mission), kicker=_("Briefing book"))
    part.pdf.save("book", ContentFile(content), save=False)
    part.save()
    booklet.done += len(pks)
    if booklet.done >= len(booklet.meetings):
        booklet.state = Booklet.State.DONE
    booklet.save(update_fields=["done", "state"])


def _data(booklet: Booklet, found: list[Brief]) -> dict[str, object]:
    mission = booklet.mission
    days = (
        f"{date_format(mission.starts_on, 'SHORT_DATE_FORMAT')} – {date_format(mission.ends_on, 'SHORT_DATE_FORMAT')}"
    )
    contacts = {
        tuple(person): [person[0], person[1], brief.appointment.company.name, person[2]]
        for brief in found
        for person in brief.people
    }
    return {
        "about": " · ".join(filter(None, [booklet.delegate.name if booklet.delegate else "", days])),
        "meetings": [brief.as_data() for brief in found],
        "contacts": sorted(contacts.values(), key=lambda row: row[0].casefold()),
        "words": _words(),
    }


def _words() -> dict[str, str]:
    return {
        "programme": _("Programme"),
        "day": _("Day"),
        "hours": _("Hours"),
        "company": _("Company"),
        "place": _("Place"),
        "ours": _("Our people"),
        "purpose": _("Purpose"),
        "avoid": _("Do not mention"),
        "who": _("Who we meet"),
        "history": _("History with us"),
        "promises": _("Open promises"),
        "contacts": _("Contact sheet"),
        "name": _("Name"),
        "title": _("Job title"),
        "reached": _("Mail and phone"),
        "nobody": _("Nobody is named yet."),
        "nothing": _("Nothing is planned."),
    }


def remove(booklets: QuerySet[Booklet]) -> int:
    """With their files, once that is certain."""
    parts = list(BookletPart.objects.filter(booklet__in=booklets))
    count, _by_model = booklets.delete()
    for part in parts:
        transaction.on_commit(partial(part.pdf.storage.delete, str(part.pdf.name)))
    return count


def remove_old() -> int:
    """A book holds people's addresses, so it is not kept for longer than a trip needs it."""
    with transaction.atomic():
        return remove(Booklet.objects.filter(at__lt=clock.now() - KEPT_FOR))
