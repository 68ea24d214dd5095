"""Store rubrics and plans: read by the engine, kept as versions, the same content once."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from evalcomm import resources
from evalcomm.audit import evidence
from evalcomm.audit import services as audit
from evalcomm.engine import seal
from evalcomm.foundation.actor import Actor
from evalcomm.foundation.database import canonical_sha256, db
from evalcomm.foundation.errors import Conflict, NotFound
from evalcomm.rubrics import checking, queries
from evalcomm.rubrics.models import PlanVersion, RubricVersion
from evalcomm.rubrics.shipped import bare_name


def store_rubric(*, text: str, actor: Actor, at: datetime, name: str = "rubric.toml") -> RubricVersion:
    """Keep a rubric from the text of its TOML file. Raises `checking.NotUsable` with every problem."""
    value = checking.rubric_of(text, name=name)
    sha256 = seal.seal(value)
    if (known := queries.rubric_with_seal(sha256)) is not None:
        return known
    taken = db.session.scalar(
        select(RubricVersion.id).where(RubricVersion.rubric_id == value.id, RubricVersion.version == value.version)
    )
    if taken is not None:
        raise Conflict("rubric_version_taken", id=value.id, version=value.version, next=queries.next_rubric(value.id))
    stored = RubricVersion(
        rubric_id=value.id,
        version=value.version,
        title=value.title,
        source=text,
        content=checking.sealed_content(value),
        sha256=sha256,
        created_at=at,
        created_by_id=actor.user_id,
    )
    db.session.add(stored)
    db.session.flush()
    audit.record(verb="rubrics.store_rubric", subject=stored, actor=actor, at=at, detail={"sha256": sha256})
    return stored


def store_plan(
    *, text: str, rubric: RubricVersion | None = None, actor: Actor, at: datetime, name: str = "plan.toml"
) -> PlanVersion:
    """Keep a plan from the text of its TOML file, with `rubric`, or with the shipped or stored one that it names.

    Raises `checking.NotUsable` with every problem.
    """
    rubric = rubric or store_rubric(text=queries.named_rubric_text(text, name=name), actor=actor, at=at)
    value = checking.plan_of(text, queries.rubric_value(rubric), name=name)
    sha256 = value.seal()
    if (known := queries.plan_with_seal(sha256)) is not None:
        return known
    taken = db.session.scalar(
        select(PlanVersion.id).where(
            PlanVersion.plan_id == value.id,
            PlanVersion.version == value.version,
            PlanVersion.rubric_version_id == rubric.id,
        )
    )
    if taken is not None:
        raise Conflict("plan_version_taken", id=value.id, version=value.version, next=queries.next_plan(value.id))
    stored = PlanVersion(
        plan_id=value.id,
        version=value.version,
        title=value.title or value.id,
        rubric_version_id=rubric.id,
        rubric=rubric,
        source=text,
        content=checking.sealed_content(value),
        sha256=sha256,
        created_at=at,
        created_by_id=actor.user_id,
    )
    db.session.add(stored)
    db.session.flush()
    audit.record(
        verb="rubrics.store_plan",
        subject=stored,
        actor=actor,
        at=at,
        detail={"sha256": sha256, "rubric_sha256": rubric.sha256},
    )
    return stored


def store_rubric_file(*, rubric_id: str, actor: Actor, at: datetime) -> RubricVersion:
    """Keep the rubric that is shipped as rubrics/<rubric_id>.toml. Raises NotFound."""
    path = resources.rubric_file(bare_name(rubric_id))
    return store_rubric(text=_shipped(path), actor=actor, at=at, name=path.name)


def store_plan_file(*, plan_id: str, actor: Actor, at: datetime) -> PlanVersion:
    """Keep the plan that is shipped as rubrics/plans/<plan_id>.toml, with its rubric. Raises NotFound."""
    path = resources.plan_file(bare_name(plan_id))
    return store_plan(text=_shipped(path), actor=actor, at=at, name=path.name)


def store_choice(*, choice: str, actor: Actor, at: datetime) -> PlanVersion:
    """The plan behind an entry of `queries.plan_choices`: a stored one, or a shipped one that is kept now. Raises NotFound."""
    origin, _, name = choice.partition(":")
    if origin == "stored" and name.isascii() and name.isdigit():
        return queries.get_plan(int(name))
    return store_plan_file(plan_id=name if origin == "shipped" else "", actor=actor, at=at)


def _shipped(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise NotFound("plan_file_unknown", name=path.stem) from None


def _kept_rubrics() -> Iterator[evidence.Kept]:
    for row in db.session.scalars(select(RubricVersion).order_by(RubricVersion.id)):
        yield _kept(row)


def _kept_plans() -> Iterator[evidence.Kept]:
    for row in db.session.scalars(select(PlanVersion).order_by(PlanVersion.id)):
        yield _kept(row)


def _kept(row: RubricVersion | PlanVersion) -> evidence.Kept:
    name = row.__tablename__
    return evidence.Kept((name, row.id), row.sha256, canonical_sha256(row.content))


evidence.keeps("rubrics.store_rubric", rows=_kept_rubrics)
evidence.keeps("rubrics.store_plan", rows=_kept_plans)
