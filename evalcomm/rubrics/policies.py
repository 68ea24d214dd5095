"""Who may read and store plans. What a published call uses is shown on the call's own pages, to everybody."""

from datetime import datetime

from evalcomm.foundation.actor import Actor, Role
from evalcomm.foundation.verdict import ALLOWED, Verdict, refused
from evalcomm.rubrics.models import PlanVersion


def may_read_plans(actor: Actor, at: datetime) -> Verdict:
    del at
    if not actor.is_authenticated:
        return refused("sign_in_first")
    return ALLOWED if actor.has(Role.SECRETARIAT, Role.AUDITOR) else refused("role_needed")


def may_read_plan(actor: Actor, plan: PlanVersion, at: datetime) -> Verdict:
    del plan
    return may_read_plans(actor, at)


def may_store_plans(actor: Actor, at: datetime) -> Verdict:
    del at
    if not actor.is_authenticated:
        return refused("sign_in_first")
    return ALLOWED if actor.has(Role.SECRETARIAT) else refused("secretariat_only")
