"""What waits for an evaluator today, seat by seat, on the first page."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from flask import render_template, url_for
from flask_babel import gettext as _

from evalcomm.foundation.actor import Actor
from evalcomm.scoring.routes.evaluator import seats_of

Waiting = tuple[str, str]
"""What to do, and the address where."""


def section(actor: Actor, at: datetime) -> str | None:
    """Nothing for somebody who sits in no committee."""
    del at
    assert actor.user_id is not None
    seats = seats_of(actor.user_id)
    if not seats:
        return None
    busy = [(seat, waiting) for seat in seats if (waiting := list(_waiting_in(seat)))]
    return render_template("scoring/desk.html", seats=busy)


def _waiting_in(seat: Mapping[str, Any]) -> Iterator[Waiting]:
    """The first thing first: nobody scores before the pledge and the declaration."""
    member, lines = seat["membership"], seat["lines"]
    if not member.pledge:
        yield _("청렴·보안 서약에 서명하십시오."), url_for("committee.show_pledge", membership_id=member.id)
        return
    declaration = url_for("committee.show_declaration", membership_id=member.id)
    if not member.declared_at:
        yield _("이해관계를 신고하십시오."), declaration
        return
    if again := sum(line.state == "closed" for line in lines):
        yield _("신고하신 뒤에 접수되거나 바뀐 신청서 %(count)s건의 이해관계를 신고하십시오.", count=again), declaration
    if owed := sum(line.action in {"open", "go_on"} for line in lines):
        yield _("평가하여 제출할 신청서 %(count)s건", count=owed), url_for("scoring.index") + f"#seat-{member.id}"
    for table in seat["tables"]:
        where = url_for("scoring.score_table", track_id=table.track_id, round_id=table.round_id)
        if not table.closed and not table.signed:
            yield _("종합집계표를 확인하고 서명해 주십시오: %(track)s", track=table.track), where
        elif not table.closed and member.is_chair:
            yield _("위원들이 서명하면 종합집계표를 확정해 주십시오: %(track)s", track=table.track), where
