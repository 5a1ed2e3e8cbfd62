from config.staff.models.heartbeat import Heartbeat
from config.staff.models.invitation import Invitation
from config.staff.models.leave import Leave
from config.staff.models.mail import MailAttempt, PostAttempt
from config.staff.models.push_device import PushDevice
from config.staff.models.stay import Stay
from config.staff.models.team import Team
from config.staff.models.user import Role, User
from config.staff.models.webhook import Webhook

__all__ = [
    "Heartbeat",
    "Invitation",
    "Leave",
    "MailAttempt",
    "PostAttempt",
    "PushDevice",
    "Role",
    "Stay",
    "Team",
    "User",
    "Webhook",
]
