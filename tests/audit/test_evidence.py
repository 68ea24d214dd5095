"""What was done is found out when it is changed past the product, also where the trail itself is left alone."""

import re

import pytest
from flask import Flask
from sqlalchemy.exc import DatabaseError

from evalcomm.audit import services, words
from evalcomm.foundation.database import canonical_sha256, db, transaction
from evalcomm.reports import services as reports
from evalcomm.web.words import explain
from tests.audit.test_chain import tamper
from tests.factories import NOW, actor_for
from tests.scoring.world import World
from tests.selection.test_from_run_to_announcement import (
    AT,
    BILLION,
    adopt,
    approve,
    make_run,
    resolve,
    selected_world,
    services_call,
)


@pytest.fixture
def world(app: Flask) -> World:
    """A call with scores and an adopted run."""
    world = selected_world(requested=(4 * BILLION, 3 * BILLION), budget=6 * BILLION)
    adopt(world, make_run(world))
    services.seal(NOW)
    return world


def test_what_nobody_touched_is_intact(world: World) -> None:
    assert services.verify().broken is None


@pytest.mark.parametrize(
    ("statement", "code", "named"),
    [
        ("UPDATE sheet_version SET content = '{\"draft\": {}}' WHERE id = 2", "evidence_changed", {"number": 2}),
        (
            "UPDATE sheet_version SET content = '{}', sha256 = '{hash}' WHERE id = 2",
            "evidence_unknown",
            {"number": 2},
        ),
        ("DELETE FROM sheet_version WHERE id = 1", "evidence_gone", {}),
        ("UPDATE submission SET content = '{\"title\": 1}' WHERE id = 1", "evidence_changed", {"number": 1}),
        ("UPDATE score_table SET content = '{}' WHERE id = 1", "evidence_changed", {"number": 1}),
        ("UPDATE opening_request SET box = '{}' WHERE id = 1", "evidence_changed", {"number": 1}),
        ("UPDATE fixed_points SET points = points + 1 WHERE id = 1", "fixed_points_differ", {}),
        ("UPDATE allocation_run SET result = '{}' WHERE id = 1", "evidence_changed", {"number": 1}),
        ("UPDATE allocation_line SET awarded_won = awarded_won - 1 WHERE awarded_won > 0", "line_differs", {"run": 1}),
        ("UPDATE paper SET model = '{}' WHERE id = 1", "evidence_changed", {"number": 1}),
        ("UPDATE plan_version SET content = '{}' WHERE id = 1", "evidence_changed", {"number": 1}),
    ],
)
def test_a_thing_changed_past_the_product_is_named(
    world: World, statement: str, code: str, named: dict[str, int]
) -> None:
    assert services.verify().broken is None
    tamper(statement.replace("{hash}", canonical_sha256({})))

    broken = services.verify().broken

    assert broken is not None
    assert broken.code == code
    assert named.items() <= broken.params.items()
    table = re.search(r"(?:UPDATE|FROM) (\w+)", statement)
    assert table
    if code == "evidence_changed":
        assert str(words.subject(table.group(1))) in explain(broken)


def test_a_text_that_is_no_json_any_more_is_named_too(world: World) -> None:
    spoil = "UPDATE sheet_version SET content = 'kaputt' WHERE id = 2"
    if db.engine.dialect.name != "sqlite":  # the column's type does not let it in
        with pytest.raises(DatabaseError):
            tamper(spoil)
        return
    tamper(spoil)

    broken = services.verify().broken

    assert broken is not None
    assert broken.code == "evidence_unreadable"


def test_an_end_that_was_cut_off_the_chain_is_missed_where_its_head_was_printed(world: World) -> None:
    resolve(world)
    approve(world)
    services.seal(NOW)
    with transaction():
        reports.issue_decision_papers(call=services_call(world), actor=actor_for(world.secretary), at=AT)
    services.seal(NOW)
    assert services.verify().broken is None
    # everything since the report's own day: what is left is a whole chain, and the paper's entry is not sealed
    last = "SELECT max(id) FROM audit_batch"
    tamper(f"DELETE FROM audit_seal WHERE batch_id = ({last})")
    tamper(f"DELETE FROM audit_batch WHERE id = ({last})")
    assert services.verify().broken is None
    tamper(f"DELETE FROM audit_seal WHERE batch_id = ({last})")
    tamper(f"DELETE FROM audit_batch WHERE id = ({last})")

    broken = services.verify().broken

    assert broken is not None
    assert broken.code == "printed_head_gone"
