import pytest
from django.test import RequestFactory

from companies import charts
from companies.charts import Bar, Chart

ORIGINS = Chart("Projects by origin", [Bar("España", 46, "46"), Bar("España", 3, "3"), Bar("<b>&", None, "–")])
YEARS = Chart("By year", [Bar("2025", 40, "40"), Bar("2026", 22, "22")], in_time=True, goal=30, goal_words="Goal 30")


@pytest.mark.parametrize("theme", ["light", "dark", "print", "file"])
@pytest.mark.parametrize("chart", [ORIGINS, YEARS, Chart("Nothing", [])], ids=lambda chart: chart.title)
def test_a_chart_is_drawn_for_every_ground_without_anything_that_acts(chart: Chart, theme: str) -> None:
    drawn = charts.svg(chart, theme=theme).decode()

    assert drawn.startswith("<svg")
    assert not any(forbidden in drawn for forbidden in ("<script", "<style", "href", "<b>"))


def test_every_bar_bears_its_number_and_two_of_one_name_stay_two() -> None:
    drawn = charts.svg(ORIGINS).decode()

    assert drawn.count(">España<") == 2
    assert all(f">{shown}<" in drawn for shown in ("46", "3", "–"))


def test_a_goal_is_named_once() -> None:
    assert charts.svg(YEARS).decode().count("Goal 30") >= 1


def test_numbers_too_long_for_their_columns_are_left_to_the_table() -> None:
    long = Chart("Months", [Bar(f"m{n}", n, f"{n}.000.000") for n in range(1, 13)], in_time=True)

    assert "5.000.000" not in charts.svg(long, width=charts.THIN).decode()


def test_a_picture_to_take_along_bears_its_title() -> None:
    answer = charts.answer(RequestFactory().get("/", {"take": "1"}), YEARS, "svg")

    assert b"By year" in answer.content
    assert "by-year.svg" in answer.headers["Content-Disposition"]


def test_a_picture_comes_as_png_too() -> None:
    assert charts.answer(RequestFactory().get("/"), YEARS, "png").content.startswith(b"\x89PNG")


def test_who_has_the_picture_already_is_told_so_until_a_number_changes() -> None:
    mark = charts.answer(RequestFactory().get("/"), YEARS, "svg").headers["ETag"]
    again = RequestFactory().get("/", headers={"If-None-Match": mark})
    grown = Chart(YEARS.title, [Bar("2025", 41, "41")], in_time=True)

    assert charts.answer(again, YEARS, "svg").status_code == 304
    assert charts.answer(again, grown, "svg").status_code == 200
