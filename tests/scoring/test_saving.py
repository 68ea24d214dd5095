"""Saving a sheet: as typed, by compare and set, with nothing lost and nothing doubled."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from evalcomm.audit.models import AuditEntry
from evalcomm.foundation import hooks
from evalcomm.foundation.database import canonical_sha256, db, transaction
from evalcomm.foundation.errors import Refused, StaleVersion
from evalcomm.scoring import queries, services
from evalcomm.scoring.models import ScoreSheet, SheetVersion
from evalcomm.scoring.queries import Desk
from evalcomm.scoring.sheet import Draft
from tests.conftest import SettableClock
from tests.factories import NOW
from tests.pages import client_for, count_queries, open_page, post
from tests.scoring.world import IN_DELIBERATION, World, full_draft, make_world, score


@pytest.fixture
def world(app: Flask) -> World:
    """Two members and two applications; member 1 has opened the sheet of application 0."""
    made = make_world(members=2, applications=2)
    with transaction():
        services.open_sheet(desk=made.desk(1, 0), actor=made.actor(1), at=NOW)
    return made


def desk(world: World) -> Desk:
    db.session.rollback()
    return world.desk(1, 0)


def sheet_id(world: World) -> int:
    sheet = desk(world).sheet
    assert sheet is not None
    return sheet.id


def versions() -> list[SheetVersion]:
    db.session.rollback()
    return list(db.session.scalars(select(SheetVersion).order_by(SheetVersion.id)))


def verbs() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(AuditEntry.verb).where(AuditEntry.verb.like("scoring.%"))))


@pytest.fixture
def browser(app: Flask, world: World) -> FlaskClient:
    return client_for(app, world.members[1])


def autosave(browser: FlaskClient, world: World, tag: object, **fields: str) -> tuple[int, dict[str, str]]:
    answer = browser.post(f"/scoring/sheets/{sheet_id(world)}/autosave", json={"tag": tag, "fields": fields})
    return answer.status_code, answer.get_json()


def test_opening_twice_is_one_sheet(world: World) -> None:
    with transaction():
        again = services.open_sheet(desk=world.desk(1, 0), actor=world.actor(1), at=NOW)

    assert again.id == sheet_id(world)
    assert db.session.scalars(select(ScoreSheet)).all() == [again]


def test_autosave_keeps_what_is_typed_and_leaves_no_trace_in_the_trail(browser: FlaskClient, world: World) -> None:
    before = verbs()

    status, answer = autosave(browser, world, "1", opinion="반쯤 쓴 의")

    assert (status, answer["tag"]) == (200, "2")
    assert answer["saved_at"].startswith("2026-11-22T06:20:31")
    kept = desk(world).sheet
    assert kept is not None
    assert kept.draft == Draft(opinion="반쯤 쓴 의")
    assert verbs() == before
    assert versions() == []


def test_a_wrong_entry_is_kept_as_typed(browser: FlaskClient, world: World) -> None:
    item = world.rubric.scored_items[0].id

    assert autosave(browser, world, "1", **{f"entry-{item}": "최고"})[0] == 200
    kept = desk(world).sheet
    assert kept is not None
    assert kept.draft.entries == {item: "최고"}
    assert kept.draft.tally(world.rubric).scored == 0


def test_the_window_that_comes_second_changes_nothing_and_gets_the_servers_copy(
    browser: FlaskClient, world: World
) -> None:
    autosave(browser, world, "1", opinion="첫째 창")

    status, answer = autosave(browser, world, "1", opinion="둘째 창")

    assert status == 409
    assert "다른 창에서 먼저 저장한" in answer["sentence"]
    assert answer["saved"] == {"opinion": "첫째 창"}
    kept = desk(world).sheet
    assert kept is not None
    assert kept.draft.opinion == "첫째 창"


def test_the_same_words_from_two_windows_are_no_conflict(browser: FlaskClient, world: World) -> None:
    autosave(browser, world, "1", opinion="같은 의견")

    assert autosave(browser, world, "1", opinion="같은 의견") == (200, {"tag": "2", "saved_at": NOW.isoformat()})


def test_a_request_that_is_no_autosave_is_refused_in_words(browser: FlaskClient, world: World) -> None:
    for body in ([], "x", {"tag": "1"}, {"tag": "1", "fields": ["a"]}):
        answer = browser.post(f"/scoring/sheets/{sheet_id(world)}/autosave", json=body)

        assert answer.status_code == 422, body
        assert "요청을 알아볼 수 없습니다" in answer.get_json()["sentence"]


def test_a_tag_that_is_none_is_older_than_every_tag(browser: FlaskClient, world: World) -> None:
    tags = (None, "", "-1", "x", "999999999999", 1.5)

    assert [autosave(browser, world, tag, opinion="의견")[0] for tag in tags] == [409] * len(tags)


def test_a_text_over_the_limit_gets_a_sentence_and_the_rest_stays(browser: FlaskClient, world: World) -> None:
    autosave(browser, world, "1", opinion="앞서 쓴 의견")

    status, answer = autosave(browser, world, "2", opinion="가" * 4001)

    assert status == 422
    assert "4,000자" in answer["sentence"]
    kept = desk(world).sheet
    assert kept is not None
    assert kept.draft.opinion == "앞서 쓴 의견"


def test_saving_cuts_a_version_with_its_hash_in_the_trail_and_saving_again_does_not(
    browser: FlaskClient, world: World
) -> None:
    url, fields = f"/scoring/sheets/{sheet_id(world)}", full_draft(world.rubric).to_fields()

    post(browser, url, {**fields, "version_tag": "1"})
    post(browser, url, {**fields, "version_tag": "2"})

    (version,) = versions()
    assert (version.version, version.cause) == (1, "saved")
    assert canonical_sha256(version.content) == version.sha256
    entry = db.session.scalar(select(AuditEntry).where(AuditEntry.verb == "scoring.saved"))
    assert entry is not None
    assert (entry.subject_id, entry.detail) == (sheet_id(world), {"version": 1, "sha256": version.sha256})


def test_a_stale_tab_keeps_its_text_and_sees_what_was_saved_elsewhere(browser: FlaskClient, world: World) -> None:
    autosave(browser, world, "1", opinion="먼저 저장한 의견")
    item = world.rubric.scored_items[0]
    fields = {"opinion": "나중 창의 의견", f"entry-{item.id}": next(iter(item.entries)), "version_tag": "1"}

    text = post(browser, f"/scoring/sheets/{sheet_id(world)}", fields, status=409).get_data(as_text=True)

    assert "나중 창의 의견" in text
    assert "먼저 저장한 의견" in text
    assert 'name="version_tag" type="hidden" value="2"' in text
    kept = desk(world).sheet
    assert kept is not None
    assert kept.draft.opinion == "먼저 저장한 의견"
    post(browser, f"/scoring/sheets/{sheet_id(world)}", {**fields, "version_tag": "2"})
    kept = desk(world).sheet
    assert kept is not None
    assert kept.draft.opinion == "나중 창의 의견"


def test_after_the_last_second_nothing_is_stored_and_the_typed_text_is_shown(
    browser: FlaskClient, world: World, clock: SettableClock
) -> None:
    closes_at = next(phase.closes_at for phase in world.call.phases if phase.may_score)
    clock.instant = closes_at + timedelta(milliseconds=900)
    assert autosave(browser, world, "1", opinion="마지막 1초")[0] == 200

    clock.instant = closes_at + timedelta(seconds=1)
    status, answer = autosave(browser, world, "2", opinion="늦은 의견")
    page = post(browser, f"/scoring/sheets/{sheet_id(world)}", {"opinion": "늦은 의견", "version_tag": "2"}, status=403)

    assert (status, answer["code"]) == (403, "phase_score_over")
    assert "늦은 의견" in page.get_data(as_text=True)
    assert "평가 기간이" in page.get_data(as_text=True)
    kept = desk(world).sheet
    assert kept is not None
    assert kept.draft.opinion == "마지막 1초"


def test_what_nobody_touches_for_ten_minutes_becomes_a_version(browser: FlaskClient, world: World) -> None:
    autosave(browser, world, "1", opinion="자리를 비움")

    with transaction():
        assert services.cut_idle_sheets(NOW + timedelta(minutes=9, seconds=59)) == 0
    with transaction():
        assert services.cut_idle_sheets(NOW + timedelta(minutes=10)) == 1
    with transaction():
        assert services.cut_idle_sheets(NOW + timedelta(minutes=20)) == 0

    (version,) = versions()
    assert (version.cause, version.made_by_id) == ("idle", world.members[1].id)
    assert version.content["draft"]["opinion"] == "자리를 비움"
    entry = db.session.scalar(select(AuditEntry).where(AuditEntry.verb == "scoring.idle"))
    assert entry is not None
    assert (entry.actor_id, entry.actor_part) == (None, "worker")


def test_signing_out_cuts_a_version_of_ones_own_sheets_only(browser: FlaskClient, world: World) -> None:
    autosave(browser, world, "1", opinion="나가기 전")

    with transaction():
        hooks.signing_out(world.actor(0), NOW)
    assert versions() == []
    browser.post("/sign-out")

    (version,) = versions()
    assert version.cause == "signed_out"


def test_a_submitted_sheet_takes_no_more(browser: FlaskClient, world: World) -> None:
    with transaction():
        services.submit_sheet(
            desk=world.desk(1, 0), tag=1, draft=full_draft(world.rubric), actor=world.actor(1), at=NOW
        )

    status, answer = autosave(browser, world, "2", opinion="더 쓴 의견")

    assert (status, answer["code"]) == (403, "sheet_submitted")


# ---- handing in


def test_an_incomplete_sheet_goes_back_to_every_place_that_is_missing(browser: FlaskClient, world: World) -> None:
    url = f"/scoring/sheets/{sheet_id(world)}"
    first = world.rubric.scored_items[0]
    post(browser, url, {f"entry-{first.id}": "우수", "version_tag": "1", "action": "review"})

    text = open_page(browser, f"{url}/confirm", status=422)

    missing = [item for item in world.rubric.scored_items if item.id != first.id]
    assert text.count("점수를 골라 주십시오.") == 2 * len(missing)  # at the field and in the summary
    assert "종합의견을 적어 주십시오." in text
    assert post(browser, f"{url}/submit", {"version_tag": "2"}).location == url
    assert "표시된" in open_page(browser, url)
    assert desk(world).sheet.submitted_at is None  # type: ignore[union-attr]  # opened by the fixture


def test_handing_in_is_signing_and_the_receipt_names_the_hash(browser: FlaskClient, world: World) -> None:
    url, draft = f"/scoring/sheets/{sheet_id(world)}", full_draft(world.rubric)
    post(browser, url, {**draft.to_fields(), "version_tag": "1", "action": "review"})
    total = draft.tally(world.rubric).shown
    assert total is not None
    assert f"{total}점" in open_page(browser, f"{url}/confirm")

    post(browser, f"{url}/submit", {"version_tag": "2"})
    again = post(browser, f"{url}/submit", {"version_tag": "2"})

    assert again.location == f"{url}/receipt"
    saved, submitted = versions()
    assert (saved.cause, submitted.cause) == ("saved", "submitted")
    text = open_page(browser, f"{url}/receipt")
    assert submitted.sha256 in text.replace("<wbr>", "")
    assert "2026. 11. 22. 15:20:31" in text
    assert f"{total}점" in text


def test_a_sheet_is_not_signed_in_a_state_that_the_page_did_not_show(browser: FlaskClient, world: World) -> None:
    url, draft = f"/scoring/sheets/{sheet_id(world)}", full_draft(world.rubric)
    post(browser, url, {**draft.to_fields(), "version_tag": "1"})
    autosave(browser, world, "2", **full_draft(world.rubric, 2).to_fields())

    post(browser, f"{url}/submit", {"version_tag": "2"})

    kept = desk(world).sheet
    assert kept is not None
    assert kept.submitted_at is None
    with pytest.raises(StaleVersion), transaction():
        services.submit_sheet(desk=world.desk(1, 0), tag=2, actor=world.actor(1), at=NOW)


def test_reopened_the_sheet_is_written_again_and_both_hand_ins_stay(world: World) -> None:
    first = score(world, 1, 0, full_draft(world.rubric))
    with pytest.raises(Refused, match="role_needed"), transaction():
        services.reopen_sheet(desk=world.desk(1, 0), reason="오기", actor=world.actor(1), at=NOW)

    from tests.factories import actor_for

    with transaction():
        services.reopen_sheet(desk=world.desk(1, 0), reason="오기", actor=actor_for(world.secretary), at=NOW)
    kept = desk(world).sheet
    assert kept is not None
    with transaction():
        second = services.submit_sheet(
            desk=world.desk(1, 0), tag=kept.draft_tag, draft=full_draft(world.rubric, 1), actor=world.actor(1), at=NOW
        )

    assert [(one.version, one.cause) for one in versions()] == [(1, "submitted"), (2, "submitted")]
    assert first.sha256 != second.sha256
    with pytest.raises(Refused), transaction():
        services.reopen_sheet(
            desk=world.desk(1, 0), reason="오기", actor=actor_for(world.secretary), at=IN_DELIBERATION
        )


def test_ones_own_versions_can_be_read_again(browser: FlaskClient, world: World) -> None:
    url = f"/scoring/sheets/{sheet_id(world)}"
    post(browser, url, {"opinion": "첫째 판의 의견", "version_tag": "1"})
    post(browser, url, {"opinion": "둘째 판의 의견", "version_tag": "2"})

    assert "제2판" in open_page(browser, f"{url}/versions")
    text = open_page(browser, f"{url}/versions/1")

    assert "첫째 판의 의견" in text
    assert "둘째 판의 의견" not in text
    open_page(browser, f"{url}/versions/3", status=404)


def test_a_save_costs_few_statements(browser: FlaskClient, world: World) -> None:
    """Person, desk, timetable, draft, version, mark, trail: nothing that grows with the call."""
    url, fields = f"/scoring/sheets/{sheet_id(world)}", full_draft(world.rubric).to_fields()
    autosave(browser, world, "1", opinion="처음")

    with count_queries() as automatic:
        browser.post(f"{url}/autosave", json={"tag": "2", "fields": fields})
    with count_queries() as by_hand:
        browser.post(url, data={**fields, "opinion": "달라진 의견", "version_tag": "3"})

    assert len(automatic) <= 5, automatic
    assert len(by_hand) <= 8, by_hand


def test_the_list_costs_the_same_for_every_number_of_applications(app: Flask) -> None:
    costs = []
    for applications in (1, 4):
        made = make_world(members=1, applications=applications)
        for application in range(applications):
            score(made, 0, application, full_draft(made.rubric))
        browser = client_for(app, made.members[0])
        with count_queries() as statements:
            open_page(browser, "/scoring")
        costs.append(len(statements))

    assert costs[0] == costs[1]


def test_the_draft_that_a_page_loads_is_the_one_that_is_kept(browser: FlaskClient, world: World) -> None:
    """What is read back into the form is what was typed, also where it is wrong."""
    item = world.rubric.scored_items[0]
    autosave(browser, world, "1", **{f"comment-{item.id}": '<b>"의견" & 근거</b>'})

    text = open_page(browser, f"/scoring/sheets/{sheet_id(world)}")

    assert "&lt;b&gt;&#34;의견&#34; &amp; 근거&lt;/b&gt;" in text
    assert queries.get_sheet(sheet_id(world)).draft["items"][item.id]["comment"] == '<b>"의견" & 근거</b>'
