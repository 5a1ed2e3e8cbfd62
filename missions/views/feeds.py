"""Calendar addresses: made and taken back by their person, read by whatever calendar program has one."""

from allauth.core.ratelimit import consume_or_429
from django.conf import settings
from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from config.staff import clock
from config.staff.access import members
from config.staff.requests import StaffRequest
from missions.feeds import feed_of
from missions.models import CalendarFeed, Mission


@require_safe
def calendar(request: HttpRequest, secret: str) -> HttpResponse:
    """Without a login: who has the address has the right. Unchanged, it costs no body."""
    for limit in ("calendar", "calendar_address"):
        limited: HttpResponse | None = consume_or_429(request, action=limit, key=secret, limit_get=True)
        if limited:
            limited.headers["Retry-After"] = "3600"
            return limited
    address = CalendarFeed.objects.select_related("user", "mission").filter(secret=secret).first()
    if address is None:
        raise Http404
    feed = None if address.revoked_at else feed_of(address)
    if feed is None:
        return HttpResponse(status=410)  # calendar programs then stop asking
    CalendarFeed.objects.filter(pk=address.pk).update(read_at=clock.now())
    tag = f'"{feed.tag}"'
    answer = get_conditional_response(request, etag=tag)
    if answer is None:
        answer = HttpResponse(feed.written(), content_type="text/calendar; charset=utf-8")
        answer.headers["Content-Disposition"] = 'inline; filename="puente.ics"'
    answer.headers["ETag"], answer.headers["Cache-Control"] = tag, "private, no-cache"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


@require_http_methods(["GET", "POST"])
@members
def addresses(request: StaffRequest, pk: int) -> HttpResponse:
    """One's own appointments and this mission's: each has an address, once one is asked for."""
    mission = get_object_or_404(Mission.objects.visible_to(request.user), pk=pk)
    if request.method == "POST":
        of = mission if request.POST.get("of") == "mission" else None
        if request.POST.get("act") == "revoke":
            CalendarFeed.revoke(request.user, of)
            messages.success(request, _("The address reads nothing any more."))
        else:
            CalendarFeed.make(request.user, of)
            messages.success(request, _("The address is made. Give it to your calendar, and to nobody else."))
        return redirect("missions:calendar_addresses", mission.pk)
    live = CalendarFeed.objects.visible_to(request.user).live().filter(Q(mission=None) | Q(mission=mission))
    urls = {feed.mission_id: settings.SITE_URL + reverse("missions:calendar", args=[feed.secret]) for feed in live}
    read = {feed.mission_id: feed.read_at for feed in live}
    kinds = [
        ("mine", _("My own appointments"), _("Those of all missions in which you sit."), None),
        ("mission", mission.name, _("All appointments of this mission that you may see."), mission.pk),
    ]
    rows = [(of, title, text, urls.get(key, ""), read.get(key)) for of, title, text, key in kinds]
    return render(request, "missions/calendar.html", {"mission": mission, "rows": rows})
