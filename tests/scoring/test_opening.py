"""점수 개봉: two sign-ins, one box, and after it nothing that makes the figures changes."""

from datetime import timedelta
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select, update

from evalcomm.applications.models import Application, Screening
from evalcomm.committee import services as committee_services
from evalcomm.committee.models import ConflictAct
from evalcomm.committee.queries import get_membership
from evalcomm.foundation.actor import Role
from evalcomm.foundation.database import db, transaction
from evalcomm.foundation.errors import Conflict, Invalid, Refused, StaleVersion
from evalcomm.notices.models import Message
from evalcomm.programs.models import Phase
from evalcomm.scoring import policies, queries, services
from evalcomm.scoring.box import Box
from evalcomm.scoring.models import FixedPoints, Opening
from tests.conftest import SettableClock
from tests.factories import NOW, actor_for, make_user
from tests.pages import check_page, client_for, open_page, post
from tests.scoring.world import (
    IN_DELIBERATION,
    World,
    decide,
    enter_fixed,
    file,
    full_draft,
    make_world,
    open_scores,
    score,
    score_everything,
)


@pytest.fixture
def world(app: Flask) -> World:
    """Three members and two applications, all scored, fixed points entered."""
    made = make_world(members=3, applications=2)
    score_everything(made)
    enter_fixed(made)
    return made


def ask(world: World, person: object = None) -> None:
    with transaction():
        services.request_opening(bench=world.bench, actor=actor_for(person or world.secretary), at=IN_DELIBERATION)  # type: ignore[arg-type]


def confirm(world: World, person: object, **options: object) -> Opening:
    with transaction():
        return services.confirm_opening(
            bench=world.bench,
            actor=actor_for(person),
            **{"at": IN_DELIBERATION, **options},  # type: ignore[arg-type]
        )


def is_open(world: World) -> bool:
    db.session.rollback()
    return queries.is_opened(world.track.id)


def test_one_person_alone_opens_nothing(world: World) -> None:
    ask(world)

    with pytest.raises(Refused, match="opening_needs_second_person"):
        confirm(world, world.secretary)
    assert not is_open(world)


def test_a_second_secretary_opens_with_an_own_sign_in(world: World) -> None:
    ask(world)

    opening = confirm(world, world.second)

    assert (opening.opened_by_id, opening.witness_id) == (world.secretary.id, world.second.id)
    assert is_open(world)


def test_the_chair_may_be_the_witness_and_another_member_may_not(world: World) -> None:
    ask(world)

    with pytest.raises(Refused, match="role_needed"):
        confirm(world, world.members[1])
    assert confirm(world, world.members[0]).witness_id == world.members[0].id


def test_nobody_else_asks_or_witnesses(world: World) -> None:
    for person in (world.members[0], world.auditor, make_user(Role.ADMINISTRATOR), make_user(Role.APPLICANT)):
        with pytest.raises(Refused):
            ask(world, person)
    ask(world)
    for person in (world.auditor, make_user(Role.ADMINISTRATOR), make_user(Role.APPLICANT)):
        with pytest.raises(Refused):
            confirm(world, person)


def test_without_a_request_or_after_a_day_there_is_nothing_to_confirm(world: World) -> None:
    with pytest.raises(Refused, match="opening_not_requested"):
        confirm(world, world.second)
    ask(world)

    with pytest.raises(Refused, match="opening_not_requested"):
        confirm(world, world.second, at=IN_DELIBERATION + timedelta(hours=24, seconds=1))
    assert confirm(world, world.second, at=IN_DELIBERATION + timedelta(hours=24)).id


def test_those_who_may_witness_are_told_and_the_one_who_asks_is_not(world: World) -> None:
    ask(world)

    told = set(db.session.scalars(select(Message.user_id).where(Message.key.like("scoring.opening:%"))))

    assert told == {world.second.id, world.members[0].id}


def test_what_is_opened_is_what_was_asked_for(world: World) -> None:
    ask(world)
    with transaction():
        services.enter_fixed_points(
            application=db.session.get_one(Application, world.applications[0].id),
            entries={world.rubric.bonuses[0].id: services.Entry(Decimal(1), "확인서")},
            actor=actor_for(world.second),
            at=NOW,
        )

    with pytest.raises(StaleVersion, match="opening_box_changed"):
        confirm(world, world.second)
    ask(world)
    with pytest.raises(StaleVersion, match="opening_box_changed"):
        confirm(world, world.second, sha256="0" * 64)  # another box than the page showed
    confirm(world, world.second)


