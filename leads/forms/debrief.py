"""One row of the evening debrief. Every field may stay empty: what is said is kept, the rest waits."""

from typing import Any, cast
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from config.staff import clock
from config.staff.models import User
from leads.forms.promise import DUE, FURTHEST, day_of
from leads.interactions.capture import Promise
from leads.models import Interaction, Lead
from leads.models.choices import Interest
from leads.on_mission.settling import Added
from missions.models import Mission

NEW_LEAD = "new"
# Of the short list of days, those that need no second field; a day of one's choice has a field of its own.
DAYS = {name: words for name, words in DUE.items() if name != "day"}


class PromisedForm(forms.Form):
    """How the day went with one company: the interest, and a promise with its day."""

    interest = forms.ChoiceField(label=_("Interest"), choices=Interest, required=False)
    promise = forms.CharField(label=_("What was promised"), max_length=300, required=False)
    due = forms.ChoiceField(label=_("By when"), choices=list(DAYS.items()), required=False)
    day = forms.DateField(label=_("Or on a day"), required=False)

    def __init__(self, *args: Any, user: User, mission: Mission, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.mission = user, mission

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("promise"):
            return cleaned
        today, picked = clock.today_for(self.user), cleaned.get("day")
        choice = "day" if picked else cleaned.get("due", "")
        due_on = day_of(choice, today=today, mission=self.mission, picked=picked)
        if due_on is None and not self.errors.keys() & {"due", "day"}:
            self.add_error("due", _("Say by when it was promised."))
        elif due_on and not today <= due_on <= today + FURTHEST:
            self.add_error("day", _("Choose a day between today and five years from now."))
        return cleaned | {"due_on": due_on}

    def promised(self, by_whom: User) -> Promise | None:
        said = self.cleaned_data
        if not said.get("promise"):
            return None
        owner = by_whom if by_whom.is_staff_member else self.user
        return Promise(text=said["promise"], due_on=said["due_on"], owner=owner)


class SettleForm(PromisedForm):
    """What a meeting still lacks."""

    version = forms.IntegerField(min_value=1, max_value=2**31 - 1)
    owner = forms.ModelChoiceField(label=_("Owner"), queryset=User.objects.none(), required=False)
    lead = forms.CharField(label=_("Lead"), max_length=18, required=False)

    def __init__(self, *args: Any, interaction: Interaction, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.interaction = interaction
        cast("forms.ModelChoiceField[User]", self.fields["owner"]).queryset = User.objects.staff().active()

    def clean_lead(self) -> Lead | str | None:
        key = self.cleaned_data["lead"]
        if key in ("", NEW_LEAD):
            return key or None
        leads = Lead.objects.visible_to(self.user).open().filter(company=self.interaction.company_id)
        found = leads.filter(pk=int(key)).first() if key.isdecimal() else None
        if found is None:
            raise forms.ValidationError(_("This lead is not there any more. Choose another."))
        return found

    def added(self) -> Added:
        said = self.cleaned_data
        lead = said.get("lead")
        return Added(
            interest=said.get("interest", ""),
            owner=said.get("owner"),
            promise=self.promised(self.interaction.logged_by),
            lead=lead if isinstance(lead, Lead) else None,
            opens_lead=lead == NEW_LEAD,
            nothing_more="nothing_more" in self.data,
        )


class LogLineForm(PromisedForm):
    """What was said in an appointment that was held, in a line or two."""

    capture_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    note = forms.CharField(label=_("What was said"), max_length=20000, required=False)
