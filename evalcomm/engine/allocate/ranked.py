"""The run of a rank policy: who takes part, pins and floors, the walk, and the needs that it left unmet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evalcomm.engine.allocate.application import Application, ordered
from evalcomm.engine.allocate.ledger import Ledger
from evalcomm.engine.allocate.plan import AllocationPlan, Floor, Pin, Policy, Requires
from evalcomm.engine.allocate.result import Status
from evalcomm.engine.allocate.sentences import Statement, say
from evalcomm.engine.allocate.served import serve_floor, serve_forced, serve_pins, unmet_needs
from evalcomm.engine.allocate.walk import Turn, Walk, band_of, walked
from evalcomm.engine.exact import format_figure


@dataclass(frozen=True, slots=True)
class Field:
    """Who takes part, in rank order (a group of several is tied), and who is rejected with the reason."""

    groups: tuple[tuple[Application, ...], ...]
    rejected: tuple[tuple[Application, Statement], ...]

    @property
    def ranked(self) -> list[Application]:
        return [one for group in self.groups for one in group]

    def ranks(self) -> Mapping[str, int]:
        """1, 2, 2, 4; or the ranks decided outside."""
        ranks: dict[str, int] = {}
        for group in self.groups:
            rank = len(ranks) + 1
            ranks.update({one.id: one.rank if one.rank is not None else rank for one in group})
        return ranks


def rejection(application: Application, plan: AllocationPlan) -> Statement | None:
    """Why an application takes no part: not eligible, below the pass mark, below the lowest band."""
    if application.eligible is False:
        return application.why_not or say("ineligible")
    mark = plan.pass_score
    if application.eligible is None and mark is not None:
        if application.score < mark:
            return say("below-pass-mark", score=format_figure(application.score), mark=format_figure(mark))
        if application.score == mark and not plan.pass_inclusive:
            return say("at-pass-mark", score=format_figure(application.score), mark=format_figure(mark))
    if plan.policy is Policy.BANDS and band_of(application, plan) is None:
        lowest = min(band.start for band in plan.bands)
        return say("below-bands", score=format_figure(application.score), mark=format_figure(lowest))
    return None


def field_of(applications: Sequence[Application], plan: AllocationPlan) -> Field:
    rejected: list[tuple[Application, Statement]] = []
    passing: list[Application] = []
    for one in applications:
        why = rejection(one, plan)
        if why is None:
            passing.append(one)
        else:
            rejected.append((one, why))
    rejected.sort(key=lambda pair: (-pair[0].score, pair[0].id))
    groups = tuple(tuple(group) for group in ordered(passing, plan.tie_keys))
    return Field(groups=groups, rejected=tuple(rejected))


def run(
    field: Field, budget: int, plan: AllocationPlan, *, held: Sequence[Turn] = (), out: Mapping[str, int] | None = None
) -> Walk | None:
    """The whole run; None where pins or floors cannot be served.

    held, out : after declines, the awards that stand as they are, and those given back, by id.

    An application that needs another which in the end has no award is taken out, the lowest-ranked first, and the walk starts
    again: so nobody is funded on a promise, and a higher rank is not given up for a lower one.
    """
    everyone = {one.id: one for one in field.ranked}
    needs = [rule for rule in plan.rules if isinstance(rule, Requires)]
    gone = out or {}
    hopeless = {rule.needs for rule in needs if rule.needs not in everyone or rule.needs in gone}
    barred = {one: say("declined", awarded=won) for one, won in gone.items()}
    forced: Mapping[str, int] = {}
    rise, fall = None, None
    while True:
        walk = Walk(plan=plan, ledger=Ledger.open(plan.rules, hopeless), left=budget, rise=rise, fall=fall)
        for turn in held:
            walk.give(turn.application, turn.awarded, turn.status, turn.reason)
        for one, why in barred.items():
            walk.pass_over(everyone[one], why)
        if out is None and not serve_pins(walk, [rule for rule in plan.rules if isinstance(rule, Pin)], everyone):
            return None
        firm = set(walk.ledger.awards)
        serve_forced(walk, forced, everyone)
        served = all(
            walk.lot is not None or serve_floor(walk, rule, field.groups)
            for rule in plan.rules
            if isinstance(rule, Floor)
        )
        pinned = {one: walk.ledger.awards[one] for one in firm}
        if served and walk.lot is not None and _necessary(field, budget, plan, gone, pinned) is None:
            return None
        if served:
            walk = _walked(walk, field)
            unmet = unmet_needs(walk, needs, field.ranked)
            if unmet is None or walk.lot is not None:
                return walk if unmet is None else _waiting(walk, unmet)
            if unmet not in firm:
                missing = next(r.needs for r in needs if r.application == unmet and r.needs not in walk.ledger.awards)
                barred[unmet] = say("requires", needs=missing)
                hopeless.add(unmet)
                rise, fall = walk.rise, walk.fall
                continue
        if forced:
            return None
        found = _necessary(field, budget, plan, gone, pinned)
        if not found:
            return None
        forced = found


def _walked(walk: Walk, field: Field) -> Walk:
    if walk.lot is None:
        return walked(field.groups, walk)
    for waiting in (one for one in field.ranked if one.id not in walk.turns):
        walk.pass_over(waiting, say("after-lot"))
    return walk


def _waiting(walk: Walk, unmet: str) -> Walk:
    """An award that needs one which only the lot may bring is not certain either."""
    turn = walk.turns[unmet]
    walk.turns[unmet] = Turn(turn.application, turn.left, 0, Status.RESERVE, say("after-lot"))
    del walk.ledger.awards[unmet]
    walk.left += turn.awarded
    return walk


def _necessary(
    field: Field, budget: int, plan: AllocationPlan, gone: Mapping[str, int], held: Mapping[str, int]
) -> dict[str, int] | None:
    """Kept out of the import of this module: only calls whose floors or pins are hard to keep need an optimiser."""
    from evalcomm.engine.allocate.portfolio.necessary import necessary

    groups = [[one for one in group if one.id not in gone] for group in field.groups]
    return necessary([group for group in groups if group], budget, plan, held)