def test_the_box_lists_by_hash_and_holds_no_score(world: World) -> None:
    box = queries.assemble_box(world.bench)
    figures = {
        figure
        for place in range(3)
        for figure in (
            full_draft(world.rubric, place).tally(world.rubric).shown,
            *full_draft(world.rubric, place).entries.values(),
        )
    }

    text = str({**box.to_json(), "fixed": []})

    assert Box.of_json(box.to_json()) == box
    assert box.count("scored") == 6
    assert not [figure for figure in figures if f"'{figure}'" in text]


def test_nobody_is_screened_out_once_the_figures_are_known(app: Flask, world: World, clock: SettableClock) -> None:
    """The run divides among those that compete, so a verdict after the opening would choose who gets the money."""
    clock.instant = IN_DELIBERATION
    open_scores(world)
    office, application = client_for(app, world.secretary), world.applications[0]

    page = open_page(office, f"/applications/{application.id}")
    assert "이미 점수를 개봉하였습니다" in page
    assert "판정 저장" not in page
    post(office, f"/applications/{application.id}/screening", {"verdict": "ineligible", "reason": "뒤늦게"}, status=403)

    db.session.rollback()
    assert db.session.get_one(Screening, application.id).verdict == "eligible"


@pytest.mark.parametrize("verdict", [None, "supplement"])
def test_nothing_is_opened_before_everybody_is_screened(
    app: Flask, world: World, clock: SettableClock, verdict: str | None
) -> None:
    clock.instant = IN_DELIBERATION
    first = world.applications[0]
    with transaction() as session:
        screening = session.get_one(Screening, first.id)
        if verdict is None:
            session.delete(screening)
        else:
            screening.verdict, screening.reason = verdict, "확약서가 없음"

    at = f"/tracks/{world.track.id}/rounds/{world.call.rounds[0].id}/opening"
    page = open_page(client_for(app, world.secretary), at)
    assert f'href="/applications/{first.id}"' in page
    assert f"처음 것: {first.number}" in page
    with pytest.raises(Conflict, match="opening_with_unscreened"):
        open_scores(world)


@pytest.mark.parametrize("case", ["phase", "sheets", "conflict", "fixed", "empty"])
def test_what_stands_in_the_way_is_said_before_and_refused_at_the_verb(app: Flask, case: str) -> None:
    made = make_world(members=2, applications=0 if case == "empty" else 1)
    if case in {"phase", "conflict", "fixed"}:
        score_everything(made)
    if case in {"phase", "sheets", "conflict"}:
        enter_fixed(made)
    if case == "conflict":
        file(made, 1, 0, ConflictAct.CHALLENGE)
    at = NOW if case in {"phase", "sheets"} else IN_DELIBERATION
    if case == "sheets":
        with transaction() as session:  # a scoring phase that is still open when figures may be opened
            session.execute(update(Phase).where(Phase.kind == "deliberation").values(opens_at=NOW - timedelta(days=1)))

    expected = {
        "phase": "phase_secretariat_sees_figures_not_yet",
        "sheets": "opening_with_sheets_outstanding",
        "conflict": "opening_with_pending_conflicts",
        "fixed": "opening_without_fixed_points",
        "empty": "opening_without_applications",
    }[case]
    with pytest.raises((Refused, Conflict), match=expected), transaction():
        services.request_opening(bench=made.bench, actor=actor_for(made.secretary), at=at)


def test_when_the_phase_is_over_what_is_missing_stays_missing(app: Flask) -> None:
    made = make_world(members=2, applications=1)
    score(made, 0, 0, full_draft(made.rubric))
    enter_fixed(made)

    open_scores(made)

    table = queries.opened_table(made.bench)
    assert [cell.mark for cell in table.rows[0].cells] == ["scored", "missing"]
    assert table.rows[0].mean == full_draft(made.rubric).tally(made.rubric).shown


