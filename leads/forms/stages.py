"""What an administrator may change of the pipeline: the words, odds and norms of a stage, and when a fact is asked."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from config.staff.editing import VersionedForm
from leads.models import GateFact, Stage
from leads.pipeline.gate_rules import Rule


class StageForm(VersionedForm[Stage]):
    class Meta:
        model = Stage
        fields = ["name_en", "name_es", "probability", "norm_days"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["norm_days"].widget.attrs["max"] = 32767


class GateFactForm(VersionedForm[GateFact]):
    class Meta:
        model = GateFact
        fields = ["is_asked", "first", "last", "limit", "sentence_en", "sentence_es"]

    def __init__(self, *args: Any, rule: Rule, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if rule.limit is None:
            del self.fields["limit"]
        else:
            self.fields["limit"] = forms.IntegerField(
                label=self.fields["limit"].label, min_value=1, max_value=600, initial=rule.limit
            )
        words = _("Leave empty for the usual words.")
        self.fields["sentence_en"].help_text = self.fields["sentence_es"].help_text = words
