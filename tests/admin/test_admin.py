import re
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db import models
from django.forms import Select, SelectMultiple
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from companies.look_alike_scan import scan
from companies.models import Company
from config.staff.admin.record import RecordAdmin
from config.staff.models import User
from tests.companies.factories import CityFactory, CompanyFactory, ContactFactory, EmailFactory, SectorFactory
from tests.config.world import CODE_NAME, SECRET, secret_lead
from tests.leads.factories import FollowUpFactory, InteractionFactory, LeadFactory
from tests.staff.factories import UserFactory

pytestmark = pytest.mark.django_db
REGISTERED = sorted(admin.site._registry.values(), key=lambda each: each.model._meta.label)
LABELS = [each.model._meta.label for each in REGISTERED]


@pytest.fixture
def administrator() -> User:
    user: User = UserFactory(administrator=True)
    return user


@pytest.fixture
def inside(client: Client, administrator: User) -> Client:
    client.force_login(administrator)
    return client


def address(model: type[models.Model] | models.Model, page: str = "changelist", *args: Any) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def test_every_model_of_ours_is_registered_and_nothing_else() -> None:
    ours = {
        model
        for app in ("staff", "companies", "missions", "leads")
        for model in apps.get_app_config(app).get_models()
        if not any(field.name == "pgh_id" for field in model._meta.fields)
    }

    assert set(admin.site._registry) == ours


@pytest.mark.parametrize("each", REGISTERED, ids=LABELS)
def test_every_list_is_shown_and_searched(inside: Client, each: Any) -> None:
    assert isinstance(each, RecordAdmin)
    for query in ("", "?q=glob", "?q=%00", "?q=" + "x" * 3000, "?after=junk", "?before=junk"):
        assert inside.get(address(each.model) + query).status_code == 200, query


@pytest.mark.walk
@pytest.mark.parametrize("each", REGISTERED, ids=LABELS)
def test_no_page_of_a_record_tells_of_a_hidden_lead(inside: Client, each: Any) -> None:
    secret_lead()
    record = each.model._default_manager.first()
    pages = [address(each.model), address(each.model) + "?q=ceiba"]
    if record is not None:
        pages += [address(each.model, page, record.pk) for page in ("change", "history", "delete")]

    for page in pages:
        answer = inside.get(page, follow=True)
        assert answer.status_code in {200, 403}
        text = answer.content.decode()
        assert SECRET not in text, page
        assert CODE_NAME not in text, page
    if each.search_fields:
        assert inside.get(address(each.model), {"q": SECRET}).context["cl"].result_count == 0


@pytest.mark.parametrize("each", REGISTERED, ids=LABELS)
def test_no_form_lists_a_whole_table(rf: RequestFactory, administrator: User, each: Any) -> None:
    request = rf.get("/")
    request.user = administrator
    for name, field in each.get_form(request, None).base_fields.items():
        widget = field.widget.widget if isinstance(field.widget, RelatedFieldWidgetWrapper) else field.widget
        if hasattr(field, "queryset") and type(widget) in {Select, SelectMultiple}:
            assert getattr(admin.site._registry[field.queryset.model], "is_short", False), name


def test_a_list_pages_by_key_and_back(inside: Client) -> None:
    for number in range(120):
        CompanyFactory(name=f"Company {number:03}")

    first = inside.get(address(Company)).content.decode()
    [after] = re.findall(r'href="(\?after=[^"]+)" rel="next"', first)
    second = inside.get(address(Company) + after).content.decode()
    [before] = re.findall(r'href="(\?before=[^"]+)" rel="prev"', second)

    assert "Company 049" in first
    assert "Company 050" not in first
    assert "Company 050" in second
    assert "Company 049" in inside.get(address(Company) + before).content.decode()
    assert "OFFSET" not in _queries(inside, address(Company) + after)


def _queries(client: Client, url: str) -> str:
    from django.db import connection  # noqa: PLC0415

    with CaptureQueriesContext(connection) as seen:
        client.get(url)
    return "\n".join(query["sql"] for query in seen.captured_queries)


@pytest.mark.parametrize("model", ["companies.company", "leads.lead", "leads.interaction", "leads.followup"])
def test_a_list_costs_the_same_queries_for_many_as_for_few(inside: Client, model: str) -> None:
    def grow() -> None:
        lead = LeadFactory(company__owner=UserFactory(), company__sector=SectorFactory())
        FollowUpFactory(lead=lead, company=lead.company)
        InteractionFactory(company=lead.company, lead=lead)

    page = address(apps.get_model(model))
    grow()
    inside.get(page)
    few = _queries(inside, page).count("\n")
    for _ in range(8):
        grow()

    assert _queries(inside, page).count("\n") == few


def test_the_company_list_is_searched_like_everything_else(inside: Client) -> None:
    CompanyFactory(name="Peñalosa & Núñez Ltda.")
    CompanyFactory(name="Globant")

    page = inside.get(address(Company) + "?q=penaloza+nunez").content.decode()

    assert "Peñalosa" in page
    assert "Globant" not in page


def test_a_picker_of_the_admin_offers_what_the_search_finds(inside: Client) -> None:
    company = CompanyFactory(name="Globant")
    asked = {"app_label": "companies", "model_name": "position", "field_name": "company", "term": "globnt"}

    answer = inside.get(reverse("admin:autocomplete"), asked)

    assert answer.json()["results"] == [{"id": str(company.pk), "text": "Globant"}]


