from allauth.socialaccount.providers.openid_connect import views as openid
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from requests import RequestException


def begin(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """To the identity provider. The library asks it for its addresses first, and does not expect it to be away."""
    try:
        answer: HttpResponseBase = openid.login(request, provider_id)
    except RequestException:
        messages.error(
            request, _("The single sign-on does not answer. Sign in with your password, or try again later.")
        )
        return redirect("account_login")
    return answer
