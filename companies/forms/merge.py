from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from companies.pickers import PickField


class MergeForm(forms.Form):
    """The two records of a merge."""

    def __init__(self, *args: Any, records: QuerySet[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["survivor"] = PickField(records, label=_("Keep"))
        self.fields["loser"] = PickField(
            records, label=_("Merge into it"), help_text=_("Its address will lead to the one that is kept.")
        )

    def clean(self) -> dict[str, Any]:
        survivor, loser = self.cleaned_data.get("survivor"), self.cleaned_data.get("loser")
        if survivor and survivor == loser:
            self.add_error("loser", _("That is one and the same record."))
        return self.cleaned_data
