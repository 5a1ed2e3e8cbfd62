"""The rules of the house that a reader of the code would otherwise have to remember."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

ROOT = Path(__file__).resolve().parent.parent.parent
ROOMS = ("config", "companies", "missions", "leads")
# They ask the machine for the time because it is theirs: the clock itself, and what runs outside of Django.
OWN_TIME = ("config/staff/clock.py", "config/embedded/")


def sources() -> Iterator[Path]:
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            if "migrations" not in path.parts and "node_modules" not in path.parts:
                yield path


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def calls_of(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func)


def test_only_the_clock_knows_the_time() -> None:
    forbidden = re.compile(r"(^|\.)(datetime\.now|datetime\.today|date\.today|datetime\.utcnow|timezone\.now|Now)$")

    askers = [
        f"{named(path)}: {call}"
        for path in sources()
        if not named(path).startswith(OWN_TIME)
        for call in calls_of(ast.parse(path.read_text()))
        if forbidden.search(call)
    ]

    assert askers == []


def test_words_are_called_by_names_that_the_extractor_knows() -> None:
    """`makemessages` passes by a word in a call that it does not know, and the page says it in English."""
    unknown = [
        f"{named(path)}: {name.name} as {name.asname}"
        for path in sources()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for name in node.names
        if name.name.endswith(("gettext", "gettext_lazy")) and name.asname not in (None, "_")
    ]

    assert unknown == []


def test_no_model_signal_is_used() -> None:
    forbidden = re.compile(r"django\.db\.models\.signals|django\.dispatch")

    assert [named(path) for path in sources() if forbidden.search(path.read_text())] == []


def test_no_record_points_at_anything_generic() -> None:
    ours = [model for room in (*ROOMS[1:], "staff") for model in apps.get_app_config(room).get_models()]

    assert not [model for model in ours if any(f.name == "content_type" for f in model._meta.get_fields())]


@pytest.mark.parametrize("template", sorted((ROOT / "templates").rglob("*.html")), ids=str)
def test_no_template_breaks_the_content_security_policy(template: Path) -> None:
    text = template.read_text()
    if template.parts[-2] == "mail":
        return  # a mail program knows no style sheet of ours

    assert not re.search(
        r"<style|\sstyle=|\son\w+=|<script(?![^>]*\b(src|type=\"application/json\"))|hx-on|\"js:", text
    )


def test_every_migration_has_a_name() -> None:
    files = [path.name for room in ROOMS for path in (ROOT / room).rglob("migrations/0*.py")]

    assert [name for name in files if "_auto_" in name] == []


def test_every_constraint_is_named_as_its_rule() -> None:
    ours = [model for room in (*ROOMS[1:], "staff") for model in apps.get_app_config(room).get_models()]

    names = [constraint.name for model in ours for constraint in model._meta.constraints]

    assert [name for name in names if name.count("_") < 2] == []


def test_every_record_that_people_change_keeps_its_history() -> None:
    kept = {
        model._meta.label
        for room in (*ROOMS[1:], "staff")
        for model in apps.get_app_config(room).get_models()
        if hasattr(model, "pgh_event_model") or "pgh_id" in {f.name for f in model._meta.get_fields()}
    }
    # Logs, which are written once, and what jobs write about themselves.
    logs = {
        "companies.BulkEdit",
        "companies.BulkEditRow",
        "companies.ColumnShape",
        "companies.Export",
        "companies.ContactLookAlike",
        "companies.Import",
        "companies.ImportRow",
        "companies.ImportWrite",
        "companies.LookAlike",
        "companies.LookAlikeWalk",
        "companies.MergeLog",
        "companies.NotTheSame",
        "companies.NotTheSameContact",
        "companies.PersonalAct",
        "missions.AttendeeImport",
        "leads.StageChange",
        "leads.CaseStep",
        "leads.Stay",
        "leads.Reserve",
        "leads.Reminder",
        "leads.Booklet",
        "leads.BookletPart",
        "leads.Paper",
        "leads.DebriefMark",
        "leads.Delivery",
        "leads.DeliveryItem",
        "leads.EventAnchor",
        "leads.InboundMail",
        "leads.LeadView",
        "leads.OpeningFault",
        "leads.PersonReview",
        "leads.Purge",
        "leads.QualityCount",
        "staff.MailAttempt",
        "staff.PostAttempt",
        "staff.PushDevice",
        "staff.Heartbeat",
    }
    ours = {
        model._meta.label
        for room in (*ROOMS[1:], "staff")
        for model in apps.get_app_config(room).get_models()
        if not model._meta.label.endswith("Event")
    } | {"missions.Event"}

    assert ours - kept - logs == set()


def test_every_foreign_key_says_what_deletion_does_in_words_of_django() -> None:
    ours = [model for room in (*ROOMS[1:], "staff") for model in apps.get_app_config(room).get_models()]

    silent = [
        f"{model._meta.label}.{field.name}"
        for model in ours
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey)
        and field.remote_field.on_delete is models.DO_NOTHING
        and not field.name.startswith("pgh_")
        and not model._meta.label.endswith("Event")
        and model._meta.managed  # nothing is deleted from what the database reads out of other tables
    ]

    assert silent == []
