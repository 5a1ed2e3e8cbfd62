"""What was said with a person, promised to them, and planned with them."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from companies.personal import GONE, Part, Row, facts, register
from config.staff.models import User
from leads.models import Enquiry, FollowUp, Interaction, Lead, Letter, PersonReview, SiteVisit


def _interactions(people: list[int], reader: User) -> Iterable[Row]:
    rows = Interaction.objects.visible_to(reader).filter(participants__contact__in=people).distinct()
    related = ("company", "lead", "mission", "event", "appointment__company", "logged_by")
    kept_out = ("capture_id", "version", "follow_ups_opened_at", "updated_at")
    return [facts(row, *kept_out) for row in rows.select_related(*related).order_by("happened_at")]


def _site_visits(people: list[int], reader: User) -> Iterable[Row]:
    rows = SiteVisit.objects.visible_to(reader).filter(visitors__contact__in=people).distinct()
    return [
        {"company": row.lead.company.name, "starts_on": row.starts_on, "ends_on": row.ends_on, "purpose": row.purpose}
        for row in rows.select_related("lead__company").order_by("starts_on")
    ]


def _follow_ups(people: list[int], reader: User) -> Iterable[Row]:
    rows = FollowUp.objects.visible_to(reader).filter(contact__in=people).select_related("company", "owner")
    shown = ("text", "due_on", "state", "closed_at", "closed_with")
    return [
        {"company": getattr(row.company, "name", ""), **{name: getattr(row, name) for name in shown}} for row in rows
    ]


def _leads(people: list[int], reader: User) -> Iterable[Row]:
    rows = Lead.objects.visible_to(reader).filter(contact__in=people).select_related("company", "stage")
    return [{"company": getattr(row.company, "name", ""), "title": str(row), "stage": str(row.stage)} for row in rows]


def _enquiries(people: list[int], reader: User) -> Iterable[Row]:
    rows = Enquiry.objects.visible_to(reader).filter(contact__in=people).select_related("company", "country")
    shown = ("received_at", "name", "email", "phone", "company_name", "text", "answered_at", "answer_note")
    return [{name: getattr(row, name) for name in shown} for row in rows]


def _letters(people: list[int], reader: User) -> Iterable[Row]:
    rows = Letter.objects.visible_to(reader).filter(contact__in=people).order_by("pk")
    shown = ("to_address", "subject", "body", "state", "sent_at")
    return [{name: getattr(row, name) for name in shown} for row in rows]


def _forget_letters(people: list[int]) -> None:
    blank = {"to_address": "", "subject": GONE, "body": GONE}
    rows = Letter.objects.filter(contact__in=people)
    pks = list(rows.values_list("pk", flat=True))
    rows.update(**blank)
    Letter.pgh_event_model.objects.filter(pgh_obj_id__in=pks).update(**blank)  # type: ignore[attr-defined]


def _forget_enquiries(people: list[int]) -> None:
    """They wrote under the name and the address of that day, in words of their own."""
    blank = {"name": GONE, "email": "", "phone": "", "text": GONE}
    rows = Enquiry.objects.filter(contact__in=people)
    pks = list(rows.values_list("pk", flat=True))
    rows.update(**blank)
    Enquiry.pgh_event_model.objects.filter(pgh_obj_id__in=pks).update(**blank)  # type: ignore[attr-defined]


def _reviews(people: list[int], _reader: User) -> Iterable[Row]:
    return [{"at": row.at} for row in PersonReview.objects.filter(contact__in=people)]


def register_parts() -> None:
    register(
        Part(
            "interactions",
            _("Interactions"),
            ["leads.Participant.contact", "leads.Interaction.contacts"],
            _interactions,
        )
    )
    register(Part("site_visits", _("Site visits"), ["leads.SiteVisitor.contact"], _site_visits))
    register(Part("follow_ups", _("Follow-ups"), ["leads.FollowUp.contact"], _follow_ups))
    register(Part("enquiries", _("Enquiries"), ["leads.Enquiry.contact"], _enquiries, _forget_enquiries))
    register(Part("letters", _("Mails that we wrote"), ["leads.Letter.contact"], _letters, _forget_letters))
    register(Part("reviews", _("Reviews of how long they are kept"), ["leads.PersonReview.contact"], _reviews))
    register(Part("leads", _("Leads"), ["leads.Lead.contact"], _leads))
