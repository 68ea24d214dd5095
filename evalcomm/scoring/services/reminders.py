"""Remind members of the sheets that they have not handed in."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from evalcomm.audit import services as audit
from evalcomm.foundation.actor import Actor
from evalcomm.foundation.clock import in_seoul
from evalcomm.notices import services as notices
from evalcomm.programs.models import Call, PhaseKind
from evalcomm.programs.queries import phase_of
from evalcomm.scoring import letters, policies, queries
from evalcomm.scoring.services.sheets import must


def remind(*, call: Call, actor: Actor, at: datetime, membership_ids: Collection[int] | None = None) -> int:
    """A message to each member (or to those named) with sheets outstanding, once a day. Returns how many members were reminded."""
    must(policies.may_remind(actor, call, at))
    reminded: set[int] = set()
    for bench in queries.benches_of_call(call.id):
        progress = queries.progress_of(bench)
        phase = phase_of(call, PhaseKind.SCORING, round_id=bench.round.id)
        for member in progress.members:
            outstanding = progress.outstanding(member.id)
            if not outstanding or (membership_ids is not None and member.id not in membership_ids):
                continue
            closes_at = phase.closes_at if phase is not None and phase.closes_at >= at else None
            subject, body = letters.reminder(bench, outstanding=outstanding, closes_at=closes_at)
            key = f"scoring.remind:{bench.track.id}:{bench.round.id}:{member.id}:{in_seoul(at).date()}"
            notices.send(key=key, user_id=member.user_id, subject=subject, body=body, at=at)
            reminded.add(member.id)
    audit.record(verb="scoring.remind", subject=call, actor=actor, at=at, detail={"members": sorted(reminded)})
    return len(reminded)
