"""Everything open of one person goes to somebody else in one step, with the counts before and after."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from config.staff import accounts
from config.staff.access import administrators, freshly_authenticated
from config.staff.models import Role, User
from config.staff.requests import StaffRequest
from leads.follow_ups.handing_over import WorkLeft, hand_over, open_of
from leads.follow_ups.handing_over import close_account as close


class HandOverForm(forms.Form):
    heir = forms.ModelChoiceField(User.objects.none(), label=gettext_lazy("Who gets it"))
    note = forms.CharField(label=gettext_lazy("Note"), max_length=500, required=False)

    def __init__(self, *args: object, person: User) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        there = User.objects.active().exclude(role=Role.GUEST).exclude(pk=person.pk).order_by("name")
        self.fields["heir"].queryset = there  # type: ignore[attr-defined]
        self.fields["heir"].initial = person.deputy_id or person.manager_id


@require_http_methods(["GET", "POST"])
@freshly_authenticated
@administrators
def hand_over_all(request: StaffRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(User, pk=pk)
    form = HandOverForm(request.POST or None, person=person)
    if form.is_valid():
        heir = form.cleaned_data["heir"]
        gone = hand_over(person, to=heir, by=request.user, note=form.cleaned_data["note"])
        told = ", ".join(f"{count.label} {count.count}" for count in gone) or _("nothing")
        messages.success(request, _("%(heir)s got: %(what)s.") % {"heir": heir.name, "what": told})
        left = sum(count.count for count in open_of(person))
        if left:
            messages.warning(
                request, _("%(count)s stay, since this person may not see or hold them.") % {"count": left}
            )
        return redirect("leads:hand_over", pk=person.pk)
    context = {"person": person, "form": form, "counts": open_of(person)}
    return render(request, "staff/hand_over.html", context, status=422 if form.errors else 200)


class ClosingForm(HandOverForm):
    hidden_too = forms.BooleanField(
        label=gettext_lazy("What only they may see goes to this person too"),
        required=False,
        help_text=gettext_lazy("Restricted leads that nobody else could open to anybody any more."),
    )

    def __init__(self, *args: object, person: User, has_work: bool) -> None:
        super().__init__(*args, person=person)
        self.order_fields(["heir", "hidden_too", "note"])
        if not has_work:
            for name in list(self.fields):
                del self.fields[name]


@require_http_methods(["GET", "POST"])
@freshly_authenticated
@administrators
def close_account(request: StaffRequest, pk: int) -> HttpResponse:
    """The account ends and what is open goes to somebody else, in one step or not at all."""
    person = get_object_or_404(User, pk=pk)
    counts = open_of(person)
    form = ClosingForm(request.POST if request.method == "POST" else None, person=person, has_work=bool(counts))
    left = []
    if form.is_valid():
        try:
            gone = close(person, by=request.user, **{"to": form.cleaned_data.pop("heir", None), **form.cleaned_data})
        except accounts.LastAdministrator:
            messages.error(request, _("The agency needs one administrator. Give somebody else the role first."))
            return redirect("staff:person", pk=person.pk)
        except WorkLeft as refused:
            left = refused.counts
            form.add_error(None, _("Some of it cannot go to this person, so the account stays open and nothing moved."))
        else:
            told = ", ".join(f"{count.label} {count.count}" for count in gone) or _("nothing")
            messages.success(request, _("The account is closed. Handed over: %(what)s.") % {"what": told})
            return redirect("staff:people")
    context = {"person": person, "form": form, "counts": counts, "left": left}
    return render(request, "staff/close_account.html", context, status=422 if form.errors else 200)
