from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from threading import Thread

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from config.staff import clock
from leads.errors import GateClosed, NoteMissing, NotOpen, ReasonMissing, StaleEdit
from leads.models import Lead, Reason, Stage, StageChange
from leads.models.choices import Layer, Level, Status
from leads.pipeline import moves as pipeline
from leads.pipeline.readings import add_reading
from tests.companies.factories import CompanyFactory, CountryFactory, SectorFactory
from tests.leads.factories import LeadFactory, ReadingFactory, ReasonFactory, StageFactory
from tests.leads.ready import all_stages, ready_lead
from tests.staff.factories import TeamFactory, UserFactory

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 11, 23, 15, tzinfo=UTC)


def move(lead: Lead, stage: int, **words: object) -> Lead:
    return pipeline.move_to(lead, stage, **{"by": lead.owner, "seen_version": lead.version, **words})  # type: ignore[arg-type]


def test_a_move_is_logged_with_its_author_level_owner_and_team() -> None:
    mover, team = UserFactory(), TeamFactory()
    lead = ready_lead(owner=UserFactory(team=team), level=Level.NAMED, code_name="Proyecto Ceiba")

    with clock.set_to(MONDAY):
        move(lead, Stage.QUALIFIED, by=mover)

    change = StageChange.objects.get()
    assert (change.stage_before_id, change.stage_after_id) == (Stage.LEAD, Stage.QUALIFIED)
    assert (change.by, change.at, change.level) == (mover, MONDAY, Level.NAMED)
    assert (change.owner, change.team) == (lead.owner, team)


def test_a_move_counts_the_version_and_starts_the_stay() -> None:
    with clock.set_to(MONDAY):
        lead = move(ready_lead(), Stage.QUALIFIED)

    lead.refresh_from_db()
    assert (lead.version, lead.stage_since) == (2, MONDAY)


def test_a_second_time_changes_nothing() -> None:
    lead = ready_lead()
    move(lead, Stage.QUALIFIED)
    again = move(lead, Stage.QUALIFIED)  # still with the old version

    assert again.version == 2
    assert StageChange.objects.count() == 1


def test_a_stale_move_is_refused_and_names_who_was_quicker() -> None:
    lead, quicker = ready_lead(), UserFactory()
    with clock.set_to(MONDAY):
        move(lead, Stage.QUALIFIED, by=quicker)

    with pytest.raises(StaleEdit) as refused:
        move(lead, Stage.ACTIVE)

    assert (refused.value.seen_version, refused.value.current_version) == (1, 2)
    assert (refused.value.changed_by, refused.value.changed_at) == (quicker, MONDAY)
    assert StageChange.objects.count() == 1


def test_a_closed_gate_names_exactly_what_is_missing() -> None:
    lead = ready_lead(motives="", competitors="")

    with pytest.raises(GateClosed) as refused:
        move(lead, Stage.QUALIFIED)

    assert [requirement.field for requirement in refused.value.missing] == ["competitors", "motives"]
    assert not StageChange.objects.exists()


def test_a_manager_may_skip_a_gate_and_says_why() -> None:
    manager = UserFactory(manager_role=True)
    lead = move(ready_lead(motives=""), Stage.QUALIFIED, by=manager, override=True, note="Minister's visit")

    assert lead.stage_id == Stage.QUALIFIED
    assert StageChange.objects.filter(override=True, note="Minister's visit", by=manager).count() == 1


def test_the_log_names_what_was_skipped() -> None:
    move(ready_lead(motives=""), Stage.QUALIFIED, by=UserFactory(manager_role=True), override=True, note="Visit")

    assert StageChange.objects.get().skipped == ["motives"]


def test_a_manager_without_the_right_skips_no_gate() -> None:
    manager = UserFactory(manager_role=True, may_override_gates=False)

    with pytest.raises(PermissionDenied):
        move(ready_lead(motives=""), Stage.QUALIFIED, by=manager, override=True, note="Please")


