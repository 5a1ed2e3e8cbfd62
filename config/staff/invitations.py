"""Sign-up is closed: an account is set up by a link that an administrator sends, once, within a week."""

import hashlib
import secrets
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from config.staff import clock
from config.staff.models import Invitation, Role, Team, User

LASTS = timedelta(days=7)


class InvitationOver(Exception):  # noqa: N818 - the domain's word for it
    """The link was used, withdrawn, has expired, or never was one; a stranger is not told which."""


def invite(email: str, *, role: Role, team: Team | None, by: User | None) -> str:
    """Invite an address and return the link. Earlier open invitations of the same address end."""
    now = clock.now()
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        Invitation.objects.open_at(now).filter(email__iexact=email).update(withdrawn_at=now)
        Invitation.objects.create(
            email=email.lower(),
            role=role,
            team=team,
            token_hash=_hash(token),
            invited_by=by,
            invited_at=now,
            expires_at=now + LASTS,
        )
    return str(settings.SITE_URL) + reverse("staff:invitation", args=[token])


def first_administrator_link() -> str | None:
    """The one-time link for the first administrator, or None where there is one already. A new link ends the old."""
    if User.objects.active().filter(role=Role.ADMINISTRATOR).exists():
        return None
    return invite("", role=Role.ADMINISTRATOR, team=None, by=None)


def find_open(token: str) -> Invitation:
    invitation = Invitation.objects.open_at(clock.now()).filter(token_hash=_hash(token)).first()
    if invitation is None:
        raise InvitationOver
    return invitation


@transaction.atomic
def accept(token: str, *, email: str, name: str, password: str, language: str) -> User:
    """Set up the account; the address typed counts only where the invitation names none."""
    find_open(token)
    invitation = Invitation.objects.select_for_update().get(token_hash=_hash(token))
    if invitation.accepted_at:
        raise InvitationOver
    user = User.objects.create_user(
        invitation.email or email,
        password,
        name=name,
        role=invitation.role,
        team=invitation.team,
        # Nobody is there yet who could give it to the first one.
        may_override_gates=invitation.role == Role.ADMINISTRATOR and invitation.invited_by_id is None,
        language=language,
    )
    invitation.accepted_at, invitation.user = clock.now(), user
    invitation.save(update_fields=["accepted_at", "user"])
    return user


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
