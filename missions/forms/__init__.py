from missions.forms.appointment import AppointmentForm, MoveForm
from missions.forms.mission import MissionForm
from missions.forms.plan import CostLineForm, DelegateForm, EventForm, StopForm
from missions.forms.target import TargetForm

__all__ = [
    "AppointmentForm",
    "CostLineForm",
    "DelegateForm",
    "EventForm",
    "MissionForm",
    "MoveForm",
    "StopForm",
    "TargetForm",
]
