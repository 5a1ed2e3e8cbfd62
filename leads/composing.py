"""The words of a mail, written at the moment of sending out of what the person may see at that moment."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from email.utils import format_datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from config.staff.mail_room import Mail
from config.staff.models import User
from leads import enquiry_news
from leads.models import Delivery, DeliveryItem, FollowUp, Lead, Reminder
from leads.reminders import still_stands
from missions.models import Appointment

Rule = Reminder.Rule

# A long list is no list: what goes beyond is one line with a link.
LISTED = 20


class NothingToSay(Exception):  # noqa: N818 - the mail is not sent, and this is why
    pass


@dataclass(frozen=True)
class Line:
    """One follow-up as its reader may see it: of a restricted lead the code name only, and no words typed by hand."""

    what: str
    about: str
    due: str
    url: str
    late: bool = False
    owner: str = ""
    waiting_for: str = ""


@dataclass
class Section:
    title: str
    lines: list[Line] = field(default_factory=list)
    more: int = 0


def compose(delivery: Delivery, *, at: datetime) -> Mail:
    """Gather what is still to be said, explain what is not, and write it in the reader's language."""
    person = User.objects.prefetch_related("stays").get(pk=delivery.person_id)
    with override(person.language):
        with transaction.atomic():
            reminders = _gather(delivery, person, at)
        if not person.is_active:
            raise NothingToSay(_("The account is closed."))
        if delivery.kind == Delivery.Kind.ENQUIRY:
            return _enquiry(delivery, person, at)
        if not reminders:
            raise NothingToSay(_("Nothing was left to say."))
        if delivery.kind == Delivery.Kind.HOUR:
            return _hour(delivery, person, reminders, at)
        return _morning(delivery, person, reminders, at)


def _gather(delivery: Delivery, person: User, at: datetime) -> list[Reminder]:
    if delivery.kind == Delivery.Kind.MORNING:
        waiting = Reminder.objects.waiting().filter(person=person, due_at__lte=at, items=None)
        items = [DeliveryItem(delivery=delivery, reminder=row) for row in waiting.exclude(rule=Rule.AT_HOUR)]
        DeliveryItem.objects.bulk_create(items, ignore_conflicts=True)
    carried = Reminder.objects.waiting().filter(items__delivery=delivery).order_by("follow_up__due_on", "pk")
    rows = list(
        carried.select_related(
            "follow_up__company",
            "follow_up__owner",
            "follow_up__appointment",
            "follow_up__lead",
            "follow_up__interaction__lead",
        )
    )
    seen = _visible(rows, person)
    kept: list[Reminder] = []
    skipped: dict[str, list[int]] = {}
    for row in rows:
        reason = _why_not(row, person, seen)
        if reason:
            skipped.setdefault(reason, []).append(row.pk)
        else:
            kept.append(row)
    for reason, ids in skipped.items():
        Reminder.objects.filter(pk__in=ids).update(state=Reminder.State.SKIPPED, skipped_because=reason)
    return kept


def _visible(reminders: list[Reminder], person: User) -> set[int]:
    ids = [reminder.follow_up_id for reminder in reminders]
    follow_ups = FollowUp.objects.visible_to(person).filter(pk__in=ids)
    appointments = Appointment.objects.visible_to(person).filter(follow_ups__in=ids)
    unseated = follow_ups.filter(appointment=None) | follow_ups.filter(owner=person)
    return {
        *unseated.values_list("pk", flat=True),
        *follow_ups.filter(appointment__in=appointments).values_list("pk", flat=True),
    }


def _why_not(reminder: Reminder, person: User, seen: set[int]) -> str:
    """Why this is not said any more; empty where it is."""
    follow_up, rule = reminder.follow_up, reminder.rule
    offered, escalated = rule == Rule.OFFERED, rule == Rule.ESCALATED
    reasons = (
        (not person.is_active, _("The account is closed.")),
        (not follow_up.is_open, _("It was closed before.")),
        (offered and follow_up.offered_to_id != person.pk, _("It was taken or withdrawn before.")),
        (not offered and not escalated and follow_up.owner_id != person.pk, _("Somebody else does it now.")),
        (rule not in {Rule.NEW, Rule.OFFERED} and not still_stands(reminder), _("It was put off before.")),
        (follow_up.pk not in seen, _("This person may not see it.")),
    )
    return next((reason for holds, reason in reasons if holds), "")


