"""Who issues the papers of a decision, and when: after the committee has resolved."""

from datetime import datetime

from evalcomm.foundation.actor import Actor, Role
from evalcomm.foundation.verdict import ALLOWED, Verdict, refused
from evalcomm.programs.models import Call
from evalcomm.selection import queries as selection
from evalcomm.selection.policies import may_see_selection

may_see_papers = may_see_selection


def may_issue_papers(actor: Actor, call: Call, at: datetime) -> Verdict:
    del at
    if not actor.is_authenticated:
        return refused("sign_in_first")
    if not actor.has(Role.SECRETARIAT):
        return refused("role_needed")
    return ALLOWED if selection.resolution_of(call.id) is not None else refused("not_resolved")
