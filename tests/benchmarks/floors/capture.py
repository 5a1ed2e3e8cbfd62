from collections.abc import Sequence

from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect

from config.staff.requests import StaffRequest
from tests.benchmarks.floor import Rows, address, ask
from tests.benchmarks.floors.lists import frame
from tests.benchmarks.ground import NOW


def log(request: StaffRequest) -> Sequence[Rows]:
    recent = ask(
        """select contact.id, contact.given_name, contact.family_name, company.name
        from (select participant.contact_id, max(interaction.happened_at) as last
            from (select id, happened_at from leads_interaction where logged_by_id = %s
                order by happened_at desc limit 50) interaction
            join leads_participant participant on participant.interaction_id = interaction.id
            where participant.contact_id is not null group by participant.contact_id) seen
        join companies_contact contact on contact.id = seen.contact_id
        left join companies_position position on position.contact_id = contact.id and position.ended_on is null
        left join companies_company company on company.id = position.company_id
        order by seen.last desc limit 8""",
        request.user.pk,
    )
    return [frame(request), recent]


@transaction.atomic
def log_post(request: StaffRequest) -> HttpResponse:
    """The same rows as the form writes: the interaction, both sides who took part, and their history by triggers."""
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
    return HttpResponseRedirect(f"/interactions/{interaction}/")
