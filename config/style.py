"""A page that shows every piece of the look with names too long for it; only where nobody works for real."""

from datetime import timedelta
from decimal import Decimal

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from config.staff import clock
from config.templatetags.charts import Bar

LONG = "Sociedad Internacional de Telecomunicaciones Aeronáuticas y Desarrollos Biotecnológicos del Pacífico S.A.S."


class StyleForm(forms.Form):
    name = forms.CharField(label="Name", help_text="As it stands in the chamber's register.")
    country = forms.ChoiceField(label="Country", choices=[("", "–"), ("US", "United States"), ("CO", LONG)])
    day = forms.DateField(label="Promised by", widget=forms.DateInput(attrs={"type": "date"}))
    outcome = forms.ChoiceField(
        label="Outcome",
        widget=forms.RadioSelect,
        choices=[
            ("held", "Held"),
            ("no", "They did not come"),
            ("off", "Cancelled"),
            ("later", "Moved"),
            ("by", "In passing"),
        ],
    )
    note = forms.CharField(label="What was said", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    restricted = forms.BooleanField(label="Only for the people named on it", required=False)


def show(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    context = {
        "long": LONG,
        "form": StyleForm(initial={"outcome": "held"}),
        "wrong": StyleForm(data={"name": "", "country": "US", "day": "31 of never", "outcome": "held"}, prefix="wrong"),
        "moments": [now, now + timedelta(days=1), now - timedelta(days=3), now + timedelta(days=40), None],
        "amounts": [
            Decimal("5600000"),
            Decimal("713400000"),
            Decimal("1250000000"),
            Decimal("9400"),
            Decimal("0"),
            None,
        ],
        "bars": [
            Bar("Lead", 310, href="?stage=1"),
            Bar("Qualified opportunity", 122, href="?stage=2"),
            Bar(LONG, 41, note="41 of 52 known"),
            Bar("Site visit", 3),
            Bar("Shortlist, negotiation", 0),
            Bar("Decision", None),
        ],
        "years": [Bar(str(year), value) for year, value in zip(range(2010, 2027), range(3, 37, 2), strict=True)],
        "run": [3, 5, 4, 8, None, 9, 12],
        "range": range(4),
    }
    return render(request, "style.html", context)
