"""What surrounds a division: reasons, chances, certificates and promises; the goals A9, A10, A12 and A14 of the method.

The calls are those of `allocation.py`. Exit code 1 where a goal is missed, a promise is broken or a certificate does not hold.
Run from the root of the checkout: `python benchmarks/allocation_answers.py`.
"""

from __future__ import annotations

import json
import random
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from allocation import (  # sets the threads first
    BUDGET,
    LEVELS,
    MISSED,
    UNIT,
    WRONG,
    every_rule,
    made_up,
    must,
    portfolio,
    say,
    seconds,
    timed,
)

from evalcomm.engine import allocate as engine
from evalcomm.engine.allocate import (
    AllocationPlan,
    Application,
    Cap,
    MaxAwards,
    Objective,
    Outcome,
    Policy,
    Shortfall,
    TiesAtLine,
    allocate,
)
from evalcomm.engine.allocate.probability import chances
from evalcomm.tables.commands.allocate import document_of
from evalcomm.tables.writing import json_bytes


def a9() -> None:
    applications = made_up(500)
    plan = portfolio(Objective.SCORE_WON, rules=every_rule(applications))
    took, answer = timed(lambda: allocate(applications, BUDGET, plan))
    exact = sum(1 for line in answer.lines if line.would_change.code in {"gain", "lose", "barred", "firm-score"})
    bounded = sum(1 for line in answer.lines if line.would_change.code in {"gain-bound", "lose-bound"})
    say(
        "A9",
        f"every line explained, 500 ({exact} exact, {bounded} by bound)",
        f"{took:.2f} s",
        peer="(1,000 solves)",
        target="< 5 s, all exact",
        met=took < 5 and exact == 500,
    )


def a10() -> None:
    applications = made_up(5_000)
    source = np.random.default_rng(1)
    mean = np.array([float(one.score) for one in applications])
    draws = source.normal(mean, 6.0, (10_000, len(applications)))
    cost = np.array([one.requested for one in applications], dtype=np.float64)

    def naive(some: int) -> None:
        for row in draws[:some]:
            order = np.argsort(-row)
            np.cumsum(cost[order]) <= BUDGET  # noqa: B015 - the work that is compared

    peer_took, _ = timed(lambda: naive(500))
    for shortfall in Shortfall:
        plan = AllocationPlan(shortfall=shortfall, unit_won=UNIT, min_award_ratio=Fraction(1, 2))
        took, _ = timed(lambda plan=plan: chances(applications, BUDGET, plan, draws))
        say(
            "A10",
            f"10,000 draws, 5,000, {shortfall.value}",
            f"{took:.2f} s",
            peer=f"sort and sum of each draw x{20 * peer_took / took:.0f}",
            target="< 1 s",
            met=took < 1,
        )


def script(name: str) -> Any:
    import importlib.util

    spec = importlib.util.spec_from_file_location(name, Path(engine.__file__).with_name(f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def a12() -> None:
    """The stand-alone script on results large and small; it is imported here, and run as a stranger runs it in the tests."""
    check, held, total = script("check_certificate").check, 0, 0
    for count in (20, 100, 500, 5_000):
        applications = made_up(count)
        rules = every_rule(applications) if count >= 500 else ()
        for objective, levels in (
            (Objective.SCORE, ()),
            (Objective.SCORE_WON, ()),
            (Objective.SCORE, LEVELS if count < 5_000 else ()),
        ):
            plan = portfolio(objective, rules=rules, levels=levels)
            answer = allocate(applications, BUDGET, plan, explain=False)
            result = json.loads(json_bytes(document_of(answer, plan)))
            rows = {one.id: {"requested": str(one.requested), **one.tags} for one in applications}
            found = check(result, rows)
            value, bound = found["merit"]
            total += 1
            held += found["kept"] and value <= bound and str(value) == str(Fraction(result["objective"]["value"]))
    must(held == total, "a certificate does not hold")
    say(
        "A12",
        "certificates checked by the script",
        f"{held} of {total}",
        peer="(no peer has one)",
        target="all",
        met=held == total,
    )


def a14(calls: int = 20_000) -> None:
    """Random small calls under every policy; a rule, a request or the budget broken would raise or be counted."""
    source = random.Random(14)
    broken, answered = 0, 0
    start = seconds()
    for _ in range(calls):
        applications = [
            Application(
                f"A{n}",
                Fraction(source.randint(0, 200), 2),
                source.randint(0, 9),
                tags={"region": source.choice("xyz"), "organisation": source.choice("pq")},
            )
            for n in range(source.randint(1, 12))
        ]
        plan = AllocationPlan(
            policy=source.choice(list(Policy)[:1] * 3 + [Policy.PROPORTIONAL, Policy.PORTFOLIO]),
            shortfall=source.choice(list(Shortfall)),
            ties_at_line=source.choice(list(TiesAtLine)),
            unit_won=source.choice([1, 1, 2]),
            rules=source.choice(
                [(), (Cap("region", None, 9),), (MaxAwards("organisation", "p", 2), Cap("region", "x", 5))]
            ),
        )
        budget = source.randint(0, 40)
        answer = allocate(applications, budget, plan, explain=False)
        source.shuffle(applications)
        again = allocate(applications, budget, plan, explain=False)
        spent: dict[str, int] = {}
        for one in applications:
            spent[one.tags["region"]] = spent.get(one.tags["region"], 0) + answer.awards.get(one.id, 0)
        caps = [(rule.value, rule.won) for rule in plan.rules if isinstance(rule, Cap)]
        over = any(won > most for value, won in spent.items() for which, most in caps if which in {None, value})
        asked = {one.id: one.requested for one in applications}
        fine = sum(answer.awards.values()) <= budget and all(won <= asked[one] for one, won in answer.awards.items())
        broken += over or not fine or again.awards != answer.awards or answer.lines != again.lines
        answered += answer.status is not Outcome.INFEASIBLE
    took = seconds() - start
    must(not broken, f"{broken} calls with a broken promise")
    say(
        "A14",
        f"{calls:,} random calls, each twice",
        f"{broken} broken ({took:.0f} s)",
        peer="(10^6 in the method)",
        target="0 broken",
        met=not broken,
    )


def main() -> int:
    say("goal", "what", "ours", peer="peers", target="target")
    for part in (a9, a10, a12, a14):
        part()
    return 1 if WRONG or MISSED else 0


if __name__ == "__main__":
    sys.exit(main())