def company_form(client: Client, company: Company, **changes: Any) -> dict[str, Any]:
    form = client.get(address(company, "change", company.pk)).context["adminform"].form
    typed = {name: form[name].value() or "" for name in form.fields}
    management = {f"names-{name}": "0" for name in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS")}
    return {**typed, **management, **changes}


def test_a_record_is_changed_and_its_version_counts_on(inside: Client) -> None:
    company = CompanyFactory(name="Before")

    inside.post(address(company, "change", company.pk), company_form(inside, company, name="After"))

    company.refresh_from_db()
    assert (company.name, company.version) == ("After", 2)


def test_a_stale_change_is_refused_and_keeps_what_was_typed(inside: Client) -> None:
    company = CompanyFactory(name="Before")
    typed = company_form(inside, company, name="Mine")
    Company.objects.filter(pk=company.pk).update(name="Theirs", version=2)

    answer = inside.post(address(company, "change", company.pk), typed)

    company.refresh_from_db()
    assert company.name == "Theirs"
    assert 'value="Mine"' in answer.content.decode()
    assert "Theirs" in answer.content.decode()


def test_states_are_read_only(rf: RequestFactory, administrator: User) -> None:
    request = rf.get("/")
    request.user = administrator
    for label, names in {
        "leads.Lead": {"stage", "status", "level", "decided_on", "reason"},
        "leads.FollowUp": {"state", "closed_at"},
        "missions.Mission": {"status"},
        "missions.Appointment": {"status", "level"},
        "staff.User": {"role", "is_active", "password"},
        "companies.Contact": {"objected_at"},
        "companies.Company": {"archived_at", "merged_into", "parent"},
    }.items():
        each = admin.site._registry[apps.get_model(label)]
        assert not names & set(each.get_form(request, LeadFactory() if label == "leads.Lead" else None).base_fields)


def test_history_says_who_changed_what(inside: Client, administrator: User) -> None:
    company = CompanyFactory(name="Before")
    inside.post(address(company, "change", company.pk), company_form(inside, company, name="After"))

    page = inside.get(address(company, "history", company.pk)).content.decode()

    assert "<del>Before</del>" in page
    assert administrator.name in page


def test_a_record_that_others_point_at_is_not_deleted(inside: Client) -> None:
    lead = LeadFactory()

    page = inside.post(address(lead.company, "delete", lead.company.pk), {"post": "yes"}).content.decode()

    assert "Other records still point here" in page
    assert Company.objects.filter(pk=lead.company.pk).exists()


def test_a_record_that_is_not_there_leads_home(inside: Client) -> None:
    for number in ("7777", "x", "9" * 40, "%00"):
        assert inside.get(f"/admin/companies/company/{number}/change/").status_code in {302, 404}
        assert inside.post(f"/admin/companies/company/{number}/change/").status_code in {302, 404}


def test_a_rule_of_the_database_is_told_in_the_form(inside: Client) -> None:
    contact = ContactFactory()
    form = inside.get(address(contact, "change", contact.pk)).context["adminform"].form
    typed = {name: form[name].value() or "" for name in form.fields} | {"given_name": "", "family_name": ""}
    for prefix in ("positions", "contact_points"):
        typed |= {f"{prefix}-{name}_FORMS": "0" for name in ("TOTAL", "INITIAL", "MIN_NUM", "MAX_NUM")}

    answer = inside.post(address(contact, "change", contact.pk), typed)

    assert "Give at least one name." in answer.content.decode()


@pytest.mark.parametrize("junk", ["\0", "x" * 10_000])
def test_junk_gets_a_sentence(inside: Client, junk: str) -> None:
    company = CompanyFactory(name="Before")
    typed = company_form(inside, company, name=junk, domain=junk)

    answer = inside.post(address(company, "change", company.pk), typed)

    assert answer.status_code == 200
    assert answer.context["errors"]


def test_officers_and_strangers_do_not_get_in(client: Client) -> None:
    assert client.get("/admin/").status_code == 302
    client.force_login(UserFactory(manager_role=True))
    assert client.get("/admin/", follow=True).status_code in {403, 404}


def test_the_admins_login_is_everybodys_login(client: Client) -> None:
    answer = client.get("/admin/login/?next=/admin/")

    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/login/")


def test_the_policy_forbids_nothing_that_the_pages_carry(inside: Client) -> None:
    company = CompanyFactory()
    for page in ("/admin/", address(Company), address(company, "change", company.pk)):
        text = inside.get(page).content.decode()
        assert "<style" not in text, page
        assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*type=.application/json)[^>]*>\s*\S", text), page
        assert not re.search(r"<[^>]+\sstyle=", text), page


def test_each_tile_opens_the_list_that_it_counts(inside: Client) -> None:
    gone = UserFactory()
    for number in range(3):
        CompanyFactory(name=f"Bare {number}", owner=gone)
    LeadFactory(owner=gone)
    FollowUpFactory(owner=gone)
    EmailFactory(bounced_at="2026-11-01T00:00:00Z", contact=ContactFactory())
    CompanyFactory(name="Archived", archived_at="2026-11-01T00:00:00Z")
    gone.close(at=CompanyFactory().created_at)
    CityFactory()

    for tile in inside.get("/admin/").context["tiles"]:
        answer = inside.get(tile.url)
        assert answer.status_code == 200
        if "cl" in (answer.context or {}):
            assert answer.context["cl"].result_count == tile.count, tile.label


def test_the_look_alikes_stand_on_their_own_screen(inside: Client) -> None:
    CompanyFactory(name="Moove It, Inc.")
    CompanyFactory(name="MOOVE-IT S.A.S.")
    scan(seconds=30)

    assert inside.get("/admin/look-alikes/").headers["Location"] == "/look-alikes/"
    assert inside.get("/admin/").context["tiles"][0].count == 1
