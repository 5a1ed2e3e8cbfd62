from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from companies.models import City, Company, CompanyName
from companies.pickers import PickField
from companies.web_domains import bare_domain
from config.staff.editing import VersionedForm
from config.staff.models import User

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class CompanyForm(VersionedForm[Company]):
    parent = PickField(Company.objects.none(), label=_("Parent company"), required=False)

    class Meta:
        model = Company
        fields = [
            "name",
            "kind",
            "domain",
            "sector",
            "activity",
            "origin_country",
            "seat_country",
            "legal_country",
            "city",
            "owner",
            "parent",
            "installed_since",
            "legal_name",
            "tax_id",
            "description",
        ]
        widgets = {"installed_since": DAY, "description": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, reader: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = Company.objects.visible_to(reader).current()  # type: ignore[attr-defined]
        self.fields["owner"].queryset = User.objects.active().staff()  # type: ignore[attr-defined]
        self.fields["city"].queryset = City.objects.order_by("name")  # type: ignore[attr-defined]

    def clean_domain(self) -> str:
        return bare_domain(self.cleaned_data["domain"])


class FactForm(CompanyForm):
    """One field of a company."""

    def __init__(self, *args: Any, only: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = {only, "version", "seen"}
        for name in [name for name in self.fields if name not in kept]:
            del self.fields[name]
        seen = {only: self.initial.get(only)}
        self._carry(self.instance.version, seen)
        self.fields[only].widget.attrs["autofocus"] = True


class CompanyNameForm(forms.ModelForm[CompanyName]):
    class Meta:
        model = CompanyName
        fields = ["name", "kind", "valid_from", "valid_to"]
        widgets = {"valid_from": DAY, "valid_to": DAY}
