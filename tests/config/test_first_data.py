import pytest

from companies.models import City, Country, Municipality
from config.first_data.load import load_first_data
from config.staff.zones import validate_zone
from leads.models import Cadence, CadenceStep, Reason, Stage

pytestmark = pytest.mark.django_db


def test_a_second_load_adds_nothing() -> None:
    load_first_data()

    assert load_first_data() == 0


def test_what_an_administrator_changed_stays(first_data: None) -> None:
    Stage.objects.filter(number=Stage.LEAD).update(name_es="Contacto")
    Reason.objects.filter(code="talent").delete()

    assert load_first_data() == 1
    assert Stage.objects.get(number=Stage.LEAD).name_es == "Contacto"


def test_an_agency_with_a_default_cadence_keeps_it() -> None:
    Cadence.objects.create(name="Nuestra", is_default=True)

    load_first_data()

    assert Cadence.objects.get().name == "Nuestra"


def test_the_default_cadence_is_that_of_the_trade(first_data: None) -> None:
    steps = CadenceStep.objects.filter(version__cadence__is_default=True, version__published_at__isnull=False)

    assert set(steps.values_list("trigger", "kind", "offset", "unit", "is_message")) == {
        ("hot", "thank_you", 1, "working_days", True),
        ("hot", "material", 3, "working_days", True),
        ("hot", "call", 7, "days", False),
        ("hot", "check", 30, "days", False),
        ("warm", "thank_you", 1, "working_days", True),
        ("warm", "material", 7, "days", True),
        ("warm", "call", 30, "days", False),
        ("warm", "check", 90, "days", False),
        ("cold", "thank_you", 2, "working_days", True),
        ("cold", "check", 90, "days", False),
        ("no_show", "reinvite", 1, "working_days", True),
    }


def test_every_city_has_a_zone_that_exists(first_data: None) -> None:
    for zone in City.objects.values_list("zone", flat=True):
        validate_zone(zone)


def test_the_whole_valle_is_there(first_data: None) -> None:
    assert Municipality.objects.filter(department="Valle del Cauca").count() == 42


def test_countries_are_named_in_both_languages(first_data: None) -> None:
    states = Country.objects.get(code="US")

    assert (states.name_en, states.name_es) == ("United States", "Estados Unidos")
    assert 245 <= Country.objects.count() <= 252
