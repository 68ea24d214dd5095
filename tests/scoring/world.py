"""A call in its scoring phase, with a panel that has pledged and declared, as the tests of this room need it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from evalcomm.accounts.models import UserAccount
from evalcomm.applications.files import store
from evalcomm.applications.models import Application, Screening, ScreeningVerdict, Submission
from evalcomm.committee import queries as committee_queries
from evalcomm.committee import services as committee_services
from evalcomm.committee.models import Committee, Conflict, ConflictAct, ConflictState, Membership, Relation
from evalcomm.engine.rubric import Comment, Rubric
from evalcomm.foundation.actor import Actor, Role
from evalcomm.foundation.database import canonical_sha256, db, transaction
from evalcomm.programs.models import Call, PhaseKind, Track
from evalcomm.scoring import queries, services
from evalcomm.scoring.models import Opening, ScoreTable, SheetVersion
from evalcomm.scoring.queries import Bench, Desk
from evalcomm.scoring.sheet import Draft
from tests.factories import (
    NOW,
    actor_for,
    make_application,
    make_call,
    make_committee,
    make_plan,
    make_user,
    record_submission,
)

IN_DELIBERATION = NOW + timedelta(days=10)
"""An instant at which `make_call(phase=SCORING)` has moved on to its deliberation."""
FILE = b"%PDF-1.7 a proposal"


@dataclass(frozen=True)
class World:
    call: Call
    committee: Committee
    members: tuple[UserAccount, ...]
    seats: tuple[Membership, ...]
    applications: tuple[Application, ...]
    secretary: UserAccount
    second: UserAccount
    auditor: UserAccount
    rubric: Rubric

    @property
    def track(self) -> Track:
        return self.call.tracks[0]

    @property
    def bench(self) -> Bench:
        return queries.bench_of(db.session.get_one(Track, self.track.id))

    def desk(self, member: int, application: int) -> Desk:
        return queries.get_desk_at(self.seats[member].id, self.applications[application].id)

    def actor(self, member: int) -> Actor:
        return actor_for(self.members[member])


def undeclared_world(*, pledged: bool) -> World:
    """One member who has not declared, and with `pledged` False has not even pledged."""
    world = make_world(members=1, applications=1, declared=False)
    if pledged:
        with transaction():
            committee_services.sign_pledge(
                membership=committee_queries.get_membership(world.seats[0].id), actor=world.actor(0), at=NOW
            )
    return world


def make_world(
    *,
    members: int = 5,
    applications: int = 3,
    plan: str = "kr-subsidy",
    phase: PhaseKind = PhaseKind.SCORING,
    declared: bool = True,
) -> World:
    call = make_call(phase=phase, plan=make_plan(plan))
    committee = make_committee(call, members=members, declared=declared)
    with transaction() as session:  # a name is no number: what hides one must not seem to hide the other
        for seat in session.scalars(select(Membership).where(Membership.committee_id == committee.id)):
            session.get_one(UserAccount, seat.user_id).name = f"김평가{'가나다라마바사'[seat.number - 1]}"
    rows = tuple(make_application(call, title=f"사업 {n}") for n in range(1, applications + 1))
    for row in rows:
        _hand_in(row)
    seats = tuple(
        db.session.scalars(
            select(Membership).where(Membership.committee_id == committee.id).order_by(Membership.number)
        )
    )
    return World(
        call=call,
        committee=committee,
        members=tuple(seat.user for seat in seats),
        seats=seats,
        applications=rows,
        secretary=make_user(Role.SECRETARIAT, name="사무국 하나"),
        second=make_user(Role.SECRETARIAT, name="사무국 둘"),
        auditor=make_user(Role.AUDITOR, name="감사자"),
        rubric=queries.rubric_of(queries.plan_of(call.tracks[0])),
    )


def _hand_in(application: Application) -> None:
    """A second submission that says something, with a file whose bytes are in the store."""
    sha256 = store().put(FILE)
    content: dict[str, Any] = {
        "number": application.number,
        "title": application.title,
        "track": "분야 1",
        "task": "과제 1",
        "project": "대표 프로젝트",
        "region": "부산",
        "lead": {"id": application.lead_organisation_id, "name": "비밀기관"},
        "manager": "홍총괄",
        "partners": [{"id": 1, "name": "함께하는 기관", "duty": "운영"}],
        "period": ["2027-01-01", "2027-12-31"],
        "narrative": {"summary": f"{application.title}의 요약", "goals": "목표"},
        "budget": [{"year": 2027, "item": "facility", "source": "national", "won": application.requested_won}],
        "requested_won": application.requested_won,
        "total_won": application.total_won,
        "files": [
            {
                "id": 1,
                "kind": "proposal",
                "name": "계획서.pdf",
                "media_type": "application/pdf",
                "size": len(FILE),
                "sha256": sha256,
            }
        ],
    }
    with transaction() as session:
        submission = Submission(
            application_id=application.id,
            version=2,
            received_at=NOW,
            content=content,
            sha256=canonical_sha256(content),
            submitted_by_id=application.owner_id,
        )
        session.add(
            Screening(
                application_id=application.id,
                verdict=ScreeningVerdict.ELIGIBLE,
                decided_at=NOW,
                decided_by_id=application.owner_id,
            )
        )
        session.add(submission)
        session.flush()
        record_submission(submission)


def full_draft(rubric: Rubric, place: int = 0, **changes: str) -> Draft:
    """A complete sheet: the grade at `place` (0 = best) for every item, comments where they are owed."""
    entries = {
        item.id: list(item.entries)[min(place, len(item.entries) - 1)] for item in rubric.scored_items if item.entries
    }
    entries |= {item.id: "1" for item in rubric.scored_items if not item.entries}
    comments = {item.id: "근거가 충분함" for item in rubric.scored_items if item.comment is Comment.REQUIRED}
    return Draft(entries={**entries, **changes}, comments=comments, opinion="종합의견")


def hand_in(world: World, member: int, application: int, draft: Draft, *, at: datetime = NOW) -> SheetVersion:
    """Open, fill in and submit one sheet in the transaction that is under way."""
    actor = world.actor(member)
    services.open_sheet(desk=world.desk(member, application), actor=actor, at=at)
    return services.submit_sheet(desk=world.desk(member, application), tag=1, draft=draft, actor=actor, at=at)


def score(world: World, member: int, application: int, draft: Draft, *, at: datetime = NOW) -> SheetVersion:
    with transaction():
        return hand_in(world, member, application, draft, at=at)


def score_everything(world: World, places: Mapping[tuple[int, int], int] | None = None) -> None:
    """Every member who is not recused hands in every sheet; `places` (member, application) → grade, 0 = best."""
    with transaction():
        for member in range(len(world.members)):
            for application in range(len(world.applications)):
                desk = world.desk(member, application)
                if not desk.is_recused and desk.sheet is None:
                    place = (places or {}).get((member, application), (member + application) % 3)
                    hand_in(world, member, application, full_draft(world.rubric, place))


def enter_fixed(world: World, *, points: str = "12", at: datetime = NOW) -> None:
    with transaction():
        for application in world.applications:
            services.enter_fixed_points(
                application=db.session.get_one(Application, application.id),
                entries={item.id: services.Entry(Decimal(points), "확인서") for item in world.rubric.fixed_items},
                actor=actor_for(world.secretary),
                at=at,
            )


def open_scores(world: World, *, at: datetime = IN_DELIBERATION) -> Opening:
    with transaction():
        services.request_opening(bench=world.bench, actor=actor_for(world.secretary), at=at)
    with transaction():
        return services.confirm_opening(bench=world.bench, actor=actor_for(world.second), at=at)


def opened_world(**options: Any) -> World:
    """Scored, with fixed points, and opened."""
    world = make_world(**options)
    score_everything(world)
    enter_fixed(world)
    open_scores(world)
    return world


def sign(world: World, *members: int, at: datetime = IN_DELIBERATION) -> None:
    with transaction():
        for member in members or range(len(world.members)):
            services.sign_table(bench=world.bench, actor=world.actor(member), at=at)


def close(world: World, *, at: datetime = IN_DELIBERATION) -> ScoreTable:
    """Everybody signs, the chair closes."""
    sign(world, at=at)
    with transaction():
        return services.close_table(bench=world.bench, remark="전반적으로 우수함", actor=world.actor(0), at=at)


def file(
    world: World, member: int, application: int, act: ConflictAct = ConflictAct.RECUSAL, *, at: datetime = NOW
) -> Conflict:
    """An act about a member and an application, filed by whom it is for."""
    actor = world.actor(member) if act is ConflictAct.RECUSAL else actor_for(world.secretary)
    with transaction():
        return committee_services.file_conflict(
            membership=committee_queries.get_membership(world.seats[member].id),
            application=db.session.get_one(Application, world.applications[application].id),
            act=act,
            relation=Relation.SERVICE,
            reason="자문에 참여함",
            actor=actor,
            at=at,
        )


def decide(
    world: World, conflict: Conflict, state: ConflictState = ConflictState.ACCEPTED, *, at: datetime = NOW
) -> None:
    with transaction():
        committee_services.decide_conflict(
            conflict=committee_queries.get_conflict(conflict.id),
            state=state,
            reason="사유가 타당함",
            actor=actor_for(world.secretary),
            at=at,
        )