def test_a_skipped_gate_needs_its_note() -> None:
    with pytest.raises(NoteMissing):
        move(ready_lead(motives=""), Stage.QUALIFIED, by=UserFactory(manager_role=True), override=True)


def test_an_officer_skips_no_gate() -> None:
    with pytest.raises(PermissionDenied):
        move(ready_lead(motives=""), Stage.QUALIFIED, override=True, note="Please")


def test_a_right_that_was_not_needed_is_not_logged_as_used() -> None:
    move(ready_lead(), Stage.QUALIFIED, by=UserFactory(manager_role=True), override=True, note="To be safe")

    assert not StageChange.objects.get().override


def test_going_back_needs_a_note() -> None:
    lead = ready_lead(Stage.ACTIVE)
    with pytest.raises(NoteMissing):
        move(lead, Stage.QUALIFIED)

    lead = move(lead, Stage.QUALIFIED, note="The plan was withdrawn")
    assert lead.stage_id == Stage.QUALIFIED


def test_qualified_is_the_day_of_the_first_time() -> None:
    with clock.set_to(MONDAY):
        lead = move(ready_lead(), Stage.ACTIVE)
    with clock.set_to(MONDAY + timedelta(days=9)):
        lead = move(move(lead, Stage.LEAD, note="Back"), Stage.QUALIFIED)

    assert lead.qualified_on == date(2026, 11, 23)


def test_a_decision_with_checked_evidence_wins() -> None:
    with clock.set_to(MONDAY):
        lead = move(ready_lead(Stage.SHORTLIST), Stage.DECISION)

    assert (lead.status, lead.decided_on, lead.committed_on) == (Status.WON, date(2026, 11, 23), date(2026, 11, 23))


def test_a_day_of_decision_that_was_given_stays() -> None:
    lead = move(ready_lead(Stage.SHORTLIST, decided_on=date(2026, 11, 2)), Stage.DECISION)

    assert lead.decided_on == date(2026, 11, 2)


def test_a_decision_without_a_check_is_not_won_yet() -> None:
    manager = UserFactory(manager_role=True)
    lead = ready_lead(Stage.SHORTLIST, verified_by=None)
    lead = move(lead, Stage.DECISION, by=manager, override=True, note="Board asks")

    assert (lead.status, lead.decided_on) == (Status.ACTIVE, None)

    lead = pipeline.check_evidence(lead, by=manager, seen_version=lead.version)
    assert (lead.status, lead.decided_on) == (Status.WON, clock.agency_today())
    assert StageChange.objects.filter(status_before=Status.ACTIVE, status_after=Status.WON).count() == 1


def test_the_owner_checks_no_evidence_of_their_own() -> None:
    lead = ready_lead(verified_by=None)

    with pytest.raises(PermissionDenied):
        pipeline.check_evidence(lead, by=lead.owner, seen_version=lead.version)


def test_nothing_can_be_checked_where_no_evidence_is() -> None:
    with pytest.raises(PermissionDenied):
        pipeline.check_evidence(ready_lead(verified_by=None, evidence=""), by=UserFactory(), seen_version=1)


def test_new_evidence_is_evidence_nobody_has_checked() -> None:
    lead = pipeline.save_facts(ready_lead(), {"evidence": "Another letter"}, seen_version=1)

    assert lead.verified_by is None


def test_an_operation_has_its_day() -> None:
    lead = move(ready_lead(Stage.DECISION, operational_on=date(2026, 11, 3)), Stage.OPERATIONAL)

    assert lead.operational_on == date(2026, 11, 3)


def test_a_project_that_goes_back_is_decided_no_more() -> None:
    lead = move(move(ready_lead(Stage.SHORTLIST), Stage.DECISION), Stage.SHORTLIST, note="The letter was a draft")

    assert (lead.status, lead.decided_on, lead.committed_on) == (Status.ACTIVE, None, None)


def test_a_move_wakes_a_dormant_lead() -> None:
    assert move(ready_lead(status=Status.DORMANT), Stage.QUALIFIED).status == Status.ACTIVE


