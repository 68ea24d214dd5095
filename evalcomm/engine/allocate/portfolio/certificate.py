"""The certificate of an optimised run: everything that a reader with the table of applications needs to check bound and rules.

Multipliers are whole numbers over one denominator, in merit per won (or per award). For any multipliers m >= 0,

    bound = sum_r m_r * limit_r + sum_i max(0, over its awards: merit - sum_r m_r * what the award uses of r)

is at least the value of every division that keeps the rules; `check_certificate.py` recomputes it with no more than the standard
library, and then, where few enough divisions lie within reach of the bound, that none of them is worth more.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from evalcomm.engine.allocate.plan import (
    AllocationPlan,
    Cap,
    Exclusive,
    Floor,
    Matching,
    MaxAwards,
    Objective,
    Requires,
    Year,
)
from evalcomm.engine.allocate.portfolio.dual import Dual
from evalcomm.engine.allocate.portfolio.model import BUDGET, FULL, Model
from evalcomm.engine.exact import format_figure


def certificate(
    model: Model, dual: Dual, plan: AllocationPlan, budget: int, order: Sequence[str]
) -> Mapping[str, object]:
    """Plain JSON values. `order`: the applications that the bound leaves undecided, those that share rows together."""
    scale = model.value_scale
    price = dict(zip([(row.rule, row.value) for row in model.rows], dual.multipliers, strict=True))
    ratios = [rule.ratio for rule in plan.rules if isinstance(rule, Matching)]
    levels = plan.levels or (FULL,)

    def row(place: int, kind: str, limit: int, *, money: bool, **about: object) -> Mapping[str, object]:
        value = about.get("value")
        found = price.get((place, value if isinstance(value, str) else None), 0)
        shown = {
            "rule": place + 1,
            "kind": kind,
            "tag": None,
            "value": None,
            "of": None,
            "year": None,
            "sign": 1,
            **about,
        }
        multiplier = found * scale.numerator * (1 if money else model.won_scale)
        return {**shown, "money": money, "limit": limit, "multiplier": multiplier}

    rows = [row(BUDGET, "budget", budget, money=True)]
    for place, rule in enumerate(plan.rules):
        if isinstance(rule, Cap | MaxAwards):
            money, limit = (True, rule.won) if isinstance(rule, Cap) else (False, rule.count)
            values = {one.tags.get(rule.tag) for one in model.applications} | {rule.value}
            kind = "cap" if money else "max-awards"
            rows.extend(
                row(place, kind, limit, money=money, tag=rule.tag, value=value)
                for value in sorted(value for value in values if value is not None and rule.value in {None, value})
            )
        elif isinstance(rule, Year):
            rows.append(row(place, "year", rule.won, money=False, year=rule.year))
        elif isinstance(rule, Floor):
            rows.append(row(place, "floor", -rule.won, money=True, tag=rule.tag, value=rule.value, sign=-1))
        elif isinstance(rule, Exclusive):
            rows.append(row(place, "exclusive", 1, money=False, of=dict.fromkeys(rule.applications, 1)))
        elif isinstance(rule, Requires):
            rows.append(row(place, "requires", 0, money=False, of={rule.application: 1, rule.needs: -1}))
    return {
        "objective": plan.objective.value,
        "times_won": plan.objective is Objective.SCORE_WON,
        "line": format_figure(plan.pass_score or 0) if plan.objective is Objective.SCORE_ABOVE_LINE else "0",
        "unit_won": plan.unit_won,
        "levels": [[format_figure(one.rate), format_figure(one.merit)] for one in levels],
        "matching": format_figure(max(ratios, default=Fraction(0))),
        "denominator": scale.denominator * dual.denominator * model.won_scale,
        "rows": rows,
        "fixed": dict(sorted(model.pinned.items())) | dict.fromkeys(sorted(model.out), 0),
        "fixed_merit": format_figure(model.constant),
        "order": list(order),
        "bound": format_figure(Fraction(dual.bound, dual.denominator) * scale + model.constant),
    }
