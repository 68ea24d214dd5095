"""A version number stands for one content, on the database too."""

import pytest
from flask import Flask

from evalcomm.foundation.database import db, transaction
from evalcomm.foundation.errors import Conflict
from evalcomm.rubrics.models import PlanVersion, RubricVersion
from evalcomm.web import words
from tests.factories import NOW
from tests.rubrics.test_services import store_both


@pytest.mark.parametrize("model", [RubricVersion, PlanVersion])
def test_the_same_version_is_not_kept_twice(app: Flask, model: type) -> None:
    plan = store_both()
    row = plan if model is PlanVersion else plan.rubric
    columns = {column.name: getattr(row, column.name) for column in model.__table__.columns if column.name != "id"}

    with pytest.raises(Conflict) as refused, transaction():
        db.session.add(model(**{**columns, "sha256": "f" * 64}))
    assert refused.value.code in words.known_codes()
    assert row.created_at == NOW


def test_a_stored_version_is_never_changed(app: Flask) -> None:
    plan = store_both()
    with pytest.raises(Exception, match="append-only"), transaction():
        db.session.get_one(PlanVersion, plan.id).title = "다른 이름"
