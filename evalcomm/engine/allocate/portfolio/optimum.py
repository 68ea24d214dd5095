"""The optimal portfolio with proof: let the allowed loss grow until the first selection appears.

A limit that admits no selection proves that nothing is worth more than the bound less that limit; the first limit that admits some
admits the best, and all that are equally good, of which the key chooses one. No incumbent and no solver is needed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from evalcomm.engine.allocate.portfolio.assembly import Assembly, Leaf, Part, TooMany
from evalcomm.engine.allocate.portfolio.budget import alone, applicable, tabled
from evalcomm.engine.allocate.portfolio.core import from_core
from evalcomm.engine.allocate.portfolio.dual import Dual, suggested
from evalcomm.engine.allocate.portfolio.exchange import exchanged
from evalcomm.engine.allocate.portfolio.milp import Case, kept, proposed
from evalcomm.engine.allocate.portfolio.model import BUDGET, Columns, Ints, Model, Row

MOST = 60_000
"""States allowed in one part before the solver is asked."""
FIRST_CORE = 12
GROWTH = 1.5
REACH = 1.5
"""Times the limit at which the assembly gave up: what the solver may lose at first."""
WORD = 62


class Proof(StrEnum):
    """How the optimum is known: by assembling everything near the bound, by a table over money, or by the solver's word."""

    ASSEMBLY = "assembly"
    TABLE = "table"
    SOLVER = "solver"


@dataclass(frozen=True, slots=True)
class Solution:
    """The answer to a model, in its scale.

    taken : the choices, sorted; None where there is none (no selection keeps all rows) or none was found.
    bound : nothing is worth more. proof : None where value and bound do not meet.
    """

    taken: Ints | None
    value: int
    bound: int
    dual: Dual | None
    proof: Proof | None

    @property
    def feasible(self) -> bool | None:
        """None = not known."""
        return True if self.taken is not None else (False if self.proof is not None else None)


