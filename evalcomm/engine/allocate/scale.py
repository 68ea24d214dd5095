"""Proportional scaling: everybody who passes gets the same share of the request, to the won.

The share rises from 0 for all at once; whoever meets a maximum, or a cap that is used up, stays there while the others go on
(water-filling). Minima start higher. All in exact rationals, then whole units: rounded down, what is left by largest remainder,
then rank, never over a request; equals who cannot all get one more unit get none.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import groupby

from evalcomm.engine.allocate.application import Application
from evalcomm.engine.allocate.ledger import Ledger, matching_broken
from evalcomm.engine.allocate.plan import AllocationPlan, Cap, Floor, Matching, Policy, Shortfall, Year
from evalcomm.engine.allocate.ranked import Field, run
from evalcomm.engine.allocate.result import Status
from evalcomm.engine.allocate.sentences import say
from evalcomm.engine.allocate.walk import Turn, Walk, full_award
from evalcomm.engine.exact import format_figure


@dataclass(frozen=True, slots=True)
class Vessel:
    """One application in the water-filling: won; `low` is whole units, `high` may lie between two."""

    application: Application
    rank: int
    low: int
    high: int

    def at(self, share: Fraction) -> Fraction:
        return min(max(share * self.application.requested, Fraction(self.low)), Fraction(self.high))


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `won` for these members in all; of a year, for what falls due in it."""

    members: Mapping[str, Application]
    won: int
    year: str | None = None

    def of(self, name: str, amount: int) -> int:
        return amount if self.year is None else self.members[name].due(self.year, amount)

    def weight(self, name: str) -> Fraction:
        one = self.members[name]
        return Fraction(1) if self.year is None else Fraction(one.by_year[self.year], one.requested)

    @property
    def exact(self) -> int:
        """What exact quotas may use: the parts of a year are rounded up, each by less than a won."""
        return self.won if self.year is None else self.won - len(self.members)


def scaled(
    field: Field, budget: int, plan: AllocationPlan, *, held: Sequence[Turn] = (), out: Mapping[str, int] | None = None
) -> Walk | None:
    """The run of the proportional policy; None where pins or floors cannot be served. held, out: see `ranked.run`."""
    chosen = _taking_part(field, plan, held, out)
    if chosen is None:
        return None
    standing = {turn.application.id for turn in held}
    firm = [
        turn
        for one, turn in chosen.turns.items()
        if one in standing or (turn.reason.code == "funded-pin" and out is None)
    ]
    left = budget - sum(turn.awarded for turn in firm)
    if left < 0:
        return None
    walk = Walk(plan=plan, ledger=Ledger.open(plan.rules), left=budget, lot=chosen.lot)
    for turn in firm:
        if walk.ledger.obstacle(turn.application, turn.awarded) is not None:
            return None
        walk.give(turn.application, turn.awarded, turn.status, turn.reason)
    vessels = _vessels(field, plan, chosen, walk)
    vessels = _with_minima_paid(vessels, left, plan, walk)
    limits = _limits(vessels, plan, walk)
    quotas = _with_floors(vessels, left, limits, plan, walk)
    while quotas is None:
        fewer = _without_the_last_minimum(vessels, left, plan, walk)
        if len(fewer) == len(vessels):
            return None
        vessels, limits = fewer, _limits(fewer, plan, walk)
        quotas = _with_floors(vessels, left, limits, plan, walk)
    demand = sum(one.application.requested for one in vessels)
    awards = _whole_units(vessels, quotas, left, limits, plan)
    asked = sum(one.requested for one in field.ranked)
    walk.rate = min(Fraction(1), Fraction(budget, asked)) if asked else Fraction(1)
    walk.common_share = min(Fraction(1), Fraction(left, demand)) if demand else Fraction(1)
    if limits or any(one.low or one.high < one.application.requested for one in vessels):
        shares = [quotas[one.application.id] / one.application.requested for one in vessels]
        walk.common_share = max((share for share in shares if share < 1), default=Fraction(1))
    if not _settled(vessels, quotas, plan, walk):
        walk.rise = 1
    for one in vessels:
        _pour(walk, one, awards[one.application.id], quotas[one.application.id])
    return walk


def _settled(vessels: Sequence[Vessel], quotas: Mapping[str, Fraction], plan: AllocationPlan, walk: Walk) -> bool:
    """Whether no larger budget adds or drops an award: all who take part have a whole unit by their quota, which only grows."""
    floors = any(isinstance(rule, Floor) for rule in plan.rules)
    short = any(turn.reason.code == "proportional-short" for turn in walk.turns.values())
    able = [one for one in vessels if one.high >= plan.unit_won]
    return not floors and not short and all(quotas[one.application.id] >= plan.unit_won for one in able)


