"""The verbs of committees."""

import hashlib
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from evalcomm.accounts.models import UserAccount
from evalcomm.applications import policies as application_policies
from evalcomm.applications.models import Application
from evalcomm.audit.models import AuditEntry
from evalcomm.committee import policies, queries, services
from evalcomm.committee.models import (
    ChairHow,
    Committee,
    CommitteeKind,
    Conflict,
    ConflictAct,
    ConflictState,
    Membership,
    Relation,
)
from evalcomm.committee.services import Recusal
from evalcomm.documents.queries import papers_of
from evalcomm.foundation.actor import Actor, Role
from evalcomm.foundation.database import db, transaction
from evalcomm.foundation.errors import Conflict as Clash
from evalcomm.foundation.errors import Invalid, Refused, StaleVersion
from evalcomm.foundation.verdict import ALLOWED, refused
from evalcomm.notices.models import Message
from evalcomm.programs.models import Call, PhaseKind, Track
from tests.factories import (
    NOW,
    actor_for,
    make_application,
    make_call,
    make_committee,
    make_organisation,
    make_user,
)


@pytest.fixture
def secretary(app: Flask) -> Actor:
    return actor_for(make_user(Role.SECRETARIAT))


def make_empty(call: Call, secretary: Actor, *, track: Track | None = None, name: str = "평가위원회") -> Committee:
    with transaction():
        return services.create_committee(call=call, name=name, track=track, actor=secretary, at=NOW)


def seat(committee: Committee, secretary: Actor, user: UserAccount | None = None) -> Membership:
    person = user or make_user(Role.EVALUATOR)
    with transaction():
        return services.appoint(
            committee=queries.get_committee(committee.id),
            user=db.session.get_one(UserAccount, person.id),
            actor=secretary,
            at=NOW,
        )


def actor_of(membership: Membership) -> Actor:
    return actor_for(db.session.get_one(UserAccount, membership.user_id))


def pledged(membership: Membership) -> Membership:
    with transaction():
        services.sign_pledge(membership=queries.get_membership(membership.id), actor=actor_of(membership), at=NOW)
    return queries.get_membership(membership.id)


# ---- committees and seats


def test_a_committee_for_a_track_takes_it_from_the_one_for_the_whole_call(secretary: Actor) -> None:
    call = make_call(tracks=2)
    whole = make_empty(call, secretary)
    own = make_empty(call, secretary, track=call.tracks[1], name="분야 위원회")

    assert queries.panel_of(call.tracks[0]) is whole
    assert queries.panel_of(call.tracks[1]) is own
    assert [track.id for track in queries.tracks_of(whole)] == [call.tracks[0].id]


def test_one_committee_of_a_kind_for_the_same_place(secretary: Actor) -> None:
    call = make_call()
    make_empty(call, secretary)

    with pytest.raises(Invalid, match="committee_exists"):
        make_empty(call, secretary, name="둘째 위원회")
    with pytest.raises(Invalid, match="committee_name_taken"), transaction():
        services.create_committee(call=call, name="평가위원회", kind=CommitteeKind.APPEAL, actor=secretary, at=NOW)


def test_a_committee_sits_for_a_track_of_its_own_call_only(secretary: Actor) -> None:
    with pytest.raises(Invalid, match="track_of_another_call"):
        make_empty(make_call(), secretary, track=make_call().tracks[0])


def test_seats_are_numbered_in_order_and_no_number_is_given_again(secretary: Actor) -> None:
    committee = make_empty(make_call(), secretary)
    first, second = seat(committee, secretary), seat(committee, secretary)
    with transaction():
        services.dismiss(membership=queries.get_membership(second.id), reason="본인 요청", actor=secretary, at=NOW)

    third = seat(committee, secretary)

    assert [first.number, second.number, third.number] == [1, 2, 3]
    assert [member.id for member in queries.members(committee.id)] == [first.id, third.id]


