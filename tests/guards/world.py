"""A database in which every page has something to show: one call at each of its stages, made by the verbs as people would.

The people are the columns of the access table. In every call the owner and another applicant hand in one application each; of five members
the evaluator is the chair and one is recused from the owner's application. A larger world holds more rows of everything at the same places.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from evalcomm.accounts import services as accounts
from evalcomm.accounts.models import OrganisationKind, UserAccount
from evalcomm.applications import files
from evalcomm.applications import services as applications
from evalcomm.applications.content import NARRATIVE, Content, Line
from evalcomm.applications.models import Application, FundingSource, ScreeningVerdict
from evalcomm.audit.models import AccessLog
from evalcomm.committee import queries as committees
from evalcomm.committee import services as committee
from evalcomm.committee.models import Conflict, ConflictState, Relation
from evalcomm.committee.services import Recusal
from evalcomm.documents import figures
from evalcomm.documents.models import Paper, PaperFile
from evalcomm.documents.press import store
from evalcomm.foundation.actor import Actor, Role
from evalcomm.foundation.database import db, transaction
from evalcomm.foundation.outbox import GIVE_UP_AFTER, Job
from evalcomm.notices import services as notices
from evalcomm.notices.models import Message
from evalcomm.programs import services as programs
from evalcomm.programs.models import Call, PhaseKind, Program
from evalcomm.programs.terms import PhaseTerms
from evalcomm.reports import services as reports
from evalcomm.rubrics import services as rubrics
from evalcomm.scoring import queries as scoring_queries
from evalcomm.scoring import services as scoring
from evalcomm.selection import services as selection
from tests.factories import NOW, PHASES, actor_for
from tests.scoring.world import full_draft

SYSTEM = Actor(user_id=None, name="test", address="test")
DAY = timedelta(days=1)
MEMBERS = ("evaluator", "recused", "third", "fourth", "fifth")
PEOPLE: dict[str, Role] = {
    "owner": Role.APPLICANT,
    "other": Role.APPLICANT,
    **dict.fromkeys(MEMBERS, Role.EVALUATOR),
    "secretariat": Role.SECRETARIAT,
    "second": Role.SECRETARIAT,
    "auditor": Role.AUDITOR,
    "administrator": Role.ADMINISTRATOR,
}
STAGES: dict[str, PhaseKind] = {
    "draft": PhaseKind.APPLICATION,
    "open": PhaseKind.APPLICATION,
    "declaring": PhaseKind.DECLARATION,
    "scoring": PhaseKind.SCORING,
    "unopened": PhaseKind.DELIBERATION,
    "opened": PhaseKind.DELIBERATION,
    "closed": PhaseKind.DELIBERATION,
    "tied": PhaseKind.DELIBERATION,
    "divided": PhaseKind.DELIBERATION,
    "adopted": PhaseKind.DELIBERATION,
    "resolved": PhaseKind.DELIBERATION,
    "approved": PhaseKind.DELIBERATION,
    "announced": PhaseKind.DELIBERATION,
}
"""Each stage includes those before it, and its phase is the one that is open now."""


@dataclass
class World:
    """Ids only, so that it can be asked from any session. `places`: stage or thing → the URL arguments that are known there."""

    users: dict[str, int] = field(default_factory=dict)
    places: dict[str, dict[str, Any]] = field(default_factory=dict)


def build(*, stages: Iterable[str] = STAGES, more: int = 0, more_calls: int = 0) -> World:
    """In one transaction. The application context is the caller's. `more`: rows of everything beyond those that the places need."""
    with transaction():
        builder = Builder(more)
        builder.more = range(0)
        for _ in range(more_calls):
            builder.call_at("scoring")
        builder.more = range(more)
        for stage in stages:
            builder.call_at(stage)
        builder.things()
    return builder.world


