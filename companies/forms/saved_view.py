from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from companies.models import SavedView
from config.staff.models import User


class SavedViewForm(forms.ModelForm[SavedView]):
    is_first = forms.BooleanField(
        label=_("Begin with it"), required=False, help_text=_("This list opens with this view for you.")
    )

    class Meta:
        model = SavedView
        fields = ["name", "sharing"]
        widgets = {"sharing": forms.RadioSelect}

    def __init__(self, *args: Any, reader: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.may_change = self.instance.may_be_changed_by(reader)
        self.fields["is_first"].initial = getattr(self.instance, "is_first", False)
        if not self.may_change:
            del self.fields["name"], self.fields["sharing"]
        elif not reader.team_id:
            kinds = [choice for choice in SavedView.Sharing.choices if choice[0] != SavedView.Sharing.TEAM]
            self.fields["sharing"].choices = kinds  # type: ignore[attr-defined]

    def _post_clean(self) -> None:
        """Names the owner and the list, which the form does not show, too."""
        super()._post_clean()  # type: ignore[misc]
        if not self.errors and self.may_change:
            try:
                self.instance.validate_constraints()
            except forms.ValidationError as fault:
                self.add_error("name", forms.ValidationError(fault.messages))