def test_appointed_people_are_told_and_only_evaluators_are_appointed(secretary: Actor) -> None:
    committee = make_empty(make_call(), secretary)
    membership = seat(committee, secretary)

    told = db.session.scalars(select(Message).where(Message.user_id == membership.user_id)).all()

    assert [message.subject for message in told] == ["[평가위원회] 평가위원 위촉 안내"]
    with pytest.raises(Invalid, match="not_an_evaluator"):
        seat(committee, secretary, make_user(Role.APPLICANT))
    with pytest.raises(Clash, match="seated_already"):
        seat(committee, secretary, db.session.get_one(UserAccount, membership.user_id))


def test_there_is_one_chair_and_an_election_says_how(secretary: Actor) -> None:
    committee = make_empty(make_call(), secretary)
    one, other = seat(committee, secretary), seat(committee, secretary)

    with transaction():
        services.name_chair(membership=queries.get_membership(one.id), actor=secretary, at=NOW)
    with pytest.raises(Invalid, match="election_note_missing"), transaction():
        services.elect_chair(membership=queries.get_membership(other.id), note=" ", actor=secretary, at=NOW)
    with transaction():
        services.elect_chair(
            membership=queries.get_membership(other.id), note="위원 전원 찬성", actor=secretary, at=NOW
        )

    chairs = db.session.scalars(select(Membership).where(Membership.is_chair)).all()
    assert [(chair.id, chair.chair_how, chair.chair_note) for chair in chairs] == [
        (other.id, ChairHow.ELECTED, "위원 전원 찬성")
    ]


def test_a_dismissed_chair_leaves_the_chair_empty(secretary: Actor) -> None:
    committee = make_empty(make_call(), secretary)
    member = seat(committee, secretary)
    with transaction():
        services.name_chair(membership=queries.get_membership(member.id), actor=secretary, at=NOW)

    with pytest.raises(Invalid, match="reason_missing"), transaction():
        services.dismiss(membership=queries.get_membership(member.id), reason="", actor=secretary, at=NOW)
    with transaction():
        services.dismiss(membership=queries.get_membership(member.id), reason="장기 출장", actor=secretary, at=NOW)

    assert queries.chair_of(committee.id) is None
    with pytest.raises(Clash, match="seat_dismissed_already"), transaction():
        services.name_chair(membership=queries.get_membership(member.id), actor=secretary, at=NOW)
    with pytest.raises(Refused, match="seat_dismissed"):
        pledged(member)


# ---- pledge and declaration


def test_the_pledge_keeps_the_whole_text_and_the_first_signature(secretary: Actor) -> None:
    member = pledged(seat(make_empty(make_call(), secretary), secretary))
    assert member.pledge is not None

    with transaction():
        again = services.sign_pledge(
            membership=queries.get_membership(member.id), actor=actor_of(member), at=NOW + timedelta(hours=1)
        )

    assert again.signed_at == NOW
    assert again.sha256 == hashlib.sha256(again.text.encode()).hexdigest()
    for words in (
        "비밀 유지",
        "금품 등 수수 금지",
        "이해관계 신고와 회피",
        "개인정보 수집·이용 동의서",
        member.committee.name,
    ):
        assert words in again.text


def test_nobody_pledges_for_somebody_else(secretary: Actor) -> None:
    member = seat(make_empty(make_call(), secretary), secretary)

    with pytest.raises(Refused, match="not_your_seat"), transaction():
        services.sign_pledge(membership=queries.get_membership(member.id), actor=secretary, at=NOW)


def test_a_declaration_needs_the_pledge_and_the_end_of_submission(secretary: Actor) -> None:
    member = seat(make_empty(make_call(phase=PhaseKind.APPLICATION), secretary), secretary)

    with pytest.raises(Refused, match="pledge_first"), transaction():
        services.declare(membership=queries.get_membership(member.id), actor=actor_of(member), at=NOW)
    pledged(member)
    with pytest.raises(Refused, match="declare_after_deadline") as caught, transaction():
        services.declare(membership=queries.get_membership(member.id), actor=actor_of(member), at=NOW)

    deadline = caught.value.params["until"]
    with pytest.raises(Refused), transaction():
        services.declare(
            membership=queries.get_membership(member.id),
            actor=actor_of(member),
            at=deadline + timedelta(milliseconds=900),  # type: ignore[operator]  # the last second is in
        )
    with transaction():
        services.declare(
            membership=queries.get_membership(member.id),
            actor=actor_of(member),
            at=deadline + timedelta(seconds=1),  # type: ignore[operator]  # same
        )
    assert queries.get_membership(member.id).declared_at is not None


