"""How long what is held of people is kept: the rules, the simulated run of each, and what was purged."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from config.staff import clock
from config.staff.access import administrators, freshly_authenticated
from config.staff.requests import StaffRequest
from leads import retention
from leads.forms.retention import PurgeForm, RetentionRuleForm
from leads.models import Purge, RetentionRule
from leads.models.retention import Keeps
from leads.retention import Simulation

PURGES_SHOWN = 50
MOST_TICKED, LONGEST_PK = 50, 19


@require_safe
@administrators
def rules(request: StaffRequest) -> HttpResponse:
    now = clock.now()
    context = {
        "rules": [retention.simulate(of, at=now, shown=0) for of in Keeps],
        "purges": Purge.objects.visible_to(request.user).select_related("by")[:PURGES_SHOWN],
    }
    return render(request, "privacy/retention.html", context)


@require_http_methods(["GET", "POST"])
@administrators
def rule(request: StaffRequest, of: str) -> HttpResponse:
    """The period, and the run simulated by it."""
    wanted = _known(of)
    days = RetentionRule.days_of(wanted)
    kept = RetentionRule.objects.filter(of=wanted).first() or RetentionRule(of=wanted, days=days)
    form = RetentionRuleForm(request.POST or None, instance=kept)
    if form.is_valid():
        form.save()
        messages.success(request, _("The rule is kept. This is what it would take today."))
        return redirect("leads:retention_rule", of)
    return _page(request, retention.simulate(wanted, at=clock.now()), form)


@require_POST
@administrators
def keep(request: StaffRequest) -> HttpResponse:
    """Those that were ticked stay."""
    pks = [int(pk) for pk in request.POST.getlist("person")[:MOST_TICKED] if pk.isdecimal() and len(pk) < LONGEST_PK]
    count = retention.keep(pks, by=request.user, at=clock.now())
    if count:
        said = ngettext("%(n)s person stays.", "%(n)s people stay.", count)
        messages.success(request, said % {"n": count})
    else:
        messages.error(request, _("Tick the people who stay."))
    return redirect("leads:retention_rule", Keeps.REVIEW)


@require_POST
@freshly_authenticated
@administrators
def purge(request: StaffRequest, of: str) -> HttpResponse:
    """What was shown, if it still is that."""
    if of == Keeps.REVIEW:
        raise Http404
    seen = retention.simulate(_known(of), at=clock.now())
    form = PurgeForm(request.POST)
    if form.is_valid() and form.cleaned_data["count"] != seen.count:
        form.add_error(None, _("The simulated run gives another number by now. Look again; nothing was purged."))
    if not form.is_valid() or not seen.count:
        return _page(request, seen, RetentionRuleForm(initial={"days": seen.days}), form)
    retention.begin(seen, by=request.user, at=clock.now())
    messages.success(request, _("It is being purged; the log tells how far it has come."))
    return redirect("leads:retention")


def _known(of: str) -> Keeps:
    if of not in Keeps.values:
        raise Http404
    return Keeps(of)


def _page(
    request: StaffRequest, seen: Simulation, form: RetentionRuleForm, sure: PurgeForm | None = None
) -> HttpResponse:
    is_refused = form.is_bound or sure is not None
    context = {
        "seen": seen,
        "form": form,
        "sure": PurgeForm(initial={"count": seen.count}) if sure is None or not sure.is_valid() else sure,
        "refused": sure,
        "is_of_people": seen.of in {Keeps.PEOPLE, Keeps.REVIEW},
        "is_review": seen.of is Keeps.REVIEW,
    }
    return render(request, "privacy/retention_rule.html", context, status=422 if is_refused else 200)
