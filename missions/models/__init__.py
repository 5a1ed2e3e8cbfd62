from missions.models.appointment import Appointment
from missions.models.attendee_import import AttendeeImport
from missions.models.cost import CostLine
from missions.models.delegate import Delegate
from missions.models.event import Event
from missions.models.feed import CalendarFeed
from missions.models.file import MissionFile
from missions.models.mission import Mission, Stop
from missions.models.seat import Seat
from missions.models.target import Criterion, MissionTarget, Touch
from missions.models.travel_time import TravelTime

__all__ = [
    "Appointment",
    "AttendeeImport",
    "CalendarFeed",
    "CostLine",
    "Criterion",
    "Delegate",
    "Event",
    "Mission",
    "MissionFile",
    "MissionTarget",
    "Seat",
    "Stop",
    "Touch",
    "TravelTime",
]