def test_one_declaration_answers_for_every_application_and_recusals_hold_at_once(secretary: Actor) -> None:
    call = make_call(phase=PhaseKind.SCORING)
    applications = [make_application(call) for _ in range(3)]
    member = pledged(seat(make_empty(call, secretary), secretary))

    with transaction():
        declaration = services.declare(
            membership=queries.get_membership(member.id),
            recusals={applications[1].id: Recusal(Relation.SERVICE, "2025년 회계감사")},
            actor=actor_of(member),
            at=NOW,
        )

    answers = {row["id"]: row["answer"] for row in declaration.content["applications"]}
    assert answers == {applications[0].id: "none", applications[1].id: "recusal", applications[2].id: "none"}
    assert queries.recused_memberships(membership_id=member.id) == {
        (member.id, applications[1].id): ConflictAct.RECUSAL
    }


def test_a_declaration_is_about_the_applications_that_the_page_showed(secretary: Actor) -> None:
    call = make_call(phase=PhaseKind.SCORING)
    shown = make_application(call)
    member = pledged(seat(make_empty(call, secretary), secretary))
    make_application(call)

    with pytest.raises(StaleVersion, match="panel_changed"), transaction():
        services.declare(membership=queries.get_membership(member.id), asked=[shown.id], actor=actor_of(member), at=NOW)
    assert queries.get_membership(member.id).declared_at is None


def test_what_is_submitted_after_the_declaration_stays_shut_until_the_next(secretary: Actor) -> None:
    call = make_call(phase=PhaseKind.SCORING)
    early = make_application(call)
    member = pledged(seat(make_empty(call, secretary), secretary))
    with transaction():
        services.declare(
            membership=queries.get_membership(member.id),
            recusals={early.id: Recusal(Relation.KIN, "친족")},
            actor=actor_of(member),
            at=NOW,
        )
    member = queries.get_membership(member.id)

    assert policies.has_declared(member, NOW).allowed
    assert policies.has_declared(member, NOW + timedelta(seconds=1)).code == "declare_again"

    late = make_application(call)
    with transaction():
        second = services.declare(
            membership=queries.get_membership(member.id),
            asked=[late.id],
            actor=actor_of(member),
            at=NOW + timedelta(hours=1),
        )
    assert second.version == 2
    assert {row["id"]: row["answer"] for row in second.content["applications"]} == {
        early.id: "recusal",
        late.id: "none",
    }
    assert len(queries.conflicts_of_member(member.id)) == 1


def test_a_recusal_without_a_reason_or_for_another_panel_is_refused_at_its_field(secretary: Actor) -> None:
    call = make_call(phase=PhaseKind.SCORING)
    own, foreign = make_application(call), make_application(make_call(phase=PhaseKind.SCORING))
    member = pledged(seat(make_empty(call, secretary), secretary))

    with pytest.raises(Invalid) as caught, transaction():
        services.declare(
            membership=queries.get_membership(member.id),
            recusals={own.id: Recusal(Relation.KIN, " ")},
            actor=actor_of(member),
            at=NOW,
        )
    assert set(caught.value.fields) == {f"reason-{own.id}"}
    with pytest.raises(Invalid, match="not_of_this_panel"), transaction():
        services.declare(
            membership=queries.get_membership(member.id),
            recusals={foreign.id: Recusal(Relation.KIN, "친족")},
            actor=actor_of(member),
            at=NOW,
        )


# ---- conflicts


@pytest.fixture
def panel(secretary: Actor) -> tuple[Membership, Application]:
    """A member of a committee, pledged and declared, and one application before it."""
    call = make_call(phase=PhaseKind.SCORING)
    application = make_application(call)
    committee = make_committee(call, members=1)
    return queries.members(committee.id)[0], application


def act(panel: tuple[Membership, Application], kind: ConflictAct, actor: Actor) -> Conflict:
    with transaction():
        return services.file_conflict(
            membership=queries.get_membership(panel[0].id),
            application=db.session.get_one(Application, panel[1].id),
            act=kind,
            relation=Relation.FORMER_MEMBER,
            reason="최근 3년 이내 재직",
            actor=actor,
            at=NOW,
        )


