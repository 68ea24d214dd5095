"""SIGKILL in the middle of submissions, autosaves and printing: what was acknowledged is there, nothing is there twice, every paper gets printed.

Real processes and a real database. Applicants and evaluators work on, doing again what got no answer, while server and worker are killed.
"""

import hashlib
import io
import random
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

from flask import Flask
from pypdf import PdfReader
from sqlalchemy import func, select

from evalcomm.accounts.models import UserAccount
from evalcomm.accounts.passwords import hash_password
from evalcomm.applications import files
from evalcomm.applications.models import Application, Attachment, Submission
from evalcomm.audit.models import AuditEntry
from evalcomm.documents.models import Paper, PaperFile, PaperNumber
from evalcomm.documents.press import store
from evalcomm.foundation.actor import Role
from evalcomm.foundation.database import db, transaction
from evalcomm.foundation.outbox import LEASE, Job
from evalcomm.notices.models import Message
from evalcomm.programs.models import Call
from evalcomm.scoring.models import ScoreSheet, SheetState, SheetVersion
from evalcomm.scoring.sheet import Draft
from tests.crash.killing import EVERYTHING, SUPERVISOR, WEB, WEB_PROCESS, WORKER, Victim, wait_until
from tests.crash.people import VERSIONS, Applicant, Evaluator, Person
from tests.factories import NOW, make_call, make_organisation, make_user
from tests.journeys.site import Site
from tests.scoring.world import World, full_draft, make_world

PASSWORD = "참으로 긴 비밀번호 하나 2026"
BLOWS = (WORKER, EVERYTHING, WEB_PROCESS, WORKER, SUPERVISOR, WEB)
APPLICANTS, EVALUATORS, SHEETS = 3, 2, 4
BASICS = {"title": "사업", "manager": "김사업 팀장", "period_from": "2027-01-01", "period_to": "2027-12-31"}
BUDGET = {"y2027_facility_national": "1,200,000,000", "y2027_facility_institution": "300000000"}


def test_what_was_acknowledged_survives_every_kill_and_nothing_is_doubled(
    app: Flask, database_url: str, tmp_path: Path
) -> None:
    chance = random.Random(20261122)
    call = make_call()
    world = make_world(members=EVALUATORS, applications=SHEETS)
    applicants, evaluators = people(call, world, site := Site(tmp_path, database_url))
    site.set_clock(NOW)
    victim = Victim(site, tmp_path)
    blows = list(BLOWS)
    chance.shuffle(blows)

    with victim.alive(), ThreadPoolExecutor(APPLICANTS + EVALUATORS) as pool:
        over: list[bool] = []
        work = [pool.submit(one.work, lambda: bool(over)) for one in (*applicants, *evaluators)]
        try:
            for blow in blows:
                wait_for_the_moment(blow, chance, [*applicants, *evaluators], victim)
                victim.kill(blow, chance)
        finally:
            over.append(True)
        for one in work:
            one.result(timeout=180)
        site.set_clock(NOW + LEASE + timedelta(minutes=1))  # what the killed workers had taken is free again
        wait_until(lambda: waiting() == 0, seconds=180, what=victim.tail)

    for person in applicants:
        assert len(person.receipts) >= VERSIONS
        assert_kept(person)
    assert_sheets_kept(evaluators)
    assert_nothing_doubled(call, sum(len(person.receipts) for person in applicants))
    assert_printed()
    assert "intact" in site.run("audit", "verify")


# The story


def people(call: Call, world: World, site: Site) -> tuple[list[Applicant], list[Evaluator]]:
    """With a password each, and what they will do as plain values: the database is the main thread's alone."""
    users = [make_user(Role.APPLICANT, organisation=make_organisation()) for _ in range(APPLICANTS)]
    with transaction() as session:
        kept = hash_password(PASSWORD)
        for user in (*users, *world.members):
            session.get_one(UserAccount, user.id).password_hash = kept
    projects = [project.id for project in call.program.tasks[0].projects]
    applicants = [
        Applicant(
            Person(site.url, user.email, PASSWORD, seed=place),
            start=f"/calls/{call.id}/projects/{projects[place % len(projects)]}/apply",
            basics={**BASICS, "track_id": str(call.tracks[0].id), "lead_organisation_id": str(user.organisation_id)},
            budget=BUDGET,
        )
        for place, user in enumerate(users)
    ]
    evaluators = [
        Evaluator(
            Person(site.url, user.email, PASSWORD, seed=100 + place),
            openings=[f"/scoring/memberships/{seat.id}/applications/{one.id}/open" for one in world.applications],
            fields=full_draft(world.rubric, place).to_fields(),
        )
        for place, (user, seat) in enumerate(zip(world.members, world.seats, strict=True))
    ]
    return applicants, evaluators


