from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from companies.forms.company import DAY
from companies.models import Rate
from companies.rates import MOST, MOST_LINES, Line, Problem, read, usd_of
from config.staff import clock

SHOWN_PROBLEMS = 20


class QuotedForm(forms.Form):
    quoted = forms.ChoiceField(
        label=_("How the rate is quoted"),
        choices=[
            ("per_dollar", _("Units for one dollar, as the peso is")),
            ("usd", _("Dollars for one unit, as the euro is")),
        ],
        initial="per_dollar",
        widget=forms.RadioSelect,
    )
    source = forms.CharField(label=_("Who says so"), max_length=120, required=False)

    @property
    def per_dollar(self) -> bool:
        return bool(self.cleaned_data.get("quoted") == "per_dollar")


class RateForm(QuotedForm):
    """One rate of one day."""

    day = forms.DateField(label=_("Day"), widget=DAY)
    currency = forms.CharField(label=_("Currency"), max_length=3, help_text=_("Three letters, for example COP or EUR."))
    value = forms.DecimalField(label=_("Rate"), max_digits=18, decimal_places=10, min_value=0, localize=True)

    field_order = ("day", "currency", "quoted", "value", "source")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["day"].initial = clock.agency_today()

    def clean_currency(self) -> str:
        currency = str(self.cleaned_data["currency"]).upper()
        Rate.CURRENCY(currency)
        if currency == "USD":
            raise forms.ValidationError(_("A dollar is a dollar; it needs no rate."))
        return currency

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or self.cleaned_data
        value = found.get("value")
        if value is not None:
            found["usd"] = usd_of(value, per_dollar=self.per_dollar) if value else value
            if not 0 < found["usd"] < MOST:
                self.add_error("value", _("Give a rate above zero that a currency can have."))
        return found

    def line(self) -> Line:
        given = self.cleaned_data
        return Line(1, given["currency"], given["day"], given["usd"])


class RatesForm(QuotedForm):
    """Many at once, pasted out of a sheet."""

    lines = forms.CharField(
        label=_("Day, currency and rate, one a line"),
        max_length=200_000,
        widget=forms.Textarea(attrs={"rows": 8, "placeholder": "2026-11-25  COP  4123.45"}),
        help_text=_("Parted by tabs, semicolons or blanks, as they are copied out of a spreadsheet."),
    )

    field_order = ("lines", "quoted", "source")

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or self.cleaned_data
        text = found.get("lines")
        if text and found.get("quoted"):
            found["read"], problems = read(text, per_dollar=self.per_dollar)
            self._tell(problems, len(text.splitlines()))
        return found

    def _tell(self, problems: list[Problem], count: int) -> None:
        if count > MOST_LINES:
            self.add_error("lines", _("At most %(n)s lines at once.") % {"n": MOST_LINES})
        for problem in problems[:SHOWN_PROBLEMS]:
            told = {"n": problem.number, "words": problem.words}
            self.add_error("lines", _("Line %(n)s: %(words)s") % told)
        if len(problems) > SHOWN_PROBLEMS:
            self.add_error("lines", _("And %(n)s more.") % {"n": len(problems) - SHOWN_PROBLEMS})
