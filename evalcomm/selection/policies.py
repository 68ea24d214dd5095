"""Who may rank, divide, resolve, record, announce, and who reads what came of it. Each step needs the one before."""

from datetime import datetime

from evalcomm.documents.models import Paper
from evalcomm.foundation.actor import Actor, Role
from evalcomm.foundation.verdict import ALLOWED, Verdict, first_refusal, refused
from evalcomm.programs.models import Call
from evalcomm.scoring.policies import may_see_table
from evalcomm.scoring.queries import benches_of_call
from evalcomm.selection import queries
from evalcomm.selection.models import AllocationRun


def may_see_selection(actor: Actor, call: Call, at: datetime) -> Verdict:
    """The secretariat and the auditor; the figures on the page are asked for track by track (`may_see_run`)."""
    del call, at
    if not actor.is_authenticated:
        return refused("sign_in_first")
    return ALLOWED if actor.has(Role.SECRETARIAT, Role.AUDITOR) else refused("role_needed")


def may_see_run(actor: Actor, run: AllocationRun, at: datetime) -> Verdict:
    """A run tells every figure of every track in it, so every one of them must be open to the reader."""
    benches = [bench for bench in benches_of_call(run.call_id) if str(bench.track.id) in run.inputs["tracks"]]
    seen = may_see_selection(actor, run.call, at)
    return first_refusal(seen, *(may_see_table(actor, bench, at) for bench in benches))


def _may_work(actor: Actor, call: Call) -> Verdict:
    if not actor.is_authenticated:
        return refused("sign_in_first")
    if not actor.has(Role.SECRETARIAT):
        return refused("role_needed")
    return refused("already_announced") if queries.announcement_of(call.id) is not None else ALLOWED


def may_make_run(actor: Actor, call: Call, at: datetime) -> Verdict:
    del at
    adopted = queries.adopted_run(call.id) is not None
    return first_refusal(_may_work(actor, call), refused("run_already_adopted") if adopted else ALLOWED)


def may_adopt(actor: Actor, run: AllocationRun, at: datetime) -> Verdict:
    return first_refusal(may_make_run(actor, run.call, at), refused("run_needs_lot") if run.needs_lot else ALLOWED)


def may_resolve(actor: Actor, call: Call, at: datetime) -> Verdict:
    del at
    return first_refusal(
        _may_work(actor, call),
        ALLOWED if queries.adopted_run(call.id) is not None else refused("run_not_adopted"),
        refused("already_resolved") if queries.resolution_of(call.id) is not None else ALLOWED,
    )


def may_record_approval(actor: Actor, call: Call, at: datetime) -> Verdict:
    del at
    return first_refusal(
        _may_work(actor, call),
        ALLOWED if queries.resolution_of(call.id) is not None else refused("not_resolved"),
        refused("already_approved") if queries.approval_of(call.id) is not None else ALLOWED,
    )


def may_announce(actor: Actor, call: Call, at: datetime) -> Verdict:
    """Nothing is announced before the ministry's own approval is on record."""
    del at
    return first_refusal(
        _may_work(actor, call), ALLOWED if queries.approval_of(call.id) is not None else refused("not_approved")
    )


def may_see_announced(actor: Actor, call: Call, at: datetime) -> Verdict:
    del actor, at
    return ALLOWED if queries.announcement_of(call.id) is not None else refused("not_announced")


def may_read_internal_paper(actor: Actor, paper: Paper, at: datetime) -> Verdict:
    del paper, at
    if not actor.is_authenticated:
        return refused("sign_in_first")
    return ALLOWED if actor.has(Role.SECRETARIAT, Role.AUDITOR) else refused("role_needed")


def may_read_result_paper(actor: Actor, paper: Paper, at: datetime) -> Verdict:
    """Papers about one application: its owner reads the disclosable edition once the result is announced."""
    from evalcomm.applications.queries import get_application

    if not actor.is_authenticated:
        return refused("sign_in_first")
    if actor.has(Role.SECRETARIAT, Role.AUDITOR):
        return ALLOWED
    application = get_application(paper.subject_id)
    own = application.owner_id == actor.user_id and paper.edition == "disclosable"
    if own and queries.announcement_of(application.call_id) is not None:
        return ALLOWED
    del at
    return refused("not_your_result")
