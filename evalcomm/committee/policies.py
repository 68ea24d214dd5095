"""Who may see and change a committee, pledge, declare, decide."""

from datetime import datetime

from evalcomm.committee.models import Committee, Conflict, ConflictState, Membership
from evalcomm.foundation.actor import Actor, Role
from evalcomm.foundation.verdict import ALLOWED, Verdict, first_refusal, refused
from evalcomm.programs.models import Call
from evalcomm.web.access import holds

may_see_committees = holds(Role.SECRETARIAT, Role.AUDITOR)
may_manage_committees = holds(Role.SECRETARIAT)


def may_see_committee(actor: Actor, committee: Committee, at: datetime) -> Verdict:
    del committee
    return may_see_committees(actor, at)


def may_manage_committee(actor: Actor, committee: Committee, at: datetime) -> Verdict:
    del committee
    return may_manage_committees(actor, at)


def may_create_committee(actor: Actor, call: Call, at: datetime) -> Verdict:
    del call
    return may_manage_committees(actor, at)


def may_manage_membership(actor: Actor, membership: Membership, at: datetime) -> Verdict:
    del membership
    return may_manage_committees(actor, at)


def may_decide(actor: Actor, conflict: Conflict, at: datetime) -> Verdict:
    del conflict
    return may_manage_committees(actor, at)


def may_see_conflict(actor: Actor, conflict: Conflict, at: datetime) -> Verdict:
    del conflict
    return may_see_committees(actor, at)


def holds_seat(actor: Actor, membership: Membership) -> Verdict:
    """The actor is this member, and sits."""
    if not actor.is_authenticated:
        return refused("sign_in_first")
    if membership.user_id != actor.user_id:
        return refused("not_your_seat")
    return refused("seat_dismissed") if membership.dismissed_at is not None else ALLOWED


def may_read_pledge(actor: Actor, membership: Membership, at: datetime) -> Verdict:
    """The member's own affair, and the secretariat's and auditor's."""
    return ALLOWED if may_see_committees(actor, at) else holds_seat(actor, membership)


def may_sign_pledge(actor: Actor, membership: Membership, at: datetime) -> Verdict:
    del at
    return holds_seat(actor, membership)


may_read_declaration = may_read_pledge


def may_declare(actor: Actor, membership: Membership, at: datetime) -> Verdict:
    """After the pledge, and when nobody can submit any more: a declaration is about every application."""
    return first_refusal(holds_seat(actor, membership), _pledged(membership), _submission_is_over(membership, at))


def _pledged(membership: Membership) -> Verdict:
    return ALLOWED if membership.pledge is not None else refused("pledge_first")


def _submission_is_over(membership: Membership, at: datetime) -> Verdict:
    last = max((phase.closes_at for phase in membership.committee.call.phases if phase.may_submit), default=None)
    if last is None or last < at.replace(microsecond=0):
        return ALLOWED
    return refused("declare_after_deadline", until=last)


def may_recuse(actor: Actor, membership: Membership, at: datetime) -> Verdict:
    """A member may step back from an application at any time, whatever else is open or closed."""
    del at
    return holds_seat(actor, membership)


def has_declared(membership: Membership, submitted_at: datetime | None) -> Verdict:
    """Pledged, and declared after the application came in as it now is. Nothing of it opens before."""
    if membership.pledge is None:
        return refused("pledge_first")
    if membership.declared_at is None:
        return refused("declare_first")
    if submitted_at is not None and submitted_at > membership.declared_at:
        return refused("declare_again")
    return ALLOWED


def is_undecided(conflict: Conflict) -> Verdict:
    return ALLOWED if conflict.state == ConflictState.PENDING else refused("conflict_decided")
