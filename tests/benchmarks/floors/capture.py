from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect

from config.staff.requests import StaffRequest
from tests.benchmarks.floor import Rows, address, ask
from tests.benchmarks.floors.lists import frame
from tests.benchmarks.ground import NOW

LATELY = timedelta(days=60)


def log(request: StaffRequest) -> Sequence[Rows]:
    """Whom one met last and when, and what the menus offer: colleagues, missions, events."""
    recent = ask(
        """select contact.id, contact.given_name, contact.family_name, company.name
        from (select participant.contact_id, max(interaction.happened_at) as last
            from (select id, happened_at from leads_interaction where logged_by_id = %s
                order by happened_at desc limit 30) interaction
            join leads_participant participant on participant.interaction_id = interaction.id
            where participant.contact_id is not null group by participant.contact_id) seen
        join companies_contact contact on contact.id = seen.contact_id
        left join companies_position position on position.contact_id = contact.id and position.ended_on is null
        left join companies_company company on company.id = position.company_id
        order by seen.last desc limit 6""",
        request.user.pk,
    )
    met = ask(
        """select distinct on (participant.contact_id) participant.contact_id, interaction.happened_at,
            interaction.zone, logger.name, interaction.id
        from leads_participant participant
        join leads_interaction interaction on interaction.id = participant.interaction_id
        join staff_user logger on logger.id = interaction.logged_by_id
        where participant.contact_id = any(%s) and interaction.outcome in ('held', 'passing')
        order by participant.contact_id, interaction.happened_at desc""",
        [row[0] for row in recent],
    )
    colleagues = ask("select id, name, team_id from staff_user where role <> 'guest' and is_active order by name")
    missions = ask(
        "select id, name from missions_mission where status = 'under_way' or ended_at >= %s order by starts_on desc",
        NOW - LATELY,
    )
    events = ask(
        """select id, name from missions_event where cancelled_at is null and starts_at <= %s and ends_at >= %s
        order by starts_at limit 60""",
        *(NOW + timedelta(days=1), NOW - LATELY),
    )
    return [frame(request), recent, met, colleagues, missions, events]


@transaction.atomic
def log_post(request: StaffRequest) -> HttpResponse:
    """The rows that the form writes: the meeting, who took part, what was promised, and their history by triggers."""
    contact = address(request, "contact")
    (company,) = ask("select company_id from companies_position where contact_id = %s order by ended_on desc", contact)[
        0
    ]
    ((interaction,),) = ask(
        """insert into leads_interaction (capture_id, kind, direction, outcome, interest, note, happened_at, zone,
            place, company_id, logged_by_id, version, created_at, updated_at)
        values (%s, 'meeting', 'both', 'held', 'warm', %s, %s, 'America/Bogota', '', %s, %s, 1, %s, %s)
        on conflict (capture_id) do update set version = leads_interaction.version returning id""",
        request.POST["capture_id"],
        request.POST["note"],
        NOW,
        company,
        request.user.pk,
        NOW,
        NOW,
    )
    ask(
        """insert into leads_participant (interaction_id, contact_id, company_then_id, user_id, team_then_id)
        values (%s, %s, %s, null, null), (%s, null, null, %s, %s) on conflict do nothing""",
        *(interaction, contact, company, interaction, request.user.pk, request.user.team_id),
    )
    ask(
        """insert into leads_followup (origin, kind, text, owner_id, company_id, contact_id, interaction_id, due_on,
            waiting_for, state, closed_with, in_time, warned_days, known_to_id, snoozes, snooze_reason, version,
            created_by_id, created_at, updated_at)
        values ('promise', 'material', 'Send the information pack', %s, %s, %s, %s, %s, '', 'open', '', false, 0, %s,
            0, '', 1, %s, %s, %s)""",
        *(request.user.pk, company, contact, interaction, NOW + timedelta(days=1)),
        *(request.user.pk, request.user.pk, NOW, NOW),
    )
    return HttpResponseRedirect(f"/interactions/{interaction}/")
