"""Rows for tests: plain functions, each says what it makes, none has a surprise default. They write in their own transaction."""

import itertools
from datetime import UTC, date, datetime, timedelta
from typing import Any

from evalcomm.accounts.models import Organisation, OrganisationKind, UserAccount, UserRole
from evalcomm.applications.models import Application, ApplicationState, BudgetLine, FundingSource, Submission
from evalcomm.audit import services as audit
from evalcomm.committee.models import ChairHow, Committee, Membership, Pledge
from evalcomm.foundation.actor import Actor, Role, system_actor
from evalcomm.foundation.database import canonical_sha256, db, transaction
from evalcomm.programs.models import Call, CallState, Phase, PhaseKind, Program, Project, Round, Task, Track
from evalcomm.rubrics import services as rubrics
from evalcomm.rubrics.models import PlanVersion

NOW = datetime(2026, 11, 22, 6, 20, 31, tzinfo=UTC)
_serial = itertools.count(1)


def make_organisation(
    name: str = "", *, kind: OrganisationKind = OrganisationKind.INSTITUTION, region: str = "부산"
) -> Organisation:
    serial = next(_serial)
    with transaction() as session:
        organisation = Organisation(
            code=f"org-{serial}", name=name or f"기관 {serial}", kind=kind, region=region, created_at=NOW
        )
        session.add(organisation)
    return organisation


def make_user(*roles: Role, name: str = "", organisation: Organisation | None = None) -> UserAccount:
    serial = next(_serial)
    with transaction() as session:
        user = UserAccount(
            email=f"user{serial}@example.kr",
            name=name or f"사용자 {serial}",
            organisation_id=organisation.id if organisation else None,
            created_at=NOW,
            roles=[UserRole(role=role, granted_at=NOW) for role in roles],
        )
        session.add(user)
    return user


def actor_for(user: UserAccount) -> Actor:
    roles = frozenset(Role(role.role) for role in user.roles)
    return Actor(
        user_id=user.id,
        name=user.name,
        roles=roles,
        organisation_id=user.organisation_id,
        address="127.0.0.1",
        request_id="test",
    )


def make_plan(plan_id: str = "kr-subsidy") -> PlanVersion:
    """A shipped plan, stored."""
    with transaction():
        return rubrics.store_plan_file(plan_id=plan_id, actor=Actor(user_id=None, name="test"), at=NOW)


def make_program(*, budget_won: int = 45_000_000_000, tasks: int = 1) -> Program:
    serial = next(_serial)
    lead = make_organisation()
    with transaction() as session:
        program = Program(
            code=f"program-{serial}",
            name=f"지원사업 {serial}",
            authority=["국토교통부"],
            budget_won=budget_won,
            source={},
            source_sha256="0" * 64,
            created_at=NOW,
        )
        for number in range(1, tasks + 1):
            task = Task(
                number=number,
                innovation_city="부산",
                title=f"과제 {number}",
                lead_printed=lead.name,
                lead_organisation_id=lead.id,
            )
            task.projects = [
                Project(position=1, title=f"대표 프로젝트 {number}-1"),
                Project(position=2, title=f"대표 프로젝트 {number}-2"),
            ]
            program.tasks.append(task)
        session.add(program)
    return program


PHASES: dict[PhaseKind, dict[str, Any]] = {
    PhaseKind.APPLICATION: {"may_submit": True},
    PhaseKind.SCREENING: {},
    PhaseKind.DECLARATION: {},
    PhaseKind.SCORING: {"may_score": True},
    PhaseKind.DELIBERATION: {"secretariat_sees_figures": True},
}
PHASE_LENGTH = timedelta(days=10)