@pytest.mark.parametrize("status", [Status.LOST, Status.DEAD, Status.DISQUALIFIED, Status.MERGED, Status.HANDED_OVER])
def test_what_has_ended_does_not_move(status: Status) -> None:
    with pytest.raises(NotOpen):
        move(ready_lead(status=status, reason=ReasonFactory()), Stage.QUALIFIED)


def test_undo_puts_everything_back_and_stays_in_the_log() -> None:
    lead = ready_lead(stage_since=MONDAY, created_at=MONDAY)
    Lead.objects.filter(pk=lead.pk).update(created_at=MONDAY)
    moved = move(lead, Stage.QUALIFIED)
    change = StageChange.objects.get()

    lead = pipeline.undo_move(lead, change.pk, by=lead.owner, seen_version=moved.version, note="Undone")

    lead.refresh_from_db()
    assert (lead.stage_id, lead.qualified_on, lead.stage_since, lead.version) == (Stage.LEAD, None, MONDAY, 3)
    assert StageChange.objects.filter(note="Undone", stage_after_id=Stage.LEAD).count() == 1


def test_undo_a_second_time_changes_nothing() -> None:
    lead = move(ready_lead(), Stage.QUALIFIED)
    change = StageChange.objects.get()
    for _ in range(2):
        lead = pipeline.undo_move(lead, change.pk, by=lead.owner, seen_version=2, note="Undone")

    assert StageChange.objects.count() == 2


def test_undo_is_for_ones_own_move() -> None:
    lead = move(ready_lead(), Stage.QUALIFIED)

    with pytest.raises(PermissionDenied):
        pipeline.undo_move(lead, StageChange.objects.get().pk, by=UserFactory(), seen_version=2, note="Undone")


def test_undo_is_refused_once_somebody_moved_on() -> None:
    lead = move(ready_lead(), Stage.QUALIFIED)
    first = StageChange.objects.get()
    move(lead, Stage.ACTIVE, by=UserFactory())

    with pytest.raises(StaleEdit):
        pipeline.undo_move(lead, first.pk, by=lead.owner, seen_version=2, note="Undone")


def change(lead: Lead, status: str, **why: object) -> Lead:
    return pipeline.change_status(lead, status, by=lead.owner, seen_version=lead.version, **why)  # type: ignore[arg-type]


def reason(kind: str) -> Reason:
    made: Reason = ReasonFactory(code=kind, kind=kind)
    return made


@pytest.mark.parametrize("status", [Status.LOST, Status.DEAD, Status.DISQUALIFIED])
def test_an_end_has_its_reason_and_day(status: Status) -> None:
    lead = change(ready_lead(), status, reason=reason(status), note="They said so")

    assert (lead.reason, lead.reason_note, lead.closed_on) == (reason(status), "They said so", clock.agency_today())


@pytest.mark.parametrize("status", [Status.ON_HOLD, Status.DELAYED, Status.LOST, Status.DEAD, Status.DISQUALIFIED])
def test_a_status_that_asks_for_a_reason_is_refused_without(status: Status) -> None:
    with pytest.raises(ReasonMissing):
        change(ready_lead(), status, review_on=MONDAY.date())


def test_a_reason_of_another_kind_does_not_do() -> None:
    with pytest.raises(ReasonMissing):
        change(ready_lead(), Status.LOST, reason=reason(Status.DEAD))


def test_on_hold_needs_a_day_for_the_next_look() -> None:
    with pytest.raises(ReasonMissing):
        change(ready_lead(), Status.ON_HOLD, reason=reason(Status.ON_HOLD))

    lead = change(ready_lead(), Status.ON_HOLD, reason=reason(Status.ON_HOLD), review_on=date(2027, 1, 15))
    assert lead.review_on == date(2027, 1, 15)


