from companies.files import Shelf
from missions.models import MissionFile

MISSION = Shelf("missions", "mission", MissionFile)