def make_call(
    *,
    phase: PhaseKind = PhaseKind.APPLICATION,
    at: datetime = NOW,
    tracks: int = 1,
    budget_won: int = 45_000_000_000,
    plan: PlanVersion | None = None,
    program: Program | None = None,
    state: CallState = CallState.PUBLISHED,
) -> Call:
    """A call of which `phase` is open at `at`: it opened a day ago and lasts ten, the others lie end to end around it."""
    serial = next(_serial)
    program = program or make_program()
    plan = plan or make_plan()
    order = list(PHASES)
    with transaction() as session:
        call = Call(
            program_id=program.id,
            number=f"2026-{serial}",
            title=f"공고 {serial}",
            state=state,
            budget_won=budget_won,
            created_at=NOW,
            published_at=NOW if state is not CallState.DRAFT else None,
        )
        call.rounds = [Round(position=1, title="서면평가")]
        call.tracks = [
            Track(
                position=n,
                code=f"track-{n}",
                title=f"분야 {n}",
                budget_won=budget_won // tracks,
                plan_version_id=plan.id,
            )
            for n in range(1, tracks + 1)
        ]
        for place, kind in enumerate(order):
            opens_at = at - timedelta(days=1) + PHASE_LENGTH * (place - order.index(phase))
            call.phases.append(
                Phase(
                    kind=kind,
                    opens_at=opens_at,
                    closes_at=opens_at + PHASE_LENGTH - timedelta(seconds=1),
                    **PHASES[kind],
                )
            )
        session.add(call)
    return call


def make_application(
    call: Call,
    *,
    owner: UserAccount | None = None,
    track: Track | None = None,
    requested_won: int = 1_000_000_000,
    own_won: int = 500_000_000,
    state: ApplicationState = ApplicationState.SUBMITTED,
    title: str = "",
    lead: Organisation | None = None,
) -> Application:
    serial = next(_serial)
    owner = owner or make_user(Role.APPLICANT)
    lead = lead or make_organisation()
    submitted = state is not ApplicationState.DRAFT
    with transaction() as session:
        program = session.get_one(Program, call.program_id)
        application = Application(
            call_id=call.id,
            track_id=(track or call.tracks[0]).id,
            project_id=program.tasks[0].projects[0].id,
            number=f"2026-{serial:04d}" if submitted else None,
            title=title or f"신청 {serial}",
            lead_organisation_id=lead.id,
            owner_id=owner.id,
            state=state,
            period_from=date(2027, 1, 1),
            period_to=date(2027, 12, 31),
            narrative={"summary": "요약"},
            requested_won=requested_won,
            total_won=requested_won + own_won,
            created_at=NOW,
            changed_at=NOW,
            submitted_at=NOW if submitted else None,
            withdrawn_at=NOW if state is ApplicationState.WITHDRAWN else None,
        )
        application.budget = [
            BudgetLine(position=1, year=2027, item="시설비", source=FundingSource.NATIONAL, won=requested_won),
            BudgetLine(position=2, year=2027, item="시설비", source=FundingSource.INSTITUTION, won=own_won),
        ]
        if submitted:
            application.submissions = [
                Submission(
                    version=1, received_at=NOW, content={}, sha256=canonical_sha256({}), submitted_by_id=owner.id
                )
            ]
        session.add(application)
        if submitted:
            session.flush()
            record_submission(application.submissions[0])
    return application


def record_submission(submission: Submission) -> None:
    """As the verb does: what the trail doesn't know, `audit verify` calls a forgery."""
    audit.record(
        verb="applications.submit",
        subject=submission.application,
        actor=system_actor("test"),
        at=NOW,
        detail={"version": submission.version, "sha256": submission.sha256},
    )


def make_committee(call: Call, *, members: int = 5, declared: bool = True) -> Committee:
    """A committee for the whole call; the first member is its chair."""
    people = [make_user(Role.EVALUATOR, name=f"위원 {n}") for n in range(1, members + 1)]
    with transaction() as session:
        committee = Committee(call_id=call.id, name="평가위원회", created_at=NOW)
        for number, person in enumerate(people, start=1):
            is_chair = number == 1
            committee.memberships.append(
                Membership(
                    user_id=person.id,
                    number=number,
                    is_chair=is_chair,
                    chair_how=ChairHow.ELECTED if is_chair else None,
                    chair_since=NOW if is_chair else None,
                    appointed_at=NOW,
                    declared_at=NOW if declared else None,
                    pledge=Pledge(text="서약", sha256="0" * 64, signed_at=NOW) if declared else None,
                )
            )
        session.add(committee)
    return committee


def reload(row: Any) -> Any:
    """The row as the database has it now."""
    db.session.rollback()
    db.session.refresh(row)
    return row
