"""The demonstration tells what it promises, from the real file and through the verbs, and its papers agree with one another."""

import io
import re
from collections import Counter
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import select

from evalcomm.app import create_app
from evalcomm.audit import services as audit
from evalcomm.audit.models import AuditEntry
from evalcomm.audit.services import GENESIS
from evalcomm.demo import story
from evalcomm.demo.build import build
from evalcomm.documents import queries as documents
from evalcomm.documents import rendering
from evalcomm.documents.models import Paper
from evalcomm.foundation.database import db, transaction
from evalcomm.foundation.outbox import Job
from evalcomm.programs import queries as programs
from evalcomm.programs.models import Call
from evalcomm.selection import queries as selection
from evalcomm.selection.models import AllocationRun
from tests.conftest import SettableClock, new_database, settings_for
from tests.factories import NOW

pytestmark = pytest.mark.xdist_group("demonstration")

HUNDREDTH = Decimal("0.01")


@pytest.fixture(scope="module")
def demonstration(template_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    folder = tmp_path_factory.mktemp("demonstration")
    with new_database(template_database, folder) as url:
        app = create_app(settings_for(folder / "instance", url, demonstration=True), clock=SettableClock())
        with app.app_context():
            with transaction():
                build(lambda _step: None, now=NOW)
            yield app
            db.session.remove()
            db.engine.dispose()


@pytest.fixture
def call(demonstration: Flask) -> Call:
    program = programs.find_program(story.PROGRAM)
    assert program is not None
    found = programs.find_call(program, story.CALL_NUMBER)
    assert found is not None
    return found


@pytest.fixture
def run(call: Call) -> AllocationRun:
    adopted = selection.adopted_run(call.id)
    assert adopted is not None
    return adopted


def papers(call: Call, kind: str, edition: str = "internal") -> list[Paper]:
    return [paper for paper in documents.papers_of_call(call.id, kind=kind) if paper.edition == edition]


def test_every_representative_project_applies_in_one_of_the_tracks(call: Call, run: AllocationRun) -> None:
    tasks = programs.tasks_of(call.program)

    assert len(tasks) == 10
    projects = {project.id for task in tasks for project in task.projects}
    assert len(projects) == 20
    assert {line.application.project_id for line in run.lines} == projects
    assert {track.title for track in call.tracks} == {"시설", "기금·펀드", "인력양성", "기술·콘텐츠"}
    assert len({track.plan.plan_id for track in call.tracks}) == 4


def test_one_is_cut_one_falls_below_and_a_lot_settles_a_tie(call: Call, run: AllocationRun) -> None:
    statuses = Counter(line.status for line in run.lines)

    assert statuses["cut"] == 1
    assert statuses["rejected"] == 1
    (lot,) = [record for track in call.tracks for record in selection.lots_of(track.id)]
    outcomes = {line.status for line in run.lines if str(line.application_id) in map(str, lot.numbers)}
    assert outcomes == {"funded", "reserve"}
    assert sum(line.awarded_won for line in run.lines) == run.awarded_won <= 45_000_000_000
    assert all(
        sum(line.awarded_won for line in run.lines if line.track_id == track.id) <= track.budget_won
        for track in call.tracks
        if track.budget_won is not None
    )


def test_seven_evaluators_of_whom_two_are_recused_from_the_same_application(call: Call) -> None:
    recused = Counter(number for _member, number, _act in selection.recusals_of_call(call.id))

    assert len(selection.selecting_members(call.id)) == 7
    assert sorted(recused.values())[-1] == 2
    assert len(recused) > 1


def test_every_lead_has_the_governments_of_its_city_at_its_side(call: Call, run: AllocationRun) -> None:
    partners = {line.application.number: [one.organisation for one in line.application.partners] for line in run.lines}

    assert all(partners.values())
    assert {one.kind for them in partners.values() for one in them} == {"local_government"}
    assert len({one.id for them in partners.values() for one in them}) == 11


def test_the_papers_are_all_there_marked_and_of_one_hand(call: Call) -> None:
    issued = documents.papers_of_call(call.id)
    count = Counter((paper.kind, paper.edition) for paper in issued)

    assert count["receipt", "internal"] == 20
    assert count["decision_memo", "internal"] == count["decision_memo", "disclosable"] == 20
    assert (
        count["selection_report", "internal"] == count["resolution", "internal"] == count["lot_record", "internal"] == 1
    )
    assert count["score_table", "internal"] == 4
    assert all(paper.model["is_demonstration"] for paper in issued)
    assert {paper.model["issuer"] for paper in issued} == {"국토교통부장관"}
    assert set(db.session.scalars(select(Job.task))) == {"documents.print", "notices.send"}


def test_the_report_names_the_head_of_the_trail(call: Call) -> None:
    (report,) = papers(call, "selection_report")

    assert report.model["audit_head"] != GENESIS
    assert report.model["audit_head"] in set(db.session.scalars(select(audit.AuditBatch.batch_sha256)))
    assert audit.verify().broken is None


def test_whoever_adds_up_a_printed_table_gets_its_mean(call: Call) -> None:
    """Every figure on paper is the rounded one that was averaged, also where a sheet has three decimals."""
    for table in papers(call, "score_table"):
        for row in table.model["rows"]:
            counted = [
                Decimal(score["value"])
                for score in row["scores"]
                if score["mark"] == "scored" and score["dropped"] is None
            ]
            assert all(value == value.quantize(HUNDREDTH) for value in counted)
            mean = (sum(counted, Decimal(0)) / len(counted)).quantize(HUNDREDTH, ROUND_HALF_UP)
            assert mean == Decimal(row["mean"])


def test_the_memo_has_the_figures_of_the_table_and_adds_up(call: Call) -> None:
    rows = {row["application"]: row for table in papers(call, "score_table") for row in table.model["rows"]}
    memos = papers(call, "decision_memo")
    assert len(memos) == len(rows) == 20
    for memo in memos:
        row, model = rows[memo.model["application"]["number"]], memo.model
        assert [entry["score"] for entry in model["evaluators"]] == row["scores"]
        assert model["final"] == row["final"]
        parts = [(-1 if "감점" in part["what"] else 1) * Decimal(part["points"]) for part in model["composition"]]
        assert sum(parts) == Decimal(model["final"])


@pytest.mark.parametrize("kind", ["receipt", "decision_memo", "selection_report"])
def test_a_print_reads_back_in_korean_with_amounts_in_words_and_the_mark_of_made_up_data(call: Call, kind: str) -> None:
    paper = papers(call, kind)[-1]

    printed = PdfReader(io.BytesIO(rendering.print_paper(kind, paper.model)))

    text = re.sub(r"\s+", "", "".join(page.extract_text() for page in printed.pages))
    assert paper.title.replace(" ", "") in text
    assert re.search(r"금[\d,]+원\(금[가-힣]+원\)", text)
    assert all("가상자료" in re.sub(r"\s+", "", page.extract_text()) for page in printed.pages)


def test_the_trail_of_the_story_runs_in_time(demonstration: Flask) -> None:
    instants = db.session.scalars(select(AuditEntry.at).order_by(AuditEntry.id)).all()

    assert len(instants) > 700
    assert list(instants) == sorted(instants)
