"""Rank order and bands: walk down the ranking and give what is left, by the declared rule for shortfall and ties.

Order of service: awards by resolution (pins), then floors (the best of the floor's value until it is met), then everybody in
rank order. A rule that an award would break passes the application over; the walk goes on. Want of money ends the walk under
`stop` and `cut-last`, and passes over under `skip`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import permutations

from evalcomm.engine.allocate.application import Application
from evalcomm.engine.allocate.ledger import Ledger
from evalcomm.engine.allocate.plan import AllocationPlan, Band, Policy, Shortfall, TiesAtLine
from evalcomm.engine.allocate.result import NeedsLot, Optimum, Status
from evalcomm.engine.allocate.sentences import Statement, say
from evalcomm.engine.exact import format_figure

ORDERS_TRIED = 6
"""Tied groups up to this size are decided by trying every order (720); larger ones by what holds in every order."""


def band_of(application: Application, plan: AllocationPlan) -> Band | None:
    """Closed below, open above; None below the lowest band."""
    reached = [band for band in plan.bands if application.score >= band.start]
    return max(reached, key=lambda band: band.start) if reached else None


def full_award(application: Application, plan: AllocationPlan) -> int:
    """What the policy gives when money is no question: request (times the band's rate), at most the maximum, in whole units."""
    amount = application.requested
    if plan.policy is Policy.BANDS:
        band = band_of(application, plan)
        amount = int(amount * band.rate) if band else 0
    if application.maximum is not None:
        amount = min(amount, application.maximum)
    return amount - amount % plan.unit_won


def least_award(application: Application, plan: AllocationPlan) -> int:
    """The smallest award it may be cut to, in whole units: unit, its own minimum, and the plan's share of the request."""
    share = -(-plan.min_award_ratio.numerator * application.requested // plan.min_award_ratio.denominator)
    least = max(plan.unit_won, application.minimum, share)
    return -(-least // plan.unit_won) * plan.unit_won


@dataclass(frozen=True, slots=True)
class Turn:
    """What happened when an application's turn came; `left` = the money left at that moment."""

    application: Application
    left: int
    awarded: int
    status: Status
    reason: Statement


@dataclass(slots=True)
class Walk:
    """A walk under way: turns so far, money left, and where the division ended.

    rate, common_share : of proportional scaling, budget / demand, and the share of the request that is given where nothing else binds.
    """

    plan: AllocationPlan
    ledger: Ledger
    left: int
    turns: dict[str, Turn] = field(default_factory=dict)
    ended_at: str | None = None
    lot: NeedsLot | None = None
    rise: int | None = None
    fall: int | None = None
    rate: Fraction | None = None
    common_share: Fraction = Fraction(1)
    optimum: Optimum | None = None

    def turning(self, needed: int) -> None:
        """A decision turns at `needed` won left: `rise` more budget reaches the nearest such point above, `fall` + 1 less one below."""
        if needed > self.left:
            more = needed - self.left
            self.rise = more if self.rise is None else min(self.rise, more)
        else:
            less = self.left - needed
            self.fall = less if self.fall is None else min(self.fall, less)

    def copy(self) -> "Walk":
        return replace(self, ledger=self.ledger.copy(), turns=dict(self.turns))

    def give(self, application: Application, amount: int, status: Status, reason: Statement) -> None:
        self.turns[application.id] = Turn(application, self.left, amount, status, reason)
        self.ledger.take(application, amount)
        self.left -= amount

    def pass_over(self, application: Application, reason: Statement) -> None:
        self.turns[application.id] = Turn(application, self.left, 0, Status.RESERVE, reason)

    def end(self, application: Application) -> None:
        if self.plan.shortfall is not Shortfall.SKIP:
            self.ended_at = application.id

    # one application whose place is clear

    def meet(self, application: Application) -> None:
        plan, full = self.plan, full_award(application, self.plan)
        self.turning(full)
        if plan.shortfall is Shortfall.CUT_LAST:
            self.turning(least_award(application, plan))
            room = self.ledger.room(application)
            if room is not None:
                self.turning(max(room // plan.unit_won + 1, 1) * plan.unit_won)
        reason = self.filtered(application)
        if reason is not None:
            self.pass_over(application, reason)
        elif full <= self.left:
            self.give(application, full, Status.FUNDED, self.full_reason(application, full))
        elif (cut := self.cut_of(application)) > 0:
            self.give(
                application,
                cut,
                Status.CUT,
                say("cut-last", left=self.left, requested=application.requested, awarded=cut),
            )
            self.end(application)
        else:
            least = least_award(application, plan)
            if plan.shortfall is Shortfall.CUT_LAST:
                self.pass_over(application, say("cut-too-small", left=self.left, least=least))
            else:
                self.pass_over(application, say("budget-short", needed=full, left=self.left))
            self.end(application)

    def cut_of(self, application: Application) -> int:
        """The award after a cut to what is left; 0 where the plan or the applicant does not allow it."""
        if self.plan.shortfall is not Shortfall.CUT_LAST:
            return 0
        cut = self.left - self.left % self.plan.unit_won
        return cut if least_award(application, self.plan) <= cut < full_award(application, self.plan) else 0

    def filtered(self, application: Application) -> Statement | None:
        """Why no money of any budget would help here: amount too small, or a rule."""
        full = full_award(application, self.plan)
        if full == 0:
            amount = application.wanted
            return say("below-unit", amount=amount, unit=self.plan.unit_won)
        if full < application.minimum:
            return say("below-minimum", amount=full, minimum=application.minimum)
        amount = full if full <= self.left else self.cut_of(application) or full
        return self.ledger.obstacle(application, amount)

    def full_reason(self, application: Application, amount: int) -> Statement:
        band = band_of(application, self.plan) if self.plan.policy is Policy.BANDS else None
        if band is None:
            return say("funded", left=self.left, awarded=amount)
        start, rate = format_figure(band.start), format_figure(band.rate)
        return say("funded-band", band=start, rate=rate, left=self.left, awarded=amount)

    # a group whose order nobody has decided

    def meet_tied(self, group: Sequence[Application]) -> Sequence["Walk"]:
        """Serves a tied group; returns the walks that its lot leaves open (none where the order does not matter)."""
        members, certain = [], True
        for application in group:
            reason = self.filtered(application)
            if reason is None or self.may_pass_when_cut(application):
                members.append(application)
                certain = certain and reason is None
            else:
                self.pass_over(application, reason)
        if len(members) <= 1:
            for application in members:
                self.meet(application)
            return ()
        self.turning(sum(full_award(one, self.plan) for one in members))
        if certain and self.fit_together(members):
            for application in members:
                self.meet(application)
            return ()
        if self.plan.ties_at_line is TiesAtLine.ALL_OR_NONE:
            tied = tuple(one.id for one in members)
            for application in members:
                self.pass_over(application, say("tied-all-or-none", tied=tied))
            self.end(members[-1])
            return ()
        if self.plan.ties_at_line is TiesAtLine.SHARE and self.share(members):
            return ()
        return self.wait_for_lot(members)

    def may_pass_when_cut(self, application: Application) -> bool:
        """Whether a rule that bars the full award would let a cut one pass: then it matters who of the tied comes last."""
        least = least_award(application, self.plan)
        loose = self.plan.shortfall is Shortfall.CUT_LAST and self.plan.ties_at_line is TiesAtLine.REFUSE
        return loose and least < full_award(application, self.plan) and self.ledger.obstacle(application, least) is None

    def fit_together(self, members: Sequence[Application]) -> bool:
        if sum(full_award(one, self.plan) for one in members) > self.left:
            return False
        trial = self.ledger.copy()
        for application in members:
            amount = full_award(application, self.plan)
            if trial.obstacle(application, amount) is not None:
                return False
            trial.take(application, amount)
        return True

    def share(self, members: Sequence[Application]) -> bool:
        """Equal shares of what is left. False where a rule, not money, forbids them all together: then only a lot decides."""
        left, count, unit = self.left, len(members), self.plan.unit_won
        for application in members:
            self.turning(count * min(least_award(application, self.plan), full_award(application, self.plan)))
        share = left // count // unit * unit
        awards = [min(share, full_award(one, self.plan)) for one in members]
        largest = self._largest_share(members)
        self.turning((largest + unit) * count)
        if share > largest:
            return False
        too_small = any(
            amount < min(least_award(one, self.plan), full_award(one, self.plan))
            for one, amount in zip(members, awards, strict=True)
        )
        for application, amount in zip(members, awards, strict=True):
            if too_small or amount == 0:
                self.pass_over(application, say("share-too-small", count=count, left=left))
            else:
                status = Status.FUNDED if amount == full_award(application, self.plan) else Status.CUT
                self.give(application, amount, status, say("cut-share", count=count, left=left, awarded=amount))
        self.ended_at = members[-1].id
        return True

    def _largest_share(self, members: Sequence[Application]) -> int:
        """The largest equal share, in whole units, at which the rules allow all of them together."""
        unit = self.plan.unit_won

        def allowed(share: int) -> bool:
            trial = self.ledger.copy()
            for application in members:
                amount = min(share, full_award(application, self.plan))
                if trial.obstacle(application, amount) is not None:
                    return False
                trial.take(application, amount)
            return True

        low, high = -1, max(full_award(one, self.plan) for one in members) // unit
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if allowed(middle * unit) else (low, middle - 1)
        return low * unit

    def wait_for_lot(self, members: Sequence[Application]) -> Sequence["Walk"]:
        tied = tuple(one.id for one in members)
        if len(members) > ORDERS_TRIED:
            if self.same_in_every_order(members):
                for application in members:
                    self.meet_unless_ended(application)
                return ()
            smallest_first = sorted(members, key=lambda one: (full_award(one, self.plan), one.id))
            slots = _places(self.met_in(smallest_first), members)
            branches: list[Walk] = []
        else:
            outcomes: dict[tuple[object, ...], Walk] = {}
            walks = [self.met_in(order) for order in permutations(members)]
            for walk in walks:
                outcome = (*(walk.turns[one.id].awarded for one in members), walk.ended_at is None)
                outcomes.setdefault(outcome, walk)
            branches = list(outcomes.values())
            self.rise = min((walk.rise for walk in walks if walk.rise is not None), default=None)
            self.fall = min((walk.fall for walk in walks if walk.fall is not None), default=None)
            if len(branches) == 1:
                self.ledger, self.left = branches[0].ledger, branches[0].left
                self.turns, self.ended_at = branches[0].turns, branches[0].ended_at
                return ()
            slots = max(_places(walk, members) for walk in branches)
        self.lot = NeedsLot(applications=tied, slots=slots, budget_left=self.left)
        for application in members:
            self.pass_over(application, say("tied-lot", tied=tied))
        return branches

    def meet_unless_ended(self, application: Application) -> None:
        if self.ended_at is None:
            self.meet(application)
        else:
            self.pass_over(application, say("after-line", last=self.ended_at, left=self.left))

    def same_in_every_order(self, members: Sequence[Application]) -> bool:
        """Nobody fits even when met first; or, where the walk goes on, those who do all fit together."""
        fit = [one for one in members if full_award(one, self.plan) <= self.left or self.cut_of(one) > 0]
        return not fit or (self.plan.shortfall is Shortfall.SKIP and self.fit_together(fit))

    def met_in(self, order: Sequence[Application]) -> "Walk":
        walk = self.copy()
        for application in order:
            walk.meet_unless_ended(application)
        return walk


def _places(walk: Walk, members: Sequence[Application]) -> int:
    """How many places a lot fills: awards, or full awards where everybody gets some."""
    awarded = [walk.turns[one.id] for one in members if walk.turns[one.id].awarded > 0]
    if len(awarded) < len(members):
        return len(awarded)
    return sum(1 for turn in awarded if turn.status is Status.FUNDED)


def walked(groups: Sequence[Sequence[Application]], start: Walk) -> Walk:
    """The walk to its end. With a lot open, only what every outcome of the lot gives is awarded."""
    walk = start
    for place, group in enumerate(groups):
        waiting = [one for one in group if one.id not in walk.turns]
        if walk.ended_at is not None:
            for application in waiting:
                walk.meet_unless_ended(application)
        elif len(waiting) == 1:
            walk.meet(waiting[0])
        elif waiting:
            branches = walk.meet_tied(waiting)
            if walk.lot is not None:
                return _agreed(walk, [walked(groups[place + 1 :], branch) for branch in branches], groups[place:])
    return walk


def _agreed(walk: Walk, ends: Sequence[Walk], rest: Sequence[Sequence[Application]]) -> Walk:
    """What all ends of an open lot have in common; without any end (a large tied group) nothing after the lot is certain."""
    assert walk.lot is not None
    money = walk.lot.budget_left
    walk.rise = min((end.rise for end in (walk, *ends) if end.rise is not None), default=None)
    walk.fall = min((end.fall for end in (walk, *ends) if end.fall is not None), default=None)
    for application in (one for group in rest for one in group):
        if application.id in walk.turns and application.id not in walk.lot.applications:
            continue
        turns = [end.turns[application.id] for end in ends]
        if turns and all(turn.awarded == turns[0].awarded > 0 for turn in turns):
            walk.turns[application.id] = replace(turns[0], left=money)
            walk.ledger.take(application, turns[0].awarded)
            walk.left -= turns[0].awarded
        elif application.id not in walk.lot.applications:
            walk.pass_over(application, _common_reason(turns, walk.lot))
    return walk


def _common_reason(turns: Sequence[Turn], lot: NeedsLot) -> Statement:
    """Why it gets nothing however the lot falls; if that is not certain, that it depends on the lot."""
    codes = {turn.reason.code if turn.awarded == 0 else "awarded" for turn in turns}
    if codes == {"after-line"}:
        return say("after-line", last=", ".join(lot.applications), left=lot.budget_left)
    return turns[0].reason if len(codes) == 1 and codes != {"awarded"} else say("after-lot")