def wait_for_the_moment(
    blow: str, chance: random.Random, everybody: list[Applicant | Evaluator], victim: Victim
) -> None:
    """After a few more answers, or after the worker has taken one more job, and then somewhere in the middle of the next."""
    count, more = (taken, 1) if blow == WORKER else (lambda: answers(everybody), chance.randint(3, 15))
    enough = count() + more
    wait_until(lambda: count() >= enough, seconds=120, what=victim.tail)
    time.sleep(chance.uniform(0, 1 if blow == WORKER else 0.03))


def answers(everybody: list[Applicant | Evaluator]) -> int:
    return sum(one.person.answers for one in everybody)


def taken() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.sum(Job.attempts))) or 0


def waiting() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).where(Job.finished_at.is_(None))) or 0


# What must be true afterwards


def assert_kept(person: Applicant) -> None:
    row = db.session.get_one(Application, int(person.path.rsplit("/", 1)[1]))
    assert row.draft["plan"]["fields"]["summary"] == person.typed
    submissions = db.session.scalars(
        select(Submission).where(Submission.application_id == row.id).order_by(Submission.version)
    ).all()
    assert [(str(one.version), one.sha256) for one in submissions] == person.receipts
    assert submissions[-1].content["narrative"]["summary"] == person.typed
    attached = db.session.scalars(
        select(Attachment).where(Attachment.application_id == row.id).order_by(Attachment.id)
    ).all()
    assert [one.filename for one in attached] == person.files
    for one in attached:
        assert hashlib.sha256(files.store().read(one.sha256)).hexdigest() == one.sha256


def assert_sheets_kept(evaluators: list[Evaluator]) -> None:
    for person in evaluators:
        for told in person.sheets:
            sheet = db.session.get_one(ScoreSheet, int(told.path.rsplit("/", 1)[1]))
            assert sheet.state == SheetState.SUBMITTED
            assert {
                name: value for name, value in Draft.of_json(sheet.draft).to_fields().items() if value
            } == told.fields
            causes = db.session.scalars(
                select(SheetVersion.cause).where(SheetVersion.sheet_id == sheet.id).order_by(SheetVersion.version)
            ).all()
            assert list(causes) == ["saved", "submitted"]
    assert db.session.scalar(select(func.count(ScoreSheet.id))) == EVALUATORS * SHEETS


def assert_nothing_doubled(call: Call, submissions: int) -> None:
    numbers = db.session.scalars(
        select(Application.number).where(Application.call_id == call.id).order_by(Application.number)
    ).all()
    assert list(numbers) == [f"{call.number}-{n:04d}" for n in range(1, APPLICANTS + 1)]

    papers = db.session.scalars(select(Paper).order_by(Paper.id)).all()
    assert Counter(paper.kind for paper in papers) == {"receipt": submissions}
    assert Counter((paper.subject_id, paper.model["submission"]) for paper in papers).most_common(1)[0][1] == 1
    (series,) = db.session.scalars(select(PaperNumber)).all()
    assert sorted(paper.number for paper in papers) == [f"{series.series}-{n:04d}" for n in range(1, submissions + 1)]

    told = db.session.scalars(select(Message.key).where(Message.key.like("receipt-%"))).all()
    assert len(told) == submissions
    assert set(db.session.scalars(select(Message.state)).all()) == {"kept"}
    verbs = Counter(db.session.scalars(select(AuditEntry.verb).where(AuditEntry.actor_id.is_not(None))).all())
    assert verbs["applications.submit"] == verbs["documents.issue"] == submissions
    assert verbs["scoring.submitted"] == EVALUATORS * SHEETS


def assert_printed() -> None:
    """One file for each paper, whole, and it says what the paper is."""
    papers = db.session.scalars(select(Paper)).all()
    printed = {file.paper_id: file for file in db.session.scalars(select(PaperFile))}
    assert printed.keys() == {paper.id for paper in papers}
    for paper in papers:
        content = store().read(printed[paper.id].sha256)
        assert hashlib.sha256(content).hexdigest() == printed[paper.id].sha256
        assert paper.number in "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
