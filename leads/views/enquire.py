"""The one page where somebody without an account writes to the agency."""

from allauth.core.ratelimit import consume_or_429
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from leads.enquiring import enquiries
from leads.forms.enquiry import QuestionForm


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def enquire(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return render(request, "leads/enquire.html", {"form": QuestionForm()})
    limited: HttpResponse | None = consume_or_429(request, action="enquiry")
    if limited:
        return limited
    form = QuestionForm(request.POST)
    if form.is_from_a_machine:
        return redirect("leads:enquire_thanks")  # it learns nothing, and nobody is bothered
    if not form.is_valid():
        return render(request, "leads/enquire.html", {"form": form}, status=422)
    enquiries.receive(form.cleaned_data["capture_id"], **form.facts())
    return redirect("leads:enquire_thanks")


@require_safe
def thanks(request: HttpRequest) -> HttpResponse:
    return render(request, "leads/enquire_thanks.html")
