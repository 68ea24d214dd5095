"""The real programme and calls made by the verbs, for tests of this room."""

from datetime import datetime, timedelta
from typing import Any

from evalcomm.foundation.actor import Actor
from evalcomm.foundation.clock import SEOUL
from evalcomm.foundation.database import transaction
from evalcomm.programs import queries, services
from evalcomm.programs.models import Call, CallVersion, Program
from evalcomm.rubrics import services as rubrics
from evalcomm.rubrics.models import PlanVersion
from tests.factories import NOW
from tests.rubrics.texts import PLAN, RUBRIC

ACTOR = Actor(user_id=None, name="test")
OPENS = datetime(2026, 12, 7, 9, 0, tzinfo=SEOUL)
"""A Monday, two weeks after the tests' now."""


def the_program() -> Program:
    with transaction():
        return services.load_shipped_program(code="innovation-city-2021", actor=ACTOR, at=NOW)


def small_plan(plan: str = PLAN, rubric: str = RUBRIC) -> PlanVersion:
    with transaction():
        stored = rubrics.store_rubric(text=rubric, actor=ACTOR, at=NOW)
        return rubrics.store_plan(text=plan, rubric=stored, actor=ACTOR, at=NOW)


def draft(**given: Any) -> Call:
    """A draft of the standard call with one track, ready to publish."""
    program = given.pop("program", None) or the_program()
    plan = given.pop("plan", None) or small_plan()
    facts = {"number": "2026-1", "title": "협업과제 지원사업 제1차", "opens_at": OPENS, "contact": "사무국", **given}
    with transaction():
        return services.create_call(program=program, plan=plan, actor=ACTOR, at=NOW, **facts)


def published(at: datetime = NOW, **given: Any) -> Call:
    call = draft(**given)
    publish(call, at)
    return call


def publish(call: Call, at: datetime = NOW) -> CallVersion:
    with transaction():
        return services.publish_call(call=queries.get_call(call.id), actor=ACTOR, at=at)


DAY = timedelta(days=1)
