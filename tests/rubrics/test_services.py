"""Stored versions: the same content once, a version number for one content, and a seal that anybody can recompute."""

import hashlib
import json

import pytest
from flask import Flask
from sqlalchemy import func, select

from evalcomm.audit.models import AuditEntry
from evalcomm.foundation.actor import Actor
from evalcomm.foundation.database import db, transaction
from evalcomm.foundation.errors import Conflict, Invalid, NotFound
from evalcomm.rubrics import queries, services
from evalcomm.rubrics.checking import NotUsable
from evalcomm.rubrics.models import PlanVersion, RubricVersion
from tests.factories import NOW
from tests.rubrics.texts import PLAN, RUBRIC

ACTOR = Actor(user_id=None, name="test")


def store_both(plan: str = PLAN, rubric: str = RUBRIC) -> PlanVersion:
    with transaction():
        stored = services.store_rubric(text=rubric, actor=ACTOR, at=NOW)
        return services.store_plan(text=plan, rubric=stored, actor=ACTOR, at=NOW)


def count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_a_plan_comes_back_as_the_engine_reads_it(app: Flask) -> None:
    plan = queries.plan_value(store_both())

    assert plan.rubric is not None
    assert [criterion.id for criterion in plan.rubric.criteria] == ["need", "plan"]
    assert plan.aggregate.drops(4) is None
    assert plan.aggregate.drops(12) == (2, 2)
    assert plan.as_of is not None
    assert plan.as_of.isoformat() == "2026-01-02"


def test_the_seal_is_the_hash_of_the_stored_content(app: Flask) -> None:
    """An auditor needs no code of ours: sorted keys, no spaces, UTF-8, SHA-256."""
    plan = store_both()

    for stored in (plan, plan.rubric):
        text = json.dumps(stored.content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        assert hashlib.sha256(text.encode()).hexdigest() == stored.sha256


def test_the_same_content_is_stored_once_whatever_its_layout(app: Flask) -> None:
    first = store_both()
    again = store_both(plan="# 설명을 덧붙인 같은 계획\n" + PLAN.replace(' = "0.7"', ' = "0.70"'))

    assert again.id == first.id
    assert (count(PlanVersion), count(RubricVersion)) == (1, 1)
    assert count(AuditEntry) == 2


def test_a_version_number_stands_for_one_content(app: Flask) -> None:
    store_both()

    with pytest.raises(Conflict) as refused:
        store_both(plan=PLAN.replace('"0.7"', '"0.6"'))
    assert (refused.value.code, refused.value.params["next"]) == ("plan_version_taken", 2)
    with pytest.raises(Conflict) as refused:
        store_both(rubric=RUBRIC.replace("지역 여건 진단", "지역 여건"))
    assert refused.value.code == "rubric_version_taken"
    assert store_both(plan=PLAN.replace('"0.7"', '"0.6"').replace("version = 1", "version = 2")).version == 2


def test_the_same_plan_with_another_rubric_has_another_seal(app: Flask) -> None:
    first = store_both()
    other = store_both(rubric=RUBRIC.replace('id = "small"', 'id = "other"'))

    assert other.id != first.id
    assert other.sha256 != first.sha256


def test_every_problem_is_told_with_its_line(app: Flask) -> None:
    broken = PLAN.replace('"trimmed-mean"', '"trimed-mean"').replace("criterion:plan", "criterion:plans")

    with pytest.raises(NotUsable) as refused:
        store_both(plan=broken)

    lines = broken.splitlines()
    findings = refused.value.findings
    assert [lines[finding.line - 1].split(" ")[0] for finding in findings] == ["method", "keys"]
    assert '"trimmed-mean"' in findings[0].suggestion
    assert "plan" in findings[1].suggestion
    assert count(PlanVersion) == 0


def test_a_text_that_is_no_toml_names_the_line(app: Flask) -> None:
    with pytest.raises(NotUsable) as refused:
        store_both(rubric='id = "small"\nversion = = 1\n')

    assert [finding.line for finding in refused.value.findings] == [2]


def test_a_plan_names_a_rubric_that_is_there(app: Flask) -> None:
    with transaction():
        services.store_rubric(text=RUBRIC, actor=ACTOR, at=NOW)
        plan = services.store_plan(text=PLAN, actor=ACTOR, at=NOW)
    assert plan.rubric.rubric_id == "small"

    with pytest.raises(Invalid) as refused, transaction():
        services.store_plan(text=PLAN.replace("small.toml", "absent.toml"), actor=ACTOR, at=NOW)
    assert refused.value.code == "plan_names_unknown_rubric"
    with pytest.raises(Invalid) as refused, transaction():
        services.store_plan(text=PLAN.replace('rubric = "../small.toml"\n', ""), actor=ACTOR, at=NOW)
    assert refused.value.code == "plan_without_rubric"


@pytest.mark.parametrize("name", ["absent", "../../pyproject", "", ".hidden"])
def test_a_shipped_file_is_found_by_its_bare_name_only(app: Flask, name: str) -> None:
    with pytest.raises(NotFound):
        services.store_plan_file(plan_id=name, actor=ACTOR, at=NOW)


def test_a_stored_version_that_lost_its_seal_decides_nothing(app: Flask) -> None:
    """The database refuses the change; a row that comes from elsewhere is caught by its hash."""
    plan = store_both()
    forged = PlanVersion(
        id=plan.id,
        source=plan.source.replace('"0.7"', '"0.1"'),
        content=plan.content,
        sha256=plan.sha256,
        rubric=plan.rubric,
    )

    with pytest.raises(queries.BrokenSeal):
        queries.plan_value(forged)
