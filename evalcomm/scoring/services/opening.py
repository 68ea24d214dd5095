"""점수 개봉: one person asks, another account confirms the same box."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select

from evalcomm.accounts.models import UserAccount, UserRole
from evalcomm.audit import evidence
from evalcomm.audit import services as audit
from evalcomm.committee import queries as committee
from evalcomm.foundation.actor import Actor, Role
from evalcomm.foundation.database import canonical_sha256, db
from evalcomm.foundation.errors import Conflict, Refused, StaleVersion
from evalcomm.foundation.verdict import ALLOWED, Verdict, refused
from evalcomm.notices import services as notices
from evalcomm.programs.models import Right
from evalcomm.programs.policies import phase_allows
from evalcomm.programs.queries import timetable
from evalcomm.scoring import letters, policies, queries
from evalcomm.scoring.box import MISSING, Box
from evalcomm.scoring.models import FixedPoints, Opening, OpeningRequest
from evalcomm.scoring.queries import Bench
from evalcomm.scoring.services.sheets import must


def obstacle(bench: Bench, box: Box, at: datetime) -> Verdict:
    """What still stands in the way of opening this box; the page shows it before anybody asks."""
    if not box.entrants:
        return refused("opening_without_applications")
    if waiting := queries.unscreened(box):
        return refused("opening_with_unscreened", count=len(waiting), number=waiting[0].number)
    if pending := committee.pending_conflicts([one.id for one in box.entrants]):
        return refused("opening_with_pending_conflicts", count=len(pending))
    if absent := queries.missing_fixed_points(bench, box):
        application, item = absent[0]
        return refused("opening_without_fixed_points", count=len(absent), number=application.number, item=item.title)
    outstanding = box.count(MISSING)
    if outstanding and phase_allows(timetable(bench.call_id), Right.SCORE, at, round_id=bench.round.id):
        return refused("opening_with_sheets_outstanding", count=outstanding)
    return ALLOWED


def request_opening(*, bench: Bench, actor: Actor, at: datetime) -> OpeningRequest:
    """The first of two: names the box by its hash and tells those who may be the second."""
    queries.lock_track(bench.track.id, alone=True)
    must(policies.may_request_opening(actor, bench, at))
    box = queries.assemble_box(bench)
    standing = obstacle(bench, box, at)
    if not standing.allowed:
        raise Conflict(standing.code, **standing.params)
    waiting = queries.waiting_request(bench.track.id, bench.round.id, at)
    if waiting is not None and waiting.sha256 == box.sha256 and waiting.requested_by_id == actor.user_id:
        return waiting
    assert actor.user_id is not None
    request = OpeningRequest(
        track_id=bench.track.id,
        round_id=bench.round.id,
        box=box.to_json(),
        sha256=box.sha256,
        requested_at=at,
        requested_by_id=actor.user_id,
    )
    db.session.add(request)
    db.session.flush()
    subject, body = letters.opening_requested(bench, actor.name)
    for user_id in _witnesses(bench, actor):
        notices.send(key=f"scoring.opening:{request.id}:{user_id}", user_id=user_id, subject=subject, body=body, at=at)
    audit.record(
        verb="scoring.request_opening", subject=request, actor=actor, at=at, detail={"box_sha256": request.sha256}
    )
    return request


def _witnesses(bench: Bench, actor: Actor) -> list[int]:
    secretariat = db.session.scalars(
        select(UserAccount.id)
        .join(UserRole, UserRole.user_id == UserAccount.id)
        .where(UserAccount.active, UserRole.role == Role.SECRETARIAT)
        .order_by(UserAccount.id)
    ).all()
    chair = committee.chair_of(bench.panel.id)
    found = [*secretariat, *([chair.user_id] if chair is not None else [])]
    return [user_id for user_id in dict.fromkeys(found) if user_id != actor.user_id]


def confirm_opening(*, bench: Bench, actor: Actor, at: datetime, sha256: str | None = None) -> Opening:
    """The second, with a sign-in of their own. The box must still be the one that was asked for and, with `sha256`, the one on the page."""
    queries.lock_track(bench.track.id, alone=True)
    must(policies.may_confirm_opening(actor, bench, at))
    request = queries.waiting_request(bench.track.id, bench.round.id, at)
    if request is None:
        raise Refused("opening_not_requested")
    box = queries.assemble_box(bench)
    if box.sha256 != request.sha256 or sha256 not in {None, request.sha256}:
        raise StaleVersion("opening_box_changed")
    standing = obstacle(bench, box, at)
    if not standing.allowed:
        raise Conflict(standing.code, **standing.params)
    assert actor.user_id is not None
    opening = Opening(
        track_id=bench.track.id,
        round_id=bench.round.id,
        request_id=request.id,
        opened_at=at,
        opened_by_id=request.requested_by_id,
        witness_id=actor.user_id,
    )
    db.session.add(opening)
    bench.track.call.page_version += 1
    db.session.flush()
    audit.record(verb="scoring.open_scores", subject=opening, actor=actor, at=at, detail={"box_sha256": request.sha256})
    return opening


def _kept() -> Iterator[evidence.Kept]:
    for request in db.session.scalars(select(OpeningRequest).order_by(OpeningRequest.id)):
        yield evidence.Kept(
            ("opening_request", request.id),
            request.sha256,
            canonical_sha256(request.box),
        )


def _fixed_points_agree() -> Iterator[evidence.Break]:
    """No entry holds a figure; the box that was opened does."""
    rows = db.session.scalars(select(FixedPoints).order_by(FixedPoints.id)).all()
    entered = {(row.application_id, row.item, row.version): row for row in rows}
    boxes = select(OpeningRequest.box).join(Opening, Opening.request_id == OpeningRequest.id).order_by(Opening.id)
    for kept in db.session.scalars(boxes):
        for one in Box.of_json(kept).fixed:
            row = entered.get((one.application, one.item, one.version))
            if row is None or row.points != Decimal(one.points):
                yield evidence.Break("fixed_points_differ", application=one.application, item=one.item)


evidence.keeps("scoring.request_opening", key="box_sha256", rows=_kept)
evidence.agrees(_fixed_points_agree)
