from config.staff.models.heartbeat import Heartbeat
from config.staff.models.invitation import Invitation
from config.staff.models.leave import Leave
from config.staff.models.mail import MailAttempt
from config.staff.models.stay import Stay
from config.staff.models.team import Team
from config.staff.models.user import Role, User

__all__ = ["Heartbeat", "Invitation", "Leave", "MailAttempt", "Role", "Stay", "Team", "User"]
