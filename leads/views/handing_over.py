"""Everything open of one person goes to somebody else in one step, with the counts before and after."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from config.staff.access import administrators, freshly_authenticated
from config.staff.models import Role, User
from config.staff.requests import StaffRequest
from leads.handing_over import hand_over, open_of


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
