"""The pages of committees, opened and filled in as people do."""

import pytest
from flask import Flask

from evalcomm.accounts.models import UserAccount
from evalcomm.committee import queries
from evalcomm.committee.models import Committee, ConflictAct, ConflictState, Membership
from evalcomm.foundation.actor import Role
from evalcomm.foundation.database import db, transaction
from evalcomm.programs.models import Call, PhaseKind
from tests.committee.test_constraints import conflict
from tests.factories import make_application, make_call, make_committee, make_organisation, make_user
from tests.pages import client_for, count_queries, open_page, post


@pytest.fixture
def secretary(app: Flask) -> UserAccount:
    return make_user(Role.SECRETARIAT)


@pytest.fixture
def call(app: Flask) -> Call:
    return make_call(phase=PhaseKind.SCORING)


def only_committee() -> Committee:
    db.session.rollback()
    return queries.get_committee(queries.overviews()[0].id)


def seats(committee: Committee) -> list[Membership]:
    db.session.rollback()
    return list(queries.members(committee.id))


def test_from_an_empty_call_to_a_recused_member(app: Flask, call: Call, secretary: UserAccount) -> None:
    applications = [make_application(call, title=f"사업 {n}") for n in range(1, 4)]
    evaluator = make_user(Role.EVALUATOR, organisation=make_organisation())
    office, own = client_for(app, secretary), client_for(app, evaluator)

    assert call.title in open_page(office, "/committees")
    open_page(office, f"/calls/{call.id}/committees/new")
    post(office, f"/calls/{call.id}/committees/new", {"name": "심사위원회", "kind": "evaluation", "track_id": "0"})
    committee = only_committee()
    assert evaluator.name in open_page(office, f"/committees/{committee.id}/appoint")
    post(office, f"/committees/{committee.id}/appoint/{evaluator.id}")
    member = seats(committee)[0]

    open_page(office, f"/memberships/{member.id}/chair")
    post(office, f"/memberships/{member.id}/chair", {"how": "elected", "note": "전원 찬성"})
    open_page(own, f"/memberships/{member.id}/pledge")
    post(own, f"/memberships/{member.id}/pledge", {"pledged": "y", "consented": "y"})
    assert "서약함" in open_page(own, f"/memberships/{member.id}/pledge")
    open_page(own, f"/memberships/{member.id}/declaration")
    answers = {f"answer-{one.id}": "none" for one in applications}
    answers |= {
        f"answer-{applications[1].id}": "recusal",
        f"relation-{applications[1].id}": "service",
        f"reason-{applications[1].id}": "회계감사",
        "asked": ",".join(str(one.id) for one in applications),
    }
    post(own, f"/memberships/{member.id}/declaration", answers)
    assert "회계감사" in open_page(own, f"/memberships/{member.id}/declaration")

    conflict = queries.conflicts_of(committee.id)[0]
    open_page(office, f"/conflicts/{conflict.id}")
    post(office, f"/conflicts/{conflict.id}", {"state": "accepted", "body": "committee", "reason": "타당함"})

    assert "위원회 의결" in open_page(office, f"/conflicts/{conflict.id}")
    assert queries.recused_memberships(committee_id=committee.id) == {
        (member.id, applications[1].id): ConflictAct.RECUSAL
    }
    assert "타당함" in open_page(own, f"/memberships/{member.id}/declaration")
    assert "전원 찬성" in open_page(office, f"/committees/{committee.id}")


def test_a_recusal_after_the_declaration_and_an_exclusion_by_the_office(
    app: Flask, call: Call, secretary: UserAccount
) -> None:
    application = make_application(call)
    member, other = seats(make_committee(call, members=2))
    own, office = client_for(app, member.user), client_for(app, secretary)

    page = f"/memberships/{member.id}/recusals/{application.id}"
    open_page(own, page)
    assert "사유를 적어" in post(own, page, {"relation": "kin", "reason": ""}, status=422).get_data(as_text=True)
    post(own, page, {"relation": "kin", "reason": "친족"})
    filing = f"/committees/{member.committee_id}/conflicts/new"
    open_page(office, f"{filing}?act=exclusion&membership_id={other.id}&application_id={application.id}")
    post(
        office,
        filing,
        {
            "act": "exclusion",
            "membership_id": str(other.id),
            "application_id": str(application.id),
            "relation": "member",
            "reason": "주관기관 소속",
        },
    )

    db.session.rollback()
    assert set(queries.recused_memberships(application_ids=[application.id]).values()) == {
        ConflictAct.RECUSAL,
        ConflictAct.EXCLUSION,
    }


