"""Scoring is the only door through which evaluators read proposals, and it opens to the right ones."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from evalcomm.accounts.models import UserAccount
from evalcomm.applications.models import Application
from evalcomm.audit.models import AccessLog
from evalcomm.committee.models import ConflictAct, ConflictState, Declaration, Membership
from evalcomm.foundation.actor import Role
from evalcomm.foundation.database import db, transaction
from evalcomm.foundation.errors import NotFound, Refused
from evalcomm.programs.models import Phase, PhaseKind
from evalcomm.scoring import policies, queries, services
from tests.factories import NOW, actor_for, make_user
from tests.pages import client_for, open_page, post
from tests.scoring.world import (
    FILE,
    World,
    decide,
    file,
    full_draft,
    make_world,
    opened_world,
    score,
    sign,
    undeclared_world,
)


@pytest.fixture
def world(app: Flask) -> World:
    return make_world(members=3, applications=2)


def pages_of(world: World, member: int, application: int) -> list[str]:
    """Every address that shows something of a proposal."""
    desk = world.desk(member, application)
    at = f"/scoring/memberships/{desk.membership_id}/applications/{desk.application_id}"
    sha256 = queries.proposal_of(desk, hide_names=False).files[0].sha256
    found = [at, f"{at}/files/{sha256}"]
    if desk.sheet is not None:
        sheet = f"/scoring/sheets/{desk.sheet.id}"
        found += [sheet, f"{sheet}/versions", f"{sheet}/versions/1"]
    return found


def test_a_member_who_declared_reads_the_submitted_version_and_its_files(app: Flask, world: World) -> None:
    score(world, 1, 0, full_draft(world.rubric))
    with transaction() as session:  # what the applicant changes after the submission is not what was submitted
        session.execute(update(Application).values(title="바뀐 제목"))
    browser = client_for(app, world.members[1])
    proposal, download, *sheets = pages_of(world, 1, 0)

    text = open_page(browser, proposal)
    with browser.get(download) as file_answer:
        content, disposition = file_answer.get_data(), file_answer.headers["Content-Disposition"]

    assert "사업 1의 요약" in text
    assert "사업 1" in text
    assert content == FILE
    assert disposition.startswith("attachment")
    for page in sheets:
        open_page(browser, page)
    read = db.session.scalars(select(AccessLog.action).order_by(AccessLog.id)).all()
    assert read[:2] == ["scoring.read_proposal", "scoring.read_file"]


def test_the_door_stays_shut_for_everybody_else(app: Flask, world: World) -> None:
    score(world, 1, 0, full_draft(world.rubric))
    owner = db.session.get_one(Application, world.applications[0].id).owner_id
    others = [
        world.members[2],
        world.secretary,
        world.auditor,
        make_user(Role.ADMINISTRATOR),
        make_user(Role.EVALUATOR),
        db.session.get_one(UserAccount, owner),
    ]
    for page in pages_of(world, 1, 0):
        for person in others:
            answer = client_for(app, person).get(page)
            assert answer.status_code == 403, (page, person.name)
            assert "의 요약" not in answer.get_data(as_text=True)
        assert client_for(app, None).get(page).status_code == 302


@pytest.mark.parametrize("missing", ["pledge", "declaration"])
def test_nothing_opens_before_pledge_and_declaration(app: Flask, missing: str) -> None:
    world = undeclared_world(pledged=missing == "declaration")
    browser = client_for(app, world.members[0])
    desk = world.desk(0, 0)

    for page in pages_of(world, 0, 0):
        assert browser.get(page).status_code == 403
    post(browser, f"/scoring/memberships/{desk.membership_id}/applications/{desk.application_id}/open", status=403)
    verdict = policies.may_read_proposal(world.actor(0), desk, NOW)
    assert verdict.code == ("pledge_first" if missing == "pledge" else "declare_first")
    assert "의 요약" not in open_page(browser, "/scoring")


def test_what_is_submitted_after_the_declaration_waits_for_the_next_one(app: Flask, world: World) -> None:
    with transaction() as session:
        session.execute(
            update(Application)
            .where(Application.id == world.applications[0].id)
            .values(submitted_at=NOW + timedelta(minutes=1))
        )
    browser = client_for(app, world.members[0])

    assert policies.may_read_proposal(world.actor(0), world.desk(0, 0), NOW).code == "declare_again"
    assert "다시 신고할 신청서가 있습니다" in open_page(browser, "/scoring")
    assert policies.may_read_proposal(world.actor(0), world.desk(0, 1), NOW).allowed
    assert db.session.scalars(select(Declaration)).all() == []


def figures_of(page: str) -> list[str]:
    """Numbers that stand alone, which the digits of an application's number don't."""
    return re.findall(r"(?<![\d.-])\d+(?:\.\d+)?(?![\d.-])", re.sub(r"<[^>]+>", " ", page))


def test_a_recusal_shuts_the_door_at_once_also_on_a_sheet_that_was_begun(app: Flask, world: World) -> None:
    score(world, 1, 0, full_draft(world.rubric))
    pages = pages_of(world, 1, 0)
    browser = client_for(app, world.members[1])
    total = full_draft(world.rubric).tally(world.rubric).shown
    assert total in figures_of(open_page(browser, "/scoring"))  # there is something to mask
    file(world, 1, 0)

    for page in pages:
        text = open_page(browser, page, status=403)
        assert "제척·기피·회피" in text
    listed = open_page(browser, "/scoring")
    assert world.applications[0].title in listed  # masked, never dropped
    assert total not in figures_of(listed)
    compared = open_page(browser, f"/scoring/memberships/{world.seats[1].id}/compare?left={world.applications[0].id}")
    assert "사업 1의 요약" not in compared
    assert "사업 2의 요약" in compared


def test_a_rejected_recusal_opens_the_door_again(world: World) -> None:
    decide(world, file(world, 1, 0), ConflictState.REJECTED)

    assert policies.may_read_proposal(world.actor(1), world.desk(1, 0), NOW).allowed


def test_a_pending_challenge_leaves_the_door_open_and_an_accepted_one_shuts_it(world: World) -> None:
    conflict = file(world, 1, 0, ConflictAct.CHALLENGE)
    assert policies.may_read_proposal(world.actor(1), world.desk(1, 0), NOW).allowed

    decide(world, conflict)

    assert policies.may_read_proposal(world.actor(1), world.desk(1, 0), NOW).code == "recused_from_application"


def test_a_dismissed_member_is_out(app: Flask, world: World) -> None:
    score(world, 1, 0, full_draft(world.rubric))
    pages = pages_of(world, 1, 0)
    with transaction() as session:
        session.execute(
            update(Membership)
            .where(Membership.id == world.seats[1].id)
            .values(dismissed_at=NOW, dismissed_reason="사유")
        )

    for page in pages:
        assert client_for(app, world.members[1]).get(page).status_code == 403


def test_a_member_of_another_panel_has_no_desk_here(world: World) -> None:
    other = make_world(members=1, applications=1)

    with pytest.raises(NotFound):
        queries.get_desk_at(other.seats[0].id, world.applications[0].id)


def test_a_file_of_another_application_is_not_found(app: Flask, world: World) -> None:
    desk = world.desk(1, 0)
    at = f"/scoring/memberships/{desk.membership_id}/applications/{desk.application_id}/files"

    for name in ("0" * 64, "../../etc/passwd", "x"):
        assert client_for(app, world.members[1]).get(f"{at}/{name}").status_code == 404


def test_names_stay_hidden_where_the_phase_hides_them(app: Flask, world: World) -> None:
    browser = client_for(app, world.members[1])
    page = pages_of(world, 1, 0)[0]
    secrets = ("비밀기관", "함께하는 기관", "홍총괄")
    shown = open_page(browser, page)
    assert all(word in shown for word in secrets)

    with transaction() as session:
        session.execute(update(Phase).values(members_see_applicant_names=False))

    text = open_page(browser, page)
    assert not any(word in text for word in secrets)
    assert "사업 1의 요약" in text


def test_nobody_opens_or_writes_somebody_elses_sheet(app: Flask, world: World) -> None:
    score(world, 1, 0, full_draft(world.rubric))
    desk = world.desk(1, 0)
    assert desk.sheet is not None
    browser = client_for(app, world.members[2])
    at = f"/scoring/sheets/{desk.sheet.id}"

    for url in (
        at,
        f"{at}/submit",
        f"/scoring/memberships/{desk.membership_id}/applications/{desk.application_id}/open",
    ):
        post(browser, url, {"version_tag": "2", "opinion": "남의 의견"}, status=403)
    assert browser.post(f"{at}/autosave", json={"tag": "2", "fields": {}}).status_code == 403
    with pytest.raises(Refused, match="not_your_sheet"), transaction():
        services.submit_sheet(desk=world.desk(1, 0), tag=2, actor=actor_for(world.members[2]), at=NOW)


def test_before_the_phase_a_proposal_is_read_and_not_scored(app: Flask) -> None:
    world = make_world(members=1, applications=1, phase=PhaseKind.DECLARATION)
    desk = world.desk(0, 0)
    browser = client_for(app, world.members[0])

    assert "신청서 보기" in open_page(browser, "/scoring")
    open_page(browser, pages_of(world, 0, 0)[0])
    text = post(
        browser, f"/scoring/memberships/{desk.membership_id}/applications/{desk.application_id}/open", status=403
    ).get_data(as_text=True)
    assert "아직 평가 기간이 아닙니다" in text


# The first page


@pytest.mark.parametrize(("pledged", "words"), [(False, "청렴·보안 서약에 서명"), (True, "이해관계를 신고하십시오")])
def test_the_first_page_says_what_comes_before_scoring(app: Flask, pledged: bool, words: str) -> None:
    waiting = undeclared_world(pledged=pledged)
    assert words in open_page(client_for(app, waiting.members[0]), "/")


def test_the_first_page_counts_the_sheets_that_are_owed(app: Flask, world: World) -> None:
    browser = client_for(app, world.members[1])
    assert "평가하여 제출할 신청서 2건" in open_page(browser, "/")
    score(world, 1, 0, full_draft(world.rubric))
    assert "평가하여 제출할 신청서 1건" in open_page(browser, "/")
    file(world, 1, 1)
    page = open_page(browser, "/")
    assert "평가하여 제출할" not in page
    assert "지금 할 일이 없습니다" in page


def test_the_first_page_asks_for_the_signature_until_it_is_given(app: Flask) -> None:
    world = opened_world(members=3, applications=1)
    browser = client_for(app, world.members[1])
    assert "종합집계표를 확인하고 서명해" in open_page(browser, "/")
    sign(world, 1)
    assert "종합집계표를 확인하고 서명해" not in open_page(browser, "/")
