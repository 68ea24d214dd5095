"""Every rule of the tables holds against a bug: provoked on the database, each answers with its sentence."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, update
from sqlalchemy.exc import DatabaseError

from evalcomm.foundation.database import db, transaction
from evalcomm.foundation.errors import DomainError
from evalcomm.scoring.models import (
    FixedPoints,
    Opening,
    OpeningRequest,
    ScoreSheet,
    ScoreTable,
    SheetVersion,
    TableSignature,
)
from evalcomm.web.words import known_codes
from tests.factories import NOW
from tests.scoring.world import World, close, opened_world


@pytest.fixture
def world(app: Flask) -> World:
    made = opened_world(members=5, applications=1)
    close(made)
    return made


def answer(*rows: Any, change: dict[str, Any] | None = None) -> str | None:
    """The code with which the database refuses the rows, or a change of the first sheet; None where it takes them."""
    try:
        with transaction() as session:
            if change is not None:
                session.execute(update(ScoreSheet).where(ScoreSheet.id == 1).values(**change))
            session.add_all(rows)
    except DomainError as error:
        return error.code
    return None


def copy(row: Any, **changes: Any) -> Any:
    """A second row with the same content."""
    values = {column.key: getattr(row, column.key) for column in type(row).__table__.columns if column.key != "id"}
    return type(row)(**{**values, **changes})


def test_every_broken_rule_answers_with_a_sentence(world: World) -> None:
    kinds = (ScoreSheet, SheetVersion, FixedPoints, OpeningRequest, Opening, ScoreTable, TableSignature)
    sheet, version, fixed, request, opening, table, signature = (
        db.session.query(kind).order_by(kind.id).first() for kind in kinds
    )
    free = copy(request)
    with transaction() as session:
        session.add(free)
    second_round = {"round_id": opening.round_id, "track_id": opening.track_id}

    found = {
        "a second sheet": answer(copy(sheet)),
        "a version twice": answer(copy(version)),
        "a cause that is none": answer(copy(version, version=9, cause="guess")),
        "a state that is none": answer(change={"state": "lost"}),
        "handed in without a time": answer(change={"submitted_at": None}),
        "handed in without a version": answer(change={"submitted_version": None}),
        "reopened without a reason": answer(change={"reopened_at": NOW}),
        "points entered twice": answer(copy(fixed)),
        "points without evidence": answer(copy(fixed, version=9, evidence="")),
        "a second opening": answer(copy(opening, request_id=free.id, **second_round)),
        "one request opened twice": answer(copy(opening, track_id=opening.track_id + 99)),
        "opened by one person": answer(
            copy(opening, request_id=free.id, track_id=opening.track_id + 99, witness_id=opening.opened_by_id)
        ),
        "a second table": answer(copy(table)),
        "a table without remark": answer(copy(table, track_id=table.track_id + 99, remark="")),
        "signed twice": answer(copy(signature)),
    }

    assert found == {
        "a second sheet": "sheet_opened_twice",
        "a version twice": "version_cut_twice",
        "a cause that is none": "value_not_listed",
        "a state that is none": "sheet_state_unclear",
        "handed in without a time": "sheet_state_unclear",
        "handed in without a version": "sheet_state_unclear",
        "reopened without a reason": "reason_missing",
        "points entered twice": "fixed_points_entered_twice",
        "points without evidence": "evidence_missing",
        "a second opening": "scores_opened_already",
        "one request opened twice": "scores_opened_already",
        "opened by one person": "opening_needs_second_person",
        "a second table": "table_closed_already",
        "a table without remark": "remark_missing",
        "signed twice": "table_signed_twice",
    }
    assert {code for code in found.values() if code is not None} <= known_codes()


@pytest.mark.parametrize("kind", [SheetVersion, FixedPoints, OpeningRequest, Opening, ScoreTable, TableSignature])
def test_what_was_signed_or_opened_is_neither_changed_nor_removed(world: World, kind: Any) -> None:
    for statement in (update(kind).values(id=kind.id), delete(kind)):
        with pytest.raises(DatabaseError, match="append-only"), transaction() as session:
            session.execute(statement)