def test_lost_says_to_whom() -> None:
    country = CountryFactory()
    lead = change(ready_lead(), Status.LOST, reason=reason(Status.LOST), lost_to_country=country, lost_to_city="Austin")

    assert (lead.lost_to_country, lead.lost_to_city) == (country, "Austin")


def test_a_changed_status_is_logged_with_its_reason() -> None:
    lead = change(ready_lead(), Status.DEAD, reason=reason(Status.DEAD), note="No money")

    row = lead.stage_changes.get()
    assert (row.status_before, row.status_after, row.note) == (Status.ACTIVE, Status.DEAD, "No money")
    assert (row.stage_before_id, row.stage_after_id) == (Stage.LEAD, Stage.LEAD)


def test_the_same_status_twice_is_one_change() -> None:
    lead = ready_lead()
    for _ in range(2):
        pipeline.change_status(lead, Status.DEAD, by=lead.owner, seen_version=1, reason=reason(Status.DEAD))

    assert StageChange.objects.count() == 1


def test_a_reason_may_be_corrected_later() -> None:
    lead = change(ready_lead(), Status.LOST, reason=reason(Status.LOST))
    lead = change(lead, Status.LOST, reason=ReasonFactory(code="talent"))

    assert lead.reason == ReasonFactory(code="talent")
    assert StageChange.objects.count() == 2


def test_further_reasons_stand_beside_the_main_one() -> None:
    talent, english = ReasonFactory(code="talent"), ReasonFactory(code="english")
    lead = change(ready_lead(), Status.LOST, reason=talent, other_reasons=[english, talent])

    assert (lead.reason, list(lead.other_reasons.all())) == (talent, [english])
    assert lead.stage_changes.get().other_reasons == ["english"]


def test_a_further_reason_of_another_kind_does_not_do() -> None:
    with pytest.raises(ReasonMissing):
        change(ready_lead(), Status.LOST, reason=reason(Status.LOST), other_reasons=[reason(Status.DEAD)])


def test_a_further_reason_told_later_is_a_change() -> None:
    lead = change(ready_lead(), Status.LOST, reason=reason(Status.LOST))
    lead = change(lead, Status.LOST, reason=reason(Status.LOST), other_reasons=[ReasonFactory(code="talent")])

    assert lead.stage_changes.count() == 2
    assert lead.stage_changes.first().is_correction  # type: ignore[union-attr]


def test_the_log_keeps_where_it_was_lost_to_when_it_is_open_again() -> None:
    country = CountryFactory()
    lead = change(ready_lead(), Status.LOST, reason=reason(Status.LOST), lost_to_country=country, lost_to_city="Austin")
    lead = change(lead, Status.ACTIVE)

    lost = lead.stage_changes.get(status_after=Status.LOST)
    assert (lead.lost_to_country, lost.lost_to_country, lost.lost_to_city) == (None, country, "Austin")


def test_a_stale_change_of_status_is_refused() -> None:
    lead = ready_lead()
    move(lead, Stage.QUALIFIED)

    with pytest.raises(StaleEdit):
        change(lead, Status.DEAD, reason=reason(Status.DEAD))


def test_reopening_clears_the_reason_and_keeps_the_log() -> None:
    lead = change(ready_lead(Stage.ACTIVE), Status.LOST, reason=reason(Status.LOST), lost_to_city="Austin")
    lead = change(lead, Status.ACTIVE)

    assert (lead.status, lead.stage_id, lead.reason, lead.closed_on, lead.lost_to_city) == (
        *(Status.ACTIVE, Stage.ACTIVE, None, None),
        "",
    )
    assert StageChange.objects.count() == 2


def test_a_project_reopened_is_won_as_before() -> None:
    lead = move(ready_lead(Stage.SHORTLIST), Stage.DECISION)
    lead = change(change(lead, Status.DEAD, reason=reason(Status.DEAD)), Status.ACTIVE)

    assert lead.status == Status.WON


@pytest.mark.parametrize("status", [Status.WON, Status.MERGED])
def test_won_and_merged_are_not_chosen_by_hand(status: Status) -> None:
    with pytest.raises(PermissionDenied):
        change(ready_lead(), status)


