"""What has been given so far, and whether one more award would break a rule.

Every rule here acts as a filter: an award that would break it is passed over with the reason. Floors and pins are not filters;
they are served before the walk (see `walk`). Pass mark and budget are no rules of the ledger either.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from evalcomm.engine.allocate.application import Application
from evalcomm.engine.allocate.plan import Cap, Exclusive, Matching, MaxAwards, Requires, Rule, Year
from evalcomm.engine.allocate.sentences import Statement, say
from evalcomm.engine.exact import format_figure

Slot = tuple[int, str]
"""A rule (its place in the plan) and a value of its tag."""


@dataclass(slots=True)
class Ledger:
    """Awards given, and the use of every rule. `hopeless`: applications that can get no award in this run."""

    rules: Sequence[Rule]
    hopeless: Collection[str] = ()
    awards: dict[str, int] = field(default_factory=dict)
    used: dict[Slot, int] = field(default_factory=dict)
    partners: dict[str, list[Exclusive]] = field(default_factory=dict)
    needs: dict[str, list[str]] = field(default_factory=dict)

    @classmethod
    def open(cls, rules: Sequence[Rule], hopeless: Collection[str] = ()) -> "Ledger":
        ledger = cls(
            rules=[rule for rule in rules if isinstance(rule, Cap | Year | MaxAwards | Matching)], hopeless=hopeless
        )
        for rule in rules:
            if isinstance(rule, Exclusive):
                for member in rule.applications:
                    ledger.partners.setdefault(member, []).append(rule)
            elif isinstance(rule, Requires):
                ledger.needs.setdefault(rule.application, []).append(rule.needs)
        return ledger

    def copy(self) -> "Ledger":
        return Ledger(self.rules, self.hopeless, dict(self.awards), dict(self.used), self.partners, self.needs)

    def slots(self, application: Application) -> Iterable[tuple[Slot, Rule]]:
        """The caps and counts that an award to this application uses."""
        for place, rule in enumerate(self.rules):
            if isinstance(rule, Cap | MaxAwards):
                value = application.tags.get(rule.tag)
                if value is not None and rule.value in {None, value}:
                    yield (place, value), rule
            elif isinstance(rule, Year) and rule.year in application.by_year:
                yield (place, rule.year), rule

    def take(self, application: Application, amount: int) -> None:
        self.awards[application.id] = amount
        for slot, rule in self.slots(application):
            self.used[slot] = self.used.get(slot, 0) + use_of(rule, application, amount)

    def obstacle(self, application: Application, amount: int) -> Statement | None:
        """The first rule, in the plan's order, that an award of `amount` would break; None if it breaks none."""
        for needed in self.needs.get(application.id, ()):
            if needed in self.hopeless:
                return say("requires", needs=needed)
        for pair in self.partners.get(application.id, ()):
            for other in pair.applications:
                if other != application.id and other in self.awards:
                    return say("exclusive", other=other)
        broken = (self._broken(place, rule, application, amount) for place, rule in enumerate(self.rules))
        return next((why for why in broken if why is not None), None)

    def _broken(self, place: int, rule: Rule, application: Application, amount: int) -> Statement | None:
        if isinstance(rule, Matching):
            return matching_broken(rule.ratio, application, amount)
        if isinstance(rule, Year):
            used, due = self.used.get((place, rule.year), 0), application.due(rule.year, amount)
            over = due and used + due > rule.won
            return say("year", year=rule.year, won=rule.won, used=used, amount=due) if over else None
        assert isinstance(rule, Cap | MaxAwards)
        value = application.tags.get(rule.tag)
        if value is None or rule.value not in {None, value}:
            return None
        used = self.used.get((place, value), 0)
        if isinstance(rule, Cap) and used + amount > rule.won:
            return say("cap", tag=rule.tag, value=value, won=rule.won, used=used, amount=amount)
        if isinstance(rule, MaxAwards) and used >= rule.count:
            return say("max-awards", tag=rule.tag, value=value, count=rule.count)
        return None

    def room(self, application: Application) -> int | None:
        """The largest award that caps and matching leave to this application; None = no such rule concerns it."""
        rooms = [rule.won - self.used.get(slot, 0) for slot, rule in self.slots(application) if isinstance(rule, Cap)]
        rooms += [
            (rule.won - self.used.get(slot, 0)) * application.requested // application.by_year[rule.year]
            for slot, rule in self.slots(application)
            if isinstance(rule, Year) and application.by_year[rule.year]
        ]
        own = application.own_funds or 0
        rooms += [int(own / rule.ratio) for rule in self.rules if isinstance(rule, Matching) and rule.ratio > 0]
        return min(rooms, default=None)


def use_of(rule: Rule, application: Application, amount: int) -> int:
    """What an award uses of a cap, a year's ceiling or a count that concerns the application."""
    if isinstance(rule, Year):
        return application.due(rule.year, amount)
    return amount if isinstance(rule, Cap) else int(amount > 0)


def matching_broken(ratio: Fraction, application: Application, amount: int) -> Statement | None:
    own = application.own_funds or 0
    if own >= ratio * amount:
        return None
    return say("matching", own=own, amount=amount, ratio=format_figure(ratio))
