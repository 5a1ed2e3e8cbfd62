"""Figures of a project at one layer, and how its jobs are shared among municipalities."""

from decimal import Decimal
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from companies.menus import MenuField
from companies.models import Municipality, Rate
from config.staff.models import User
from leads.forms.move import Day
from leads.models import Lead, Reading, ReadingShare
from leads.models.choices import Layer

SHARES_OFFERED = 4
MOST_SHARES = 20
RATE_PLACES = 10


class ReadingForm(forms.ModelForm[Reading]):
    class Meta:
        model = Reading
        fields = (
            *("layer", "dated_on", "source", "evidence", "evidence_note"),
            *("jobs", "jobs_unknown", "jobs_safeguarded", "jobs_indirect", "indirect_method"),
            *("capex", "capex_unknown", "currency", "usd_rate", "rate_on"),
        )
        help_texts = {
            "jobs_indirect": _("Computed, shown as such, and in no total."),
            "currency": _("Three letters, for example USD, COP or EUR."),
        }

    def __init__(self, data: Any = None, *, user: User, lead: Lead, **words: Any) -> None:
        super().__init__(data, **words)
        self.fields["dated_on"] = Day(label=self.fields["dated_on"].label)
        self.fields["rate_on"] = Day(label=self.fields["rate_on"].label, required=False)
        self.fields["usd_rate"] = forms.DecimalField(
            label=self.fields["usd_rate"].label,
            max_digits=18,
            decimal_places=RATE_PLACES,
            min_value=Decimal("0.0000000001"),
            max_value=Decimal(1000),
            required=False,
            help_text=_("Leave it empty to take the stored rate of the figure's day."),
        )
        self.fields["capex"] = forms.DecimalField(
            label=self.fields["capex"].label, max_digits=17, decimal_places=2, min_value=0, required=False
        )
        if user.pk == lead.owner_id:
            layers: Any = self.fields["layer"]
            layers.choices = [("", "---------"), *((v, w) for v, w in Layer.choices if v != Layer.VERIFIED)]
            layers.help_text = _("Verified figures come from somebody other than the owner.")

    def of_what(self) -> list[BoundField]:
        return self._some("layer", "dated_on", "source", "evidence", "evidence_note")

    def of_jobs(self) -> list[BoundField]:
        return self._some("jobs", "jobs_unknown", "jobs_safeguarded", "jobs_indirect", "indirect_method")

    def of_capex(self) -> list[BoundField]:
        return self._some("capex", "capex_unknown", "currency", "usd_rate", "rate_on")

    def _some(self, *names: str) -> list[BoundField]:
        return [self[name] for name in names]

    def clean_currency(self) -> str:
        currency = str(self.cleaned_data["currency"]).upper()
        if not (len(currency) == 3 and currency.isascii() and currency.isalpha()):
            raise forms.ValidationError(_("Give the three letters of the currency, for example COP."))
        return currency

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        if found.get("currency") == "USD":
            found["usd_rate"], found["rate_on"] = Decimal(1), None
        elif found.get("capex") is not None and found.get("currency"):
            self._need_rate(found)
        found["usd_rate"] = found.get("usd_rate") or Decimal(1)
        if found.get("layer") == Layer.VERIFIED and not found.get("evidence"):
            self.add_error("evidence", _("Verified figures name their evidence."))
        if found.get("jobs_indirect") is None:
            found["indirect_method"] = ""
        for amount in ("jobs", "capex"):
            self._known_or_not(found, amount)
        return found

    def _need_rate(self, found: dict[str, Any]) -> None:
        """The rate that was typed, or else the stored one of the day; the figure keeps it."""
        if found.get("usd_rate"):
            found["rate_on"] = found.get("rate_on") or found.get("dated_on")
        elif "usd_rate" not in self.errors and found.get("dated_on"):
            rate = Rate.of(found["currency"], found["dated_on"])
            if rate:
                found["usd_rate"], found["rate_on"] = round(rate.usd, RATE_PLACES), rate.day
            else:
                self.add_error("usd_rate", _("No rate of that day is stored: type how many USD one unit was worth."))

    def _known_or_not(self, found: dict[str, Any], amount: str) -> None:
        if amount in self.errors:
            return
        known, unknown = found.get(amount) is not None, found.get(f"{amount}_unknown")
        if known and unknown:
            self.add_error(amount, _("Give the figure or say that nobody knows it, not both."))
        elif not known and not unknown:
            self.add_error(amount, _("Give the figure, or say that nobody knows it."))


class ShareForm(forms.Form):
    municipality = MenuField(Municipality.objects.all(), label=_("Municipality"), required=False)
    jobs = forms.IntegerField(label=_("Jobs there"), min_value=0, max_value=2**31 - 1, required=False)

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or self.cleaned_data
        there, jobs = found.get("municipality"), found.get("jobs")
        if there and jobs is None and "jobs" not in self.errors:
            self.add_error("jobs", _("Say how many jobs are there."))
        if jobs is not None and not there and "municipality" not in self.errors:
            self.add_error("municipality", _("Say in which municipality."))
        return found


class BaseShares(forms.BaseFormSet[ShareForm]):
    """Rows that were left empty say nothing."""

    jobs: int | None = None

    def told(self) -> list[ReadingShare]:
        if not self.is_bound:
            return []
        given = [form.cleaned_data for form in self.forms if form.cleaned_data.get("municipality")]
        return [ReadingShare(municipality=row["municipality"], jobs=row["jobs"]) for row in given]

    def clean(self) -> None:
        if any(self.errors):
            return
        shares = self.told()
        if len({share.municipality_id for share in shares}) < len(shares):
            raise forms.ValidationError(_("Each municipality stands here once."))
        together = sum(share.jobs for share in shares)
        if shares and together != self.jobs:
            known = "–" if self.jobs is None else self.jobs
            raise forms.ValidationError(
                _("The municipalities have %(together)s jobs in all, and the figure says %(jobs)s."),
                params={"together": together, "jobs": known},
            )


def shares_formset(data: Any, *, jobs: int | None, before: list[ReadingShare]) -> BaseShares:
    kind: Any = forms.formset_factory(
        ShareForm, formset=BaseShares, extra=SHARES_OFFERED, max_num=MOST_SHARES, absolute_max=MOST_SHARES
    )
    initial = [{"municipality": share.municipality_id, "jobs": share.jobs} for share in before]
    told = data if data is not None and "shares-TOTAL_FORMS" in data else None
    formset: BaseShares = kind(told, prefix="shares", initial=initial)
    formset.jobs = jobs
    return formset