def test_opened_once_for_good(world: World) -> None:
    open_scores(world)

    with pytest.raises(Refused, match="scores_opened_already"):
        ask(world)
    with pytest.raises(Refused, match="scores_opened_already"):
        confirm(world, world.second)


def test_after_the_opening_nothing_that_makes_the_figures_changes(world: World) -> None:
    open_scores(world)
    before = queries.opened_table(world.bench).sha256
    application = db.session.get_one(Application, world.applications[0].id)

    with pytest.raises(Refused, match="scores_opened_already"):
        enter_fixed(world)
    with pytest.raises(Refused), transaction():
        services.reopen_sheet(desk=world.desk(1, 0), reason="오기", actor=actor_for(world.secretary), at=NOW)
    for act in ConflictAct:
        with pytest.raises(Conflict, match="scores_opened_already"):
            file(world, 1, 0, act)
    with pytest.raises(Conflict, match="scores_opened_already"), transaction():
        committee_services.dismiss(
            membership=get_membership(world.seats[1].id), reason="사유", actor=actor_for(world.secretary), at=NOW
        )
    with transaction() as session:  # what other rooms may still do to an application
        session.execute(update(Application).where(Application.id == application.id).values(requested_won=1))
        changed = {"verdict": "ineligible", "reason": "나중에 확인"}
        session.execute(update(Screening).where(Screening.application_id == world.applications[1].id).values(**changed))

    assert queries.opened_table(world.bench).sha256 == before


def test_an_evaluator_who_comes_too_late_is_told_so(app: Flask) -> None:
    made = make_world(members=2, applications=1)
    score_everything(made)
    enter_fixed(made)
    with transaction():
        services.reopen_sheet(desk=made.desk(1, 0), reason="오기", actor=actor_for(made.secretary), at=NOW)
    open_scores(made)

    sheet = made.desk(1, 0).sheet
    assert sheet is not None
    with pytest.raises(Refused, match="scores_opened_already"), transaction():
        services.submit_sheet(desk=made.desk(1, 0), tag=sheet.draft_tag, actor=made.actor(1), at=NOW)


def test_the_pages_of_both_people(app: Flask, world: World, clock: SettableClock) -> None:
    at = f"/tracks/{world.track.id}/rounds/{world.call.rounds[0].id}/opening"
    one, other, chair = (client_for(app, person) for person in (world.secretary, world.second, world.members[0]))
    assert "점수는 개봉 전까지 볼 수 없습니다" in open_page(one, at)

    clock.instant = IN_DELIBERATION
    post(one, at)
    assert "입회하고 개봉" not in open_page(one, at)
    post(one, f"{at}/confirmation", {"sha256": queries.assemble_box(world.bench).sha256}, status=403)
    assert "이름으로 입회하고 개봉" in open_page(chair, at)
    post(other, f"{at}/confirmation", {"sha256": queries.assemble_box(world.bench).sha256})

    assert is_open(world)
    assert world.second.name in open_page(one, at)
    open_page(client_for(app, world.members[1]), at, status=403)


def test_the_page_leads_to_what_stands_in_the_way(app: Flask, clock: SettableClock) -> None:
    made = make_world(members=2, applications=2)
    score_everything(made)
    at = f"/tracks/{made.track.id}/rounds/{made.call.rounds[0].id}/opening"
    office, chair = client_for(app, made.secretary), client_for(app, made.members[0])
    clock.instant = IN_DELIBERATION
    item, first = made.rubric.fixed_items[0], made.applications[0]

    page = f"/scoring/applications/{first.id}/fixed-points"
    assert f'href="{page}#points-{item.id}"' in open_page(office, at)
    assert f'id="points-{item.id}"' in open_page(office, page)
    assert page not in open_page(chair, at), "the chair enters nothing"
    enter_fixed(made)
    file(made, 1, 0, ConflictAct.CHALLENGE)
    assert f'href="/committees/{made.bench.panel.id}"' in open_page(office, at)