def solved(model: Model) -> Solution:
    """The optimum with its proof; with the gap where neither the assembly nor the solver comes to an end."""
    dual = suggested(model)
    if dual is None:
        return Solution(None, 0, 0, None, Proof.ASSEMBLY)
    near = from_core(model, dual)
    if near is not None:
        value = int(model.value[near].sum())
        return _checked(model, Solution(near, value, value, dual, Proof.TABLE))
    tabular = applicable(model)
    searched = -1
    for limit in _limits(model, dual):
        try:
            found = within(model, dual, limit, most=MOST // 3 if tabular else MOST)
        except TooMany:
            if tabular:
                return _from_table(model, dual)
            return halved(model, dual) if alone(model) else _from_solver(model, dual, searched, limit)
        if found is not None:
            taken, loss = found
            value = (dual.bound - loss) // dual.denominator
            return _checked(model, Solution(taken, value, value, dual, Proof.ASSEMBLY))
        searched = limit
    return Solution(None, 0, 0, dual, Proof.ASSEMBLY)


def _from_table(model: Model, dual: Dual) -> Solution:
    rows = tabled(model).rows(model, np.array([model.rows[0].limit]))
    taken = np.array([one for one, row in enumerate(rows) if row[0]], dtype=np.int64)
    value = int(model.value[taken].sum())
    return _checked(model, Solution(taken, value, value, dual, Proof.TABLE))


def halved(model: Model, dual: Dual) -> Solution:
    """Costs that are large and alike leave a bound that no search closes, unless the number of awards is settled: at most as many as
    the bound takes whole, or more. Of equal halves the one that the ranks prefer."""
    count = int((dual.best >= 0).sum())
    everyone = np.arange(len(model.cost))
    halves = list[Solution]()
    for sign, limit in ((1, count), (-1, -count - 1)):
        row = Row(BUDGET, None, everyone, np.full_like(model.cost, sign), limit, money=False)
        rows = (*model.rows, row)
        halves.append(solved(replace(model, rows=rows, columns=Columns.of(rows, len(everyone)))))
    found = [half.taken for half in halves if half.taken is not None]
    bound = max(half.bound for half in halves if half.feasible is not False)
    if not found:
        return Solution(None, 0, bound, dual, None)
    best = max(found, key=lambda taken: _preference(model, taken))
    value = int(model.value[best].sum())
    proof = Proof.SOLVER if any(half.proof is not Proof.ASSEMBLY for half in halves) else Proof.ASSEMBLY
    return _checked(model, Solution(best, value, bound, dual, proof if value == bound else None))


def _preference(model: Model, taken: Ints) -> tuple[int, list[int], int, list[bool]]:
    """The order of `_keys` where each has one choice, after the value."""
    awards = np.bincount(model.rank_group[taken], minlength=int(model.rank_group.max()) + 1)
    mine = np.isin(np.arange(len(model.cost)), taken)
    return int(model.value[taken].sum()), awards.tolist(), -int(model.cost[taken].sum()), mine.tolist()


def _from_solver(model: Model, dual: Dual, searched: int, limit: int) -> Solution:
    """`searched`: no selection loses so little or less, which lowers the bound. `limit`: where the assembly gave up."""
    bound = (dual.bound - searched - 1) // dual.denominator
    proposal, sure = answered(model, dual, int(limit * REACH))
    if proposal is None and sure:
        return Solution(None, 0, bound, dual, Proof.SOLVER)
    if proposal is None:
        proposal = filled(model, dual)
        if not kept(model, proposal):
            return Solution(None, 0, bound, dual, None)
    proposal = exchanged(model, proposal)
    value = int(model.value[proposal].sum())
    bound = value if sure else bound
    return _checked(model, Solution(proposal, value, bound, dual, Proof.SOLVER if value == bound else None))


def answered(model: Model, dual: Dual, limit: int) -> tuple[Ints | None, bool]:
    """The solver's answer: first with all settled that the limit settles, which is the optimum if it loses no more than the limit."""
    settled, first = _settled(model, dual, limit), None
    if 2 * len(settled) > len(model.cost):
        [(first, sure)] = proposed(model, [settled])
        if sure and first is not None and dual.bound - int(model.value[first].sum()) * dual.denominator <= limit:
            return first, True
    [(proposal, sure)] = proposed(model)
    found = [taken for taken in (proposal, first) if taken is not None]
    best = max(found, key=lambda taken: int(model.value[taken].sum()), default=None)
    return best, sure and best is proposal


def _settled(model: Model, dual: Dual, limit: int) -> Case:
    """The choices that every selection which loses at most `limit` takes (1) or leaves (0)."""
    options = _open_choices(model, dual, limit)
    free = {choice for choices in options.values() for choice in choices}
    best = {choice for one, choice in enumerate(dual.best.tolist()) if one not in options}
    return [(choice, int(choice in best)) for choice in range(len(model.cost)) if choice not in free]


def undecided(model: Model, solution: Solution) -> list[str]:
    """The applications that the gap between bound and value leaves open, those of one block together."""
    dual = solution.dual
    if dual is None:
        return []
    options = list(_open_choices(model, dual, dual.bound - solution.value * dual.denominator))
    active = np.array([price > 0 for price in dual.multipliers], dtype=bool)
    blocks = _blocks(model, options, active)
    placed = [part for block in blocks for part in block]
    rest = sorted(set(range(len(options))) - set(placed))
    return [model.applications[options[part]].id for part in placed + rest]


def filled(model: Model, dual: Dual) -> Ints:
    """Choices taken in the order of their losses as long as every row is kept; good enough where the solver finds nothing."""
    room = np.array([row.limit for row in model.rows], dtype=np.int64)
    taken: dict[int, int] = {}
    for choice in np.argsort(dual.loss - dual.loss_none[model.owner], kind="stable").tolist():
        uses = model.columns.used_by(choice)
        owner = int(model.owner[choice])
        if owner not in taken and all(room[row] >= max(used, 0) for row, used in uses.items()):
            taken[owner] = choice
            for row, used in uses.items():
                room[row] -= used
    return np.array(sorted(taken.values()), dtype=np.int64)


def _checked(model: Model, solution: Solution) -> Solution:
    """Nothing leaves without a second look, in integers."""
    taken = solution.taken
    if taken is None or not kept(model, taken) or int(model.value[taken].sum()) != solution.value:
        raise AssertionError("the selection found does not keep the rows or is not worth what was said")
    return solution


def _limits(model: Model, dual: Dual) -> Sequence[int]:
    """Growing limits, the last of which admits every selection."""
    alternatives = np.sort(np.concatenate([dual.loss, dual.loss_none]))
    most = (
        int(np.maximum.reduceat(dual.loss, model.first[:-1]).sum()) + int(dual.loss_none.sum()) if len(dual.loss) else 0
    )
    for row, price in zip(model.rows, dual.multipliers, strict=True):
        most += price * (row.limit + int(np.maximum(-row.coefficients, 0).sum()))
    place = min(len(model.applications) + FIRST_CORE, len(alternatives) - 1)
    limit = int(alternatives[place]) if len(alternatives) else 0
    limits = []
    while limit < most:
        limits.append(limit)
        limit = int(limit * GROWTH) + dual.denominator
    return [*limits, max(most, 0)]


def within(model: Model, dual: Dual, limit: int, most: int = MOST) -> tuple[Ints, int] | None:
    """The best of all selections that lose at most `limit`, with its loss; None if there is none. Raises TooMany."""
    options = _open_choices(model, dual, limit)
    base = dual.best[dual.best >= 0]
    limits = np.array([row.limit for row in model.rows], dtype=np.int64)
    slack = limits - model.columns.usage(base, len(model.rows))
    price = np.array(dual.multipliers, dtype=np.int64)
    changes = {
        one: [_change(model.columns, int(dual.best[one]), choice) for choice in choices]
        for one, choices in options.items()
    }
    low, high = np.zeros_like(slack), np.zeros_like(slack)
    for steps in changes.values():
        for place in {place for step in steps for place in step}:
            low[place] += min(step.get(place, 0) for step in steps)
            high[place] += max(step.get(place, 0) for step in steps)
    if (slack - low < 0).any():
        return None
    touched = (low != 0) | (high != 0)
    constant = int((price * slack)[~touched].sum())
    if constant > limit:
        return None
    active = touched & ((price > 0) | (slack - high < 0))
    keys = _keys(model, options)
    parts = [
        _leaf(one, choices, changes[one], dual=dual, active=active, key=keys[one]) for one, choices in options.items()
    ]
    if not parts:
        return base, constant
    parts.append(_nothing(len(parts[0].key)))
    assembly = Assembly(parts, slack, price, limit - constant, most)
    whole = assembly.assembled(_blocks(model, list(options), active))
    if whole is None:
        return None
    order = np.lexsort((*whole.key[::-1], -whole.loss))
    state = order[-1:]
    picked = np.array([choice[0] for choice in whole.choices(state).values()], dtype=np.int64)
    settled = dual.best.copy()
    settled[list(options)] = -1
    free = settled[settled >= 0]
    return np.sort(np.concatenate([free, picked[picked >= 0]])), constant + int(whole.loss[state[0]])


def _open_choices(model: Model, dual: Dual, limit: int) -> dict[int, list[int]]:
    """Applications whose choice is not settled within the limit, with what is left to choose from."""
    near = np.flatnonzero(dual.loss <= limit)
    options: dict[int, list[int]] = {}
    for choice, owner in zip(near.tolist(), model.owner[near].tolist(), strict=True):
        options.setdefault(owner, []).append(choice)
    for owner in np.flatnonzero(dual.loss_none <= limit).tolist():
        options.setdefault(owner, []).append(-1)
    return {owner: choices for owner, choices in sorted(options.items()) if len(choices) > 1}


def _change(columns: Columns, best: int, choice: int) -> dict[int, int]:
    """What taking `choice` instead of `best` uses more of each row."""
    change = columns.used_by(choice)
    if choice == best:
        return {}
    for row, used in columns.used_by(best).items():
        change[row] = change.get(row, 0) - used
    return {row: more for row, more in change.items() if more}


def _leaf(
    one: int, choices: list[int], changes: list[dict[int, int]], *, dual: Dual, active: NDArray[np.bool_], key: Ints
) -> Part:
    rows = tuple(sorted({row for change in changes for row in change if active[row]}))
    loss = np.array([dual.loss[choice] if choice >= 0 else dual.loss_none[one] for choice in choices], dtype=np.int64)
    use = np.array([[change.get(row, 0) for change in changes] for row in rows], dtype=np.int64).reshape(
        len(rows), len(choices)
    )
    return Part(loss, use, rows, key, Leaf(one, np.array(choices, dtype=np.int64)))


def _nothing(words: int) -> Part:
    """A part that decides nothing, so that even a single application is merged, which is where rows are checked."""
    none = np.zeros((0, 1), dtype=np.int64)
    return Part(np.zeros(1, dtype=np.int64), none, (), np.zeros((words, 1), dtype=np.int64), Leaf(-1, np.array([-1])))


def _keys(model: Model, options: dict[int, list[int]]) -> dict[int, Ints]:
    """Numbers that add up over a selection and compare equal optima: more awards at better ranks, then fewer won, then the larger
    award to the first in order. One column per choice, most significant word first."""
    fields: list[tuple[int, dict[int, list[int]]]] = []
    groups: dict[int, list[int]] = {}
    for one in options:
        groups.setdefault(int(model.rank_group[one]), []).append(one)
    fields.extend(
        (len(members).bit_length(), {one: [int(c >= 0) for c in options[one]] for one in members})
        for members in groups.values()
    )
    simple = all(len(members) == 1 for members in groups.values()) and all(
        len(c) == 2 and -1 in c for c in options.values()
    )
    if not simple:
        cost = {one: [int(model.cost[c]) if c >= 0 else 0 for c in choices] for one, choices in options.items()}
        saved = {one: [max(costs) - won for won in costs] for one, costs in cost.items()}
        fields.append((sum(max(costs) for costs in cost.values()).bit_length(), saved))
        for one, costs in cost.items():
            ladder = sorted(set(costs))
            fields.append((len(ladder).bit_length(), {one: [ladder.index(won) for won in costs]}))
    words: list[list[tuple[int, dict[int, list[int]]]]] = [[]]
    room = WORD
    for bits, digits in fields:
        if bits > room:
            words.append([])
            room = WORD
        words[-1].append((bits, digits))
        room -= bits
    keys = {one: np.zeros((len(words), len(choices)), dtype=np.int64) for one, choices in options.items()}
    for place, word in enumerate(words):
        shift = 0
        for bits, digits in reversed(word):
            for one, values in digits.items():
                keys[one][place] += np.array(values, dtype=np.int64) << shift
            shift += bits
    return keys


def _blocks(model: Model, ones: list[int], active: NDArray[np.bool_]) -> list[list[int]]:
    """Groups of parts to be merged first: by the rule whose rows divide the applications and are active most often."""
    tally: dict[int, int] = {}
    for place in np.flatnonzero(active).tolist():
        if model.rows[place].value is not None:
            tally[model.rows[place].rule] = tally.get(model.rows[place].rule, 0) + 1
    if not tally:
        return []
    rule = max(tally, key=lambda one: (tally[one], -one))
    blocks: dict[int, list[int]] = {}
    for part, one in enumerate(ones):
        rows = {
            int(row)
            for choice in range(int(model.first[one]), int(model.first[one + 1]))
            for row in model.columns.used_by(choice)
        }
        mine = next((row for row in sorted(rows) if model.rows[row].rule == rule), -1)
        blocks.setdefault(mine, []).append(part)
    return [block for place, block in sorted(blocks.items()) if len(block) > 1 and place >= 0]