def test_everything_wrong_with_a_committee_is_told_at_once(app: Flask, call: Call, secretary: UserAccount) -> None:
    make_committee(call, members=0)
    office, page = client_for(app, secretary), f"/calls/{call.id}/committees/new"
    name = only_committee().name

    text = post(office, page, {"name": f" {name}\t", "kind": "evaluation", "track_id": "0"}, status=422)
    told = text.get_data(as_text=True)
    assert "같은 이름의 위원회가" in told
    assert "같은 종류의 위원회가" in told
    told = post(office, page, {"name": "", "kind": "evaluation", "track_id": "0"}, status=422).get_data(as_text=True)
    assert "위원회 이름을 적어" in told
    assert "같은 종류의 위원회가" in told


def test_what_was_filed_before_is_told_beside_the_rest_and_the_typed_reason_stays(
    app: Flask, call: Call, secretary: UserAccount
) -> None:
    application = make_application(call)
    member = seats(make_committee(call, members=1))[0]
    office, page = client_for(app, secretary), f"/committees/{member.committee_id}/conflicts/new"
    typed = {
        "act": "challenge",
        "membership_id": str(member.id),
        "application_id": str(application.id),
        "relation": "kin",
        "reason": "기피 신청서 접수",
    }
    post(office, page, typed)

    again = post(office, page, typed, status=422).get_data(as_text=True)
    assert "이미 낸 신고가" in again
    assert "기피 신청서 접수" in again
    told = post(office, page, {**typed, "relation": "", "reason": ""}, status=422).get_data(as_text=True)
    assert all(fault in told for fault in ("이미 낸 신고가", "관계를 골라", "사유를 적어"))


def test_a_decision_that_comes_second_is_told_on_the_page(app: Flask, call: Call, secretary: UserAccount) -> None:
    application = make_application(call)
    member = seats(make_committee(call, members=1))[0]
    with transaction() as session:
        filed = conflict(member, application.id)
        session.add(filed)
    office = client_for(app, secretary)
    decision = {"state": "accepted", "body": "committee", "reason": "타당함"}
    post(office, f"/conflicts/{filed.id}", decision)

    told = post(office, f"/conflicts/{filed.id}", {**decision, "state": "rejected"}, status=409).get_data(as_text=True)

    assert "이미 결정한 건입니다" in told
    assert "타당함" in told


def test_a_second_click_on_an_appointment_is_no_error_page(app: Flask, call: Call, secretary: UserAccount) -> None:
    committee, evaluator = make_committee(call, members=0), make_user(Role.EVALUATOR)
    office, page = client_for(app, secretary), f"/committees/{committee.id}/appoint"
    post(office, f"{page}/{evaluator.id}")
    post(office, f"{page}/{evaluator.id}")

    assert "이미 이 위원회의 위원입니다" in open_page(office, page)
    assert len(seats(committee)) == 1


def test_an_unanswered_row_is_named_and_the_typed_reasons_stay(app: Flask, call: Call) -> None:
    applications = [make_application(call) for _ in range(2)]
    member = seats(make_committee(call, members=1))[0]
    own = client_for(app, member.user)
    typed = {
        f"answer-{applications[0].id}": "recusal",
        f"reason-{applications[0].id}": "적어 둔 사유",
        "asked": ",".join(str(one.id) for one in applications),
    }

    text = post(own, f"/memberships/{member.id}/declaration", typed, status=422).get_data(as_text=True)

    assert "적어 둔 사유" in text
    assert "관계를 골라 주십시오." in text
    assert f'href="#answer-{applications[1].id}-0"' in text
    db.session.rollback()
    assert queries.conflicts_of_member(member.id) == []


