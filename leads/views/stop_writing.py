"""The address at the foot of our mails: whoever received one says, without an account, that we shall not write."""

from allauth.core.ratelimit import consume_or_429
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from companies.objections import object_to_messages
from config.staff import clock
from leads.letters.posting import person_of


# Mail programs post here by themselves (RFC 8058), with no cookie and so with no token of ours; the address is signed.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def stop(request: HttpRequest, token: str) -> HttpResponse:
    limited: HttpResponse | None = consume_or_429(request, action="enquiry") if request.method == "POST" else None
    if limited:
        return limited
    contact = person_of(token)
    if contact is None:
        raise Http404
    if request.method == "POST":
        object_to_messages(contact, _("By the address at the foot of a mail"), at=clock.now())
        return render(request, "leads/stop_writing.html", {"stopped": True})
    return render(request, "leads/stop_writing.html", {"stopped": bool(contact.objected_at)})
