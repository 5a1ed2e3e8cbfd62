import pytest
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.utils import translation
from django.views.defaults import bad_request, permission_denied, server_error
from pytest_django import DjangoAssertNumQueries

from tests.staff.factories import UserFactory


@pytest.mark.django_db
def test_a_form_that_expired_says_that_nothing_is_lost() -> None:
    answer = Client(enforce_csrf_checks=True, headers={"accept-language": "en"}).post(
        "/login/", {"login": "a@b.example"}
    )

    assert answer.status_code == 403
    assert "nothing is lost" in answer.text


@pytest.mark.django_db
def test_a_fault_of_ours_is_told_without_the_database(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with translation.override("en"), django_assert_num_queries(0):
        assert "Something went wrong on our side" in server_error(HttpRequest()).content.decode()


@pytest.mark.django_db
def test_every_fault_has_a_page_of_ours(rf: RequestFactory) -> None:
    request = rf.get("/")
    request.user = UserFactory(guest=True)
    pages = [bad_request(request, ValueError()), permission_denied(request, PermissionError())]

    assert all('class="plain"' in page.content.decode() for page in pages)


@pytest.mark.django_db
def test_too_many_tries_are_told_to_wait(client: Client) -> None:
    for _ in range(31):
        answer = client.get("/invitation/never-was/", headers={"accept-language": "en"})

    assert answer.status_code == 429
    assert "Try again in a few minutes" in answer.text