def test_everything_wrong_with_fixed_points_is_told_at_once(app: Flask, world: World, clock: SettableClock) -> None:
    clock.instant = NOW
    page = f"/scoring/applications/{world.applications[0].id}/fixed-points"
    item, adjustment = world.rubric.fixed_items[0], world.rubric.adjustments[0]
    typed = {
        f"points-{item.id}": "99",
        f"evidence-{item.id}": " ",
        f"points-{adjustment.id}": "",
        f"evidence-{adjustment.id}": "확약서\t3쪽",
    }

    text = post(client_for(app, world.secretary), page, typed, status=422).get_data(as_text=True)

    check_page(text, page)
    for fault in ("점까지", "증빙을 적어 주십시오", "점수를 적거나 증빙을 비워"):
        assert fault in text
    assert 'value="99"' in text
    assert 'value="확약서 3쪽"' in text


def test_a_page_that_shows_an_old_box_opens_nothing(app: Flask, world: World, clock: SettableClock) -> None:
    at = f"/tracks/{world.track.id}/rounds/{world.call.rounds[0].id}/opening"
    clock.instant = IN_DELIBERATION
    ask(world)
    conflict = file(world, 2, 1)
    decide(world, conflict)

    post(client_for(app, world.second), f"{at}/confirmation", {"sha256": "0" * 64})

    assert not is_open(world)
    assert "개봉 대상이 바뀌었습니다" in open_page(client_for(app, world.second), at)


# ---- fixed points


def entry(points: str, evidence: str = "확인서") -> services.Entry:
    return services.Entry(Decimal(points), evidence)


def enter(world: World, **entries: services.Entry) -> list[FixedPoints]:
    with transaction():
        return services.enter_fixed_points(
            application=db.session.get_one(Application, world.applications[0].id),
            entries=entries,
            actor=actor_for(world.secretary),
            at=NOW,
        )


def test_fixed_points_are_kept_in_versions_and_the_last_counts(world: World) -> None:
    assert enter(world, site=entry("12")) == []  # as entered before
    (changed,) = enter(world, site=entry("13.5", "등기부등본"))

    assert changed.version == 2
    assert queries.fixed_points([world.applications[0].id])[world.applications[0].id, "site"].points == Decimal("13.5")
    history = queries.history_of_fixed_points(world.applications[0].id)
    assert [(row.item, row.version) for row in history if row.item == "site"] == [("site", 2), ("site", 1)]


def test_a_penalty_is_negative_however_it_is_typed(world: World) -> None:
    enter(world, permit_delay=entry("3"), reuse=entry("2"))

    known = queries.fixed_points([world.applications[0].id])
    assert known[world.applications[0].id, "permit_delay"].points == -3
    assert known[world.applications[0].id, "reuse"].points == 2


def test_every_wrong_field_is_named_at_once(world: World) -> None:
    with pytest.raises(Invalid) as caught:
        enter(world, site=entry("10.25"), commitment=entry("15.001"), reuse=entry("2", " "), permit_delay=entry("4"))

    assert {name: code for name, (code, _params) in caught.value.fields.items()} == {
        "points-site": "fixed_points_off_scale",
        "points-commitment": "fixed_points_off_scale",
        "evidence-reuse": "evidence_missing",
        "points-permit_delay": "fixed_points_off_scale",
    }
    with pytest.raises(Invalid, match="not_a_fixed_item"):
        enter(world, risk=entry("1"))


def test_the_page_of_fixed_points(app: Flask, world: World) -> None:
    at = f"/scoring/applications/{world.applications[0].id}/fixed-points"
    office = client_for(app, world.secretary)

    text = post(
        office,
        at,
        {"points-site": "99", "evidence-site": "적어 둔 증빙", "evidence-reuse": "점수 없는 증빙"},
        status=422,
    ).get_data(as_text=True)
    assert "적어 둔 증빙" in text
    post(office, at, {"points-site": "13.5", "evidence-site": "등기부등본"})

    assert "등기부등본" in open_page(office, at)
    assert "13.5" in open_page(client_for(app, world.auditor), at)
    for person in (world.members[1], world.auditor):
        post(client_for(app, person), at, {"points-site": "15", "evidence-site": "x"}, status=403)
    open_page(client_for(app, world.members[1]), at, status=403)


def test_policies_answer_what_the_verbs_do(world: World) -> None:
    application = db.session.get_one(Application, world.applications[0].id)
    assert policies.may_enter_fixed_points(actor_for(world.secretary), application, NOW).allowed

    open_scores(world)

    assert policies.may_enter_fixed_points(actor_for(world.secretary), application, NOW).code == "scores_opened_already"
