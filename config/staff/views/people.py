from django.contrib import messages
from django.forms.models import model_to_dict
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from config.staff import accounts, clock
from config.staff.access import administrators, freshly_authenticated
from config.staff.forms import InvitationForm, RoleForm
from config.staff.invitations import invite
from config.staff.models import Invitation, Role, User
from config.staff.paging import keyset_page
from config.staff.requests import StaffRequest


@administrators
def people(request: StaffRequest) -> HttpResponse:
    """Who has an account, who is invited, and an invitation for one more."""
    return _page(request, InvitationForm(initial={"role": Role.OFFICER}))


@require_POST
@freshly_authenticated
@administrators
def invite_person(request: StaffRequest) -> HttpResponse:
    form = InvitationForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    link = invite(
        form.cleaned_data["email"], role=form.cleaned_data["role"], team=form.cleaned_data["team"], by=request.user
    )
    # The link is shown once: only its hash is kept.
    return render(request, "staff/invited.html", {"link": link, "email": form.cleaned_data["email"]})


@require_POST
@administrators
def withdraw(request: StaffRequest, pk: int) -> HttpResponse:
    now = clock.now()
    Invitation.objects.open_at(now).filter(pk=pk).update(withdrawn_at=now)
    messages.success(request, _("The invitation is withdrawn."))
    return redirect("staff:people")


@freshly_authenticated
@administrators
def person(request: StaffRequest, pk: int) -> HttpResponse:
    """Another role for a person, and the rights that go with it."""
    found = get_object_or_404(User.objects.select_related("team"), pk=pk)
    form = RoleForm(request.POST or None, initial=model_to_dict(found, ["role", "may_override_gates"]))
    if request.method == "POST" and form.is_valid():
        return _told(request, accounts.change_role, found, **form.cleaned_data)
    return render(request, "staff/person.html", {"person": found, "form": form}, status=422 if form.errors else 200)


def _told(request: HttpRequest, change: object, found: User, **what: object) -> HttpResponse:
    try:
        change(found, **what)  # type: ignore[operator]
    except accounts.LastAdministrator:
        messages.error(request, _("The agency needs one administrator. Give somebody else the role first."))
        return redirect("staff:person", pk=found.pk)
    except accounts.HoldsWork as refused:
        told = ", ".join(f"{label} {count}" for label, count in refused.work)
        words = _("A guest can own nothing. Hand this over first: %(what)s.")
        messages.error(request, words % {"what": told})
        return redirect("leads:hand_over", pk=found.pk)
    messages.success(request, _("Done. Their open sessions have ended."))
    return redirect("staff:people")


def _page(request: StaffRequest, form: InvitationForm) -> HttpResponse:
    page = keyset_page(User.objects.select_related("team"), request, ("-is_active", "name", "pk"))
    invitations = Invitation.objects.open_at(clock.now()).select_related("team", "invited_by")[:100]
    context = {"page": page, "invitations": invitations, "form": form}
    return render(request, "staff/people.html", context, status=422 if form.errors else 200)
