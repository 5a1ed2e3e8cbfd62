from operator import attrgetter

from django.db.models import Count, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from config.staff import clock
from config.staff.access import staff
from config.staff.models import MailAttempt, PostAttempt, User
from config.staff.paging import keyset_page
from config.staff.requests import StaffRequest
from leads.models import Delivery, OpeningFault, Reminder


@require_safe
@staff
def deliveries(request: StaffRequest) -> HttpResponse:
    """What was sent to me, or was not, and why; for administrators the log of everybody, without its words."""
    everybody = request.user.is_administrator and "everybody" in request.GET
    rows = Delivery.objects.visible_to(request.user)
    if not everybody:
        rows = rows.filter(person=request.user)
    page = keyset_page(_with_counts(rows), request, ("-due_at", "-pk"))
    context = {"page": page, "everybody": everybody, **(_trouble() if request.user.is_administrator else {})}
    return render(request, "leads/deliveries.html", context)


@require_safe
@staff
def delivery(request: StaffRequest, pk: int) -> HttpResponse:
    """One message: every try, what the server said, and to its reader what it was about."""
    found = get_object_or_404(
        Delivery.objects.visible_to(request.user).select_related("person", "webhook", "letter"), pk=pk
    )
    context = {
        "delivery": found,
        "attempts": _attempts(found),
        "reminders": _words(found, request.user),
        "carried": found.items.count(),
    }
    return render(request, "leads/delivery.html", context)


def _with_counts(rows: QuerySet[Delivery]) -> QuerySet[Delivery]:
    return rows.select_related("person", "webhook", "letter").annotate(carried=Count("items"))


def _trouble() -> dict[str, int]:
    return {"stuck": Delivery.objects.stuck(clock.now()).count(), "set_aside": OpeningFault.objects.count()}


def _attempts(found: Delivery) -> list[MailAttempt | PostAttempt]:
    by_mail = MailAttempt.objects.filter(message_id=found.message_id)
    by_post = PostAttempt.objects.filter(message_id=found.message_id)
    return sorted([*by_mail, *by_post], key=attrgetter("at"))


def _words(found: Delivery, reader: User) -> QuerySet[Reminder]:
    """Only its own reader sees what it said, and only as far as they may see it today."""
    mine = Reminder.objects.visible_to(reader).filter(items__delivery=found)
    return mine.select_related("follow_up__company").order_by("rule", "due_at", "pk")
