"""Store rubrics and plans: read by the engine, kept as versions, the same content once."""

from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from evalcomm import resources
from evalcomm.audit import services as audit
from evalcomm.engine import seal
from evalcomm.foundation.actor import Actor
from evalcomm.foundation.database import db
from evalcomm.foundation.errors import Conflict, Invalid, NotFound
from evalcomm.rubrics import checking, queries
from evalcomm.rubrics.models import PlanVersion, RubricVersion


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
    rubric = rubric or _named_rubric(text, name=name, actor=actor, at=at)
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
    path = resources.rubric_file(_shipped_name(rubric_id))
    return store_rubric(text=_shipped(path), actor=actor, at=at, name=path.name)


def store_plan_file(*, plan_id: str, rubric_id: str | None = None, actor: Actor, at: datetime) -> PlanVersion:
    """Keep the plan that is shipped as rubrics/plans/<plan_id>.toml, with its own rubric or another shipped one. Raises NotFound."""
    path = resources.plan_file(_shipped_name(plan_id))
    rubric = None if rubric_id is None else store_rubric_file(rubric_id=rubric_id, actor=actor, at=at)
    return store_plan(text=_shipped(path), rubric=rubric, actor=actor, at=at, name=path.name)


def _named_rubric(text: str, *, name: str, actor: Actor, at: datetime) -> RubricVersion:
    """The rubric that a plan names: the shipped file of that name, else the newest stored version of that id."""
    path = checking.rubric_path_of(text, name=name)
    if path is None:
        raise Invalid("plan_without_rubric")
    rubric_id = Path(path).stem
    try:
        return store_rubric_file(rubric_id=rubric_id, actor=actor, at=at)
    except NotFound:
        stored = queries.newest_rubric(rubric_id)
        if stored is None:
            raise Invalid("plan_names_unknown_rubric", rubric=rubric_id) from None
        return stored


def _shipped(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise NotFound("plan_file_unknown", name=path.stem) from None


def _shipped_name(name: str) -> str:
    """A bare name: whoever types one must not reach another folder."""
    if not name or Path(name).name != name or name.startswith("."):
        raise NotFound("plan_file_unknown", name=name)
    return name
