"""What is looked up once says the same as what Django looks up each time."""

import pytest
from django.template import engines
from django.urls import reverse
from django.utils import translation

from config.staff.addresses import address
from leads.models import Lead
from leads.models.choices import Status


def drawn(source: str, **context: object) -> str:
    return engines["django"].from_string("{% load i18n %}" + source).render(context)


@pytest.mark.parametrize(
    "source",
    ["{% translate 'Companies' %}", "{% translate 'Companies' as words %}{{ words }}", "{% trans 'Companies' %}"],
)
def test_fixed_words_follow_the_language_of_each_reader(source: str) -> None:
    template = engines["django"].from_string("{% load i18n %}" + source)
    said = []
    for language in ("es", "en", "es"):
        with translation.override(language):
            said.append(template.render())

    assert said == ["Empresas", "Companies", "Empresas"]


def test_words_that_come_from_the_page_are_looked_up_each_time() -> None:
    template = engines["django"].from_string("{% load i18n %}{% translate words %}")

    with translation.override("es"):
        assert [template.render({"words": words}) for words in ("Companies", "Leads")] == ["Empresas", "Leads"]


def test_fixed_words_know_what_they_are_about() -> None:
    with translation.override("es"):
        assert drawn("{% translate 'Log' context 'button' %}") == translation.pgettext("button", "Log")


def test_a_label_follows_the_language() -> None:
    lead = Lead(status=Status.WON)
    said = []
    for language in ("es", "en"):
        with translation.override(language):
            said.append((lead.get_status_display(), str(Status.WON.label)))

    assert [one for one, _other in said] == [other for _one, other in said]
    assert len(set(said)) == 2


def test_a_value_without_a_label_is_shown_as_it_is() -> None:
    assert Lead(status="unheard of").get_status_display() == "unheard of"


def test_an_address_is_that_of_its_route() -> None:
    assert address("leads:detail", 12) == reverse("leads:detail", args=[12])
