"""From closed score tables to the announcement: what each step needs, what it refuses, and that nothing can be done twice."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from evalcomm.applications.models import Application
from evalcomm.documents.models import Paper
from evalcomm.foundation.actor import Role
from evalcomm.foundation.database import db, transaction
from evalcomm.foundation.errors import Conflict, Invalid, Refused
from evalcomm.notices.models import Message
from evalcomm.programs.models import Call, Track
from evalcomm.reports import services as reports
from evalcomm.selection import computation, queries, services
from evalcomm.selection.models import AllocationLine, AllocationRun, Announcement, Approval, LineStatus, Resolution
from tests.factories import actor_for, make_user
from tests.pages import check_page, client_for, open_page, post
from tests.scoring.world import IN_DELIBERATION, World, close, enter_fixed, make_world, open_scores, score_everything

BILLION = 1_000_000_000
AT = IN_DELIBERATION + timedelta(hours=1)


def selected_world(*, requested: tuple[int, ...], budget: int, places: Mapping[int, int] | None = None) -> World:
    """Applications that score by `places` (application → grade, 0 = best, the same from everybody) and ask for `requested` won."""
    world = make_world(applications=len(requested))
    with transaction() as session:
        session.execute(update(Track).where(Track.id == world.track.id).values(budget_won=budget))
        for application, won in zip(world.applications, requested, strict=True):
            row = session.get_one(Application, application.id)
            row.requested_won, row.total_won = won, 2 * won
    grades = places or {n: min(n, 3) for n in range(len(requested))}
    score_everything(world, {(member, n): grade for member in range(len(world.members)) for n, grade in grades.items()})
    enter_fixed(world, points="15")
    open_scores(world)
    close(world)
    return world


def make_run(world: World) -> AllocationRun:
    with transaction():
        run = services.make_run(call=services_call(world), actor=actor_for(world.secretary), at=AT)
    return queries.get_run(run.id)


def services_call(world: World) -> object:
    from evalcomm.programs.queries import get_call

    return get_call(world.call.id)


def adopt(world: World, run: AllocationRun) -> None:
    with transaction():
        services.adopt_run(run=queries.get_run(run.id), actor=actor_for(world.secretary), at=AT)


def resolve(world: World, **votes: int) -> Resolution:
    counts = {"enrolled": 5, "present": 5, "in_favour": 5, "against": 0, "abstained": 0, **votes}
    with transaction():
        return services.record_resolution(
            call=services_call(world),
            agenda_number="제1호",
            reason="확인함",
            resolved_at=AT,
            place="회의실",
            actor=actor_for(world.secretary),
            at=AT,
            **counts,
        )


APPROVED_ON = (AT + timedelta(days=1)).date()


def approve(world: World, on: date = APPROVED_ON) -> Approval:
    with transaction():
        return services.record_approval(
            call=services_call(world),
            document_number="정책과-1234",
            decided_on=on,
            approver="국장 전결",
            instruction="",
            actor=actor_for(world.secretary),
            at=AT + timedelta(days=2),
        )


def announce(world: World) -> Announcement:
    with transaction():
        return services.announce(call=services_call(world), actor=actor_for(world.secretary), at=AT + timedelta(days=3))


def lines(run: AllocationRun) -> list[tuple[int | None, str, int]]:
    return [(line.rank, line.status, line.awarded_won) for line in run.lines]


def test_money_goes_by_rank_and_the_last_award_is_cut(app: Flask) -> None:
    world = selected_world(
        requested=(4 * BILLION, 3 * BILLION, 2 * BILLION), budget=6 * BILLION, places={0: 0, 1: 1, 2: 2}
    )

    run = make_run(world)

    assert lines(run) == [(1, "funded", 4 * BILLION), (2, "cut", 2 * BILLION), (3, "reserve", 0)]
    assert run.awarded_won == 6 * BILLION
    assert all(line.reason["ko"] and line.reason["en"] for line in run.lines)


def test_a_run_can_be_computed_again_from_its_stored_inputs_alone(app: Flask) -> None:
    world = selected_world(requested=(4 * BILLION, 3 * BILLION), budget=6 * BILLION)
    run = make_run(world)
    inputs = json.loads(json.dumps(run.inputs))

    again = computation.compute(inputs, services._allocation_plans(run.call))

    assert computation.fingerprint(again) == run.result_sha256
    assert computation.fingerprint(inputs) == run.inputs_sha256


def test_no_run_before_every_table_is_closed(app: Flask) -> None:
    world = make_world(applications=2)
    score_everything(world)
    enter_fixed(world)
    open_scores(world)

    with pytest.raises(Conflict) as refused:
        make_run(world)

    assert refused.value.code == "table_not_closed"


def test_a_tie_at_the_line_waits_for_a_recorded_lot(app: Flask) -> None:
    world = selected_world(requested=(2 * BILLION, 2 * BILLION), budget=2 * BILLION + BILLION // 2, places={0: 1, 1: 1})
    first = make_run(world)
    assert first.needs_lot
    assert first.awarded_won == 0
    with pytest.raises(Refused) as refused:
        adopt(world, first)
    assert refused.value.code == "run_needs_lot"

    record_lot(world, {world.applications[0].id: 2, world.applications[1].id: 1})
    second = make_run(world)

    assert not second.needs_lot
    winner = next(line for line in second.lines if line.rank == 1)
    assert winner.application_id == world.applications[1].id
    assert winner.awarded_won == 2 * BILLION
    paper = db.session.scalars(select(Paper).where(Paper.kind == "lot_record")).one()
    assert [entry["application"] for entry in paper.model["entries"]] == [
        world.applications[1].number,
        world.applications[0].number,
    ]
    adopt(world, second)


def test_the_record_of_a_lot_says_which_ranks_it_decided(app: Flask) -> None:
    """Behind a clear winner the tie is for the second place, and the lot decides the second and the third."""
    world = selected_world(
        requested=(2 * BILLION, 2 * BILLION, 2 * BILLION),
        budget=4 * BILLION,
        places={0: 1, 1: 0, 2: 1},
    )
    make_run(world)
    one, clear, two = world.applications

    record_lot(world, {one.id: 2, two.id: 1})

    model = db.session.scalars(select(Paper).where(Paper.kind == "lot_record")).one().model
    assert (model["rank"], [entry["application"] for entry in model["entries"]]) == (2, [two.number, one.number])
    assert model["effect"] == f"접수번호 {two.number}, {one.number} 순으로 2위부터 순위를 정함"
    score = next(line.score for line in make_run(world).lines if line.application_id == one.id)
    assert score is not None
    assert model["reason"].startswith(f"최종점수 {float(score):.2f}점으로 같고")
    assert clear.number not in str(model)
    assert (model["method"], model["place"]) == ("번호표", "회의실")
    assert [(signer["role"], signer["name"]) for signer in model["signatures"]] == [
        ("추첨자", "위원장"),
        ("입회인", "감사담당관"),
    ]


def record_lot(world: World, numbers: Mapping[int, int], **changes: object) -> None:
    facts = {
        "method": "번호표",
        "drawn_by": "위원장",
        "witnesses": ["감사담당관"],
        "drawn_at": AT,
        "place": "회의실",
        **changes,
    }
    with transaction() as session:
        services.record_lot(
            track=session.get_one(Track, world.track.id),
            numbers=numbers,
            actor=actor_for(world.secretary),
            at=AT,
            **facts,  # type: ignore[arg-type]
        )


def test_a_lot_is_drawn_once_for_the_whole_group_and_before_witnesses(app: Flask) -> None:
    world = selected_world(requested=(2 * BILLION, 2 * BILLION), budget=2 * BILLION, places={0: 1, 1: 1})
    one, two = (application.id for application in world.applications)
    with pytest.raises(Conflict, match="lot_not_needed"):
        record_lot(world, {one: 1, two: 2})
    make_run(world)

    with pytest.raises(Invalid, match="lot_number_twice"):
        record_lot(world, {one: 1, two: 1})
    with pytest.raises(Invalid, match="drawn_in_future"):
        record_lot(world, {one: 1, two: 2}, drawn_at=AT + timedelta(minutes=1))
    for numbers in ({one: 1}, {one: 0, two: 1}, {one: 1, two: 2, 99999: 3}):
        with pytest.raises(Invalid, match="lot_whole_group"):
            record_lot(world, numbers)
    with pytest.raises(Invalid, match="lot_witnesses"):
        record_lot(world, {one: 1, two: 2}, witnesses=[" "])
    record_lot(world, {one: 1, two: 2})

    with pytest.raises(Conflict):
        record_lot(world, {one: 2, two: 1})


def test_only_one_run_is_adopted_and_only_while_its_inputs_stand(app: Flask) -> None:
    world = selected_world(requested=(4 * BILLION, 3 * BILLION), budget=6 * BILLION)
    old = make_run(world)
    with transaction() as session:
        session.get_one(Application, world.applications[0].id).requested_won -= 1_000_000
    with pytest.raises(Conflict, match="run_outdated"):
        adopt(world, old)
    first, second = make_run(world), make_run(world)
    adopt(world, first)

    with pytest.raises(Refused, match="run_already_adopted"):
        adopt(world, second)
    with pytest.raises(Refused, match="run_already_adopted"):
        make_run(world)
    with (
        pytest.raises(Conflict) as broken,
        transaction() as session,
    ):  # whatever a bug may try, the database refuses it too
        row = session.get_one(AllocationRun, second.id)
        row.adopted_at, row.adopted_by_id = AT, world.secretary.id
    assert broken.value.code == "run_already_adopted"


@pytest.mark.parametrize(
    ("votes", "code"),
    [
        ({"present": 6}, "more_present_than_enrolled"),
        ({"in_favour": 4}, "votes_do_not_add_up"),
        ({"present": 4, "in_favour": 4}, "no_quorum"),
        ({"in_favour": 2, "against": 3}, "no_majority"),
    ],
)
def test_a_vote_that_carries_nothing_is_not_recorded(app: Flask, votes: dict[str, int], code: str) -> None:
    world = selected_world(requested=(4 * BILLION,), budget=6 * BILLION)
    with pytest.raises(Refused, match="run_not_adopted"):
        resolve(world)
    adopt(world, make_run(world))

    with pytest.raises(Invalid) as refused:
        resolve(world, **votes)

    assert refused.value.code == code
    assert queries.resolution_of(world.call.id) is None


def test_nothing_is_announced_before_the_approval(app: Flask) -> None:
    world = selected_world(requested=(4 * BILLION, 3 * BILLION), budget=6 * BILLION)
    owner = client_for(app, reloaded_owner(world))
    adopt(world, make_run(world))
    for step in (announce, approve):
        with pytest.raises(Refused):
            step(world)
    resolve(world)
    with pytest.raises(Refused, match="not_approved"):
        announce(world)
    open_page(owner, f"/calls/{world.call.id}/result", status=403)

    approve(world)
    own = [f"/applications/{world.applications[0].id}", "/applications", "/"]
    assert not any("선정" in main_of(open_page(owner, page)) for page in own), "the owner's pages tell nothing before"
    announce(world)

    for page in own:
        assert "선정" in main_of(open_page(owner, page))
    assert "금4,000,000,000원(금사십억원)" in main_of(open_page(owner, own[0]))
    assert db.session.scalars(select(Message.subject).where(Message.key.like("result-%"))).all().__len__() == 2
    page = open_page(owner, f"/calls/{world.call.id}/result")
    assert "4,000,000,000" in page
    notice = db.session.scalars(
        select(Paper).where(Paper.kind == "result_notice", Paper.subject_id == world.applications[0].id)
    ).one()
    assert "금4,000,000,000원(금사십억원)" in open_page(owner, f"/papers/{notice.id}")


def notice_of(world: World, place: int) -> dict[str, Any]:
    application = world.applications[place]
    papers = select(Paper).where(Paper.kind == "result_notice", Paper.subject_id == application.id)
    model: dict[str, Any] = db.session.scalars(papers).one().model
    return model


def test_who_loses_by_lot_is_told_of_the_equals_the_rule_and_the_record(app: Flask) -> None:
    """Not only that the money had run out: before that stands the place that the lot gave."""
    world = selected_world(
        requested=(4 * BILLION, 4 * BILLION, 1 * BILLION), budget=4 * BILLION, places={0: 0, 1: 0, 2: 1}
    )
    make_run(world)
    record_lot(world, {world.applications[0].id: 2, world.applications[1].id: 1})
    adopt(world, make_run(world))
    resolve(world)
    approve(world)
    announce(world)
    record = db.session.scalars(select(Paper).where(Paper.kind == "lot_record")).one().number

    loser, winner, neither = (notice_of(world, place) for place in range(3))

    assert loser["outcome"] == "reserve"
    assert "최종점수가 같은 신청서 2건의 순위를" in loser["reasons"][0]
    assert f"2위가 됨(추첨조서 {record})" in loser["reasons"][0]
    assert "1위가 됨" in winner["reasons"][0]
    assert not any("같은 신청서" in reason for reason in neither["reasons"])
    assert any(reason.startswith("공고한 배분 방법: 순위가 높은 신청서부터") for reason in loser["reasons"])
    others = [application.number for application in world.applications[1:]]
    assert not any(number in reason for reason in loser["reasons"][:1] for number in others), "equals are not named"


def test_the_notice_says_how_long_one_may_go_to_court_and_what_the_call_promised(app: Flask) -> None:
    world = selected_world(requested=(4 * BILLION,), budget=6 * BILLION)
    with transaction() as session:
        own = {"objection": ["결과를 통보받은 날부터 10일 이내에 신청함"]}
        session.execute(update(Call).where(Call.id == world.call.id).values(texts=own))
    adopt(world, make_run(world))
    resolve(world)
    approve(world)
    announce(world)

    notice = notice_of(world, 0)

    assert "이 통보를 받은 날부터 90일 이내에 「행정심판법」" in notice["remedies"][0], "also without an objection"
    assert notice["objection"] == ["결과를 통보받은 날부터 10일 이내에 신청함"], "as the call says, not as others do"
    assert notice["sender"] == notice["issuer"]


def main_of(page: str) -> str:
    """Without the frame, whose name of the system holds the word, and without the calls that everybody sees."""
    return (
        page.split("<main", 1)[1].split("지원사업 선정평가시스템", maxsplit=1)[0].split("접수 중인 공모", maxsplit=1)[0]
    )


def reloaded_owner(world: World) -> object:
    from evalcomm.accounts.queries import get_user

    return get_user(world.applications[0].owner_id)


@pytest.mark.parametrize(("days", "code"), [(9, "decided_in_future"), (-3, "decided_before_resolution")])
def test_an_approval_has_a_day_that_can_be(app: Flask, days: int, code: str) -> None:
    world = selected_world(requested=(4 * BILLION,), budget=6 * BILLION)
    adopt(world, make_run(world))
    resolve(world)

    with pytest.raises(Invalid) as refused:
        approve(world, (AT + timedelta(days=days)).date())

    assert refused.value.code == code


def test_papers_come_from_the_adopted_run_and_each_reader_gets_the_own_edition(app: Flask) -> None:
    world = selected_world(requested=(4 * BILLION, 3 * BILLION, 2 * BILLION), budget=6 * BILLION)
    adopt(world, make_run(world))
    with pytest.raises(Refused, match="not_resolved"), transaction():
        reports.issue_decision_papers(call=services_call(world), actor=actor_for(world.secretary), at=AT)
    resolve(world)
    with transaction():
        issued = reports.issue_decision_papers(call=services_call(world), actor=actor_for(world.secretary), at=AT)
    assert len(issued) == 7
    memos = {(paper.subject_id, paper.edition): paper for paper in issued if paper.kind == "decision_memo"}
    own = memos[world.applications[0].id, "disclosable"]
    inner = memos[world.applications[0].id, "internal"]
    assert inner.model["allocation"]["awarded"] == 4 * BILLION
    assert inner.model["opinions"]
    assert own.model["opinions"] == []
    assert own.model["allocation"]["would_change"] is None
    assert "위원 1" in str(own.model["evaluators"])
    names = [member.name for member in world.members]
    assert not any(name in json.dumps(own.model, ensure_ascii=False) for name in names if not name.startswith("위원 "))
    owner = client_for(app, reloaded_owner(world))
    open_page(owner, f"/papers/{own.id}", status=403)
    approve(world)
    announce(world)

    open_page(owner, f"/papers/{own.id}")
    open_page(owner, f"/papers/{inner.id}", status=403)
    open_page(owner, f"/papers/{memos[world.applications[1].id, 'disclosable'].id}", status=403)
    report = next(paper for paper in issued if paper.kind == "selection_report")
    assert report.model["awarded"] == 6 * BILLION
    assert sum(bar["awarded"] for bar in report.model["by_region"]) == 6 * BILLION
    open_page(client_for(app, world.auditor), f"/papers/{report.id}")


def test_the_pages_lead_through_every_step(app: Flask, clock: object) -> None:
    world = selected_world(requested=(2 * BILLION, 2 * BILLION), budget=2 * BILLION + BILLION // 2, places={0: 1, 1: 1})
    clock.instant = AT  # type: ignore[attr-defined]
    client = client_for(app, world.secretary)
    overview = f"/calls/{world.call.id}/selection"
    open_page(client, overview)
    post(client, f"/calls/{world.call.id}/runs")
    assert "추첨이 필요합니다" in open_page(client, overview)
    lot = f"/tracks/{world.track.id}/lot"
    first = services.newest_run(world.call.id)
    assert first is not None
    assert f'href="{lot}"' in open_page(client, f"/runs/{first.id}"), "the run leads to what it waits for"
    open_page(client, lot)
    numbers = {f"lot_{application.id}": n for n, application in enumerate(world.applications, start=1)}
    facts = {
        "method": "번호표",
        "drawn_by": "위원장",
        "witnesses": "감사담당관, 사무관",
        "drawn_at": "2026-12-02T10:00",
        "place": "",
    }
    wrong = {**dict.fromkeys(numbers, 1), **facts, "witnesses": " , ", "drawn_at": "2099-01-01T00:00"}
    bad = post(client, lot, wrong, status=422).get_data(as_text=True)
    check_page(bad, lot)
    assert "번호표" in bad, "what was typed stays"
    faults = ["번호는 서로 달라야", "빠진 내용을 적어", "지금보다 늦을 수"]
    assert all(fault in bad for fault in faults), "all that is wrong is told at once"
    post(client, lot, {**numbers, **facts})
    post(client, f"/calls/{world.call.id}/runs")
    run = services.newest_run(world.call.id)
    assert run is not None
    open_page(client, f"/runs/{run.id}")
    post(client, f"/runs/{run.id}/adopt")
    votes = {"enrolled": 5, "present": 5, "in_favour": 5, "against": 0, "abstained": 0}
    resolution = {"agenda_number": "제1호", "resolved_at": "2026-12-02T16:10", "place": "", "reason": "", **votes}
    bad = post(
        client, f"/calls/{world.call.id}/resolution", {**resolution, "in_favour": 1, "against": 4}, status=422
    ).get_data(as_text=True)
    check_page(bad, overview)
    assert "과반수의 찬성" in bad
    hasty = {"agenda_number": "", "resolved_at": "2026-12-02T10:00", "present": 4, "in_favour": "many"}
    bad = post(client, f"/calls/{world.call.id}/resolution", {**resolution, **hasty}, status=422).get_data(as_text=True)
    check_page(bad, overview)
    faults = ["빠진 내용을 적어", "확정한 때(2026. 12. 2. 15:20)보다", "출석 5명 이상", "0부터 200까지의 정수"]
    assert [fault for fault in faults if fault not in bad] == [], "all that is wrong is told at once"
    assert 'value="many"' in bad
    post(client, f"/calls/{world.call.id}/resolution", resolution)
    clock.instant = AT + timedelta(days=2)  # type: ignore[attr-defined]
    approval = {"document_number": "정책과-1", "decided_on": "2026-12-03", "approver": "국장", "instruction": ""}
    bad = post(
        client, f"/calls/{world.call.id}/approval", {**approval, "decided_on": "2027-01-01"}, status=422
    ).get_data(as_text=True)
    check_page(bad, overview)
    assert "오늘보다 늦을 수 없습니다" in bad
    early = {"decided_on": "2026-11-01", "approver": ""}
    bad = post(client, f"/calls/{world.call.id}/approval", {**approval, **early}, status=422).get_data(as_text=True)
    assert "의결일보다 이를 수 없습니다" in bad
    assert "빠진 내용을 적어" in bad
    post(client, f"/calls/{world.call.id}/approval", approval)
    post(client, f"/calls/{world.call.id}/papers")
    assert "7부" in open_page(client, f"/calls/{world.call.id}/papers") or "부의 PDF" in open_page(
        client, f"/calls/{world.call.id}/papers"
    )
    post(client, f"/calls/{world.call.id}/announcement")
    post(client, f"/calls/{world.call.id}/announcement", status=403)
    open_page(app.test_client(), f"/calls/{world.call.id}/result")
    assert "결과를 발표한 공모" in open_page(app.test_client(), "/")


@pytest.mark.parametrize("role", [Role.APPLICANT, Role.EVALUATOR, Role.ADMINISTRATOR])
def test_nobody_else_reads_a_run(app: Flask, role: Role) -> None:
    world = selected_world(requested=(4 * BILLION, 3 * BILLION), budget=6 * BILLION)
    run = make_run(world)
    stranger = client_for(app, make_user(role))

    for url in (f"/runs/{run.id}", f"/calls/{world.call.id}/selection", f"/calls/{world.call.id}/papers"):
        page = open_page(stranger, url, status=403)
        assert "4,000,000,000" not in page


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"awarded_won": 2, "requested_won": 1, "status": LineStatus.FUNDED}, "award_over_request"),
        ({"awarded_won": 0, "requested_won": 1, "status": LineStatus.FUNDED}, "line_unclear"),
        ({"awarded_won": 0, "requested_won": 1, "status": "maybe"}, "line_unclear"),
    ],
)
def test_the_database_refuses_awards_that_can_not_be(app: Flask, change: dict[str, object], code: str) -> None:
    world = selected_world(requested=(4 * BILLION,), budget=6 * BILLION)
    run = make_run(world)
    other = make_world(applications=1).applications[0]

    with pytest.raises(Conflict) as refused, transaction() as session:
        session.add(
            AllocationLine(
                run_id=run.id, position=9, application_id=other.id, track_id=world.track.id, reason={}, **change
            )
        )

    assert refused.value.code == code


def test_the_command_computes_every_run_again(app: Flask) -> None:
    world = selected_world(requested=(4 * BILLION, 3 * BILLION), budget=6 * BILLION)
    adopt(world, make_run(world))
    runner = app.test_cli_runner()

    same = runner.invoke(args=["allocation", "verify", world.call.number])
    listed = runner.invoke(args=["allocation", "list", world.call.number])
    unknown = runner.invoke(args=["allocation", "verify", "nobody"])
    with transaction() as session:
        run = session.scalars(select(AllocationRun)).one()
        run.inputs = {**run.inputs, "call": "another"}
    broken = runner.invoke(args=["allocation", "verify", world.call.number])

    assert (same.exit_code, listed.exit_code, unknown.exit_code, broken.exit_code) == (0, 0, 1, 1)
    assert "the same to the won" in same.output
    assert "4000000000" in listed.output
    assert "do not match their hash" in broken.output


def test_every_final_score_of_the_report_adds_up_from_what_the_report_prints(app: Flask) -> None:
    world = selected_world(requested=(4 * BILLION, 3 * BILLION, 2 * BILLION), budget=6 * BILLION)
    adopt(world, make_run(world))
    resolve(world)
    with transaction():
        reports.issue_decision_papers(call=services_call(world), actor=actor_for(world.secretary), at=AT)

    report = db.session.scalars(select(Paper).where(Paper.kind == "selection_report")).one().model

    lines = [line for track in report["tracks"] for line in track["scores"]]
    assert len(lines) == 3
    for line in lines:
        signed = [Decimal(part["points"]) * (-1 if part["what"].startswith("－") else 1) for part in line["parts"]]
        assert line["parts"][0]["points"] == line["mean"]
        assert sum(signed) == Decimal(line["final"])
    printed = [result["final"] for track in report["tracks"] for result in track["results"]]
    assert [line["final"] for line in lines] == printed
