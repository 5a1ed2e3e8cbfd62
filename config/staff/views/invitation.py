from allauth.core.ratelimit import consume_or_429
from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from config.staff.forms import AcceptForm
from config.staff.invitations import InvitationOver, accept, find_open
from config.staff.models import Invitation


@never_cache
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """A stranger with a link sets up the account that was meant for them."""
    limited: HttpResponse | None = consume_or_429(request, action="invitation", limit_get=True)
    if limited:
        return limited
    try:
        return _answer(request, token, find_open(token))
    except InvitationOver:
        return render(request, "staff/invitation_over.html", status=410)


def _answer(request: HttpRequest, token: str, found: Invitation) -> HttpResponse:
    form = AcceptForm(found, request.POST or None, initial={"language": get_language()})
    if request.method == "POST" and form.is_valid():
        try:
            accept(
                token,
                email=form.cleaned_data.get("email", ""),
                name=form.cleaned_data["name"],
                password=form.cleaned_data["password"],
                language=form.cleaned_data["language"],
            )
        except IntegrityError:
            form.add_error(None, _("There is an account with this address already."))
        else:
            messages.success(request, _("Your account is ready. Sign in with your address and the password you chose."))
            return redirect("account_login")
    context = {"form": form, "invitation": found}
    return render(request, "staff/invitation.html", context, status=422 if form.errors else 200)
