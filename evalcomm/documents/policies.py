"""Who may read a paper: as its kind says. What is not registered is read by nobody."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from evalcomm.documents import kinds
from evalcomm.documents.models import Paper
from evalcomm.foundation.actor import Actor
from evalcomm.foundation.verdict import Verdict


def may_read_paper(actor: Actor, paper: Paper, at: datetime) -> Verdict:
    return kinds.get(paper.kind).may_read(actor, paper, at)


def readable(actor: Actor, papers: Iterable[Paper], at: datetime) -> list[Paper]:
    """Those that the actor may read, in the same order: a list names no paper that stays shut."""
    papers = list(papers)
    allowed: set[int] = set()
    for code in {paper.kind for paper in papers}:
        kind, of_kind = kinds.get(code), [paper for paper in papers if paper.kind == code]
        if kind.readable is not None:
            allowed.update(kind.readable(actor, of_kind, at))
        else:
            allowed.update(_asked_for_each_subject(actor, of_kind, at))
    return [paper for paper in papers if paper.id in allowed]


def _asked_for_each_subject(actor: Actor, papers: Iterable[Paper], at: datetime) -> Iterator[int]:
    """Papers of one kind, edition and subject differ by their version only, which no policy looks at."""
    answers: dict[tuple[str, int], bool] = {}
    for paper in papers:
        what = (paper.edition, paper.subject_id)
        if what not in answers:
            answers[what] = may_read_paper(actor, paper, at).allowed
        if answers[what]:
            yield paper.id
