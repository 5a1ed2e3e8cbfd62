"""What Postgres holds of follow-ups, and the pages and jobs that its indexes serve."""

from django.db import models
from django.db.models import F, Q

CONSTRAINTS: list[models.BaseConstraint] = [
    models.UniqueConstraint("interaction", "step", name="one_follow_up_an_interaction_and_step"),
    models.UniqueConstraint("appointment", condition=Q(origin="unlogged"), name="one_reminder_to_log_an_appointment"),
    models.UniqueConstraint("interaction", condition=Q(origin="reply"), name="one_question_a_reply"),
    models.CheckConstraint(
        name="closed_follow_up_has_its_moment",
        condition=Q(state="open", closed_at=None) | (~Q(state="open") & Q(closed_at__isnull=False)),
    ),
    models.CheckConstraint(
        name="cadence_follow_up_has_its_step",
        condition=~Q(origin="cadence") | Q(step__isnull=False, interaction__isnull=False),
    ),
    models.CheckConstraint(name="follow_up_says_what", condition=~Q(text="")),
    models.CheckConstraint(
        name="follow_up_is_about_a_company_or_a_mission",
        condition=Q(company__isnull=False, mission=None) | Q(company=None, mission__isnull=False),
    ),
    models.CheckConstraint(
        name="review_of_a_mission_says_after_how_long",
        condition=Q(origin="review", mission__isnull=False, review_after__isnull=False)
        | (~Q(origin="review") & Q(review_after=None)),
    ),
    models.UniqueConstraint("mission", "review_after", name="one_review_a_mission_and_month"),
    models.CheckConstraint(
        name="verification_names_its_project_and_year",
        condition=Q(origin="verify", lead__isnull=False, verifies_year__isnull=False, verifies_year__gte=1)
        | (~Q(origin="verify") & Q(verifies_year=None)),
    ),
    models.UniqueConstraint(
        "lead", "verifies_year", condition=Q(origin="verify"), name="one_verification_a_project_and_year"
    ),
    models.CheckConstraint(name="only_what_is_done_was_in_time", condition=Q(in_time=False) | Q(state="done")),
]

INDEXES = [
    # Today: one person's open follow-ups by day.
    models.Index(fields=["owner", "due_on", "id"], name="today_of_a_person", condition=Q(state="open")),
    # What a person cleared today and this week, on their Today and in the table of a team.
    models.Index(
        fields=["closed_by", "closed_at", "id"], name="cleared_by_a_person", condition=Q(closed_at__isnull=False)
    ),
    # Overdue by person, and whatever asks for all open ones by day.
    models.Index(
        fields=["due_on", "id"],
        include=["owner", "waiting_for"],
        name="open_follow_ups_by_day",
        condition=Q(state="open"),
    ),
    # The jobs that raise reminders; see `FollowUpQuerySet.to_remind` and its neighbours.
    models.Index(
        fields=["due_on", "id"],
        name="follow_ups_to_remind",
        condition=Q(state="open", due_at=None) & ~Q(reminded_of_day=F("due_on")),
    ),
    models.Index(
        fields=["due_at", "id"],
        name="follow_ups_to_ring",
        condition=Q(state="open", due_at__isnull=False) & ~Q(reminded_of_hour=F("due_at")),
    ),
    models.Index(fields=["id"], name="follow_ups_to_announce", condition=Q(state="open") & ~Q(known_to=F("owner"))),
    # By owner: what nobody else is to hear of stays among them, and is never read.
    models.Index(
        fields=["owner", "due_on", "id"],
        name="follow_ups_to_escalate",
        condition=Q(state="open", waiting_for="") & ~Q(escalated_for=F("due_on")),
    ),
    # Offered to a person, on their Today; and the job that tells them.
    models.Index(fields=["offered_to"], name="offers_to_a_person", condition=Q(state="open", offered_to__isnull=False)),
    models.Index(
        fields=["id"],
        name="follow_ups_to_offer",
        condition=Q(state="open", offered_to__isnull=False) & ~Q(offer_known_to=F("offered_to")),
    ),
    # Next promise of a company.
    models.Index(fields=["company", "due_on"], name="next_promise_of_a_company", condition=Q(state="open")),
    # Next step of a lead: the colour of its card on the board; and leads without one, out of the index alone.
    models.Index(fields=["lead", "due_on"], include=["origin"], name="next_step_of_a_lead", condition=Q(state="open")),
    # The list of yearly verifications, the longest overdue first; and the job that keeps them.
    models.Index(fields=["due_on", "id"], name="open_verifications", condition=Q(state="open", origin="verify")),
    # The share of a year's follow-ups that were on time, out of the index alone.
    models.Index(
        fields=["due_on"],
        include=["in_time"],
        name="follow_ups_kept_in_time",
        condition=Q(waiting_for="") & ~Q(state="cancelled"),
    ),
]
