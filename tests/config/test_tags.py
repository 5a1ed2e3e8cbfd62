from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone, translation

from config.staff import clock
from config.templatetags.charts import Bar

NOON = datetime(2026, 11, 23, 17, tzinfo=UTC)


def drawn(source: str, **context: object) -> str:
    return Template("{% load puente charts %}" + source).render(Context(context)).replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("language", "amount", "words"),
    [
        ("en", Decimal("5600000"), "USD 5.6 M"),
        ("es", Decimal("5600000"), "USD 5,6 M"),
        ("en", Decimal("700000000"), "USD 700 M"),
        ("en", Decimal("1250000000"), "USD 1.3 bn"),
        ("es", Decimal("1250000000"), "USD 1.250 M"),
        ("en", Decimal("9400"), "USD 9,400"),
        ("en", Decimal("10040000"), "USD 10 M"),
        ("en", 0, "USD 0"),
        ("en", Decimal("-2500000"), "USD -2.5 M"),
    ],
)
def test_money_is_short_in_the_readers_language(language: str, amount: object, words: str) -> None:
    with translation.override(language):
        assert drawn("{{ amount|money }}", amount=amount) == words


@pytest.mark.parametrize("tag", ["money", "number", "whole_money", "day", "unknown"])
def test_what_nobody_knows_is_a_dash_and_never_nought(tag: str) -> None:
    with translation.override("en"):
        assert drawn("{{ value|" + tag + " }}", value=None) == '<abbr class="unknown" title="Not known">–</abbr>'


@pytest.mark.parametrize(
    ("away", "words"), [(-3, "3 days ago"), (-1, "yesterday"), (0, "today"), (1, "tomorrow"), (5, "in 5 days")]
)
def test_a_day_is_said_as_people_say_it(away: int, words: str) -> None:
    with clock.set_to(NOON), translation.override("en"):
        assert f">{words}</time>" in drawn("{{ day|day }}", day=(NOON + timedelta(days=away)).date())


def test_a_moment_belongs_to_the_day_of_the_place() -> None:
    late = datetime(2026, 11, 24, 3, tzinfo=UTC)  # still the 23rd in California
    with clock.set_to(NOON), translation.override("en"), timezone.override("America/Los_Angeles"):
        assert ">today</time>" in drawn("{{ moment|day }}", moment=late)


def test_a_moment_is_told_by_the_clocks_of_a_place() -> None:
    with translation.override("es"):
        assert ">09:00</time>" in drawn("{% local_time moment 'America/Los_Angeles' 'time' %}", moment=NOON)


def test_a_query_keeps_the_filters_and_drops_the_page() -> None:
    request = RequestFactory().get("/companies/?country=US&after=abc")

    assert drawn("{% query sort='name' %}", request=request) == "?country=US&amp;sort=name"


def test_a_query_drops_what_is_set_to_nothing() -> None:
    request = RequestFactory().get("/companies/?country=US")

    assert drawn("{% query country=None %}", request=request) == "/companies/"


def test_interest_says_its_word_beside_the_sign() -> None:
    with translation.override("en"):
        assert "Warm" in drawn("{% interest 'warm' %}")


def test_a_label_cannot_bring_its_own_html() -> None:
    assert "<b>" not in drawn("{% pill label %}", label="<b>x</b>")


def test_initials_are_of_the_first_and_the_last_name() -> None:
    assert drawn("{{ name|initials }}", name="ximena de la Torre") == "XT"


def test_a_bar_without_a_number_has_no_length() -> None:
    page = drawn("{% bar_chart 'Leads' bars %}", bars=[Bar("Known", 4), Bar("Unknown", None)])

    assert page.count('class="bar" width="0%"') == 1


def test_a_chart_of_nothing_says_so() -> None:
    with translation.override("en"):
        assert "Nothing to count yet." in drawn("{% bar_chart 'Leads' bars %}", bars=[])


@pytest.mark.parametrize("language", ["es", "en"])
def test_the_numbers_of_a_drawing_keep_their_points(language: str) -> None:
    with translation.override(language):
        page = drawn("{% column_chart 'Years' bars %}", bars=[Bar("2025", 1.5), Bar("2026", 4)])

    assert 'y="96.5"' in page


def test_a_run_of_one_is_no_line() -> None:
    assert drawn("{% sparkline values 'words' %}", values=[4, None]) == ""


def test_menu_escapes_what_it_offers_and_keeps_its_groups() -> None:
    drawn = forms.Select(choices=[("a", "A & B"), ("More", [("<c>", "C")])]).render("letter", "a")

    assert '<option value="a" selected>A &amp; B</option>' in drawn
    assert '<optgroup label="More"><option value="&lt;c&gt;">C</option></optgroup>' in drawn
