"""Run the story through the verbs of every room, as people would, in one transaction: the whole demonstration or nothing."""

import hashlib
import heapq
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from evalcomm.accounts import services as account_services
from evalcomm.accounts.models import Organisation, OrganisationKind, UserAccount
from evalcomm.applications import files
from evalcomm.applications import services as application_services
from evalcomm.applications.content import Content, Line
from evalcomm.applications.models import Application, FundingSource, ScreeningVerdict
from evalcomm.audit import services as audit_services
from evalcomm.committee import queries as committees
from evalcomm.committee import services as committee_services
from evalcomm.committee.models import ConflictState, Membership, Relation
from evalcomm.committee.services import Recusal
from evalcomm.demo import people, proposals, story
from evalcomm.demo.story import ProjectStory
from evalcomm.documents import korean
from evalcomm.documents.korean import amount
from evalcomm.engine.rubric import Comment, Item, Rubric
from evalcomm.foundation.actor import Actor, Role, system_actor
from evalcomm.foundation.clock import SEOUL
from evalcomm.foundation.database import db
from evalcomm.programs import queries as programs
from evalcomm.programs import services as program_services
from evalcomm.programs.models import Call, Program, Project, Track
from evalcomm.reports import services as report_services
from evalcomm.rubrics import services as rubric_services
from evalcomm.scoring import queries as scoring
from evalcomm.scoring import services as scoring_services
from evalcomm.scoring.sheet import Draft
from evalcomm.selection import services as selection_services

SYSTEM = system_actor("demo")
Say = Callable[[str], object]


@dataclass(slots=True)
class Stage:
    """What the steps hand on to one another."""

    program: Program
    users: dict[str, UserAccount] = field(default_factory=dict)
    governments: dict[str, int] = field(default_factory=dict)
    """Province as the source shortens it → organisation."""
    call: Call | None = None
    applications: dict[str, Application] = field(default_factory=dict)
    members: dict[int, Membership] = field(default_factory=dict)

    def actor(self, person: people.Person) -> Actor:
        user = self.users[person.key]
        roles = frozenset(Role(role.role) for role in user.roles)
        return Actor(user_id=user.id, name=user.name, roles=roles, organisation_id=user.organisation_id, address="demo")

    @property
    def secretary(self) -> Actor:
        return self.actor(people.SECRETARY)

    @property
    def open_call(self) -> Call:
        assert self.call is not None
        return self.call


def build(say: Say, *, now: datetime) -> Call:
    """The whole story, and two calls that are open now to try things out. Runs inside the caller's transaction."""
    program = program_services.load_shipped_program(
        code=story.PROGRAM, actor=SYSTEM, at=story.PUBLISHED - timedelta(days=5)
    )
    stage = Stage(program)
    for step in (_accounts, _call, _applications, _screening, _committee, _fixed_points, _scores, _tables, _selection):
        say(step.__doc__ or step.__name__)
        step(stage)
    say("체험용 공모 두 건: 평가 중, 신청 접수 중")
    practice_scoring(stage, now)
    practice_applying(stage, now)
    return stage.open_call


def _side_by_side(courses: Iterable[Iterator[datetime]]) -> None:
    """Several people at work at once. Each course yields when its next act is due and acts when its turn comes, so the trail runs in time."""
    waiting = [(next(course), place, course) for place, course in enumerate(courses)]
    heapq.heapify(waiting)
    while waiting:
        _at, place, course = heapq.heappop(waiting)
        if (due := next(course, None)) is not None:
            heapq.heappush(waiting, (due, place, course))


def _accounts(stage: Stage) -> None:
    """계정과 기관"""
    at = story.PUBLISHED - timedelta(days=4)
    offices: dict[str, Organisation] = {
        office.code: account_services.create_organisation(
            code=office.code, name=office.name, kind=OrganisationKind.OTHER, actor=SYSTEM, at=at
        )
        for office in people.OFFICES
    }
    for place, (region, name) in enumerate(people.GOVERNMENTS.items(), start=1):
        stage.governments[region] = account_services.create_organisation(
            code=f"demo-government-{place}",
            name=name,
            kind=OrganisationKind.LOCAL_GOVERNMENT,
            region=region,
            actor=SYSTEM,
            at=at,
        ).id
    for person in people.STAFF:
        stage.users[person.key] = _user(person, offices[person.organisation].id, at)
    for task in programs.tasks_of(stage.program):
        person = people.applicant(task.number)
        stage.users[person.key] = _user(person, task.lead_organisation_id, at)


