"""Ordered reads, and stored versions as the engine's values."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select

from evalcomm.engine.plan import Plan
from evalcomm.engine.rubric import Rubric
from evalcomm.foundation.database import canonical_sha256, db
from evalcomm.foundation.errors import Invalid, NotFound
from evalcomm.rubrics import checking
from evalcomm.rubrics import shipped as shipped_plans
from evalcomm.rubrics.models import PlanVersion, RubricVersion


def get_plan(plan_version_id: int) -> PlanVersion:
    """Raises NotFound."""
    plan = db.session.get(PlanVersion, plan_version_id)
    if plan is None:
        raise NotFound("not_found")
    return plan


def get_rubric(rubric_version_id: int) -> RubricVersion:
    """Raises NotFound."""
    rubric = db.session.get(RubricVersion, rubric_version_id)
    if rubric is None:
        raise NotFound("not_found")
    return rubric


def plan_with_seal(sha256: str) -> PlanVersion | None:
    return db.session.scalar(select(PlanVersion).where(PlanVersion.sha256 == sha256))


def rubric_with_seal(sha256: str) -> RubricVersion | None:
    return db.session.scalar(select(RubricVersion).where(RubricVersion.sha256 == sha256))


def list_plans() -> Sequence[PlanVersion]:
    """By id, newest version first."""
    return db.session.scalars(
        select(PlanVersion).order_by(PlanVersion.plan_id, PlanVersion.version.desc(), PlanVersion.id.desc())
    ).all()


def list_rubrics() -> Sequence[RubricVersion]:
    """By id, newest version first."""
    return db.session.scalars(
        select(RubricVersion).order_by(RubricVersion.rubric_id, RubricVersion.version.desc(), RubricVersion.id.desc())
    ).all()


@dataclass(frozen=True, slots=True)
class PlanChoice:
    """A plan that may be chosen for a call; `value` goes to `services.store_choice`."""

    value: str
    title: str
    version: int
    seal: str
    plan: Plan
    is_shipped: bool


def plan_choices() -> list[PlanChoice]:
    """The shipped plans, then the newest stored version of each other plan and rubric."""
    shipped = [
        PlanChoice(
            f"shipped:{one.name}", one.plan.title or one.name, one.plan.version, one.seal, one.plan, is_shipped=True
        )
        for one in shipped_plans.plans()
    ]
    known = {choice.seal for choice in shipped}
    newest: dict[tuple[str, str], PlanVersion] = {}
    for stored in list_plans():
        newest.setdefault((stored.plan_id, stored.rubric.rubric_id), stored)
    own = [
        PlanChoice(
            f"stored:{stored.id}", stored.title, stored.version, stored.sha256, plan_value(stored), is_shipped=False
        )
        for stored in newest.values()
        if stored.sha256 not in known
    ]
    return shipped + own


def choice_of(plan: PlanVersion) -> str:
    """The value under which `plan_choices` offers this plan, or would if it were the newest."""
    shipped = next((one.name for one in shipped_plans.plans() if one.seal == plan.sha256), None)
    return f"stored:{plan.id}" if shipped is None else f"shipped:{shipped}"


def named_rubric_text(plan_text: str, *, name: str = "plan.toml") -> str:
    """The TOML of the rubric that a plan names: the shipped file of that name, else the newest stored version of that id.

    Raises Invalid where the plan names none, or one that is not there; `checking.NotUsable` where the plan is no TOML.
    """
    path = checking.rubric_path_of(plan_text, name=name)
    if path is None:
        raise Invalid("plan_without_rubric")
    rubric_id = Path(path).stem
    stored = newest_rubric(rubric_id)
    text = shipped_plans.rubric_text(rubric_id) or (None if stored is None else stored.source)
    if text is None:
        raise Invalid("plan_names_unknown_rubric", rubric=rubric_id)
    return text


def newest_rubric(rubric_id: str) -> RubricVersion | None:
    return db.session.scalar(
        select(RubricVersion)
        .where(RubricVersion.rubric_id == rubric_id)
        .order_by(RubricVersion.version.desc(), RubricVersion.id.desc())
        .limit(1)
    )


def next_rubric(rubric_id: str) -> int:
    """The version number that is free next."""
    last = db.session.scalar(select(func.max(RubricVersion.version)).where(RubricVersion.rubric_id == rubric_id))
    return (last or 0) + 1


def next_plan(plan_id: str) -> int:
    """The version number that is free next."""
    last = db.session.scalar(select(func.max(PlanVersion.version)).where(PlanVersion.plan_id == plan_id))
    return (last or 0) + 1


def plan_value(plan: PlanVersion) -> Plan:
    """The plan as the engine uses it, rubric included. Read once per seal and process, since a stored version never changes."""
    known = _plans.get((plan.sha256, plan.source))
    if known is None:
        known = checking.plan_of(plan.source, rubric_value(plan.rubric))
        _check_seal(known, plan)
        _plans[plan.sha256, plan.source] = known
    return known


def rubric_value(rubric: RubricVersion | PlanVersion) -> Rubric:
    """The rubric as the engine uses it; of a plan, its rubric."""
    stored = rubric.rubric if isinstance(rubric, PlanVersion) else rubric
    known = _rubrics.get((stored.sha256, stored.source))
    if known is None:
        known = checking.rubric_of(stored.source)
        _check_seal(known, stored)
        _rubrics[stored.sha256, stored.source] = known
    return known


_plans: dict[tuple[str, str], Plan] = {}
"""By seal and source: checked once per process."""
_rubrics: dict[tuple[str, str], Rubric] = {}


class BrokenSeal(Exception):
    """The stored version is not what was sealed, or this engine reads it in another way: it must not decide anything."""


def _check_seal(value: Plan | Rubric, stored: PlanVersion | RubricVersion) -> None:
    name = f"{stored.__tablename__} {stored.id}"
    if canonical_sha256(stored.content) != stored.sha256:
        raise BrokenSeal(f"{name}: its content does not give its seal {stored.sha256}")
    if not _says(checking.sealed_content(value), stored.content):
        raise BrokenSeal(f"{name}: its source does not say what was sealed as {stored.sha256}")


def _says(now: object, sealed: object) -> bool:
    """Whether everything that was sealed is still read so. A later engine may know more keys; their defaults were not there to be sealed."""
    if isinstance(sealed, dict):
        return isinstance(now, dict) and all(key in now and _says(now[key], part) for key, part in sealed.items())
    if isinstance(sealed, list):
        return (
            isinstance(now, list)
            and len(now) == len(sealed)
            and all(_says(one, other) for one, other in zip(now, sealed, strict=True))
        )
    return now == sealed
