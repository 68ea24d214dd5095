"""What the best division is worth when one application is made to take a given choice, or none: the forced-in and forced-out tests.

The losses of the optimum's own multipliers serve again: a forced choice loses what it loses, and only the rest is searched. Where
that goes too far the solver is asked, for all such questions in one process.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np

from evalcomm.engine.allocate.portfolio.assembly import TooMany
from evalcomm.engine.allocate.portfolio.dual import Dual
from evalcomm.engine.allocate.portfolio.milp import Case, proposed
from evalcomm.engine.allocate.portfolio.model import Ints, Model
from evalcomm.engine.allocate.portfolio.optimum import Solution, within

BARRED = 1 << 62
"""A loss that no limit allows."""
MOST = 3_000
"""States allowed in a search; and how often its limit may be doubled, in a small call (with the solver behind it) or a large one."""
ROUNDS, FEW_ROUNDS = 16, 2


@dataclass(frozen=True, slots=True)
class Forced:
    """value, taken: of the best division with the forced choice; None where no division keeps the rules with it."""

    value: int
    taken: Ints


def fixed(dual: Dual, model: Model, one: int, choice: int) -> Dual:
    """The same multipliers with all other choices of application `one` barred."""
    loss, loss_none, best = dual.loss.copy(), dual.loss_none.copy(), dual.best.copy()
    own = int(loss[choice]) if choice >= 0 else int(loss_none[one])
    loss[model.first[one] : model.first[one + 1]] = BARRED
    loss_none[one] = BARRED
    if choice >= 0:
        loss[choice] = 0
    else:
        loss_none[one] = 0
    best[one] = choice
    return replace(dual, bound=dual.bound - own, best=best, loss=loss, loss_none=loss_none)


Question: TypeAlias = tuple[int, int]
"""An application and the choice that it is made to take; -1 = none."""


def forced(
    model: Model, solution: Solution, questions: Sequence[Question], *, solver: bool
) -> dict[Question, Forced | None]:
    """The answers found; None = no division keeps the rules with it. A question whose search is given up has no entry.

    solver : whether to ask the solver where the search is given up.
    """
    answers: dict[Question, Forced | None] = {}
    open_questions: list[Question] = []
    for one, choice in questions:
        try:
            answers[one, choice] = _near(model, solution, one, choice, ROUNDS if solver else FEW_ROUNDS)
        except TooMany:
            open_questions.append((one, choice))
    if solver and open_questions:
        cases = [_fixing(model, one, choice) for one, choice in open_questions]
        for question, (taken, sure) in zip(open_questions, proposed(model, cases), strict=True):
            if taken is not None and sure:
                answers[question] = Forced(int(model.value[taken].sum()), taken)
            elif sure:
                answers[question] = None
    return answers


def _near(model: Model, solution: Solution, one: int, choice: int, rounds: int) -> Forced | None:
    assert solution.dual is not None
    dual = fixed(solution.dual, model, one, choice)
    limit = max(solution.dual.bound - solution.value * solution.dual.denominator, solution.dual.denominator)
    worst = _worst(model, dual)
    for _ in range(rounds):
        found = within(model, dual, limit, most=MOST)
        if found is not None:
            taken, loss = found
            return Forced((dual.bound - loss) // dual.denominator, taken)
        if limit >= worst:
            return None
        limit = 2 * limit
    raise TooMany


def _fixing(model: Model, one: int, choice: int) -> Case:
    return [(other, int(other == choice)) for other in range(int(model.first[one]), int(model.first[one + 1]))]


def _worst(model: Model, dual: Dual) -> int:
    """What any selection at all loses at most."""
    open_losses = np.where(dual.loss < BARRED, dual.loss, 0)
    most = int(open_losses.sum()) + int(np.where(dual.loss_none < BARRED, dual.loss_none, 0).sum())
    for row, price in zip(model.rows, dual.multipliers, strict=True):
        most += price * (row.limit + int(np.maximum(-row.coefficients, 0).sum()))
    return most
