"""The words of a message, written at the moment of sending out of what its reader may see at that moment."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from config.staff.mail_room import unreachable
from config.staff.models import User
from leads import reports
from leads.enquiring import news as enquiry_news
from leads.models import Delivery, Enquiry, FollowUp, Lead, Reminder
from leads.on_mission import debrief_note
from leads.reminding import by_mail
from leads.reminding.gathering import gather
from leads.reminding.trouble import trouble_of
from leads.reminding.words import Line, NothingToSay, Section, Words

Rule = Reminder.Rule

# A long list is no list: what goes beyond is one line with a link.
LISTED = 20


def compose(delivery: Delivery, *, at: datetime) -> Words:
    """Gather what is still to be said, explain what is not, and write it in the reader's language."""
    with override(delivery.language):
        if delivery.kind == Delivery.Kind.TEST:
            return _test()
        person = User.objects.prefetch_related("stays").filter(pk=delivery.person_id).first()
        if person and delivery.kind in {Delivery.Kind.MORNING, Delivery.Kind.HOUR}:
            return _of_follow_ups(delivery, person, at)
        if person and not person.is_active:
            raise NothingToSay(_("The account is closed."))
        return _news(delivery, person, at)


def _news(delivery: Delivery, person: User | None, at: datetime) -> Words:
    if delivery.kind == Delivery.Kind.TROUBLE:
        return _trouble(delivery, at)
    if delivery.kind == Delivery.Kind.DEBRIEF and person:
        return _debrief(delivery, person)
    if delivery.kind == Delivery.Kind.REPORT and person:
        return _report(delivery, person)
    return _enquiry(delivery, person, at)


def _of_follow_ups(delivery: Delivery, person: User, at: datetime) -> Words:
    with transaction.atomic():
        reminders = gather(delivery, person, at)
    if not person.is_active:
        raise NothingToSay(_("The account is closed."))
    if not reminders:
        raise NothingToSay(_("Nothing was left to say."))
    if delivery.kind == Delivery.Kind.HOUR:
        return _hour(person, reminders, at)
    return _morning(delivery, person, reminders, at)


def _test() -> Words:
    title = _("Puente reaches you here")
    line = Line(
        what=_("This is the test that was asked for."),
        about=settings.AGENCY_NAME,
        due="",
        url=settings.SITE_URL + reverse("leads:channels"),
    )
    return Words(title, title, [Section("", [line])], url=line.url)


def _trouble(delivery: Delivery, at: datetime) -> Words:
    found = trouble_of(delivery, at=at)
    if found is None:
        raise NothingToSay(_("It works again."))
    title = _("A way to people has failed for a day: %(way)s") % {"way": found.channel.label}
    waiting = ngettext("%(n)d message waits", "%(n)d messages wait", found.waiting) % {"n": found.waiting}
    url = f"{settings.SITE_URL}{reverse('leads:deliveries')}?everybody=1"
    line = Line(what=waiting, about=_("Nothing is lost: they go out when it works again."), due="", url=url)
    return Words(title, title, [Section("", [line])], url=url)


def _report(delivery: Delivery, person: User) -> Words:
    """Figures as a PDF, as their reader may see them today."""
    if not person.is_manager:
        raise NothingToSay(_("This person may not see it."))
    if unreachable([person]):
        raise NothingToSay(_("The address takes no mail."))
    title, intro = reports.words_of(delivery)
    url = reports.address(delivery)
    line = Line(what=_("Open it in Puente"), about="", due="", url=url)
    name, content = reports.paper(delivery)
    why = _("Puente sends this because somebody asked for it to come by mail.")
    files = ((name, content, "application/pdf"),)
    return Words(title, title, [Section("", [line])], url=url, intro=intro, why=why, files=files)


def _morning(delivery: Delivery, person: User, reminders: list[Reminder], at: datetime) -> Words:
    today = at.astimezone(ZoneInfo(person.zone_at(at))).date()
    since = _last_told(delivery, person, today)
    fresh = _of(Rule.DUE, reminders, lambda row: row.follow_up.due_on >= since)
    due = _section(_("Due"), [row for row in fresh if row.follow_up.owner_id == person.pk], today)
    covered = _section(_("For colleagues on leave"), [r for r in fresh if r.follow_up.owner_id != person.pk], today)
    told = {row.follow_up_id for row in reminders if row.rule == Rule.DUE}
    new = _section(_("New or changed"), _of(Rule.NEW, reminders, lambda row: row.follow_up_id not in told), today)
    team = _section(_("Overdue in your team"), _of(Rule.ESCALATED, reminders), today)
    offered = _section(_("Offered to you"), _of(Rule.OFFERED, reminders), today)
    overdue = FollowUp.objects.visible_to(person).ours().overdue_on(today).filter(owner=person).count()
    still = max(0, overdue - sum(line.late and not line.waiting_for for line in due.lines))
    counts = [
        _count(due, lambda n: ngettext("%(n)d due", "%(n)d due", n)),
        _count(new, lambda n: ngettext("%(n)d new", "%(n)d new", n)),
        _count(covered, lambda n: ngettext("%(n)d for a colleague", "%(n)d for colleagues", n)),
        _count(offered, lambda n: ngettext("%(n)d offered to you", "%(n)d offered to you", n)),
        _count(team, lambda n: ngettext("%(n)d overdue in your team", "%(n)d overdue in your team", n)),
        ngettext("%(n)d still overdue", "%(n)d still overdue", still) % {"n": still} if still else "",
    ]
    title = _("Your day: %(day)s") % {"day": date_format(today, "DATE_FORMAT")}
    subject = ", ".join(count for count in counts if count) or title
    sections = [section for section in (due, covered, new, offered, team) if section.lines]
    return Words(subject, title, sections, still, url=settings.SITE_URL + reverse("leads:today"))


