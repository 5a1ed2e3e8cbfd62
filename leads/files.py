from companies.files import Shelf
from config.staff.models import User
from leads import looks
from leads.models import Interaction, InteractionFile, Lead, LeadFile


def _of_lead(lead: Lead, reader: User) -> None:
    looks.note_lead(reader, lead, looks.Where.FILE)


def _of_interaction(interaction: Interaction, reader: User) -> None:
    looks.note(reader, looks.Where.FILE, [interaction.lead_id])


LEAD = Shelf("leads", "lead", LeadFile, _of_lead)
INTERACTION = Shelf("leads", "interaction", InteractionFile, _of_interaction)