class Builder:
    def __init__(self, more: int) -> None:
        self.more = range(more)
        self.numbers = itertools.count(1)
        self.world = World()
        self.program: Program = programs.load_shipped_program(
            code="innovation-city-2021", actor=SYSTEM, at=NOW - 90 * DAY
        )
        self.plan = rubrics.store_plan_file(plan_id="kr-subsidy", actor=SYSTEM, at=NOW - 90 * DAY)
        self.actors: dict[str, Actor] = {}
        self.users: dict[str, UserAccount] = {}
        leads = [task.lead_organisation_id for task in self.program.tasks]
        self.members = [*MEMBERS, *(f"member{n}" for n in self.more)]
        people = PEOPLE | dict.fromkeys(self.members, Role.EVALUATOR) | {f"pool{n}": Role.EVALUATOR for n in self.more}
        for place, (name, role) in enumerate(people.items()):
            home = leads[place] if role is Role.APPLICANT else None
            user = accounts.create_user(
                email=f"{name}@demo.example",
                name=f"{name} 님",
                roles=[role],
                organisation_id=home,
                actor=SYSTEM,
                at=NOW - 80 * DAY,
            )
            self.users[name], self.actors[name] = user, actor_for(user)
            self.world.users[name] = user.id

    def call_at(self, stage: str) -> None:
        """A call that has come as far as `stage`, with its ids."""
        order, kind = list(STAGES), STAGES[stage]
        call = self._call(stage, kind)
        self.at = self._start(kind)
        self.args: dict[str, Any] = {
            "call_id": call.id,
            "track_id": call.tracks[0].id,
            "round_id": call.rounds[0].id,
            "program_id": self.program.id,
            "project_id": self.program.tasks[0].projects[0].id,
            "user_id": self.world.users["fifth"],
        }
        self.call = call
        self.own: Application
        for step in order[: order.index(stage) + 1]:
            getattr(self, f"_{step}")()
        self.world.places[stage] = self.args

    def _call(self, stage: str, kind: PhaseKind) -> Call:
        start = self._start(kind)
        secretary = self.actors["secretariat"]
        return programs.create_call(
            program=self.program,
            number=f"2026-{next(self.numbers)}",
            title=f"{stage} 단계의 공고",
            opens_at=start,
            budget_won=1_500_000_000,
            plan=self.plan,
            phases=[
                PhaseTerms(
                    kind=one,
                    opens_at=start + place * 10 * DAY,
                    closes_at=start + (place + 1) * 10 * DAY - timedelta(seconds=1),
                    **rights,
                )
                for place, (one, rights) in enumerate(PHASES.items())
            ],
            actor=secretary,
            at=start - 2 * DAY,
        )

    @staticmethod
    def _start(kind: PhaseKind) -> datetime:
        """When applications opened, if `kind` opened a day ago and every phase lasts ten days."""
        return NOW - DAY - list(PHASES).index(kind) * 10 * DAY

    def _later(self, **parts: float) -> datetime:
        self.at += timedelta(**parts) if parts else timedelta(seconds=1)
        return self.at

    # ---- the stages

    def _draft(self) -> None:
        """Nothing more than the call itself; in a larger world the one that is being prepared has more tracks."""
        if self._stage == "draft":
            programs.change_track(
                track=self.call.tracks[0],
                title="전체",
                budget_won=1_000_000_000,
                plan=self.plan,
                actor=self.actors["secretariat"],
                at=self._later(),
            )
            for n in self.more:
                programs.add_track(
                    call=self.call,
                    code=f"more-{n}",
                    title=f"분야 {n}",
                    budget_won=1,
                    plan=self.plan,
                    actor=self.actors["secretariat"],
                    at=self._later(),
                )

    def _open(self) -> None:
        programs.publish_call(call=self.call, actor=self.actors["secretariat"], at=self._start_of_call - DAY)
        self.own = self._hand_in("owner", 0)
        self.others = self._hand_in("other", 1)
        self.competing = [self.own, self.others]
        for n in self.more:
            self.competing += [self._hand_in("owner", 2 * n + 2), self._hand_in("other", 2 * n + 3)]
        for task in (*self.more, 0):
            project = self.program.tasks[task].projects[1]
            unfinished = applications.start_application(
                call=self.call, project=project, actor=self.actors["owner"], at=self._later()
            )
            kept, *_ = [self._attach(unfinished, "owner", n) for n in (0, *self.more)]
        self.world.places[f"{self._stage}, unfinished"] = {
            "application_id": unfinished.id,
            "section": "basics",
            "attachment_id": kept,
        }
        self.args |= {"application_id": self.own.id, "section": "basics"}

    @property
    def _start_of_call(self) -> datetime:
        return min(phase.opens_at for phase in self.call.phases)

    @property
    def _stage(self) -> str:
        return self.call.title.split()[0]

    def _hand_in(self, owner: str, task: int) -> Application:
        actor = self.actors[owner]
        project = self.program.tasks[task].projects[0]
        application = applications.start_application(call=self.call, project=project, actor=actor, at=self._later())
        attachment = self._attach(application, owner)
        stated = content(self.call, application, [self.program.tasks[9 - n].lead_organisation_id for n in self.more])
        applications.submit_application(application=application, content=stated, actor=actor, at=self._later())
        for n in self.more:
            self._attach(application, owner, n + 1)
            applications.submit_application(application=application, content=stated, actor=actor, at=self._later())
        if owner == "owner" and task == 0:
            self.args |= {"attachment_id": attachment, "sha256": store().put(PDF)}
        return application

    def _attach(self, application: Application, owner: str, number: int = 0) -> int:
        sha256 = files.store().put(PDF)
        stored = applications.StoredFile(
            filename=f"계획서 {number}.pdf", media_type="application/pdf", size=len(PDF), sha256=sha256
        )
        row = applications.attach(
            application=application, kind="proposal", file=stored, actor=self.actors[owner], at=self._later()
        )
        return row.id

    def _declaring(self) -> None:
        self.at = self._start_of_call + 20 * DAY
        secretary = self.actors["secretariat"]
        for application in self.competing:
            applications.screen(
                application=application, verdict=ScreeningVerdict.ELIGIBLE, reason="", actor=secretary, at=self._later()
            )
        panel = committee.create_committee(call=self.call, name="평가위원회", actor=secretary, at=self._later())
        self.seats = {
            name: committee.appoint(committee=panel, user=self.users[name], actor=secretary, at=self._later())
            for name in self.members
        }
        committee.elect_chair(membership=self.seats["evaluator"], note="호선", actor=secretary, at=self._later())
        for name in self.members:
            committee.sign_pledge(membership=self.seats[name], actor=self.actors[name], at=self._later())
        recused_from = [self.own, *(self.competing[2 * n + 2] for n in self.more)]
        recusal = {application.id: Recusal(Relation.SERVICE, "용역을 맡음") for application in recused_from}
        committee.declare(
            membership=self.seats["recused"], recusals=recusal, actor=self.actors["recused"], at=self._later()
        )
        filed = select(Conflict).where(Conflict.membership_id == self.seats["recused"].id).order_by(Conflict.id)
        conflict = db.session.scalars(filed).first()
        assert conflict is not None
        self.recused_from = {application.id for application in recused_from}
        self.args |= {"committee_id": panel.id, "membership_id": self.seats["evaluator"].id, "conflict_id": conflict.id}
        self._member_place("recused", self.own)

    def _member_place(self, name: str, application: Application) -> None:
        place = {**self.args, "membership_id": self.seats[name].id, "application_id": application.id}
        self.world.places[f"{self._stage}, recused"] = place

    def _scoring(self) -> None:
        for conflict in committees.conflicts_of(self.args["committee_id"]):
            committee.decide_conflict(
                conflict=conflict,
                state=ConflictState.ACCEPTED,
                reason="관계를 확인함",
                actor=self.actors["secretariat"],
                at=self._later(),
            )
        for name in self.members:
            if name != "recused":
                committee.declare(membership=self.seats[name], actor=self.actors[name], at=self._later())
        self.at = self._start_of_call + 30 * DAY + timedelta(minutes=1)
        rubric = scoring_queries.rubric_of(scoring_queries.plan_of(self.call.tracks[0]))
        for application in self.competing:
            entries = {item.id: scoring.Entry(Decimal(15), "확약서") for item in rubric.fixed_items}
            scoring.enter_fixed_points(
                application=application, entries=entries, actor=self.actors["secretariat"], at=self._later()
            )
        sheet = self._score("evaluator", self.own, hand_in=self._stage != "scoring")
        for application in self.competing:
            if application.id != self.own.id and not (self._stage == "scoring" and application in self.competing[3::2]):
                self._score("evaluator", application)
            if application.id not in self.recused_from:
                self._score("recused", application, hand_in=self._stage != "scoring")
        self.args |= {"sheet_id": sheet, "number": 1}
        if self._stage == "scoring":
            handed_in = self._score("third", self.own)
            self.world.places["scoring, handed in"] = {
                **self.args,
                "sheet_id": handed_in,
                "membership_id": self.seats["third"].id,
            }
            by_recused = self._score("recused", self.others, hand_in=False)
            self.world.places["scoring, by the recused"] = {
                **self.args,
                "sheet_id": by_recused,
                "membership_id": self.seats["recused"].id,
                "application_id": self.others.id,
            }

    def _score(self, name: str, application: Application, *, hand_in: bool = True) -> int:
        actor, seat = self.actors[name], self.seats[name]
        desk = scoring_queries.get_desk_at(seat.id, application.id)
        sheet = scoring.open_sheet(desk=desk, actor=actor, at=self._later())
        desk = scoring_queries.get_desk(sheet.id)
        assert desk.sheet is not None
        tag = desk.sheet.draft_tag
        for place in (*(n + 1 for n in self.more), 0):
            draft = full_draft(desk.rubric, place)
            tag = scoring.save_sheet(desk=desk, draft=draft, tag=tag, actor=actor, at=self._later())
            desk = scoring_queries.get_desk(sheet.id)
        if hand_in:
            scoring.submit_sheet(desk=scoring_queries.get_desk(sheet.id), tag=tag, actor=actor, at=self._later())
        return sheet.id

    def _unopened(self) -> None:
        for name in self.members[2:]:
            for application in self.competing:
                self._score(name, application)
        self.at = self._start_of_call + 40 * DAY + timedelta(minutes=1)
        scoring.request_opening(bench=self._bench, actor=self.actors["second"], at=NOW - timedelta(minutes=30))
        self.at = NOW - timedelta(minutes=29)

    @property
    def _bench(self) -> scoring_queries.Bench:
        return scoring_queries.bench_of(self.call.tracks[0])

    def _opened(self) -> None:
        scoring.confirm_opening(bench=self._bench, actor=self.actors["secretariat"], at=self._later())

    def _closed(self) -> None:
        for name in self.members:
            scoring.sign_table(bench=self._bench, actor=self.actors[name], at=self._later())
        scoring.close_table(bench=self._bench, remark="집계를 확인함", actor=self.actors["evaluator"], at=self._later())
        scoring.issue_disclosable_sheets(bench=self._bench, actor=self.actors["secretariat"], at=self._later())

    def _tied(self) -> None:
        for _ in (0, *self.more):
            run = selection.make_run(call=self.call, actor=self.actors["secretariat"], at=self._later())
        assert run.needs_lot
        self.args["run_id"] = run.id

    def _divided(self) -> None:
        tied = selection.tied_at_line(self.call.tracks[0])
        selection.record_lot(
            track=self.call.tracks[0],
            numbers={application.id: place for place, application in enumerate(tied, start=1)},
            method="번호표",
            drawn_by="위원장",
            witnesses=["감사담당"],
            drawn_at=self._later(),
            place="회의실",
            actor=self.actors["secretariat"],
            at=self._later(),
        )
        run = selection.make_run(call=self.call, actor=self.actors["secretariat"], at=self._later())
        self.run = run
        self.args["run_id"] = run.id

    def _adopted(self) -> None:
        selection.adopt_run(run=self.run, actor=self.actors["secretariat"], at=self._later())

    def _resolved(self) -> None:
        selection.record_resolution(
            call=self.call,
            agenda_number="제1호",
            enrolled=len(self.members),
            present=len(self.members),
            in_favour=len(self.members),
            against=0,
            abstained=0,
            reason="계산 결과를 확인함",
            resolved_at=self._later(),
            place="회의실",
            actor=self.actors["secretariat"],
            at=self._later(),
        )

    def _approved(self) -> None:
        selection.record_approval(
            call=self.call,
            document_number="혁신도시-1",
            decided_on=NOW.date(),
            approver="단장",
            instruction="",
            actor=self.actors["secretariat"],
            at=self._later(),
        )
        reports.issue_decision_papers(call=self.call, actor=self.actors["secretariat"], at=self._later())

    def _announced(self) -> None:
        selection.announce(call=self.call, actor=self.actors["secretariat"], at=self._later())

    # ---- everything that belongs to no stage

    def things(self) -> None:
        secretary, places = self.actors["secretariat"], self.world.places
        organisation = accounts.create_organisation(
            code="extra", name="기타 기관", kind=OrganisationKind.OTHER, actor=SYSTEM, at=NOW
        )
        _invitation, token = accounts.invite(email="new@demo.example", role=Role.EVALUATOR, actor=secretary, at=NOW)
        mistaken, _token = accounts.invite(email="wrong@demo.example", role=Role.EVALUATOR, actor=secretary, at=NOW)
        for n in (*self.more, "hello"):
            db.session.add(
                AccessLog(at=NOW, actor_id=secretary.user_id, action="applications.read", subject_type="application")
            )
            notices.send(key=str(n), subject="안내", body="본문", at=NOW, user_id=self.world.users["owner"])
        message = db.session.scalars(select(Message).where(Message.key == "hello")).one()
        jobs = db.session.scalars(select(Job).where(Job.task == notices.SEND).order_by(Job.id.desc())).all()
        for job in jobs[: 1 + len(self.more)]:
            job.attempts, job.failed_at, job.last_error = GIVE_UP_AFTER, NOW, "ConnectionRefusedError: refused"
        for n in self.more:
            accounts.create_organisation(
                code=f"more-{n}", name=f"기관 {n}", kind=OrganisationKind.OTHER, actor=SYSTEM, at=NOW
            )
            accounts.invite(email=f"new{n}@demo.example", role=Role.EVALUATOR, actor=secretary, at=NOW)
            plan = ("kr-subsidy-fund", "kr-subsidy-talent", "kr-subsidy-industry")[n]
            rubrics.store_plan_file(plan_id=plan, actor=secretary, at=NOW)
        places["-"] = {
            "user_id": self.world.users["fifth"],
            "organisation_id": organisation.id,
            "token": token,
            "invitation_id": mistaken.id,
            "message_id": message.id,
            "job_id": jobs[0].id,
            "program_id": self.program.id,
            "task_id": self.program.tasks[0].id,
            "plan_version_id": self.plan.id,
            "locale": "ko",
            "filename": "app.css",
            "code": db.session.scalars(select(Paper.verification_code).order_by(Paper.id)).first(),
        }
        self._papers()

    def _papers(self) -> None:
        """Every paper has a file. Those of the calls before and after the announcement are places by kind and edition."""
        sha256 = store().put(PDF)
        papers = db.session.scalars(select(Paper).order_by(Paper.id)).all()
        db.session.add_all(
            PaperFile(paper_id=paper.id, sha256=sha256, size=len(PDF), printed_at=NOW) for paper in papers
        )
        for stage in {"approved", "announced"} & set(self.world.places):
            args = self.world.places[stage]
            ours = {
                "application": args["application_id"],
                "score_sheet": args["sheet_id"],
                "membership": args["membership_id"],
            }
            for paper in papers:
                if (
                    paper.call_id == args["call_id"]
                    and ours.get(paper.subject_type, paper.subject_id) == paper.subject_id
                ):
                    place = f"{stage}: {paper.kind}, {paper.edition}"
                    drawn = figures.names(paper.kind, paper.model)
                    self.world.places[place] = {"paper_id": paper.id, "name": drawn[0] if drawn else "none"}


PDF = b"%PDF-1.7 nothing in it"


def content(call: Call, application: Application, partners: Sequence[int] = ()) -> Content:
    return Content(
        title=application.title,
        track_id=call.tracks[0].id,
        lead_organisation_id=application.lead_organisation_id,
        manager="총괄책임자",
        period_from=date(2027, 1, 1),
        period_to=date(2027, 12, 31),
        narrative={name: "내용" for name, _required in NARRATIVE},
        partners=tuple((organisation, "참여") for organisation in partners),
        budget=(
            Line(2027, "facility", FundingSource.NATIONAL, 1_000_000_000),
            Line(2027, "facility", FundingSource.INSTITUTION, 500_000_000),
        ),
    )
