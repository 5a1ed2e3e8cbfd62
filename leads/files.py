from companies.files import Shelf
from leads.models import InteractionFile, LeadFile

LEAD = Shelf("leads", "lead", LeadFile)
INTERACTION = Shelf("leads", "interaction", InteractionFile)
