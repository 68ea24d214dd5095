"""Who may see and change programmes and calls, and what the phases of a call allow."""

from datetime import datetime

from evalcomm.foundation.actor import Actor, Role
from evalcomm.foundation.verdict import ALLOWED, Verdict, first_refusal, refused
from evalcomm.programs import queries
from evalcomm.programs.models import Call, CallState, PhaseKind, Program, Right, Track

_KIND_OF: dict[Right, PhaseKind] = {
    Right.SUBMIT: PhaseKind.APPLICATION,
    Right.SCORE: PhaseKind.SCORING,
    Right.SEE_APPLICANT_NAMES: PhaseKind.DECLARATION,
    Right.SEE_FIGURES: PhaseKind.DELIBERATION,
}
"""The phase that usually grants a right: named to whom it is refused."""


def phase_allows(call: queries.Timed, right: Right, at: datetime, *, round_id: int | None = None) -> Verdict:
    """Whether an open phase grants the right; the refusal says from when to when it is granted."""
    if call.state != CallState.PUBLISHED:
        return refused("call_not_published")
    if getattr(queries.rights_at(call, at, round_id=round_id), right.value):
        return ALLOWED
    phase = queries.phase_of(call, _KIND_OF[right], round_id=round_id)
    if phase is None:
        return refused("phase_missing")
    params = {"opens_at": phase.opens_at, "closes_at": phase.closes_at}
    code = right.value.removeprefix("may_")
    if at < phase.opens_at:
        return refused(f"phase_{code}_not_yet", **params)
    return refused(f"phase_{code}_over", **params)


def may_see_program(actor: Actor, program: Program, at: datetime) -> Verdict:
    """A programme is public."""
    del actor, program, at
    return ALLOWED


def may_manage_programs(actor: Actor, at: datetime) -> Verdict:
    del at
    if not actor.is_authenticated:
        return refused("sign_in_first")
    return ALLOWED if actor.has(Role.SECRETARIAT) else refused("secretariat_only")


def may_make_call(actor: Actor, program: Program, at: datetime) -> Verdict:
    del program
    return may_manage_programs(actor, at)


def may_see_drafts(actor: Actor, at: datetime) -> Verdict:
    del at
    if not actor.is_authenticated:
        return refused("sign_in_first")
    return ALLOWED if actor.has(Role.SECRETARIAT, Role.AUDITOR) else refused("call_not_published")


def may_see_call(actor: Actor, call: Call, at: datetime) -> Verdict:
    """What was published is public; a draft is the secretariat's and the auditor's."""
    return ALLOWED if call.state != CallState.DRAFT else may_see_drafts(actor, at)


def may_see_track(actor: Actor, track: Track, at: datetime) -> Verdict:
    """The rubric and the plan are as public as the call that uses them."""
    return may_see_call(actor, track.call, at)


def may_edit_track(actor: Actor, track: Track, at: datetime) -> Verdict:
    return may_edit_call(actor, track.call, at)


def may_see_drafts_of(actor: Actor, call: Call, at: datetime) -> Verdict:
    """The preview of a call, and everything about how it was prepared."""
    del call
    return may_see_drafts(actor, at)


def may_edit_call(actor: Actor, call: Call, at: datetime) -> Verdict:
    return first_refusal(may_manage_programs(actor, at), _is_draft(call))


def may_publish_call(actor: Actor, call: Call, at: datetime) -> Verdict:
    return may_edit_call(actor, call, at)


def may_amend_call(actor: Actor, call: Call, at: datetime) -> Verdict:
    return first_refusal(
        may_manage_programs(actor, at),
        ALLOWED if call.state == CallState.PUBLISHED else refused("call_not_published"),
    )


def _is_draft(call: Call) -> Verdict:
    return ALLOWED if call.state == CallState.DRAFT else refused("call_sealed")
