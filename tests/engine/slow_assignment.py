"""Assignments the slow way: every team of every application, merged over what everybody's load can be. Shares no code with the engine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

from evalcomm.engine.assign import Assignment, Objective, Request

Load = tuple[int, ...]


@dataclass(frozen=True)
class Best:
    """`squares` is Σ load²; None for `worst` where only the total counts."""

    even_load: int
    worst: Fraction | None
    total: Fraction
    squares: int


def may(request: Request, application: str, evaluator: str) -> bool:
    works = {e.id: e.organisation for e in request.evaluators}[evaluator]
    applicant = {a.id: a.organisation for a in request.applications}[application]
    return (application, evaluator) not in set(request.conflicts) and (works is None or works != applicant)


def able(request: Request, application: str) -> list[str]:
    return [e.id for e in request.evaluators if may(request, application, e.id)]


def meet(request: Request, team: tuple[str, ...]) -> bool:
    """Nobody of the team meets a colleague."""
    works = {e.id: e.organisation for e in request.evaluators}
    employers = [works[e] for e in team if works[e] is not None]
    return not request.apart or len(set(employers)) == len(employers)


def teams(request: Request, application: str, size: int) -> Iterator[tuple[str, ...]]:
    """Every team of this size that may be, with the fixed evaluators in it (or, if smaller than they are, among them)."""
    fixed = {e for a, e in request.fixed if a == application}
    for team in combinations(able(request, application), size):
        if fixed <= set(team) and meet(request, team):
            yield team


def limits(request: Request, even: int) -> dict[str, int]:
    fixed = Counter(e for _, e in set(request.fixed))
    return {e.id: max(even, e.min_load, fixed[e.id]) if e.max_load is None else e.max_load for e in request.evaluators}


def even_share(request: Request) -> int:
    """What each has to take if all share evenly, nobody above a maximum of his own."""
    assert request.per_application is not None
    places = request.per_application * len(request.applications)
    for even in range(len(request.applications)):
        high = limits(request, even)
        if sum(high[e.id] if e.max_load is None else min(high[e.id], even) for e in request.evaluators) >= places:
            return even
    return len(request.applications)


def added(load: Load, team: tuple[str, ...], place: Mapping[str, int]) -> Load:
    more = list(load)
    for evaluator in team:
        more[place[evaluator]] += 1
    return tuple(more)


def outcomes(request: Request, high: Mapping[str, int]) -> dict[Load, set[tuple[Fraction, Fraction]]]:
    """For every load that an assignment can leave behind, the (worst, total) that no other with this load beats."""
    assert request.per_application is not None
    place = {e.id: k for k, e in enumerate(request.evaluators)}
    most = tuple(high[e.id] for e in request.evaluators)
    states: dict[Load, set[tuple[Fraction, Fraction]]] = {(0,) * len(most): set()}
    for step, application in enumerate(request.applications):
        grown: dict[Load, set[tuple[Fraction, Fraction]]] = {}
        for team in teams(request, application.id, request.per_application):
            reached = sum((request.affinity.get((application.id, e), Fraction(0)) for e in team), Fraction(0))
            for load, values in states.items():
                now = added(load, team, place)
                if all(a <= b for a, b in zip(now, most, strict=True)):
                    merged = {(reached, reached)} if step == 0 else {(min(w, reached), t + reached) for w, t in values}
                    grown.setdefault(now, set()).update(merged)
        states = {load: _undominated(values) for load, values in grown.items()}
    return states


def _undominated(values: set[tuple[Fraction, Fraction]]) -> set[tuple[Fraction, Fraction]]:
    kept: set[tuple[Fraction, Fraction]] = set()
    total: Fraction | None = None
    for w, t in sorted(values, reverse=True):
        if total is None or t > total:
            kept.add((w, t))
            total = t
    return kept


def slow_best(request: Request) -> Best | None:
    for even in range(even_share(request), len(request.applications) + 1):
        states = outcomes(request, limits(request, even))
        if not states:
            continue
        enough = {
            load: values
            for load, values in states.items()
            if all(have >= e.min_load for have, e in zip(load, request.evaluators, strict=True))
        }
        if not enough:
            return None
        by_total = request.objective is Objective.TOTAL
        ranked = [
            (None if by_total else w, t, -sum(one * one for one in load))
            for load, values in enough.items()
            for w, t in values
        ]
        worst, total, squares = max(ranked, key=lambda found: (found[0] or 0 if not by_total else 0, *found[1:]))
        return Best(even, worst, total, -squares)
    return None


def fewest_empty_places(request: Request, high: Mapping[str, int]) -> int:
    """How many places stay empty at least, whatever the minimum loads."""
    assert request.per_application is not None
    place = {e.id: k for k, e in enumerate(request.evaluators)}
    most = tuple(high[e.id] for e in request.evaluators)
    states: dict[Load, int] = {(0,) * len(most): 0}
    for application in request.applications:
        grown: dict[Load, int] = {}
        for size in range(request.per_application + 1):
            for team in teams(request, application.id, size):
                for load, empty in states.items():
                    now = added(load, team, place)
                    if all(a <= b for a, b in zip(now, most, strict=True)):
                        left = empty + request.per_application - size
                        grown[now] = min(grown.get(now, left), left)
        states = grown
    return min(states.values())


def fewest_idle(request: Request) -> int:
    """How much the evaluators lack of their minimum loads at least, whatever the greatest loads."""
    assert request.per_application is not None
    place = {e.id: k for k, e in enumerate(request.evaluators)}
    states: set[Load] = {(0,) * len(place)}
    for application in request.applications:
        states = {
            added(load, team, place)
            for size in range(request.per_application + 1)
            for team in teams(request, application.id, size)
            for load in states
        }
    return min(
        sum(max(e.min_load - have, 0) for e, have in zip(request.evaluators, load, strict=True)) for load in states
    )


def most_kept(request: Request, found: Assignment) -> int:
    """Among all assignments with the loads, the total and (if it counts) at least the worst sum of this one: the most standing pairs."""
    assert request.per_application is not None
    standing = set(request.standing)
    place = {e.id: k for k, e in enumerate(request.evaluators)}
    least = found.worst[1] if request.objective is Objective.WORST_THEN_TOTAL else None
    states: dict[tuple[Load, Fraction], int] = {((0,) * len(place), Fraction(0)): 0}
    for application in request.applications:
        grown: dict[tuple[Load, Fraction], int] = {}
        for team in teams(request, application.id, request.per_application):
            reached = sum((request.affinity.get((application.id, e), Fraction(0)) for e in team), Fraction(0))
            if least is not None and reached < least:
                continue
            kept = sum((application.id, e) in standing for e in team)
            for (load, total), before in states.items():
                state = added(load, team, place), total + reached
                grown[state] = max(grown.get(state, 0), before + kept)
        states = grown
    return states[tuple(found.loads[e.id] for e in request.evaluators), found.total]