def decided(conflict: Conflict, state: ConflictState, actor: Actor) -> Conflict:
    with transaction():
        return services.decide_conflict(
            conflict=queries.get_conflict(conflict.id), state=state, reason="확인함", actor=actor, at=NOW
        )


def is_out(panel: tuple[Membership, Application]) -> bool:
    return bool(queries.recused_memberships(membership_id=panel[0].id))


def test_exclusion_and_recusal_hold_when_filed_and_end_when_rejected(
    panel: tuple[Membership, Application], secretary: Actor
) -> None:
    for kind, filer in ((ConflictAct.RECUSAL, actor_of(panel[0])), (ConflictAct.EXCLUSION, secretary)):
        conflict = act(panel, kind, filer)
        assert is_out(panel)

        decided(conflict, ConflictState.REJECTED, secretary)
        assert not is_out(panel)


def test_a_challenge_holds_from_its_acceptance(panel: tuple[Membership, Application], secretary: Actor) -> None:
    conflict = act(panel, ConflictAct.CHALLENGE, secretary)
    assert not is_out(panel)

    decided(conflict, ConflictState.ACCEPTED, secretary)

    assert queries.recused_memberships(membership_id=panel[0].id) == {(panel[0].id, panel[1].id): ConflictAct.CHALLENGE}


def test_the_weightiest_of_several_acts_is_named(panel: tuple[Membership, Application], secretary: Actor) -> None:
    act(panel, ConflictAct.RECUSAL, actor_of(panel[0]))
    act(panel, ConflictAct.EXCLUSION, secretary)

    assert list(queries.recused_memberships(application_ids=[panel[1].id]).values()) == [ConflictAct.EXCLUSION]


def test_an_exception_is_for_exclusions_and_lets_the_member_sit(
    panel: tuple[Membership, Application], secretary: Actor
) -> None:
    recusal = act(panel, ConflictAct.RECUSAL, actor_of(panel[0]))
    with pytest.raises(Invalid, match="exception_only_for_exclusion"):
        decided(recusal, ConflictState.EXCEPTION, secretary)
    decided(recusal, ConflictState.REJECTED, secretary)

    decided(act(panel, ConflictAct.EXCLUSION, secretary), ConflictState.EXCEPTION, secretary)

    assert not is_out(panel)


def test_who_files_what(panel: tuple[Membership, Application], secretary: Actor) -> None:
    with pytest.raises(Refused, match="not_your_seat"):
        act(panel, ConflictAct.RECUSAL, secretary)
    for kind in (ConflictAct.EXCLUSION, ConflictAct.CHALLENGE):
        with pytest.raises(Refused, match="role_needed"):
            act(panel, kind, actor_of(panel[0]))


def test_filed_and_decided_once(panel: tuple[Membership, Application], secretary: Actor) -> None:
    conflict = act(panel, ConflictAct.CHALLENGE, secretary)
    with pytest.raises(Invalid, match="conflict_filed_already"):
        act(panel, ConflictAct.CHALLENGE, secretary)

    decided(conflict, ConflictState.REJECTED, secretary)

    with pytest.raises(Clash, match="conflict_decided"):
        decided(conflict, ConflictState.ACCEPTED, secretary)


def test_a_decision_is_told_to_the_member_and_to_the_applicant_who_asked(
    panel: tuple[Membership, Application], secretary: Actor
) -> None:
    conflict = decided(act(panel, ConflictAct.CHALLENGE, secretary), ConflictState.REJECTED, secretary)

    told = {message.user_id: message.body for message in db.session.scalars(select(Message))}

    assert conflict.notified_at == NOW
    assert set(told) == {panel[0].user_id, panel[1].owner_id}
    for body in told.values():
        assert "기각" in body
        assert "확인함" in body


