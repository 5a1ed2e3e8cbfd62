from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from config.staff import clock
from leads.letters.words import unknown_names
from leads.models import Cadence, CadenceStep
from missions.models import Event

MOST_STEPS = 60


class StepForm(forms.ModelForm[CadenceStep]):
    class Meta:
        model = CadenceStep
        fields = (
            *("trigger", "kind", "offset", "unit", "text_en", "text_es", "owner_rule", "is_message"),
            *("channel", "subject_es", "body_es", "subject_en", "body_en"),
        )
        widgets = {
            "trigger": forms.HiddenInput,
            "body_en": forms.Textarea(attrs={"rows": 6}),
            "body_es": forms.Textarea(attrs={"rows": 6}),
        }

    WORDS = ("subject_es", "body_es", "subject_en", "body_en")

    def clean(self) -> dict[str, Any]:
        """A mail draft is a message, and has its words in both languages; who is written to decides which."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("channel") == CadenceStep.Channel.MAIL:
            cleaned["is_message"] = True
            for name in self.WORDS:
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, _("A mail draft needs its words in both languages."))
        for name in ("body_es", "body_en"):
            # As browsers send lines; left so, an untouched draft would differ and a mail have no paragraphs.
            cleaned[name] = (cleaned.get(name) or "").replace("\r\n", "\n")
        for name in self.WORDS:
            unknown = unknown_names(cleaned.get(name) or "")
            if unknown:
                self.add_error(name, _("Nobody knows what {%(name)s} stands for.") % {"name": unknown[0]})
        return cleaned

    @property
    def is_blank(self) -> bool:
        """A row without words that nobody filled in, or that somebody emptied, is no step."""
        return self.is_bound and not any(self[name].data for name in ("offset", "text_en", "text_es"))

    def has_changed(self) -> bool:
        return not self.is_blank and super().has_changed()


class StepFormSet(forms.BaseFormSet[StepForm]):
    """All steps of a draft, and an empty row after each kind of meeting."""

    def _construct_form(self, i: int, **words: Any) -> StepForm:
        form: StepForm = super()._construct_form(i, **words)  # type: ignore[misc]
        form.empty_permitted = form.is_blank
        return form

    def clean(self) -> None:
        seen: set[tuple[str, str]] = set()
        for form in self._kept():
            key = (form.cleaned_data.get("trigger", ""), form.cleaned_data.get("kind", ""))
            if key in seen:
                form.add_error("kind", _("There is a step of this kind already; change that one."))
            seen.add(key)

    def steps(self) -> list[CadenceStep]:
        names = StepForm.Meta.fields
        return [CadenceStep(**{name: form.cleaned_data[name] for name in names}) for form in self._kept()]

    def _kept(self) -> list[StepForm]:
        return [form for form in self.forms if not form.is_blank and not form.cleaned_data.get("DELETE")]

    def groups(self) -> list[tuple[str, list[StepForm]]]:
        """By the kind of meeting, in the order that they are read."""
        return [
            (str(trigger.label), [form for form in self.forms if form["trigger"].value() == trigger.value])
            for trigger in CadenceStep.Trigger
        ]


def steps_formset(steps: list[CadenceStep], data: Any = None) -> StepFormSet:
    made: Any = forms.formset_factory(
        StepForm,
        formset=StepFormSet,
        extra=0,
        can_delete=True,
        max_num=MOST_STEPS,
        validate_max=True,
        absolute_max=MOST_STEPS * 2,
    )
    initial = [{name: getattr(step, name) for name in StepForm.Meta.fields} for step in steps]
    initial += [{"trigger": trigger.value, "unit": CadenceStep.Unit.DAYS} for trigger in CadenceStep.Trigger]
    formset: StepFormSet = made(data, initial=initial, prefix="steps")
    return formset


class CadenceForm(forms.ModelForm[Cadence]):
    class Meta:
        model = Cadence
        fields = ("name",)

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if Cadence.objects.filter(name__iexact=name).exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("There is a cadence of this name already."))
        return name


class EventForm(forms.Form):
    """An event that is not over and whose meetings shall follow this cadence."""

    event = forms.ModelChoiceField(Event.objects.none(), label=_("Event"), empty_label=_("Choose an event"))

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        coming = Event.objects.filter(ends_at__gt=clock.now(), cancelled_at=None).order_by("starts_at", "pk")
        field: Any = self.fields["event"]
        field.queryset = coming
