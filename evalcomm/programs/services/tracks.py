"""The tracks of a call that is being prepared, and their plans."""

from collections.abc import Iterator
from datetime import datetime

from evalcomm.audit import services as audit
from evalcomm.foundation.actor import Actor
from evalcomm.foundation.database import db
from evalcomm.programs.models import Call, Track
from evalcomm.programs.services.calls import main_track, require_draft
from evalcomm.rubrics.models import PlanVersion
from evalcomm.web.faults import Fault, refuse


def refuse_track(*, call: Call, budget_won: int | None, code: str | None = None, but: Track | None = None) -> None:
    """Raises Invalid with everything that is wrong already; None where it can't be read. `but` is the track that is being changed."""
    refuse(_track_faults(call, code, budget_won, but))


def _track_faults(call: Call, code: str | None, budget_won: int | None, but: Track | None) -> Iterator[Fault]:
    if any(track.code == code for track in call.tracks):
        yield Fault("code", "track_code_taken", {"track": code})
    left = call.budget_won - sum(track.budget_won for track in call.tracks if track is not but)
    if budget_won is not None and not 0 < budget_won <= left:
        yield Fault("budget_won", "track_over_budget", {"left": f"{max(left, 0):,}"})


def add_track(
    *, call: Call, code: str, title: str, budget_won: int, plan: PlanVersion, actor: Actor, at: datetime
) -> Track:
    """Add a track at the end. Ceilings may not exceed the call's budget together."""
    require_draft(call)
    refuse_track(call=call, code=code, budget_won=budget_won)
    track = Track(
        position=max((track.position for track in call.tracks), default=0) + 1,
        code=code,
        title=title,
        budget_won=budget_won,
        plan_version_id=plan.id,
        plan=plan,
    )
    call.tracks.append(track)
    call.page_version += 1
    db.session.flush()
    audit.record(
        verb="programs.add_track", subject=track, actor=actor, at=at, detail={"call": call.id, "plan": plan.sha256}
    )
    return track


def change_track(
    *,
    track: Track,
    title: str,
    budget_won: int,
    plan: PlanVersion,
    actor: Actor,
    at: datetime,
    page_version: int | None = None,
) -> None:
    """Title, ceiling and plan of a track. Ceilings may not exceed the call's budget together."""
    call = track.call
    require_draft(call, page_version)
    refuse_track(call=call, budget_won=budget_won, but=track)
    track.title, track.budget_won = title, budget_won
    track.plan_version_id, track.plan = plan.id, plan
    call.page_version += 1
    db.session.flush()
    audit.record(verb="programs.change_track", subject=track, actor=actor, at=at, detail={"plan": plan.sha256})


def remove_track(*, track: Track, actor: Actor, at: datetime) -> None:
    call = track.call
    require_draft(call)
    call.tracks.remove(track)
    db.session.delete(track)
    call.page_version += 1
    db.session.flush()
    audit.record(verb="programs.remove_track", subject=track, actor=actor, at=at, detail={"call": call.id})


def choose_plan(*, call: Call, plan: PlanVersion, actor: Actor, at: datetime, page_version: int | None = None) -> None:
    """One plan for the whole call: one track of the whole budget, or the same plan for every track that is there."""
    require_draft(call, page_version)
    if not call.tracks:
        call.tracks = [main_track(call, plan)]
    for track in call.tracks:
        track.plan_version_id, track.plan = plan.id, plan
    call.page_version += 1
    db.session.flush()
    audit.record(verb="programs.choose_plan", subject=call, actor=actor, at=at, detail={"plan": plan.sha256})