def test_the_record_is_issued_in_both_editions_and_the_disclosable_one_names_nobody(
    panel: tuple[Membership, Application], secretary: Actor
) -> None:
    act(panel, ConflictAct.RECUSAL, actor_of(panel[0]))
    pending = act(panel, ConflictAct.CHALLENGE, secretary)
    decided(pending, ConflictState.REJECTED, secretary)
    assert papers_of("membership", panel[0].id) == []  # the recusal is still to be decided

    decided(queries.conflicts_of(panel[0].committee_id)[0], ConflictState.ACCEPTED, secretary)

    papers = {paper.edition: paper.model for paper in papers_of("membership", panel[0].id)}
    name = panel[0].user.name
    assert papers["internal"]["evaluator"] == name
    assert papers["disclosable"]["evaluator"] == "위원 1"
    assert name not in str(papers["disclosable"]["entries"])
    assert {entry["act"] for entry in papers["internal"]["entries"]} == {"recusal", "challenge"}
    assert all(entry["details"] is None and entry["reason"] is None for entry in papers["disclosable"]["entries"])


def test_after_a_track_is_settled_nothing_about_its_members_changes(
    panel: tuple[Membership, Application], secretary: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    conflict = act(panel, ConflictAct.CHALLENGE, secretary)
    closed = {panel[1].track_id}
    settled = [lambda track, *, hold: refused("settled") if hold and track in closed else ALLOWED]
    monkeypatch.setattr(application_policies, "_settlements", settled)

    with pytest.raises(Clash, match="settled"):
        decided(conflict, ConflictState.ACCEPTED, secretary)
    with pytest.raises(Clash, match="settled"):
        act(panel, ConflictAct.RECUSAL, actor_of(panel[0]))
    with pytest.raises(Clash, match="settled"), transaction():
        services.dismiss(membership=queries.get_membership(panel[0].id), reason="사유", actor=secretary, at=NOW)
    with pytest.raises(Clash, match="settled"):
        seat(db.session.get_one(Committee, panel[0].committee_id), secretary)


# ---- what is found by organisation, and the trail


def test_ties_are_proposed_until_somebody_files_them(secretary: Actor) -> None:
    call = make_call(phase=PhaseKind.SCORING)
    ministry = make_organisation("상위 기관")
    applicant = make_organisation("신청기관")
    with transaction():
        applicant = db.session.merge(applicant)
        applicant.parent_id = ministry.id
    application = make_application(call, lead=applicant)
    make_application(call)
    committee = make_empty(call, secretary)
    member = seat(committee, secretary, make_user(Role.EVALUATOR, organisation=ministry))
    seat(committee, secretary, make_user(Role.EVALUATOR, organisation=make_organisation()))

    proposals = queries.proposed_exclusions(queries.get_committee(committee.id))

    assert [(one.membership.id, one.application.id) for one in proposals] == [(member.id, application.id)]
    act((member, application), ConflictAct.EXCLUSION, secretary)
    assert queries.proposed_exclusions(queries.get_committee(committee.id)) == []


def test_candidates_show_their_ties_before_they_are_appointed(secretary: Actor) -> None:
    call = make_call(phase=PhaseKind.SCORING)
    applicant = make_organisation("신청기관")
    application = make_application(call, lead=applicant)
    committee = make_empty(call, secretary)
    concerned = make_user(Role.EVALUATOR, name="가", organisation=applicant)
    make_user(Role.EVALUATOR, name="나")

    found, total = queries.candidates(queries.get_committee(committee.id))

    assert total == 2
    assert [(one.user_id, [known.id for known, _tie in one.ties]) for one in found] == [
        (concerned.id, [application.id]),
        (found[1].user_id, []),
    ]
    assert queries.candidates(queries.get_committee(committee.id), search="신청기관")[1] == 1


def test_the_trail_names_acts_by_id_and_holds_no_reason(
    panel: tuple[Membership, Application], secretary: Actor
) -> None:
    decided(act(panel, ConflictAct.CHALLENGE, secretary), ConflictState.REJECTED, secretary)

    entries = db.session.scalars(select(AuditEntry).where(AuditEntry.verb.like("committee.%"))).all()

    assert [entry.verb for entry in entries] == ["committee.file_conflict", "committee.decide_conflict"]
    assert not any(word in str(entry.detail) for entry in entries for word in ("재직", "확인함", panel[0].user.name))
