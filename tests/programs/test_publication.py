"""What is announced is sealed: only an amendment changes it, and an amendment is told to everybody whom it concerns."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from evalcomm.documents import queries as documents
from evalcomm.foundation.actor import Role
from evalcomm.foundation.database import db, transaction
from evalcomm.foundation.errors import Conflict, Invalid, StaleVersion
from evalcomm.notices.models import Message
from evalcomm.programs import queries, sealing, services, terms
from evalcomm.programs.models import Call, CallState, CallVersion, PhaseKind, Round, Track
from evalcomm.programs.services import publication
from evalcomm.programs.terms import CallTerms
from tests.factories import NOW, make_user
from tests.programs.calls import ACTOR, DAY, OPENS, draft, publish, published, small_plan, the_program
from tests.rubrics.texts import PLAN

REASON = {
    "reason": "접수 시스템 장애로 마감을 늦춤",
    "approver": "혁신도시정책총괄과장",
    "approved_on": date(2026, 11, 22),
}


@pytest.fixture(autouse=True)
def _audiences() -> Iterator[None]:
    before = list(publication._audiences)
    publication._audiences.clear()
    yield
    publication._audiences[:] = before


def extended(call: Call, days: int = 3) -> CallTerms:
    now = terms.of_call(call)
    phase = now.phase(PhaseKind.APPLICATION)
    assert phase is not None
    later = {
        other.key: (other.opens_at + days * DAY, other.closes_at + days * DAY)
        for other in now.phases
        if other.kind is not PhaseKind.APPLICATION
    }
    return terms.with_dates(now, {"application": (phase.opens_at, phase.closes_at + days * DAY), **later})


def amend(call: Call, wanted: CallTerms, at: datetime = NOW, **changes: Any) -> CallVersion:
    with transaction():
        fresh = queries.get_call(call.id)
        return services.amend_call(call=fresh, wanted=wanted, actor=ACTOR, at=at, **{**REASON, **changes})


def test_publishing_announces_a_snapshot_that_carries_the_seals(app: Flask) -> None:
    call = draft()

    version = publish(call)

    assert (call.state, call.published_at) == (CallState.PUBLISHED, NOW)
    assert version.version == 1
    assert version.content["tracks"][0]["plan"]["sha256"] == call.tracks[0].plan.sha256
    plain = json.dumps(version.content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert hashlib.sha256(plain.encode()).hexdigest() == version.sha256


def test_a_call_made_and_published_in_one_breath_is_what_was_announced(app: Flask) -> None:
    """Times given in Seoul and times read back in UTC are the same times."""
    program, plan = the_program(), small_plan()
    with transaction():
        call = services.create_call(
            program=program, plan=plan, number="2026-9", title="한 번에", opens_at=OPENS, actor=ACTOR, at=NOW
        )
        services.publish_call(call=call, actor=ACTOR, at=NOW)
        assert not sealing.deviates(call)

    db.session.expire_all()
    assert not sealing.deviates(queries.get_call(call.id))


def test_the_notice_prints_the_plan_in_words_and_its_seal(app: Flask) -> None:
    call = published()

    (paper,) = documents.papers_of("call", call.id, kind="notice_of_call")
    (plan,) = paper.model["plans"]
    assert plan["sha256"] == call.tracks[0].plan.sha256
    sentences = [sentence for rule in plan["rules"] for sentence in rule["sentences"]]
    assert "평가위원별 총점에서 최고점 1개와 최저점 1개를 제외하고 산술평균함" in sentences
    assert paper.model["notice_number"] == "국토교통부 공고 제2026-1호"
    assert paper.model["legal_basis"] == ["보조금 관리에 관한 법률 제16조"]
    assert paper.model["amendment"] is None


def test_a_published_call_cannot_be_published_again(app: Flask) -> None:
    call = published()
    with pytest.raises(Conflict, match="call_sealed"):
        publish(call)
    assert len(documents.papers_of("call", call.id)) == 1


def change_title(call: Call) -> None:
    call.title = "다른 이름"


def change_ceiling(call: Call) -> None:
    call.tracks[0].budget_won -= 1


def change_plan(call: Call) -> None:
    other = small_plan_version_2()
    call.tracks[0].plan_version_id = other


def change_window(call: Call) -> None:
    call.phases[0].closes_at += timedelta(seconds=1)


def change_right(call: Call) -> None:
    call.phases[3].members_see_other_scores = "always"


def change_round(call: Call) -> None:
    call.rounds[0].weight_percent = 99


def add_track(call: Call) -> None:
    db.session.add(
        Track(call_id=call.id, position=9, code="x", title="x", budget_won=1, plan_version_id=call.tracks[0].plan.id)
    )


def remove_round(call: Call) -> None:
    db.session.delete(call.rounds[0])


def back_to_draft(call: Call) -> None:
    call.state, call.published_at = CallState.DRAFT, None


def change_texts(call: Call) -> None:
    call.texts = {**call.texts, "notes": []}


def small_plan_version_2() -> int:
    from evalcomm.rubrics import queries as rubrics
    from evalcomm.rubrics import services as storing

    stored = storing.store_plan(text=PLAN.replace("version = 1", "version = 2"), actor=ACTOR, at=NOW)
    assert rubrics.plan_with_seal(stored.sha256) is not None
    return stored.id


@pytest.mark.parametrize(
    "change",
    [
        change_title,
        change_ceiling,
        change_plan,
        change_window,
        change_right,
        change_round,
        add_track,
        remove_round,
        back_to_draft,
        change_texts,
    ],
)
def test_what_is_sealed_changes_in_no_other_way(app: Flask, change: Any) -> None:
    call = published()
    with pytest.raises(Conflict, match="call_sealed"), transaction():
        change(queries.get_call(call.id))
        db.session.flush()


@pytest.mark.parametrize(
    "verb",
    [
        lambda call: services.change_dates(call=call, budget_won=1, dates={}, actor=ACTOR, at=NOW),
        lambda call: services.choose_plan(call=call, plan=call.tracks[0].plan, actor=ACTOR, at=NOW),
        lambda call: services.change_rounds(call=call, rounds=[], dates={}, actor=ACTOR, at=NOW),
        lambda call: services.change_rights(call=call, rights={}, actor=ACTOR, at=NOW),
        lambda call: services.remove_track(track=call.tracks[0], actor=ACTOR, at=NOW),
        lambda call: services.discard_draft(call=call, actor=ACTOR, at=NOW),
        lambda call: services.add_track(
            call=call, code="b", title="b", budget_won=1, plan=call.tracks[0].plan, actor=ACTOR, at=NOW
        ),
    ],
)
def test_every_verb_of_drafts_refuses_a_published_call(app: Flask, verb: Any) -> None:
    call = published()
    with pytest.raises(Conflict, match="call_sealed"), transaction():
        verb(queries.get_call(call.id))


def test_the_counter_of_pages_is_no_part_of_the_seal(app: Flask) -> None:
    call = published()
    with transaction():
        queries.lock_call(call.id).page_version += 1
    assert not sealing.deviates(queries.get_call(call.id))


def test_whoever_goes_around_the_product_is_found_out(app: Flask) -> None:
    call = published()
    with transaction() as session:
        session.execute(text("UPDATE track SET budget_won = budget_won - 1"))
    call = queries.get_call(call.id)
    db.session.refresh(call.tracks[0])

    assert sealing.deviates(call)
    with pytest.raises(Conflict, match="call_deviates"):
        amend(call, extended(call))


def test_a_published_version_cannot_be_rewritten(app: Flask) -> None:
    published()
    with pytest.raises(Exception, match="append-only"), transaction() as session:
        session.execute(text("UPDATE call_version SET reason = 'x'"))


def test_a_deadline_is_extended_with_reason_approver_paper_and_message(app: Flask) -> None:
    call = published()
    applicant = make_user(Role.APPLICANT)
    services.tells(lambda call_id: [applicant.id, applicant.id] if call_id == call.id else [])

    version = amend(call, extended(call))

    assert (version.version, version.reason, version.approver) == (2, REASON["reason"], REASON["approver"])
    new = queries.phase_of(queries.get_call(call.id), PhaseKind.APPLICATION)
    assert new is not None
    assert new.closes_at == OPENS + timedelta(days=33, hours=9)
    newest, first = documents.papers_of("call", call.id, kind="notice_of_call")
    assert (newest.version, first.version) == (2, 1)
    amendment = newest.model["amendment"]
    assert amendment["previous_number"] == "국토교통부 공고 제2026-1호"
    assert amendment["approved_on"] == "2026-11-22"
    assert {"what": "신청 접수 마감", "before": "2027. 1. 6. 18:00", "after": "2027. 1. 9. 18:00"} in amendment[
        "changes"
    ]
    (message,) = db.session.scalars(select(Message)).all()
    assert message.user_id == applicant.id
    assert "2027. 1. 6. 18:00 → 2027. 1. 9. 18:00" in message.body


def test_an_amendment_needs_reason_approver_and_a_change(app: Flask) -> None:
    call = published()

    with pytest.raises(Invalid) as refused:
        amend(call, extended(call), reason=" ", approver="", approved_on=date(2026, 11, 23))
    assert {place: code for place, (code, _) in refused.value.fields.items()} == {
        "reason": "amendment_needs",
        "approver": "amendment_needs",
        "approved_on": "approved_in_the_future",
    }
    with pytest.raises(Invalid) as refused:
        amend(call, extended(call), approved_on=date(2019, 1, 1))
    assert refused.value.fields["approved_on"][0] == "approved_before_notice"
    with pytest.raises(Invalid, match="amendment_changes_nothing"):
        amend(call, terms.of_call(queries.get_call(call.id)))
    assert len(queries.get_call(call.id).versions) == 1


def test_two_amendments_from_the_same_page_do_not_undo_each_other(app: Flask) -> None:
    call = published()
    wanted = extended(call)
    amend(call, wanted, from_version=1)

    with pytest.raises(StaleVersion):
        amend(call, extended(call, days=5), from_version=1)


def test_what_is_past_stays_and_a_closed_window_may_open_again(app: Flask) -> None:
    """The system broke down on the last evening: the next morning the deadline is set anew, since nothing later has begun."""
    call = published()
    now = terms.of_call(call)
    closed = now.phase(PhaseKind.APPLICATION)
    assert closed is not None
    morning = closed.closes_at + timedelta(hours=14)

    with pytest.raises(Invalid) as refused:
        amend(call, terms.with_dates(now, {"application": (closed.opens_at - DAY, closed.closes_at)}), at=morning)
    assert refused.value.fields["application_opens_at"][0] == "opening_has_happened"
    with pytest.raises(Invalid) as refused:
        amend(
            call,
            terms.with_dates(now, {"application": (closed.opens_at, closed.closes_at + timedelta(hours=2))}),
            at=morning,
        )
    assert refused.value.fields["application_closes_at"][0] == "date_in_the_past"

    amend(call, extended(call), at=morning)
    reopened = queries.open_phase(queries.get_call(call.id), PhaseKind.APPLICATION, morning)
    assert reopened is not None


def test_a_plan_changes_until_scoring_opens(app: Flask) -> None:
    call = published()
    with transaction():
        other = small_plan_version_2()
    wanted = terms.of_call(queries.get_call(call.id))
    new = replace(
        wanted.tracks[0].plan,
        row_id=other,
        version=2,
        sha256=db.session.get_one(type(call.tracks[0].plan), other).sha256,
    )
    wanted = replace(wanted, tracks=(replace(wanted.tracks[0], plan=new),))
    scoring = wanted.phase(PhaseKind.SCORING)
    assert scoring is not None

    with pytest.raises(Invalid) as refused:
        amend(call, wanted, at=scoring.opens_at)
    assert refused.value.fields["track-main_plan"][0] == "plan_after_scoring"

    amend(call, wanted, at=scoring.opens_at - timedelta(seconds=1))
    newest, _first = documents.papers_of("call", call.id, kind="notice_of_call")
    assert newest.model["plans"][0]["version"] == 2
    assert newest.model["plans"][0]["sealed_at"] == newest.model["issued_at"]


def test_tracks_and_rounds_stay_as_announced(app: Flask) -> None:
    call = published()
    now = terms.of_call(call)
    more = replace(now, rounds=(*now.rounds, terms.RoundTerms(2, "발표평가")))
    for wanted, place in (
        (replace(now, tracks=()), "tracks"),
        (more, "rounds"),
        (replace(now, number="2026-2"), "number"),
    ):
        with pytest.raises(Invalid) as refused:
            amend(call, wanted)
        assert place in refused.value.fields


def test_the_call_of_another_person_is_published_from_a_fresh_page_only(app: Flask) -> None:
    call = draft()
    with pytest.raises(StaleVersion), transaction():
        services.publish_call(call=queries.get_call(call.id), actor=ACTOR, at=NOW, page_version=call.page_version - 1)


def test_a_draft_without_a_plan_is_not_published(app: Flask) -> None:
    call = draft()
    with transaction():
        services.remove_track(track=queries.get_call(call.id).tracks[0], actor=ACTOR, at=NOW)
    with pytest.raises(Invalid) as refused:
        publish(call)
    assert refused.value.fields["tracks"][0] == "call_without_track"


def test_small_plan_is_stored_once(app: Flask) -> None:
    assert small_plan().id == small_plan().id
    assert db.session.scalars(select(Round)).all() == []