def test_a_lead_opens_at_stage_one_with_its_first_row() -> None:
    all_stages()
    officer, company = UserFactory(), CompanyFactory(sector=SectorFactory())
    lead = pipeline.open_lead(company, by=officer, title="Second site")

    assert (lead.stage_id, lead.owner, lead.sector_id) == (Stage.LEAD, officer, company.sector_id)
    assert lead.stage_changes.get().stage_before is None


def test_a_stale_edit_of_facts_writes_nothing() -> None:
    lead = ready_lead()
    move(lead, Stage.QUALIFIED)

    with pytest.raises(StaleEdit):
        pipeline.save_facts(lead, {"motives": "Other"}, seen_version=1)
    assert Lead.objects.get().motives == "Talent"


def reading_of(lead: Lead, dated_on: date, jobs: int, layer: Layer = Layer.ANNOUNCED) -> object:
    return ReadingFactory.build(lead=None, layer=layer, jobs=jobs, dated_on=dated_on)


def test_a_newer_reading_makes_the_older_one_history() -> None:
    lead = LeadFactory()
    add_reading(lead, reading_of(lead, date(2026, 1, 1), 100), by=lead.owner)  # type: ignore[arg-type]
    add_reading(lead, reading_of(lead, date(2026, 5, 1), 80), by=lead.owner)  # type: ignore[arg-type]

    assert [(row.jobs, row.is_current) for row in lead.readings.order_by("dated_on")] == [(100, False), (80, True)]


def test_an_older_reading_typed_later_is_history_at_once() -> None:
    lead = LeadFactory()
    add_reading(lead, reading_of(lead, date(2026, 5, 1), 80), by=lead.owner)  # type: ignore[arg-type]
    add_reading(lead, reading_of(lead, date(2026, 1, 1), 100), by=lead.owner)  # type: ignore[arg-type]

    assert lead.readings.get(is_current=True).jobs == 80


def test_layers_stand_side_by_side() -> None:
    lead = LeadFactory()
    add_reading(lead, reading_of(lead, date(2026, 1, 1), 100), by=lead.owner)  # type: ignore[arg-type]
    add_reading(lead, reading_of(lead, date(2026, 5, 1), 80, Layer.COMMITTED), by=lead.owner)  # type: ignore[arg-type]

    assert lead.readings.filter(is_current=True).count() == 2


def test_the_owner_verifies_no_figures_of_their_own() -> None:
    lead = LeadFactory()

    with pytest.raises(PermissionDenied):
        add_reading(lead, reading_of(lead, date(2026, 5, 1), 80, Layer.VERIFIED), by=lead.owner)  # type: ignore[arg-type]


@pytest.mark.django_db(transaction=True)
def test_of_many_moves_at_once_each_accepted_one_is_logged_once() -> None:
    lead = ready_lead(Stage.LEAD)
    people = UserFactory.create_batch(5)

    def push(number: int) -> None:
        for _ in range(10):
            now = Lead.objects.get(pk=lead.pk)
            stage = 1 + (now.stage_id + number) % 5
            with suppress(StaleEdit):
                pipeline.move_to(now, stage, by=people[number], seen_version=now.version, note="Race")
        connection.close()

    threads = [Thread(target=push, args=[number]) for number in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    lead.refresh_from_db()
    log = list(lead.stage_changes.order_by("pk"))
    assert lead.version - 1 == len(log)
    assert [row.stage_before_id for row in log[1:]] == [row.stage_after_id for row in log[:-1]]
    assert log[-1].stage_after_id == lead.stage_id


def test_the_stages_number_and_not_their_names_means_something() -> None:
    lead = ready_lead(Stage.SHORTLIST)
    StageFactory(number=Stage.DECISION)
    Stage.objects.update(name_en="Renamed", name_es="Renombrada")

    assert move(lead, Stage.DECISION).status == Status.WON
