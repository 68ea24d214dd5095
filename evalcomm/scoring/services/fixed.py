"""정량·가점·감점: the secretariat's entries, with evidence, until the opening."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from sqlalchemy import func, select

from evalcomm.applications.models import Application
from evalcomm.audit import services as audit
from evalcomm.engine.exact import format_figure
from evalcomm.engine.rubric import OffScale, Rubric
from evalcomm.foundation.actor import Actor
from evalcomm.foundation.database import db
from evalcomm.foundation.errors import Invalid
from evalcomm.scoring import policies, queries
from evalcomm.scoring.models import FixedPoints
from evalcomm.scoring.services.sheets import must
from evalcomm.web.faults import Fault, refuse


@dataclass(frozen=True, slots=True)
class Entry:
    """Points for a fixed item, a bonus or a penalty (entered as 3 or -3 alike), and what proves them."""

    points: Decimal
    evidence: str


def enter_fixed_points(
    *, application: Application, entries: Mapping[str, Entry], actor: Actor, at: datetime
) -> list[FixedPoints]:
    """New versions of what changed; what is entered again unchanged is left alone. Raises Invalid with every field that is wrong."""
    queries.lock_track(application.track_id)
    must(policies.may_enter_fixed_points(actor, application, at))
    rubric = queries.rubric_of(queries.plan_of(application.track))
    refuse(
        (
            *_off_scale(rubric, {item: entry.points for item, entry in entries.items()}),
            *(
                Fault(f"evidence-{item}", "evidence_missing")
                for item, entry in entries.items()
                if not entry.evidence.strip()
            ),
        )
    )
    signed = {item: _checked(rubric, item, entry.points) for item, entry in entries.items()}
    known = queries.fixed_points([application.id])
    made = []
    for item, entry in entries.items():
        before = known.get((application.id, item))
        if before is None or (before.points, before.evidence) != (Fraction(signed[item]), entry.evidence):
            made.append(_write(application, item, signed[item], entry.evidence, actor=actor, at=at))
    return made


def refuse_off_scale(*, rubric: Rubric, points: Mapping[str, Decimal]) -> None:
    """Raises Invalid with every item whose points can't be given."""
    refuse(_off_scale(rubric, points))


def _off_scale(rubric: Rubric, points: Mapping[str, Decimal]) -> Iterator[Fault]:
    for item, value in points.items():
        try:
            _checked(rubric, item, value)
        except OffScale:
            yield Fault(f"points-{item}", "fixed_points_off_scale", allowed_of(rubric, item))


def _checked(rubric: Rubric, item_id: str, points: Decimal) -> Decimal:
    """The points as they count. Raises OffScale, and Invalid for what the secretariat does not enter."""
    for item in rubric.fixed_items:
        if item.id == item_id:
            item.check(Fraction(points))
            return points
    for adjustment in rubric.adjustments:
        if adjustment.id == item_id:
            value = adjustment.check(Fraction(points))
            return -abs(points) if value < 0 else points
    raise Invalid("not_a_fixed_item", item=item_id)


def allowed_of(rubric: Rubric, item_id: str) -> dict[str, object]:
    """Bounds and step of what may be entered, for a sentence."""
    for item in rubric.fixed_items:
        if item.id == item_id:
            return {"low": format_figure(item.min_points), "high": format_figure(item.points)}
    adjustment = next(one for one in rubric.adjustments if one.id == item_id)
    low, high = sorted((Fraction(0), adjustment.points))
    return {"low": format_figure(low), "high": format_figure(high)}


def _write(
    application: Application, item: str, points: Decimal, evidence: str, *, actor: Actor, at: datetime
) -> FixedPoints:
    last = db.session.scalar(
        select(func.max(FixedPoints.version)).where(
            FixedPoints.application_id == application.id, FixedPoints.item == item
        )
    )
    assert actor.user_id is not None
    row = FixedPoints(
        application_id=application.id,
        item=item,
        version=(last or 0) + 1,
        points=points,
        evidence=evidence,
        entered_at=at,
        entered_by_id=actor.user_id,
    )
    db.session.add(row)
    db.session.flush()
    audit.record(
        verb="scoring.enter_fixed_points",
        subject=row,
        actor=actor,
        at=at,
        detail={"application": application.id, "item": item, "version": row.version},
    )
    return row
