from django import forms
from django.utils.translation import gettext_lazy as _

from leads.models import RetentionRule
from leads.models.retention import Keeps

# People are for years; what is a week old may still be in somebody's hands.
LEAST = {Keeps.REVIEW: 180, Keeps.PEOPLE: 365, Keeps.VOICE: 7, Keeps.PICTURES: 7}
MOST = 36_500


class RetentionRuleForm(forms.ModelForm[RetentionRule]):
    days = forms.IntegerField(label=_("Days that it is kept"), max_value=MOST)

    class Meta:
        model = RetentionRule
        fields = ["days"]

    def clean_days(self) -> int:
        days: int = self.cleaned_data["days"]
        least = LEAST[Keeps(self.instance.of)]
        if days < least:
            raise forms.ValidationError(_("Keep it for %(days)s days at least."), params={"days": least})
        return days


class PurgeForm(forms.Form):
    """The number that was shown, and a word that one means it."""

    count = forms.IntegerField(widget=forms.HiddenInput)
    sure = forms.BooleanField(label=_("I have looked at the simulated run and want to purge these."))
