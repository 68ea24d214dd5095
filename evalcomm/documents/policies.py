"""Who may read a paper: as its kind says. What is not registered is read by nobody."""

from datetime import datetime

from evalcomm.documents import kinds
from evalcomm.documents.models import Paper
from evalcomm.foundation.actor import Actor
from evalcomm.foundation.verdict import Verdict


def may_read_paper(actor: Actor, paper: Paper, at: datetime) -> Verdict:
    return kinds.get(paper.kind).may_read(actor, paper, at)
