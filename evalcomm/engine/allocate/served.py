"""What is served before the walk, awards by resolution and floors; and what the walk must not leave behind, unmet needs."""

from collections.abc import Mapping, Sequence
from itertools import accumulate

from evalcomm.engine.allocate.application import Application
from evalcomm.engine.allocate.plan import AllocationPlan, Floor, Pin, Requires, TiesAtLine
from evalcomm.engine.allocate.result import NeedsLot, Status
from evalcomm.engine.allocate.sentences import say
from evalcomm.engine.allocate.walk import Walk, full_award


def serve_pins(walk: Walk, pins: Sequence[Pin], everyone: Mapping[str, Application]) -> bool:
    """Awards by resolution come first. False where one cannot be given: the clash is then searched for."""
    for pin in pins:
        application = everyone.get(pin.application)
        if pin.won == 0:
            if application is not None:
                walk.pass_over(application, say("pinned-out", author=pin.author, why=pin.reason))
            continue
        walk.turning(pin.won)
        if application is None or pin.won > min(walk.left, application.requested):
            return False
        if walk.ledger.obstacle(application, pin.won) is not None:
            return False
        reason = say("funded-pin", awarded=pin.won, author=pin.author, why=pin.reason)
        walk.give(application, pin.won, Status.FUNDED, reason)
    return True


def serve_forced(walk: Walk, forced: Mapping[str, int], everyone: Mapping[str, Application]) -> None:
    """Awards found to be necessary where serving the best first would not keep all floors and pins. Any other budget may need others."""
    floors = [rule for rule in walk.plan.rules if isinstance(rule, Floor)]
    for name, won in forced.items():
        application = everyone[name]
        floor = next((rule for rule in floors if application.tags.get(rule.tag) == rule.value), None)
        reason = say("funded-necessary", awarded=won)
        if floor is not None:
            reason = say("funded-floor", tag=floor.tag, value=floor.value, won=floor.won, awarded=won)
        walk.give(application, won, Status.FUNDED, reason)
    if forced:
        walk.rise, walk.fall = 1, 0


def serve_floor(walk: Walk, floor: Floor, groups: Sequence[Sequence[Application]]) -> bool:
    """The best of the floor's value, in rank order, until the floor is met. False where they do not suffice.

    A tied group of which only some are needed waits for the lot (or is served whole under all-or-none).
    """
    inside = [[one for one in group if one.tags.get(floor.tag) == floor.value] for group in groups]
    missing = floor.won - sum(walk.ledger.awards.get(one.id, 0) for group in inside for one in group)
    for group in inside:
        fit = [one for one in group if one.id not in walk.turns and _fits(walk, one)]
        if missing <= 0:
            break
        walk.turning(sum(full_award(one, walk.plan) for one in fit))
        if len(fit) > 1 and not walk.fit_together(fit):
            missing -= _wait_for_floor_lot(walk, fit, missing)
            break
        enough = _fewest_for(missing, fit, walk.plan)
        if enough < len(fit) and walk.plan.ties_at_line is not TiesAtLine.ALL_OR_NONE:
            missing -= _wait_for_floor_lot(walk, fit, missing)
            break
        for application in fit:
            amount = full_award(application, walk.plan)
            reason = say("funded-floor", tag=floor.tag, value=floor.value, won=floor.won, awarded=amount)
            walk.give(application, amount, Status.FUNDED, reason)
            missing -= amount
    return missing <= 0


def _fits(walk: Walk, application: Application) -> bool:
    walk.turning(full_award(application, walk.plan))
    return walk.filtered(application) is None and full_award(application, walk.plan) <= walk.left


def _fewest_for(missing: int, fit: Sequence[Application], plan: AllocationPlan) -> int:
    amounts = sorted((full_award(one, plan) for one in fit), reverse=True)
    for count, given in enumerate(accumulate(amounts), start=1):
        if given >= missing:
            return count
    return len(fit)


def _wait_for_floor_lot(walk: Walk, fit: Sequence[Application], missing: int) -> int:
    tied = tuple(one.id for one in fit)
    walk.lot = NeedsLot(applications=tied, slots=_fewest_for(missing, fit, walk.plan), budget_left=walk.left)
    for application in fit:
        walk.pass_over(application, say("tied-lot", tied=tied))
    return missing


def unmet_needs(walk: Walk, rules: Sequence[Requires], ranked: Sequence[Application]) -> str | None:
    """The lowest-ranked application with an award whose needed application has none."""
    needs: dict[str, list[str]] = {}
    for rule in rules:
        needs.setdefault(rule.application, []).append(rule.needs)
    for application in reversed(ranked):
        missing = [one for one in needs.get(application.id, ()) if one not in walk.ledger.awards]
        if application.id in walk.ledger.awards and missing:
            return application.id
    return None