def _morning(delivery: Delivery, person: User, reminders: list[Reminder], at: datetime) -> Mail:
    today = at.astimezone(ZoneInfo(person.zone_at(at))).date()
    since = _last_told(delivery, person, today)
    due = _section(
        _("Due"), [row for row in reminders if row.rule == Rule.DUE and row.follow_up.due_on >= since], today
    )
    told = {row.follow_up_id for row in reminders if row.rule == Rule.DUE}
    news = [row for row in reminders if row.rule == Rule.NEW and row.follow_up_id not in told]
    new = _section(_("New or changed"), news, today)
    team = _section(_("Overdue in your team"), [row for row in reminders if row.rule == Rule.ESCALATED], today)
    offered = _section(_("Offered to you"), [row for row in reminders if row.rule == Rule.OFFERED], today)
    overdue = FollowUp.objects.visible_to(person).ours().overdue_on(today).filter(owner=person).count()
    still = max(0, overdue - sum(line.late and not line.waiting_for for line in due.lines))
    context = {
        "sections": [section for section in (due, new, offered, team) if section.lines],
        "overdue": still,
        "title": _("Your day: %(day)s") % {"day": date_format(today, "DATE_FORMAT")},
    }
    counts = [
        _count(due, lambda n: ngettext("%(n)d due", "%(n)d due", n)),
        _count(new, lambda n: ngettext("%(n)d new", "%(n)d new", n)),
        _count(offered, lambda n: ngettext("%(n)d offered to you", "%(n)d offered to you", n)),
        _count(team, lambda n: ngettext("%(n)d overdue in your team", "%(n)d overdue in your team", n)),
        ngettext("%(n)d still overdue", "%(n)d still overdue", still) % {"n": still} if still else "",
    ]
    subject = ", ".join(count for count in counts if count) or str(context["title"])
    return _mail(delivery, person, subject, context, at)


def _hour(delivery: Delivery, person: User, reminders: list[Reminder], at: datetime) -> Mail:
    here = ZoneInfo(person.zone_at(at))
    section = _section("", reminders, at.astimezone(here).date(), hours=here)
    hour = date_format(min(row.due_at for row in reminders).astimezone(here), "TIME_FORMAT")
    title = ngettext("%(n)d reminder for %(hour)s", "%(n)d reminders for %(hour)s", len(reminders))
    title %= {"n": len(reminders), "hour": hour}
    return _mail(delivery, person, title, {"sections": [section], "overdue": 0, "title": title}, at)


def _enquiry(delivery: Delivery, person: User, at: datetime) -> Mail:
    enquiry, late = enquiry_news.enquiry_of(delivery, person)
    if enquiry is None:
        raise NothingToSay(_("Nothing was left to say."))
    if not enquiry.is_waiting:
        raise NothingToSay(_("It was answered before."))
    by = date_format(enquiry.respond_by.astimezone(ZoneInfo(settings.AGENCY_ZONE)), "SHORT_DATETIME_FORMAT")
    owner = enquiry.owner.name if enquiry.owner and enquiry.owner_id != person.pk else ""
    url = settings.SITE_URL + enquiry.get_absolute_url()
    line = Line(what=Truncator(enquiry.text).chars(300), about=str(enquiry), due=by, url=url, late=late, owner=owner)
    title = _("New enquiry, to be answered by %(by)s") % {"by": by}
    if late:
        title = _("An enquiry still waits for an answer")
    return _mail(delivery, person, title, {"sections": [Section("", [line])], "overdue": 0, "title": title}, at)


def _last_told(delivery: Delivery, person: User, today: date) -> date:
    """What came due since is listed; what is older is part of the one line of overdue ones."""
    mornings = Delivery.objects.filter(person=person, kind=Delivery.Kind.MORNING, state=Delivery.State.SENT)
    last = mornings.exclude(pk=delivery.pk).order_by("-occasion").values_list("occasion", flat=True).first()
    return date.fromisoformat(last) if last else today - timedelta(days=1)


def _section(title: str, reminders: list[Reminder], today: date, *, hours: ZoneInfo | None = None) -> Section:
    lines = [_line(row, today, hours) for row in reminders[:LISTED]]
    return Section(title, lines, more=max(0, len(reminders) - LISTED))


def _line(reminder: Reminder, today: date, hours: ZoneInfo | None) -> Line:
    follow_up = reminder.follow_up
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
        owner=follow_up.owner.name if reminder.rule in {Rule.ESCALATED, Rule.OFFERED} else "",
        waiting_for=follow_up.waiting_for if not lead else "",
    )


def _restricted_lead(follow_up: FollowUp) -> Lead | None:
    leads = (follow_up.lead, follow_up.interaction.lead if follow_up.interaction else None)
    return next((lead for lead in leads if lead and lead.is_restricted), None)


def _about(follow_up: FollowUp) -> str:
    if follow_up.appointment and follow_up.appointment.level != "open":
        return _("A reserved appointment")
    return follow_up.company.name


def _count(section: Section, words: Any) -> str:
    total = len(section.lines) + section.more
    return words(total) % {"n": total} if total else ""


def _mail(delivery: Delivery, person: User, subject: str, context: dict[str, Any], at: datetime) -> Mail:
    context = {
        **context,
        "person": person,
        "agency_name": settings.AGENCY_NAME,
        "site_url": settings.SITE_URL,
        "today_url": settings.SITE_URL + reverse("leads:today"),
        "settings_url": settings.SITE_URL + reverse("staff:settings"),
    }
    message = EmailMultiAlternatives(
        subject=f"Puente: {subject}",
        body=render_to_string("mail/follow_ups.txt", context),
        to=[person.email],
        headers={
            "Message-ID": f"<{delivery.message_id}>",
            "Date": format_datetime(at),
            "Auto-Submitted": "auto-generated",
        },
    )
    message.attach_alternative(render_to_string("mail/follow_ups.html", context), "text/html")
    return Mail(message_id=delivery.message_id, to=person.email, kind=delivery.kind, message=message)
