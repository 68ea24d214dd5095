"""종합집계표: every member signs the figures, the chair adds the 총평 and closes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from sqlalchemy import select

from evalcomm.audit import evidence
from evalcomm.audit import services as audit
from evalcomm.committee import queries as committee
from evalcomm.committee.models import Membership
from evalcomm.documents.models import Paper
from evalcomm.engine.plan import BelowMin, Plan
from evalcomm.engine.ranking import RankingError
from evalcomm.foundation.actor import Actor
from evalcomm.foundation.database import Json, canonical_sha256, db
from evalcomm.foundation.errors import Conflict, Invalid, Refused, StaleVersion
from evalcomm.scoring import papers, policies, queries
from evalcomm.scoring.figures import signed_figures
from evalcomm.scoring.models import ScoreTable, TableSignature
from evalcomm.scoring.queries import Bench, OpenedTable
from evalcomm.scoring.services.sheets import must


def sign_table(*, bench: Bench, actor: Actor, at: datetime, sha256: str | None = None) -> TableSignature:
    """Sign the figures as they stand. With `sha256` they must be those that the page showed. Signed twice, the first stands."""
    queries.lock_track(bench.track.id)
    must(policies.may_sign_table(actor, bench, at))
    seat = _seat(actor, bench)
    table = queries.opened_table(bench)
    if sha256 not in {None, table.sha256}:
        raise StaleVersion("table_changed")
    known = queries.signature_of(bench.track.id, bench.round.id, seat.id, table.sha256)
    if known is not None:
        return known
    signature = TableSignature(
        track_id=bench.track.id,
        round_id=bench.round.id,
        membership_id=seat.id,
        content_sha256=table.sha256,
        signed_at=at,
    )
    db.session.add(signature)
    db.session.flush()
    audit.record(
        verb="scoring.sign_table", subject=signature, actor=actor, at=at, detail={"content_sha256": table.sha256}
    )
    return signature


def _seat(actor: Actor, bench: Bench) -> Membership:
    seat = queries.seat_of(actor.user_id, bench.panel.id)
    if seat is None:
        raise Refused("not_of_this_committee")
    return seat


def close_table(
    *,
    bench: Bench,
    remark: str,
    actor: Actor,
    at: datetime,
    absent: Mapping[int, str] | None = None,
    resolved: Mapping[int, str] | None = None,
    sha256: str | None = None,
) -> ScoreTable:
    """The chair's last act on the figures; the papers are issued with it.

    absent: membership → why a member who sits did not sign. resolved: application → why the committee lets it stand with fewer valid sheets
    than the plan's minimum, where the plan allows that. Raises Invalid, Conflict, Refused or StaleVersion with what is in the way.
    """
    absent, resolved = absent or {}, resolved or {}
    queries.lock_track(bench.track.id, alone=True)
    must(policies.may_close_table(actor, bench, at))
    if not remark.strip():
        raise Invalid("remark_missing", fields={"remark": ("remark_missing", {})})
    table = queries.opened_table(bench)
    if sha256 not in {None, table.sha256}:
        raise StaleVersion("table_changed")
    plan = queries.plan_of(bench.track)
    signed = _check_signatures(bench, table, plan, absent)
    _check_official(table, plan, resolved)
    chair = _seat(actor, bench)
    content: Json = {
        "figures": signed_figures(table.box, table.ranking, table.rows),
        "figures_sha256": table.sha256,
        "signatures": [
            {"member": member, "signed_at": moment.isoformat(timespec="microseconds")}
            for member, moment in sorted(signed.items())
        ],
        "absent": [{"member": member, "reason": reason} for member, reason in sorted(absent.items())],
        "resolved": {str(application): reason for application, reason in sorted(resolved.items())},
        "remark": remark,
    }
    closed = ScoreTable(
        track_id=bench.track.id,
        round_id=bench.round.id,
        content=content,
        sha256=canonical_sha256(content),
        remark=remark,
        closed_at=at,
        closed_by_id=chair.id,
    )
    db.session.add(closed)
    bench.track.call.page_version += 1
    db.session.flush()
    audit.record(
        verb="scoring.close_table",
        subject=closed,
        actor=actor,
        at=at,
        detail={"sha256": closed.sha256, "figures_sha256": table.sha256},
    )
    papers.issue_table(closed, table, signed, absent, actor=actor, at=at)
    papers.issue_sheets(bench, table, edition="internal", actor=actor, at=at)
    return closed


def _check_signatures(bench: Bench, table: OpenedTable, plan: Plan, absent: Mapping[int, str]) -> dict[int, datetime]:
    """Everybody who sits has signed these figures or is absent with a reason, and those who signed are a quorum."""
    signed = queries.signatures(bench.track.id, bench.round.id, table.sha256)
    sitting = committee.members(bench.panel.id)
    if without := [member for member in absent if not absent[member].strip()]:
        raise Invalid("reason_missing", fields={f"absent-{member}": ("reason_missing", {}) for member in without})
    if both := sorted(set(absent) & set(signed)):
        raise Invalid("absent_but_signed", fields={f"absent-{member}": ("absent_but_signed", {}) for member in both})
    unsigned = [member for member in sitting if member.id not in signed and member.id not in absent]
    if unsigned:
        names = ", ".join(member.user.name for member in unsigned)
        raise Conflict("table_not_signed_by_all", count=len(unsigned), names=names)
    quorum = plan.committee.quorum
    present = sum(member.id in signed for member in sitting)
    if quorum is not None and present < quorum:
        raise Conflict("table_without_quorum", quorum=quorum, present=present)
    return signed


def _check_official(table: OpenedTable, plan: Plan, resolved: Mapping[int, str]) -> None:
    """The figures stand up to the plan's rules for an official run."""
    if resolved and plan.committee.below_min is not BelowMin.RESOLVE:
        raise Invalid("plan_does_not_resolve")
    if without := [number for number in resolved if not resolved[number].strip()]:
        raise Invalid("reason_missing", fields={f"resolved-{number}": ("reason_missing", {}) for number in without})
    try:
        queries.official_ranking(table, [str(number) for number in resolved])
    except RankingError as error:
        numbers = {str(one.id): one.number for one in table.box.entrants}
        first = error.cautions[0]
        raise Conflict(
            f"table_{first.code.replace('-', '_')}",
            number=numbers.get(first.application, ""),
            count=len(error.cautions),
        ) from error


def issue_disclosable_sheets(*, bench: Bench, actor: Actor, at: datetime) -> list[Paper]:
    """The individual sheets with evaluators by number and without their comments, when somebody asks to see them."""
    must(policies.may_issue_disclosable(actor, bench, at))
    return papers.issue_sheets(bench, queries.opened_table(bench), edition="disclosable", actor=actor, at=at)


def _kept() -> Iterator[evidence.Kept]:
    for table in db.session.scalars(select(ScoreTable).order_by(ScoreTable.id)):
        yield evidence.Kept(("score_table", table.id), table.sha256, canonical_sha256(table.content))


evidence.keeps("scoring.close_table", rows=_kept)
