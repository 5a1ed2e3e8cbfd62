"""Forms of the target list: one target, what the list is filtered by, companies out of a view, criteria."""

from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, QuerySet
from django.forms import inlineformset_factory
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from companies.menus import MenuField
from companies.models import Company, Contact, SavedView
from companies.pickers import PickField
from companies.search import find
from config.staff.editing import VersionedForm
from config.staff.models import User
from missions.models import Appointment, Criterion, Mission, MissionTarget, Touch
from missions.models.target import MOST_POINTS
from missions.targeting import score_of, weights_of

MOST_PEOPLE = 60
MOST_CRITERIA = 12
MOST_FOUND = 500
Status = MissionTarget.Status


class TargetForm(VersionedForm[MissionTarget]):
    """Bind it to a row locked in the same transaction."""

    company = PickField(Company.objects.none(), label=_("Company"))

    class Meta:
        model = MissionTarget
        fields = ["company", "contact", "status", "declined_because", "priority", "wave", "caller", "reason"]

    def __init__(self, *args: Any, mission: Mission, reader: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.mission = mission
        if self.instance.pk:
            del self.fields["company"]
            self.fields["contact"].queryset = self._their_people(reader)  # type: ignore[attr-defined]
        else:
            del self.fields["contact"]
            self.instance.source = MissionTarget.Source.HAND
            self.fields["company"].queryset = Company.objects.visible_to(reader).current()  # type: ignore[attr-defined]
        self.fields["caller"].queryset = User.objects.active().staff()  # type: ignore[attr-defined]
        self.criteria = list(mission.criteria.all()) if self.instance.pk else []
        for one in self.criteria:
            self.fields[self.judged_by(one)] = self._points(one)

    def _their_people(self, reader: User) -> QuerySet[Contact]:
        people = Contact.objects.visible_to(reader)
        at_work = people.filter(positions__company=self.instance.company_id, positions__ended_on=None)
        offered = set(at_work.values_list("pk", flat=True)[:MOST_PEOPLE])
        return people.filter(pk__in=offered | ({self.instance.contact_id} if self.instance.contact_id else set()))

    @staticmethod
    def judged_by(one: Criterion) -> str:
        return f"criterion_{one.pk}"

    def _points(self, one: Criterion) -> forms.Field:
        return forms.TypedChoiceField(
            label=one.name,
            choices=[("", _("Not judged")), *((str(n), str(n)) for n in range(MOST_POINTS + 1))],
            coerce=int,
            empty_value=None,
            required=False,
            initial=str(self.instance.points.get(str(one.pk), "")),
            help_text=_("Weight %(weight)d") % {"weight": one.weight},
            widget=forms.RadioSelect,
        )

    def clean(self) -> dict[str, Any]:
        super().clean()
        given = self.cleaned_data
        if given.get("status") == Status.DECLINED and not given.get("declined_because"):
            self.add_error("declined_because", _("Say why they declined."))
        return given

    def save(self, commit: bool = True) -> MissionTarget:  # noqa: FBT001, FBT002 - Django's own signature
        judged = {str(one.pk): self.cleaned_data.get(self.judged_by(one)) for one in self.criteria}
        if self.criteria:
            self.instance.points = {key: value for key, value in judged.items() if value is not None}
            self.instance.score = score_of(self.instance.points, weights_of(self.instance.mission))
        return super().save(commit)


class TouchForm(forms.ModelForm[Touch]):
    class Meta:
        model = Touch
        fields = ["kind", "note"]


REACHED: list[tuple[str, str | Promise]] = [
    ("contacted", _("Asked, whatever came of it")),
    ("answered", _("Answered")),
    ("unbooked", _("Accepted, no hour yet")),
    ("met", _("Met")),
]


class TargetFilter(forms.Form):
    q = forms.CharField(label=_("Company"), required=False, max_length=200)
    status = forms.ChoiceField(label=_("Outreach"), required=False, choices=[("", _("All")), *Status.choices, *REACHED])
    priority = forms.ChoiceField(
        label=_("Priority"), required=False, choices=[("", _("All")), *MissionTarget.Priority.choices]
    )
    wave = forms.TypedChoiceField(label=_("Wave"), required=False, coerce=int)
    caller = forms.TypedChoiceField(label=_("Caller"), required=False, coerce=int)
    judged = forms.ChoiceField(
        label=_("Score"),
        required=False,
        choices=[("", _("All")), ("high", _("70 and more")), ("none", _("Not scored"))],
    )

    def __init__(self, *args: Any, mission: Mission, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        waves = mission.targets.order_by("wave").values_list("wave", flat=True).distinct()
        callers = User.objects.filter(mission_targets__mission=mission).order_by("name").distinct()
        self.fields["wave"].choices = [("", _("All")), *((wave, str(wave)) for wave in waves)]  # type: ignore[attr-defined]
        people = [(person.pk, person.name) for person in callers]
        self.fields["caller"].choices = [("", _("All")), (0, _("Nobody yet")), *people]  # type: ignore[attr-defined]

    def narrowed(self, rows: QuerySet[MissionTarget], reader: User) -> QuerySet[MissionTarget]:
        """What cannot be meant is as if it had not been asked."""
        self.is_valid()
        asked = {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}
        for name in ("priority", "wave"):
            if name in asked:
                rows = rows.filter(**{name: asked[name]})
        if "caller" in asked:
            rows = rows.filter(caller=asked["caller"] or None)
        if "judged" in asked:
            rows = rows.filter(score__gte=70) if asked["judged"] == "high" else rows.filter(score=None)
        if "q" in asked:
            found = find(asked["q"], user=reader, kinds=("company",), limit=MOST_FOUND)
            rows = rows.filter(company__in=[hit.pk for group in found for hit in group.hits])
        return _reached(rows, asked.get("status", ""))

    @property
    def on(self) -> int:
        return sum(value not in (None, "") for value in getattr(self, "cleaned_data", {}).values())


def _reached(rows: QuerySet[MissionTarget], asked: str) -> QuerySet[MissionTarget]:
    meetings = Appointment.objects.filter(mission=OuterRef("mission"), company=OuterRef("company"))
    met, hour = Exists(meetings.filter(status=Appointment.Status.HELD)), Exists(meetings.to_come())
    match asked:
        case "":
            return rows
        case "contacted":
            return rows.exclude(status=Status.NOT_SENT)
        case "answered":
            return rows.answered()  # type: ignore[attr-defined,no-any-return]
        case "unbooked":
            return rows.filter(~met, ~hour, status=Status.ACCEPTED)
        case "met":
            return rows.filter(met)
    return rows.filter(status=asked)


class AddForm(forms.Form):
    """Companies out of a saved view of their list, and how the asking begins for them."""

    view = MenuField(SavedView.objects.none(), label=_("Saved view of companies"), empty_label=_("Choose"))
    priority = forms.ChoiceField(label=_("Priority"), choices=MissionTarget.Priority.choices, initial="B")
    wave = forms.IntegerField(label=_("Wave"), min_value=1, max_value=20, initial=1)
    caller = MenuField(User.objects.none(), label=_("Caller"), required=False, empty_label=_("Nobody yet"))
    reason = forms.CharField(label=_("Why these companies"), max_length=200, required=False)

    def __init__(self, *args: Any, reader: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["view"].queryset = SavedView.objects.of_list("companies", reader)  # type: ignore[attr-defined]
        self.fields["caller"].queryset = User.objects.active().staff().order_by("name")  # type: ignore[attr-defined]


class CriterionForm(forms.ModelForm[Criterion]):
    class Meta:
        model = Criterion
        fields = ["name", "weight"]


CriteriaForms = inlineformset_factory(
    Mission, Criterion, CriterionForm, extra=2, max_num=MOST_CRITERIA, absolute_max=MOST_CRITERIA * 2, can_delete=True
)
