from datetime import date
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from companies.models import Company, Contact
from companies.pickers import PickField
from config.staff import clock
from config.staff.models import User
from config.staff.working_days import next_working_day
from leads.follow_ups import evidence
from leads.forms.promise import DUE, FURTHEST, day_of
from leads.models import CadenceStep, FollowUp, Lead
from missions.models import Mission

SNOOZE = {
    "tomorrow": _("Tomorrow morning"),
    "working": _("Next working day"),
    "after": _("After the mission"),
    "day": _("A day of your choice"),
}


class VersionForm(forms.Form):
    """A change of a follow-up, with the version that the person saw."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**31 - 1)


class SnoozeForm(VersionForm):
    to = forms.ChoiceField(label=_("Until"), choices=list(SNOOZE.items()))
    on = forms.DateField(label=_("Day"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    reason = forms.CharField(label=_("Why later"), max_length=200, required=False)

    def __init__(self, *args: Any, user: User, mission: Mission | None, follow_up: FollowUp, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.mission, self.follow_up = user, mission, follow_up

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        today = clock.today_for(self.user)
        day = self._day(today)
        if day is None and "on" not in self.errors:
            self.add_error("on", _("Choose a day."))
        elif day and not today < day <= today + FURTHEST:
            self.add_error("on", _("Choose a day after today, within five years."))
        if self.follow_up.snoozes and not cleaned.get("reason"):
            self.add_error("reason", _("This is not the first time: say why it must wait again."))
        return cleaned | {"day": day}

    def _day(self, today: date) -> date | None:
        choice = self.cleaned_data.get("to", "")
        if choice == "working":
            return next_working_day(today)
        return day_of(choice, today=today, mission=self.mission, picked=self.cleaned_data.get("on"))


class CancelForm(forms.Form):
    reason = forms.CharField(label=_("Why it need not be done"), max_length=500)


class HandOverForm(VersionForm):
    to = forms.ModelChoiceField(label=_("To whom"), queryset=User.objects.none())

    def __init__(self, *args: Any, follow_up: FollowUp, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        to = cast("forms.ModelChoiceField[User]", self.fields["to"])
        to.queryset = User.objects.staff().active().exclude(pk=follow_up.owner_id)
        self.follow_up = follow_up

    def clean_to(self) -> User:
        to: User = self.cleaned_data["to"]
        if not FollowUp.objects.visible_to(to).filter(pk=self.follow_up.pk).exists():
            raise forms.ValidationError(_("This colleague may not see what it is about."))
        return to


class WaitForm(VersionForm):
    waiting_for = forms.CharField(
        label=_("Whom we wait for"),
        max_length=200,
        required=False,
        help_text=_("Leave it empty when it is our turn again."),
    )


class DueForm(forms.Form):
    """Something to do by a day: a chip stands for it, or it is picked."""

    due = forms.ChoiceField(
        label=_("By when"),
        choices=[choice for choice in DUE.items() if choice[0] != "after"],
        widget=forms.RadioSelect,
        required=False,
    )
    day = forms.DateField(label=_("Day"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def read_due_on(self) -> date | None:
        """The day meant; where it is missing or too far the form says so."""
        today, picked = clock.today_for(self.user), self.cleaned_data.get("day")
        choice = self.cleaned_data.get("due") or ("day" if picked else "")
        day = day_of(choice, today=today, mission=None, picked=picked)
        if day is None and "day" not in self.errors:
            self.add_error("due", _("Say by when."))
        elif day and not today <= day <= today + FURTHEST:
            self.add_error("day", _("Choose a day between today and five years from now."))
        return day


class EvidenceForm(forms.Form):
    """A meeting, a mail or a file that came since, or a note."""

    evidence = forms.ChoiceField(label=_("What proves it"), widget=forms.RadioSelect, required=False)
    note = forms.CharField(label=_("Or in words"), max_length=500, required=False)

    def __init__(self, *args: Any, follow_up: FollowUp, reader: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.follow_up = follow_up
        self.offered = _offer_evidence(self, follow_up, reader)

    @property
    def must_be_proved(self) -> bool:
        return True

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        proved = cleaned.get("evidence") or (cleaned.get("note") or "").strip()
        if self.must_be_proved and not proved and not self.errors:
            self.add_error("note", _("Choose what proves it, or say it in words."))
        return cleaned


class ProofForm(EvidenceForm):
    """Said afterwards."""


class DoneForm(EvidenceForm):
    """Said with the tap: the newest that came since is chosen already, so that a second tap is enough."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.offered:
            field = cast("forms.ChoiceField", self.fields["evidence"])
            field.choices = [*self.offered, ("", _("Only in words"))]
            field.initial = self.offered[0][0] if self.must_be_proved else ""

    @property
    def must_be_proved(self) -> bool:
        return self.follow_up.asks_for_proof


def _offer_evidence(form: forms.Form, follow_up: FollowUp, reader: User) -> list[tuple[str, str]]:
    offered = evidence.choices(follow_up, reader)
    if offered:
        cast("forms.ChoiceField", form.fields["evidence"]).choices = offered
    else:
        del form.fields["evidence"]
        form.fields["note"].label = _("What proves it")
    return offered


class NextForm(DueForm):
    """What proves what was done, and what comes after it; the latter prefilled by the cadence."""

    evidence = forms.ChoiceField(label=_("What proves it"), widget=forms.RadioSelect, required=False)
    note = forms.CharField(label=_("Or in words"), max_length=500, required=False)
    kind = forms.ChoiceField(choices=CadenceStep.Kind, widget=forms.HiddenInput, required=False)
    text = forms.CharField(label=_("What comes next"), max_length=300, required=False)

    def __init__(self, *args: Any, user: User, follow_up: FollowUp, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        _offer_evidence(self, follow_up, user)
        if follow_up.is_proved:
            self.fields.pop("evidence", None)
            del self.fields["note"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        return cleaned | {"due_on": self.read_due_on()} if cleaned.get("text") else cleaned


class NewFollowUpForm(DueForm):
    """What somebody adds by hand. With a lead given, the company is the lead's."""

    text = forms.CharField(label=_("What is to be done"), max_length=300)
    owner = forms.ModelChoiceField(label=_("Who does it"), queryset=User.objects.none(), empty_label=None)
    company = PickField(Company.objects.none(), label=_("Company"))
    contact = PickField(Contact.objects.none(), label=_("Person"), required=False)

    def __init__(self, *args: Any, user: User, lead: Lead | None = None, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        self.lead = lead
        querysets = {
            "owner": User.objects.staff().active(),
            "company": Company.objects.visible_to(user).current(),
            "contact": Contact.objects.visible_to(user).current(),
        }
        for name, queryset in querysets.items():
            cast("Any", self.fields[name]).queryset = queryset
        self.fields["owner"].initial = user.pk
        if lead:
            del self.fields["company"]

    def clean_owner(self) -> User:
        owner: User = self.cleaned_data["owner"]
        if self.lead and not Lead.objects.visible_to(owner).filter(pk=self.lead.pk).exists():
            raise forms.ValidationError(_("This person may not see the lead. Choose another, or share it with them."))
        return owner

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        company = self.lead.company if self.lead else cleaned.get("company")
        return cleaned | {"company": company, "lead": self.lead, "due_on": self.read_due_on()}
