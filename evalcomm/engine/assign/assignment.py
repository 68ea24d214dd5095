"""Assigning evaluators: from a request to the best assignment with its proof, or to the reasons why there is none.

In this order: every application gets its evaluators; the application that fares worst (by the sum over its evaluators) fares as well as
possible; the total affinity is greatest; the loads are as even as can be; as many as can be of the pairs that stand are kept. Among
equals the order of the ids decides, never that of the input.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from evalcomm.engine.assign.even import evened
from evalcomm.engine.assign.flow import Standing, Unbalanced, optimal_total
from evalcomm.engine.assign.impossible import impossible
from evalcomm.engine.assign.kept import least_changed
from evalcomm.engine.assign.layout import Layout, lay_out
from evalcomm.engine.assign.proof import dual_bound
from evalcomm.engine.assign.request import Objective, Request
from evalcomm.engine.assign.result import Assignment, Excluded, Impossible, Lack
from evalcomm.engine.assign.sentences import say
from evalcomm.engine.assign.teams import team_sums, whole
from evalcomm.engine.assign.worst import worst_first


def assign(request: Request) -> Assignment | Impossible:
    layout = lay_out(request)
    if request.per_application is None:
        return _whole_committee(request, layout)
    even = _quotient(layout)
    standing = _balanced(layout, even)
    if standing is None:
        covering = _covering(layout, even)
        if covering is None:
            return impossible(request, layout, len(layout.applications))
        even, standing = covering, _balanced(layout, covering)
        if standing is None:
            return impossible(request, layout, even)
    return _best(request, layout, standing, even)


def _quotient(layout: Layout) -> int:
    """The smallest load with enough places if all shared evenly, each up to his own limit."""
    places, low, high = int(layout.wanted.sum()), 0, len(layout.applications)
    while low < high:
        middle = (low + high) // 2
        shared = layout.greatest_loads(middle)
        shared = np.where(layout.high < 0, shared, np.minimum(shared, middle))
        low, high = (low, middle) if int(shared.sum()) >= places else (middle + 1, high)
    return low


def _balanced(layout: Layout, even: int) -> Standing | None:
    try:
        return optimal_total(layout.instance(layout.greatest_loads(even)))
    except Unbalanced:
        return None


def _covering(layout: Layout, even: int) -> int | None:
    """The smallest load of those who declared none, from `even` up, at which all can be covered; None where none is enough.

    Minimum loads do not matter here: whoever can be reached alone, applications and minimum loads can be reached together.
    """

    def covers(load: int) -> bool:
        instance = layout.instance(layout.greatest_loads(load))
        flat = instance.with_values(np.zeros(instance.shape, np.int64), instance.permitted)
        try:
            optimal_total(replace(flat, low=np.zeros_like(flat.low)))
        except Unbalanced:
            return False
        return True

    n = len(layout.applications)
    if not covers(n):
        return None
    below, step = even - 1, 1
    while not covers(min(below + step, n)):
        below, step = below + step, 2 * step
    above = min(below + step, n)
    while below + 1 < above:
        middle = (below + above) // 2
        below, above = (below, middle) if covers(middle) else (middle, above)
    return above


def _best(request: Request, layout: Layout, standing: Standing, even: int) -> Assignment:
    instance, rows, prices = standing.instance, layout.free_rows, standing.price[:-1]
    declared_none = even if (layout.high < 0).any() else None
    if not len(rows):
        return _only(request, layout, layout.fixed, even_load=declared_none)
    held, settled = layout.fixed.sum(axis=0), np.delete(layout.fixed_sums(), rows)
    greatest = whole(team_sums(instance, standing.team)) + whole(settled)
    worst = worst_bound = None
    if request.objective is Objective.TOTAL:
        team, total_bound = evened(instance, standing.team, prices, held), dual_bound(instance, prices)
    else:
        best = worst_first(instance, standing, ceiling=int(settled.min()) if len(settled) else None)
        prices, worst, worst_bound, total_bound = best.price, best.worst, best.worst_bound, best.total_bound
        team = evened(instance, best.team, prices, held, least=worst)
    if layout.stood.any():
        team = least_changed(instance, team, layout.stood[rows], least=worst)
    total = whole(team_sums(instance, team))
    proving = total == total_bound == dual_bound(instance, prices, least=worst)
    return _told(
        request,
        layout,
        _with_fixed(layout, team),
        worst_bound=worst_bound,
        total_bound=total_bound + whole(settled),
        greatest_total=greatest,
        prices=dict(zip(layout.evaluators, (_exact(p, layout) for p in prices), strict=True)) if proving else None,
        even_load=declared_none,
    )


def _with_fixed(layout: Layout, team: NDArray[np.int32]) -> NDArray[np.bool_]:
    """(n, m) who judges what."""
    chosen = layout.fixed.copy()
    i, seat = np.nonzero(team >= 0)
    chosen[layout.free_rows[i], team[i, seat]] = True
    return chosen


def _only(request: Request, layout: Layout, chosen: NDArray[np.bool_], *, even_load: int | None) -> Assignment:
    """Nothing was to choose, so it is the best."""
    sums = np.where(chosen, layout.value, 0).sum(axis=1)
    worst = int(sums.min()) if request.objective is Objective.WORST_THEN_TOTAL else None
    return _told(
        request,
        layout,
        chosen,
        worst_bound=worst,
        total_bound=whole(sums),
        greatest_total=whole(sums),
        prices=None,
        even_load=even_load,
    )


def _whole_committee(request: Request, layout: Layout) -> Assignment | Impossible:
    """Everyone judges whatever he may; nothing is to choose."""
    chosen = layout.permitted
    found, load = chosen.sum(axis=1).tolist(), chosen.sum(axis=0).tolist()
    people = {e.id: e for e in request.evaluators}
    reasons = [
        say("too-few-permitted", application=id_, permitted=0, wanted=1)
        for id_, count in zip(layout.applications, found, strict=True)
        if not count
    ]
    lacks = []
    for id_, count in zip(layout.evaluators, load, strict=True):
        least, most = people[id_].min_load, people[id_].max_load
        if count < least:
            reasons.append(say("under-load", evaluator=id_, load=count, least=least))
            lacks.append(Lack(id_, least, count))
        elif most is not None and count > most:
            reasons.append(say("over-load", evaluator=id_, load=count, most=most))
    if reasons:
        empty = [Lack(id_, 1, 0) for id_, count in zip(layout.applications, found, strict=True) if not count]
        return Impossible(
            request.objective, tuple(empty), tuple(lacks), tuple(reasons), Excluded(layout.declared, layout.own)
        )
    return _only(request, layout, chosen, even_load=None)


def _told(
    request: Request,
    layout: Layout,
    chosen: NDArray[np.bool_],
    *,
    worst_bound: int | None,
    total_bound: int,
    greatest_total: int,
    prices: Mapping[str, Fraction] | None,
    even_load: int | None,
) -> Assignment:
    """In ids and exact figures."""
    sums = np.where(chosen, layout.value, 0).sum(axis=1)
    worst = int(sums.argmin())
    return Assignment(
        request.objective,
        tuple(
            (layout.applications[i], layout.evaluators[j], _exact(layout.value[i, j], layout))
            for i, j in np.argwhere(chosen).tolist()
        ),
        dict(zip(layout.evaluators, chosen.sum(axis=0).tolist(), strict=True)),
        (layout.applications[worst], _exact(sums[worst], layout)),
        _exact(whole(sums), layout),
        None if worst_bound is None else _exact(worst_bound, layout),
        _exact(total_bound, layout),
        _exact(greatest_total, layout),
        prices,
        even_load,
        Excluded(layout.declared, layout.own),
    )


def _exact(figure: int, layout: Layout) -> Fraction:
    return Fraction(int(figure), layout.scale)