def _user(person: people.Person, organisation_id: int, at: datetime) -> UserAccount:
    return account_services.create_user(
        email=person.email,
        name=person.name,
        position=person.position,
        roles=[person.role],
        organisation_id=organisation_id,
        actor=SYSTEM,
        at=at,
    )


def _call(stage: Stage) -> None:
    """공고와 평가계획 확정"""
    actor, at = stage.secretary, story.PUBLISHED
    call = program_services.create_call(
        program=stage.program,
        number=story.CALL_NUMBER,
        title=story.CALL_TITLE,
        opens_at=story.OPENS,
        contact="가상 사업사무국",
        is_demonstration=True,
        actor=actor,
        at=at - timedelta(days=2),
    )
    for track in story.TRACKS:
        plan = rubric_services.store_plan_file(plan_id=track.plan, actor=actor, at=at - timedelta(days=2))
        program_services.add_track(
            call=call,
            code=track.code,
            title=track.title,
            budget_won=track.budget_won,
            plan=plan,
            actor=actor,
            at=at - timedelta(days=2),
        )
    program_services.publish_call(call=call, actor=actor, at=at)
    stage.call = call


def _applications(stage: Stage) -> None:
    """신청서 20건 접수"""
    projects = {project.title: project for task in programs.tasks_of(stage.program) for project in task.projects}
    _side_by_side(
        _application(stage, place, told, projects[told.title])
        for place, told in enumerate(sorted(story.PROJECTS, key=lambda one: one.task))
    )


