from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from config.staff.access import members
from config.staff.forms import SettingsForm
from config.staff.models import User
from config.staff.requests import StaffRequest


@members
def personal(request: StaffRequest) -> HttpResponse:
    """Language, appearance, zone and morning hour; the way to what guards the account."""
    form = SettingsForm(request.POST or None, instance=User.objects.get(pk=request.user.pk))
    if request.method == "POST" and form.is_valid():
        person = form.save()
        with translation.override(person.language):
            messages.success(request, _("Your settings are saved."))
        return redirect("staff:settings")
    return render(request, "staff/settings.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Chosen in the menu, or before the login; a cookie remembers it for this browser."""
    asked, chosen = request.POST.get("next", ""), request.POST.get("language", "")
    safe = url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure())
    answer = HttpResponseRedirect(asked if safe else "/")
    if chosen not in dict(settings.LANGUAGES):
        return answer
    if isinstance(request.user, User):
        request.user.language = chosen
        request.user.save(update_fields=["language"])
    answer.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        chosen,
        max_age=365 * 24 * 3600,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return answer
