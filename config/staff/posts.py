"""The log of what went to devices and chats, and what came back."""

from config.staff import clock
from config.staff.models import PostAttempt
from config.staff.sending import Answer


def note(message_id: str, target: str, outcome: str, text: str) -> None:
    PostAttempt.objects.create(
        message_id=message_id, target=target[:120], at=clock.now(), outcome=outcome, answer=text[:2000]
    )


def accepted_before(message_id: str) -> Answer | None:
    """What was answered to this message at an earlier try whose sender did not live to tell."""
    taken = PostAttempt.objects.filter(message_id=message_id, outcome=PostAttempt.Outcome.ACCEPTED)
    attempt = taken.order_by("at").first()
    return Answer(attempt.answer) if attempt else None
