"""Every rule of this room's tables is kept by the database, and answers with a sentence."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask

from evalcomm.foundation.database import Base, db, transaction
from evalcomm.foundation.errors import DomainError, registered_constraints
from evalcomm.programs import queries
from evalcomm.programs.models import Call, CallVersion, Phase, Program, Project, Round, Task, Track
from evalcomm.web import words
from tests.factories import NOW, make_program
from tests.programs.calls import OPENS, draft, small_plan

TABLES = (
    "program",
    "task",
    "project",
    "call",
    "call_version",
    "track",
    "round",
    "phase",
    "rubric_version",
    "plan_version",
)


def phase(call: Call, **given: Any) -> Phase:
    facts = {"kind": "application", "opens_at": OPENS, "closes_at": OPENS + timedelta(days=1), **given}
    return Phase(call_id=call.id, **facts)


def version(call: Call, **given: Any) -> CallVersion:
    return CallVersion(
        **{"call_id": call.id, "version": 1, "content": {}, "sha256": "0" * 64, "published_at": NOW, **given}
    )


def track(call: Call, **given: Any) -> Track:
    facts = {"position": 9, "code": "other", "title": "x", "budget_won": 1, "plan_version_id": call.tracks[0].plan.id}
    return Track(call_id=call.id, **{**facts, **given})


def call_row(call: Call, **given: Any) -> Call:
    facts = {"number": "x-1", "title": "x", "budget_won": 1, "created_at": NOW}
    return Call(program_id=call.program_id, **{**facts, **given})


def task_of(call: Call) -> Task:
    return queries.tasks_of(queries.get_program(call.program_id))[0]


BROKEN: dict[str, Any] = {
    "uq_program_code": lambda call: Program(
        code="innovation-city-2021", name="x", budget_won=1, source={}, source_sha256="0" * 64, created_at=NOW
    ),
    "ck_program_budget": lambda call: Program(
        code="x", name="x", budget_won=-1, source={}, source_sha256="0" * 64, created_at=NOW
    ),
    "uq_task_program_id_number": lambda call: Task(
        program_id=call.program_id,
        number=1,
        innovation_city="x",
        title="x",
        lead_printed="x",
        lead_organisation_id=task_of(call).lead_organisation_id,
    ),
    "uq_project_task_id_position": lambda call: Project(task_id=task_of(call).id, position=1, title="x"),
    "uq_call_program_id_number": lambda call: call_row(call, number=call.number),
    "ck_call_kind": lambda call: call_row(call, kind="lottery"),
    "ck_call_state": lambda call: call_row(call, state="open", published_at=NOW),
    "ck_call_budget": lambda call: call_row(call, budget_won=0),
    "ck_call_published": lambda call: call_row(call, state="published"),
    "uq_call_version_call_id_version": lambda call: [version(call), version(call)],
    "ck_call_version_amendment_reason": lambda call: version(
        call, version=2, reason="", approver="과장", approved_on=date(2026, 1, 1)
    ),
    "uq_track_call_id_position": lambda call: track(call, position=1),
    "uq_track_call_id_code": lambda call: track(call, code="main"),
    "ck_track_budget": lambda call: track(call, budget_won=-1),
    "uq_round_call_id_position": lambda call: Round(call_id=call.id, position=1, title="x"),
    "ck_round_weight": lambda call: Round(call_id=call.id, position=2, title="x", weight_percent=101),
    "uq_phase_call_id_round_id_kind": lambda call: [
        phase(call, round_id=call.rounds[0].id, kind="scoring"),
        phase(call, round_id=call.rounds[0].id, kind="scoring"),
    ],
    "uq_phase_of_call": phase,
    "ck_phase_kind": lambda call: phase(call, kind="party"),
    "ck_phase_visibility": lambda call: phase(call, round_id=call.rounds[0].id, members_see_other_scores="maybe"),
    "ck_phase_order": lambda call: phase(call, round_id=call.rounds[0].id, closes_at=OPENS),
}
ELSEWHERE = {
    "uq_rubric_version_rubric_id_version",
    "uq_plan_version_plan_id_version_rubric_version_id",
}
"""Provoked in tests/rubrics."""


def named_rules() -> set[str]:
    names = set()
    for table in TABLES:
        rules = Base.metadata.tables[table]
        names |= {str(rule.name) for rule in rules.constraints if str(rule.name).startswith(("ck_", "uq_"))}
        names |= {str(index.name) for index in rules.indexes if index.unique}
    return names


def test_every_rule_of_the_tables_is_provoked_and_has_a_sentence(app: Flask) -> None:
    assert named_rules() == set(BROKEN) | ELSEWHERE
    assert named_rules() <= registered_constraints()


@pytest.mark.parametrize("name", sorted(BROKEN))
def test_the_database_refuses(app: Flask, name: str) -> None:
    call = draft(plan=small_plan())
    make_program()

    with pytest.raises(DomainError) as refused, transaction():
        rows = BROKEN[name](queries.get_call(call.id))
        db.session.add_all(rows if isinstance(rows, list) else [rows])
    assert refused.value.code in words.known_codes()
