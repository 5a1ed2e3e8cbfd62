from django import forms
from django.utils.translation import gettext_lazy as _


class TravelForm(forms.Form):
    """The way between two towns. Without minutes it is guessed again."""

    one = forms.CharField(label=_("From"), max_length=120, required=False)
    other = forms.CharField(label=_("To"), max_length=120, required=False)
    minutes = forms.IntegerField(label=_("Minutes"), min_value=0, max_value=2880, required=False)

    def clean(self) -> dict[str, object]:
        given = self.cleaned_data
        if given.get("minutes") is not None and not (given.get("one") and given.get("other")):
            raise forms.ValidationError(_("Name both towns."))
        return given


TravelForms = forms.formset_factory(TravelForm, extra=1, max_num=80)
