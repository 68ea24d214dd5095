"""What was done is found out when it is changed past the product, also where the trail itself is left alone."""

import pytest
from flask import Flask
from sqlalchemy.exc import DatabaseError

from evalcomm.audit import evidence, services
from evalcomm.foundation.database import db
from tests.audit.test_chain import tamper
from tests.factories import NOW
from tests.scoring.world import World
from tests.selection.test_from_run_to_announcement import BILLION, adopt, make_run, selected_world


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
    ("statement", "names"),
    [
        ("UPDATE sheet_version SET content = '{\"draft\": {}}' WHERE id = 2", "sheet version 2: its content"),
        (
            "UPDATE sheet_version SET content = '{}', sha256 = '{hash}' WHERE id = 2",
            "sheet version 2: the trail does not know",
        ),
        ("DELETE FROM sheet_version WHERE id = 1", "what it wrote down of score_sheet"),
        ("UPDATE submission SET content = '{\"title\": 1}' WHERE id = 1", "submission 1: its content"),
        ("UPDATE score_table SET content = '{}' WHERE id = 1", "score table 1: its content"),
        ("UPDATE opening_request SET box = '{}' WHERE id = 1", "opening request 1: its content"),
        ("UPDATE fixed_points SET points = points + 1 WHERE id = 1", "they are not those that were opened"),
        ("UPDATE allocation_run SET result = '{}' WHERE id = 1", "result of run 1: its content"),
        ("UPDATE allocation_line SET awarded_won = awarded_won - 1 WHERE awarded_won > 0", "in run 1: it is not what"),
        ("UPDATE paper SET model = '{}' WHERE id = 1", "paper 1"),
        ("UPDATE plan_version SET content = '{}' WHERE id = 1", "plan_version 1: its content"),
    ],
)
def test_a_thing_changed_past_the_product_is_named(world: World, statement: str, names: str) -> None:
    assert services.verify().broken is None
    tamper(statement.replace("{hash}", evidence.hash_of({})))

    broken = services.verify().broken

    assert broken is not None
    assert names in broken


def test_a_text_that_is_no_json_any_more_is_named_too(world: World) -> None:
    spoil = "UPDATE sheet_version SET content = 'kaputt' WHERE id = 2"
    if db.engine.dialect.name != "sqlite":  # the column's type does not let it in
        with pytest.raises(DatabaseError):
            tamper(spoil)
        return
    tamper(spoil)

    broken = services.verify().broken

    assert broken is not None
    assert "can't be read any more" in broken
