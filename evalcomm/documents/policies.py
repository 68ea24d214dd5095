"""Who may read a paper: as its kind says. What is not registered is read by nobody."""

from collections.abc import Iterable
from datetime import datetime

from evalcomm.documents import kinds
from evalcomm.documents.models import Paper
from evalcomm.foundation.actor import Actor
from evalcomm.foundation.verdict import Verdict


def may_read_paper(actor: Actor, paper: Paper, at: datetime) -> Verdict:
    return kinds.get(paper.kind).may_read(actor, paper, at)


def readable(actor: Actor, papers: Iterable[Paper], at: datetime) -> list[Paper]:
    """Those that the actor may read: a list names no paper that stays shut. Asked once for the papers of one kind, edition and subject,
    which differ by version only.
    """
    answers: dict[tuple[str, str, str, int], bool] = {}
    shown = []
    for paper in papers:
        what = (paper.kind, paper.edition, paper.subject_type, paper.subject_id)
        if what not in answers:
            answers[what] = may_read_paper(actor, paper, at).allowed
        if answers[what]:
            shown.append(paper)
    return shown