def _application(stage: Stage, place: int, told: ProjectStory, project: Project) -> Iterator[datetime]:
    call, actor = stage.open_call, stage.actor(people.applicant(told.task))
    track = next(track for track in call.tracks if track.code == told.track)
    started = story.OPENS + timedelta(days=3 + place % 9, hours=2)
    yield started
    application = application_services.start_application(call=call, project=project, actor=actor, at=started)
    content = _content(stage, told, track, application, first_year=story.OPENS.year + 1)
    stored = proposals.proposal(told, application, content)
    yield (attached := started + timedelta(days=2))
    application_services.attach(
        application=application,
        kind="proposal",
        file=application_services.StoredFile(
            filename=f"사업계획서_{files.clean_name(told.title)}.pdf",
            media_type="application/pdf",
            size=stored.size,
            sha256=stored.sha256,
        ),
        actor=actor,
        at=attached,
    )
    yield (drafted := started + timedelta(days=4))
    _keep_draft(application, content, actor, drafted)
    received = story.OPENS + timedelta(days=18 + place * 3 // 5, hours=5, minutes=7 * place, seconds=13 * place % 60)
    yield received
    application_services.submit_application(application=application, content=content, actor=actor, at=received)
    stage.applications[told.title] = application


def _content(stage: Stage, told: ProjectStory, track: Track, application: Application, *, first_year: int) -> Content:
    """For two years from the first."""
    task = application.project.task
    own = told.requested_won // 2
    shares = {
        FundingSource.NATIONAL: told.requested_won,
        FundingSource.PROVINCE: own * 2 // 5,
        FundingSource.MUNICIPALITY: own // 5,
        FundingSource.INSTITUTION: own - own * 2 // 5 - own // 5,
    }
    item = {"facility": "facility", "fund": "transfer", "talent": "operations", "content": "research"}[told.track]
    budget = [
        Line(year, item, source, part)
        for source, won in shares.items()
        for year, part in ((first_year, won * 6 // 10), (first_year + 1, won - won * 6 // 10))
    ]
    facts = {
        "topic": korean.with_particle(f"‘{told.title}’", "은/는"),
        "task": task.title,
        "city": task.innovation_city,
        "actor": korean.with_particle(task.lead_printed, "이/가"),
        "requested": amount(told.requested_won),
        "total": amount(sum(shares.values())),
        "year": str(first_year),
        "next_year": str(first_year + 1),
    }
    governments = [
        organisation for region, organisation in stage.governments.items() if region in task.innovation_city.split()[0]
    ]
    return Content(
        title=told.title,
        track_id=track.id,
        lead_organisation_id=task.lead_organisation_id,
        manager="총괄책임자(가상)",
        period_from=date(first_year, 1, 1),
        period_to=date(first_year + 1, 12, 31),
        narrative={name: text.format(**facts) for name, text in story.NARRATIVE.items()},
        partners=tuple((organisation, "행정 지원과 지방비 부담") for organisation in governments),
        budget=tuple(budget),
    )


def _keep_draft(application: Application, content: Content, actor: Actor, at: datetime) -> None:
    """What the applicant would have typed, so that the pages of the draft show it too."""
    typed: dict[str, dict[str, str]] = {
        "basics": {
            "title": content.title,
            "track_id": str(content.track_id),
            "lead_organisation_id": str(content.lead_organisation_id),
            "manager": content.manager,
            "period_from": content.period_from.isoformat(),
            "period_to": content.period_to.isoformat(),
        },
        "plan": dict(content.narrative),
        "partners": {
            name: value
            for place, (organisation, duty) in enumerate(content.partners, start=1)
            for name, value in ((f"partner_{place}", str(organisation)), (f"duty_{place}", duty))
        },
        "budget": {f"y{line.year}_{line.item}_{line.source.value}": f"{line.won:,}" for line in content.budget},
    }
    for section, fields in typed.items():
        application_services.save_section(
            application=application, section=section, fields=fields, tag=1, actor=actor, at=at
        )


def _screening(stage: Stage) -> None:
    """요건검토"""
    for place, application in enumerate(stage.applications.values()):
        application_services.screen(
            application=application,
            verdict=ScreeningVerdict.ELIGIBLE,
            reason="",
            actor=stage.secretary,
            at=story.SCREENED + timedelta(minutes=3 * place),
        )


def _committee(stage: Stage) -> None:
    """평가위원회: 위촉, 호선, 서약, 이해관계 신고와 결정"""
    actor = stage.secretary
    committee = committee_services.create_committee(
        call=stage.open_call, name="협업과제 선정평가위원회", actor=actor, at=story.APPOINTED
    )
    for number, person in enumerate(people.EVALUATORS, start=1):
        stage.members[number] = committee_services.appoint(
            committee=committee,
            user=stage.users[person.key],
            actor=actor,
            at=story.APPOINTED + timedelta(minutes=number),
        )
    committee_services.elect_chair(
        membership=stage.members[2], note="위원 7명이 모여 호선함", actor=actor, at=story.APPOINTED + timedelta(hours=1)
    )
    for number, person in enumerate(people.EVALUATORS, start=1):
        at, evaluator = story.DECLARED + timedelta(minutes=11 * number), stage.actor(person)
        committee_services.sign_pledge(membership=stage.members[number], actor=evaluator, at=at)
        committee_services.declare(
            membership=stage.members[number],
            recusals={
                stage.applications[told.title].id: Recusal(Relation.SERVICE, story.RECUSALS[number])
                for told in story.PROJECTS
                if number in told.recused
            },
            actor=evaluator,
            at=at + timedelta(minutes=4),
        )
    for place, conflict in enumerate(committees.conflicts_of(committee.id)):
        committee_services.decide_conflict(
            conflict=conflict,
            state=ConflictState.ACCEPTED,
            reason="신고한 관계를 확인하여 해당 신청의 평가에서 회피하도록 함",
            actor=actor,
            at=story.DECIDED + timedelta(minutes=2 * place),
        )


def _fixed_points(stage: Stage) -> None:
    """정량 항목과 가점"""
    for told in story.PROJECTS:
        application = stage.applications[told.title]
        rubric = scoring.rubric_of(scoring.plan_of(application.track))
        entries = {
            item.id: scoring_services.Entry(_fixed(item, told), "제출한 확약서와 증빙자료(가상)")
            for item in rubric.fixed_items
        }
        granted = {bonus.id: Decimal(int(bonus.points)) for bonus in rubric.bonuses if bonus.id in told.bonus}
        entries |= {name: scoring_services.Entry(points, "재산관리관 확인서(가상)") for name, points in granted.items()}
        if entries:
            scoring_services.enter_fixed_points(
                application=application, entries=entries, actor=stage.secretary, at=story.FIXED
            )


def _fixed(item: Item, told: ProjectStory) -> Decimal:
    """About the project's merit, on the item's scale."""
    step = Decimal(str(float(item.step or 1)))
    low, high = Decimal(str(float(item.min_points))), Decimal(str(float(item.points)))
    wanted = high * Decimal(str(min(1.0, told.merit + 0.04)))
    return max(low, low + ((wanted - low) / step).quantize(Decimal(1)) * step)


def _scores(stage: Stage) -> None:
    """개별 평가: 위원 7명"""
    _side_by_side(_evaluation(stage, number, person) for number, person in enumerate(people.EVALUATORS, start=1))


def _evaluation(stage: Stage, number: int, person: people.Person) -> Iterator[datetime]:
    actor = stage.actor(person)
    for place, told in enumerate(story.PROJECTS):
        if number in told.recused:
            continue
        opened = story.SCORED + timedelta(
            days=place // 7, hours=number % 5, minutes=17 * (place % 7), seconds=11 * number
        )
        yield opened
        desk = scoring.get_desk_at(stage.members[number].id, stage.applications[told.title].id)
        sheet = scoring_services.open_sheet(desk=desk, actor=actor, at=opened)
        draft = _draft(told, desk.rubric, number)
        yield (saved := opened + timedelta(minutes=9))
        tag = scoring_services.save_draft(
            desk=scoring.get_desk(sheet.id), draft=draft, tag=sheet.draft_tag, actor=actor, at=saved
        )
        yield (submitted := opened + timedelta(minutes=12))
        scoring_services.submit_sheet(desk=scoring.get_desk(sheet.id), tag=tag, actor=actor, at=submitted)


def _draft(told: ProjectStory, rubric: Rubric, evaluator: int) -> Draft:
    """The grade nearest to the project's merit as this evaluator sees it: some are stricter, and each item varies a little."""
    entries, comments = {}, {}
    for item in rubric.scored_items:
        leaning = (evaluator - 4) * 0.012
        chance = int(hashlib.sha256(f"{told.seed}/{item.id}/{evaluator}".encode()).hexdigest()[:8], 16) / 0xFFFFFFFF
        wanted = told.merit + leaning + (chance - 0.5) * 0.22
        grade = min(item.grades, key=lambda one: abs(float(one.share) - wanted))
        entries[item.id] = grade.name
        if item.comment is Comment.REQUIRED:
            comments[item.id] = story.REMARKS[max(1, 5 - item.grades.index(grade))]
    return Draft(
        entries=entries, comments=comments, opinion=story.OPINIONS[(evaluator + len(told.seed)) % len(story.OPINIONS)]
    )


def _tables(stage: Stage) -> None:
    """점수 개봉, 서명, 종합집계표 확정"""
    _side_by_side(
        _table(stage, track, timedelta(minutes=12 * place)) for place, track in enumerate(stage.open_call.tracks)
    )


def _table(stage: Stage, track: Track, later: timedelta) -> Iterator[datetime]:
    """`later`: than the first table."""
    chair, bench = stage.actor(people.EVALUATORS[1]), scoring.bench_of(track)
    yield (opened := story.OPENED + later)
    scoring_services.request_opening(bench=bench, actor=stage.secretary, at=opened)
    yield (witnessed := story.WITNESSED + later)
    scoring_services.confirm_opening(bench=bench, actor=chair, at=witnessed)
    for number, person in enumerate(people.EVALUATORS, start=1):
        yield (signed := story.SIGNED + later + timedelta(minutes=number))
        scoring_services.sign_table(bench=bench, actor=stage.actor(person), at=signed)
    yield (closed := story.CLOSED + later)
    scoring_services.close_table(
        bench=bench,
        remark=f"{track.title} 분야의 평가를 평가계획에 따라 마쳤으며, 위원들이 집계 결과를 확인하고 서명하였음.",
        actor=chair,
        at=closed,
    )


def _selection(stage: Stage) -> None:
    """배분, 추첨, 의결, 결재 기록, 문서 발행, 공표"""
    call, actor = stage.open_call, stage.secretary
    selection_services.make_run(call=call, actor=actor, at=story.FIRST_RUN)
    for track in call.tracks:
        tied = selection_services.tied_at_line(track)
        if tied:
            selection_services.record_lot(
                track=track,
                numbers={
                    application.id: number
                    for number, application in enumerate(sorted(tied, key=lambda one: one.number or ""), start=1)
                },
                method="봉인한 번호표를 접수번호 순으로 한 장씩 뽑아 작은 번호를 앞 순위로 함",
                drawn_by=people.EVALUATORS[1].name,
                witnesses=[people.AUDITOR.name, people.SECOND_SECRETARY.name],
                drawn_at=story.DRAWN,
                place="가상 사업사무국 회의실",
                actor=actor,
                at=story.LOT_RECORDED,
            )
    run = selection_services.make_run(call=call, actor=actor, at=story.SECOND_RUN)
    selection_services.adopt_run(run=run, actor=actor, at=story.ADOPTED)
    selection_services.record_resolution(
        call=call,
        agenda_number="제2020-1호",
        enrolled=7,
        present=7,
        in_favour=7,
        against=0,
        abstained=0,
        reason="공고한 평가계획에 따라 집계하고 배분한 결과를 확인함\n감액하는 사업은 변경 사업계획서를 받아 사업의 목적을 달성할 수 있는지 확인하기로 함",
        resolved_at=story.RESOLVED,
        place="가상 사업사무국 회의실",
        actor=actor,
        at=story.RESOLUTION_RECORDED,
    )
    selection_services.record_approval(
        call=call,
        document_number="가상사업사무국-1234",
        decided_on=story.APPROVED.date(),
        approver="가상 결재권자(단장 전결)",
        instruction="",
        actor=actor,
        at=story.APPROVED,
    )
    audit_services.seal_within(db.session(), story.ISSUED)  # the report prints the head of the chain
    report_services.issue_decision_papers(call=call, actor=actor, at=story.ISSUED)
    selection_services.announce(call=call, actor=actor, at=story.ANNOUNCED)


def practice_applying(stage: Stage, now: datetime) -> None:
    """A call in which anybody of the demonstration can write and submit an application today."""
    _practice_call(
        stage, f"{now.year}-901", "체험용 공모(신청 접수 중)", opens_at=_morning(now, -5), at=now - timedelta(days=6)
    )


def practice_scoring(stage: Stage, now: datetime) -> None:
    """A call in which every evaluator has three proposals to score today."""
    call = _practice_call(
        stage, f"{now.year}-902", "체험용 공모(평가 중)", opens_at=_morning(now, -44), at=now - timedelta(days=45)
    )
    chosen = [told for told in story.PROJECTS if told.track == "talent"][:3]
    projects = {project.title: project for task in programs.tasks_of(stage.program) for project in task.projects}
    at = now - timedelta(days=30)
    applications = []
    for minutes, told in enumerate(chosen):
        actor, started = stage.actor(people.applicant(told.task)), at + timedelta(minutes=minutes)
        application = application_services.start_application(
            call=call, project=projects[told.title], actor=actor, at=started
        )
        content = _content(stage, told, call.tracks[0], application, first_year=now.year + 1)
        _keep_draft(application, content, actor, started)
        application_services.submit_application(
            application=application, content=content, actor=actor, at=started + timedelta(seconds=50)
        )
        applications.append(application)
    for application in applications:
        application_services.screen(
            application=application,
            verdict=ScreeningVerdict.ELIGIBLE,
            reason="",
            actor=stage.secretary,
            at=now - timedelta(days=12),
        )
    committee = committee_services.create_committee(
        call=call, name="체험용 평가위원회", actor=stage.secretary, at=now - timedelta(days=8)
    )
    members = [
        committee_services.appoint(
            committee=committee, user=stage.users[person.key], actor=stage.secretary, at=now - timedelta(days=8)
        )
        for person in people.EVALUATORS[:5]
    ]
    committee_services.elect_chair(
        membership=members[0], note="위원들이 호선함", actor=stage.secretary, at=now - timedelta(days=8, hours=-1)
    )
    for minutes, (person, membership) in enumerate(zip(people.EVALUATORS, members, strict=False)):
        signed = now - timedelta(days=7, minutes=-10 * minutes)
        committee_services.sign_pledge(membership=membership, actor=stage.actor(person), at=signed)
        committee_services.declare(membership=membership, actor=stage.actor(person), at=signed + timedelta(minutes=4))


def _practice_call(stage: Stage, number: str, title: str, *, opens_at: datetime, at: datetime) -> Call:
    plan = rubric_services.store_plan_file(plan_id="kr-subsidy-talent", actor=stage.secretary, at=at)
    call = program_services.create_call(
        program=stage.program,
        number=number,
        title=title,
        opens_at=opens_at,
        plan=plan,
        contact="가상 사업사무국",
        is_demonstration=True,
        actor=stage.secretary,
        at=at,
    )
    program_services.publish_call(call=call, actor=stage.secretary, at=at)
    return call


def _morning(now: datetime, days: int) -> datetime:
    """Nine in the morning in Seoul, some days from now."""
    return (now.astimezone(SEOUL) + timedelta(days=days)).replace(hour=9, minute=0, second=0, microsecond=0)
