"""What is bought and who supports it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Ints: TypeAlias = npt.NDArray[np.intp]

MAX_WON = 2**53  # beyond, a float no longer holds every whole won


class SharesError(ValueError):
    """The election cannot be counted; the message says why."""


class Satisfaction(Enum):
    """What a supported project is worth to a voter: its cost, or one like every other."""

    COST = "cost"
    COUNT = "count"


@dataclass(frozen=True)
class Election:
    """costs : won, by project; earlier projects win exact ties.  supporters : voters by project, ascending.  voters : how many."""

    costs: tuple[int, ...]
    supporters: tuple[Ints, ...]
    voters: int

    @classmethod
    def of_ballots(cls, costs: Sequence[int], ballots: Sequence[Collection[int]]) -> Election:
        """ballots : the projects that each voter supports. Raises SharesError."""
        sizes = np.fromiter((len(ballot) for ballot in ballots), np.intp, len(ballots))
        projects = np.fromiter((project for ballot in ballots for project in ballot), np.intp, int(sizes.sum()))
        if len(projects) and not (projects.min() >= 0 and projects.max() < len(costs)):
            raise SharesError(f"a ballot names a project outside 0 … {len(costs) - 1}")
        voters = np.repeat(np.arange(len(ballots)), sizes)
        by_project = np.argsort(projects, kind="stable")
        ends = np.cumsum(np.bincount(projects, minlength=len(costs)))
        supporters = np.split(voters[by_project], ends[:-1]) if len(costs) else []
        return cls(tuple(costs), tuple(supporters), len(ballots))

    def __post_init__(self) -> None:
        if not self.voters:
            raise SharesError("nobody votes")
        for project, (cost, who) in enumerate(zip(self.costs, self.supporters, strict=True)):
            if not 0 < cost <= MAX_WON:
                raise SharesError(f"project {project} costs {cost}; a cost is whole won from 1 to {MAX_WON}")
            if len(who) and not (np.diff(who) > 0).all():
                raise SharesError(f"project {project} names a voter twice, or not in ascending order")