def _of(rule: str, reminders: list[Reminder], holds: Callable[[Reminder], bool] = lambda _row: True) -> list[Reminder]:
    """Each follow-up once, however often it changed since the last message."""
    latest = {row.follow_up_id: row for row in reminders if row.rule == rule and holds(row)}
    return list(latest.values())


def _hour(person: User, reminders: list[Reminder], at: datetime) -> Words:
    here = ZoneInfo(person.zone_at(at))
    section = _section("", reminders, at.astimezone(here).date(), hours=here)
    hour = date_format(min(row.due_at for row in reminders).astimezone(here), "TIME_FORMAT")
    title = ngettext("%(n)d reminder for %(hour)s", "%(n)d reminders for %(hour)s", len(reminders))
    title %= {"n": len(reminders), "hour": hour}
    alone = len(reminders) == 1
    url = section.lines[0].url if alone else settings.SITE_URL + reverse("leads:today")
    return Words(title, title, [section], url=url)


def _enquiry(delivery: Delivery, person: User | None, at: datetime) -> Words:
    enquiry, late = enquiry_news.enquiry_of(delivery, person)
    if enquiry is None:
        raise NothingToSay(_("Nothing was left to say."))
    if not enquiry.is_waiting:
        raise NothingToSay(_("It was answered before."))
    by = date_format(enquiry.respond_by.astimezone(ZoneInfo(settings.AGENCY_ZONE)), "SHORT_DATETIME_FORMAT")
    title = _("New enquiry, to be answered by %(by)s") % {"by": by}
    if late:
        title = _("An enquiry still waits for an answer")
    line = _enquiry_line(enquiry, person, by=by, late=late)
    return Words(title, title, [Section("", [line])], url=line.url)


def _enquiry_line(enquiry: Enquiry, person: User | None, *, by: str, late: bool) -> Line:
    is_mine = person is not None and enquiry.owner_id == person.pk
    return Line(
        what=Truncator(enquiry.text).chars(300),
        about=str(enquiry),
        due=by,
        url=settings.SITE_URL + enquiry.get_absolute_url(),
        late=late,
        owner=enquiry.owner.name if enquiry.owner and not is_mine else "",
    )


def _debrief(delivery: Delivery, person: User) -> Words:
    note = debrief_note.note_of(delivery.occasion, person)
    if note is None or note.is_empty:
        raise NothingToSay(_("Nothing was left to say."))
    sections = [
        Section(part.title, [Line(row.what, row.about, row.due, row.url) for row in part.rows], part.more)
        for part in note.parts
    ]
    why = _("Puente sends this because you travel with this mission or lead it.")
    return Words(note.title, note.title, sections, url=note.url, intro=note.intro, why=why)


def _last_told(delivery: Delivery, person: User, today: date) -> date:
    """What came due since is listed; what is older is part of the one line of overdue ones."""
    mornings = Delivery.objects.filter(person=person, kind=Delivery.Kind.MORNING, state=Delivery.State.SENT)
    mornings = mornings.filter(channel=delivery.channel)
    last = mornings.exclude(pk=delivery.pk).order_by("-occasion").values_list("occasion", flat=True).first()
    return date.fromisoformat(last) if last else today - timedelta(days=1)


def _section(title: str, reminders: list[Reminder], today: date, *, hours: ZoneInfo | None = None) -> Section:
    lines = [_line(row, today, hours) for row in reminders[:LISTED]]
    return Section(title, lines, more=max(0, len(reminders) - LISTED))


def words_for(follow_up: FollowUp, person: User, *, today: date) -> Line:
    """The same as in the mail that led here."""
    return _of_one(follow_up, person.pk, today, None)


def _line(reminder: Reminder, today: date, hours: ZoneInfo | None) -> Line:
    line = _of_one(reminder.follow_up, reminder.person_id, today, hours)
    if reminder.rule in {Rule.ESCALATED, Rule.OFFERED}:
        return line
    return replace(line, answer_url=by_mail.address(reminder.follow_up, reminder.person_id))


def _of_one(follow_up: FollowUp, person_id: int, today: date, hours: ZoneInfo | None) -> Line:
    lead = _restricted_lead(follow_up)
    due = date_format(follow_up.due_on, "SHORT_DATE_FORMAT")
    if hours and follow_up.due_at:
        due = date_format(follow_up.due_at.astimezone(hours), "TIME_FORMAT")
    return Line(
        what=follow_up.get_kind_display() if lead else follow_up.text,
        about=lead.code_name if lead else _about(follow_up),
        due=due,
        url=settings.SITE_URL + follow_up.get_absolute_url(),
        late=follow_up.due_on < today,
        owner=follow_up.owner.name if follow_up.owner_id != person_id else "",
        waiting_for=follow_up.waiting_for if not lead else "",
    )


def _restricted_lead(follow_up: FollowUp) -> Lead | None:
    leads = (follow_up.lead, follow_up.interaction.lead if follow_up.interaction else None)
    return next((lead for lead in leads if lead and lead.is_restricted), None)


def _about(follow_up: FollowUp) -> str:
    if follow_up.appointment and follow_up.appointment.level != "open":
        return _("A reserved appointment")
    return str(follow_up.subject)


def _count(section: Section, words: Callable[[int], str]) -> str:
    total = len(section.lines) + section.more
    return words(total) % {"n": total} if total else ""