def _taking_part(
    field: Field, plan: AllocationPlan, held: Sequence[Turn], out: Mapping[str, int] | None
) -> Walk | None:
    """Counts, exclusions, needs and pins are settled in rank order, as if money were no question."""
    counts = tuple(rule for rule in plan.rules if not isinstance(rule, Cap | Floor | Year | Matching))
    open_plan = replace(plan, policy=Policy.RANK_ORDER, shortfall=Shortfall.SKIP, unit_won=1, rules=counts)
    return run(field, sum(one.requested for one in field.ranked) + 1, open_plan, held=held, out=out)


def _vessels(field: Field, plan: AllocationPlan, chosen: Walk, walk: Walk) -> list[Vessel]:
    ranks = field.ranks()
    matching = [rule for rule in plan.rules if isinstance(rule, Matching)]
    vessels: list[Vessel] = []
    for one in field.ranked:
        if one.id in walk.turns:
            continue
        turn = chosen.turns[one.id]
        if turn.awarded == 0:
            walk.pass_over(one, turn.reason)
            continue
        high = one.wanted
        for rule in matching:
            if rule.ratio > 0:
                high = min(high, int(Fraction(one.own_funds or 0) / rule.ratio))
        low = -(-one.minimum // plan.unit_won) * plan.unit_won
        if high == 0 or high - high % plan.unit_won < low:
            broken = next(
                (why for rule in matching if (why := matching_broken(rule.ratio, one, max(low, plan.unit_won)))), None
            )
            small = say("below-minimum", amount=high, minimum=one.minimum)
            if high < plan.unit_won:
                small = say("below-unit", amount=high, unit=plan.unit_won)
            walk.pass_over(one, broken or small)
            continue
        vessels.append(Vessel(one, ranks[one.id], low, high))
    return vessels


def _with_minima_paid(vessels: list[Vessel], left: int, plan: AllocationPlan, walk: Walk) -> list[Vessel]:
    """Where a cap or the budget does not reach for all minima, the lowest ranks that need one go first; tied ranks go together."""
    everyone = Limit({one.application.id: one.application for one in vessels}, left)
    for limit in (*_limits(vessels, plan, walk), everyone):
        inside = [one for one in vessels if one.low and one.application.id in limit.members]
        by_rank = [list(group) for _, group in groupby(inside, key=lambda one: one.rank)]
        gone: set[str] = set()
        while sum(limit.of(one.application.id, one.low) for group in by_rank for one in group) > limit.won:
            rest = limit.won - sum(limit.of(one.application.id, one.low) for group in by_rank[:-1] for one in group)
            for one in by_rank.pop():
                gone.add(one.application.id)
                walk.pass_over(one.application, say("proportional-short", left=max(rest, 0), minimum=one.low))
        vessels = [one for one in vessels if one.application.id not in gone]
    return vessels


def _without_the_last_minimum(vessels: list[Vessel], left: int, plan: AllocationPlan, walk: Walk) -> list[Vessel]:
    """Floors come before the minima of others: the lowest ranks that need one, outside every floor, give way."""
    floors = [rule for rule in plan.rules if isinstance(rule, Floor)]
    outside = [
        one for one in vessels if one.low and all(one.application.tags.get(rule.tag) != rule.value for rule in floors)
    ]
    last = max((one.rank for one in outside), default=None)
    for one in outside:
        if one.rank == last:
            rest = left - sum(other.low for other in vessels if other.rank != last)
            walk.pass_over(one.application, say("proportional-short", left=max(rest, 0), minimum=one.low))
    return [one for one in vessels if one not in outside or one.rank != last]


def _limits(vessels: Sequence[Vessel], plan: AllocationPlan, walk: Walk) -> list[Limit]:
    limits: list[Limit] = []
    for place, rule in enumerate(walk.ledger.rules):
        if isinstance(rule, Year):
            due = {one.application.id: one.application for one in vessels if one.application.by_year.get(rule.year)}
            limits.append(Limit(due, rule.won - walk.ledger.used.get((place, rule.year), 0), rule.year))
        if not isinstance(rule, Cap):
            continue
        values: dict[str, dict[str, Application]] = {}
        for one in vessels:
            value = one.application.tags.get(rule.tag)
            if value is not None and rule.value in {None, value}:
                values.setdefault(value, {})[one.application.id] = one.application
        limits += [
            Limit(members, rule.won - walk.ledger.used.get((place, value), 0))
            for value, members in sorted(values.items())
        ]
    return limits


def _filled(vessels: Sequence[Vessel], won: int, limits: Sequence[Limit]) -> dict[str, Fraction]:
    """Exact quotas: the common share rises until each vessel is full or held by a limit."""
    everyone = Limit({one.application.id: one.application for one in vessels}, won)
    held: dict[str, Fraction] = {}
    rising = list(vessels)
    while rising:
        share, tight = Fraction(1), None
        for limit in (everyone, *limits):
            inside = [one for one in rising if one.application.id in limit.members]
            used = sum((held[one] * limit.weight(one) for one in limit.members if one in held), Fraction(0))
            reached = _share_at(inside, limit, limit.exact - used)
            if inside and reached < share:
                share, tight = reached, limit
        stop = rising if tight is None else [one for one in rising if one.application.id in tight.members]
        held.update({one.application.id: one.at(share) for one in stop})
        rising = [one for one in rising if one.application.id not in held]
    return held


def _share_at(inside: Sequence[Vessel], limit: Limit, won: Fraction) -> Fraction:
    """The share at which these vessels use `won` of the limit in all; 1 where they never do."""
    weight = {one.application.id: limit.weight(one.application.id) for one in inside}

    def used_at(share: Fraction) -> Fraction:
        return sum((one.at(share) * weight[one.application.id] for one in inside), Fraction(0))

    bends = {Fraction(bend, one.application.requested) for one in inside for bend in (one.low, one.high)}
    steps = sorted(bends | {Fraction(0), Fraction(1)})
    first = bisect_right(steps, won, key=used_at)
    if first == len(steps):
        return Fraction(1)
    start, bend = steps[max(first - 1, 0)], steps[first]
    base = used_at(start)
    rising = (one for one in inside if one.at(bend) > one.at(start))
    slope = sum((one.application.requested * weight[one.application.id] for one in rising), Fraction(0))
    return start + (won - base) / slope if slope else start


def _with_floors(
    vessels: Sequence[Vessel], left: int, limits: Sequence[Limit], plan: AllocationPlan, walk: Walk
) -> dict[str, Fraction] | None:
    """Where the common share leaves a floor unmet, its value is filled to the floor first and the others share the rest."""
    quotas = _filled(vessels, left, limits)
    apart: dict[str, Fraction] = {}
    for rule in plan.rules:
        if not isinstance(rule, Floor):
            continue
        inside = [one for one in vessels if one.application.tags.get(rule.tag) == rule.value]
        given = sum(
            turn.awarded
            for turn in walk.turns.values()
            if turn.awarded and turn.application.tags.get(rule.tag) == rule.value
        )
        missing = rule.won - given
        if sum((quotas[one.application.id] for one in inside), Fraction(0)) >= missing:
            continue
        filled = _filled(inside, missing, limits)
        if sum(filled.values(), Fraction(0)) < missing:
            return None
        apart.update(filled)
        rest = [one for one in vessels if one.application.id not in apart]
        spent = sum(apart.values(), Fraction(0))
        if spent + sum(one.low for one in rest) > left:
            return None
        quotas = apart | _filled(rest, int(left - spent), limits)
    return quotas


def _whole_units(
    vessels: Sequence[Vessel],
    quotas: Mapping[str, Fraction],
    left: int,
    limits: Sequence[Limit],
    plan: AllocationPlan,
) -> dict[str, int]:
    unit = plan.unit_won
    awards = {one.application.id: max(int(quotas[one.application.id] / unit) * unit, one.low) for one in vessels}
    spare = (left - sum(awards.values())) // unit

    def place(one: Vessel) -> tuple[Fraction, int]:
        return (awards[one.application.id] - quotas[one.application.id], one.rank)

    limits_of: dict[str, list[int]] = {}
    used: list[int] = []
    for number, limit in enumerate(limits):
        used.append(sum(limit.of(member, awards[member]) for member in limit.members))
        for member in limit.members:
            limits_of.setdefault(member, []).append(number)

    def more(one: Vessel, number: int) -> int:
        name, limit = one.application.id, limits[number]
        return limit.of(name, awards[name] + unit) - limit.of(name, awards[name])

    def room(one: Vessel) -> bool:
        mine = limits_of.get(one.application.id, ())
        held = all(used[number] + more(one, number) <= limits[number].won for number in mine)
        return held and awards[one.application.id] + unit <= one.high

    while spare and any(room(one) for one in vessels):
        before = spare
        for _, equals in groupby(sorted(vessels, key=place), key=place):
            able = [one for one in equals if room(one)]
            if len(able) > spare:
                return awards
            for one in (one for one in able if room(one)):
                for number in limits_of.get(one.application.id, ()):
                    used[number] += more(one, number)
                awards[one.application.id] += unit
                spare -= 1
        if spare == before:
            break
    return awards


def _pour(walk: Walk, one: Vessel, amount: int, quota: Fraction) -> None:
    if amount == 0:
        walk.pass_over(one.application, say("below-unit", amount=min(int(quota), one.high), unit=walk.plan.unit_won))
        return
    status = Status.FUNDED if amount == full_award(one.application, walk.plan) else Status.CUT
    code = "proportional" if quota == walk.common_share * one.application.requested else "proportional-bound"
    reason = say(code, requested=one.application.requested, rate=format_figure(walk.common_share), awarded=amount)
    walk.turns[one.application.id] = Turn(one.application, walk.left, amount, status, reason)
    walk.ledger.take(one.application, amount)
    walk.left -= amount
