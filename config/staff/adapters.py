from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest

from config.staff import devices
from config.staff.models import User


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up: an administrator invites."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """A guest delegate has no Today; their missions are their home."""
        return "/missions/" if request.user.is_guest_delegate else "/today/"  # type: ignore[union-attr]

    def logout(self, request: HttpRequest) -> None:
        devices.forget_session(request.session.session_key)
        super().logout(request)


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Single sign-on opens the account that has the same verified address, and makes no new one."""
        if sociallogin.is_existing:
            return
        verified = [address.email for address in sociallogin.email_addresses if address.verified]
        user = User.objects.active().filter(email__in=[email.lower() for email in verified]).first()
        if user:
            sociallogin.connect(request, user)