def test_a_page_that_no_longer_lists_everything_stores_nothing_and_keeps_the_answers(app: Flask, call: Call) -> None:
    shown = make_application(call)
    member = seats(make_committee(call, members=1))[0]
    own = client_for(app, member.user)
    late = make_application(call, title="나중에 접수된 사업")

    answers = {
        "asked": str(shown.id),
        f"answer-{shown.id}": "recusal",
        f"relation-{shown.id}": "kin",
        f"reason-{shown.id}": "입력한 사유",
        f"answer-{late.id}": "none",
    }
    text = post(own, f"/memberships/{member.id}/declaration", answers, status=409).get_data(as_text=True)

    assert "입력한 사유" in text
    assert "나중에 접수된 사업" in text
    db.session.rollback()
    assert queries.conflicts_of_member(member.id) == []


def test_the_declaration_shows_who_applies_and_no_word_of_the_proposal(app: Flask, call: Call) -> None:
    application = make_application(call, lead=make_organisation("신청하는 기관"))
    with transaction():
        row = db.session.merge(application)
        row.narrative = {"summary": "제안서의 비밀 문장"}
    member = seats(make_committee(call, members=1))[0]

    text = open_page(client_for(app, member.user), f"/memberships/{member.id}/declaration?again=1")

    assert "신청하는 기관" in text
    assert application.title in text
    assert "제안서의 비밀 문장" not in text
    assert f"{application.requested_won:,}" not in text


PAGES_OF_OTHERS = ("pledge", "declaration")


def test_a_member_sees_neither_another_members_pages_nor_the_offices(app: Flask, call: Call) -> None:
    make_application(call)
    one, other = seats(make_committee(call, members=2))
    curious = client_for(app, other.user)

    for page in PAGES_OF_OTHERS:
        open_page(curious, f"/memberships/{one.id}/{page}", status=403)
        open_page(client_for(app, one.user), f"/memberships/{one.id}/{page}")
    for page in (
        "/committees",
        f"/committees/{one.committee_id}",
        f"/committees/{one.committee_id}/appoint",
        f"/memberships/{one.id}/chair",
    ):
        open_page(curious, page, status=403)


def test_the_auditor_reads_and_changes_nothing(app: Flask, call: Call) -> None:
    application = make_application(call)
    member = seats(make_committee(call, members=1))[0]
    auditor = client_for(app, make_user(Role.AUDITOR))

    text = open_page(auditor, f"/committees/{member.committee_id}")

    assert "위원 위촉" not in text
    open_page(auditor, f"/memberships/{member.id}/pledge")
    for url, data in (
        (f"/memberships/{member.id}/dismissal", {"reason": "사유"}),
        (f"/memberships/{member.id}/pledge", {"pledged": "y", "consented": "y"}),
        (
            f"/committees/{member.committee_id}/conflicts/new",
            {"act": "exclusion", "membership_id": str(member.id), "application_id": str(application.id), "reason": "x"},
        ),
    ):
        post(auditor, url, data, status=403)


def test_a_dismissed_member_reads_nothing_any_more(app: Flask, call: Call, secretary: UserAccount) -> None:
    member = seats(make_committee(call, members=2))[1]

    post(client_for(app, secretary), f"/memberships/{member.id}/dismissal", {"reason": "본인 요청"})

    open_page(client_for(app, member.user), f"/memberships/{member.id}/declaration", status=403)


def test_lists_cost_the_same_with_one_row_and_with_many(app: Flask, call: Call, secretary: UserAccount) -> None:
    office = client_for(app, secretary)
    committee = make_committee(call, members=1)
    pages = ("/committees", f"/committees/{committee.id}", f"/committees/{committee.id}/appoint")
    _add_a_row_everywhere(call, committee)
    few = [_cost(office, page) for page in pages]

    make_committee(make_call(), members=4)
    for _ in range(4):
        _add_a_row_everywhere(call, committee)

    assert [_cost(office, page) for page in pages] == few


def _add_a_row_everywhere(call: Call, committee: Committee) -> None:
    """A candidate, an application, and a conflict about it."""
    make_user(Role.EVALUATOR, organisation=make_organisation())
    application = make_application(call)
    member = seats(committee)[0]
    with transaction() as session:
        session.add(conflict(member, application.id, state=ConflictState.PENDING))


def _cost(client: object, page: str) -> int:
    with count_queries() as statements:
        open_page(client, page)  # type: ignore[arg-type]
    return len(statements)
