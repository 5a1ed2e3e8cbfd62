from missions.forms.appointment import AppointmentForm, MoveForm
from missions.forms.mission import MissionForm
from missions.forms.plan import CostLineForm, DelegateForm, EventForm, StopForm, TargetForm

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
