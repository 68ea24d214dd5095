"""What would have changed a line is true: made so, the division is another; and where it says more, nothing nearer does it."""

from dataclasses import replace
from fractions import Fraction

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from evalcomm.engine.allocate import (
    AllocationLine,
    AllocationPlan,
    Application,
    Outcome,
    Policy,
    allocate,
)
from evalcomm.engine.allocate.walk import full_award
from evalcomm.engine.exact import parse_figure
from tests.engine.divisions import APPLICATIONS, EVERY_PLAN, PORTFOLIOS, worth


def award(applications: list[Application], budget: int, plan: AllocationPlan, name: str) -> int:
    return allocate(applications, budget, plan, explain=False).awards.get(name, 0)


def flips(
    line: AllocationLine, changed: Application, applications: list[Application], budget: int, plan: AllocationPlan
) -> bool:
    """Whether the line, which has its full award or has not, comes to the other side."""
    others = [changed if one.id == changed.id else one for one in applications]
    goal = goal_of(line, changed, plan)
    now = award(others, budget, plan, changed.id)
    return now < goal if line.would_change.code == "lose" else now >= goal


def goal_of(line: AllocationLine, changed: Application, plan: AllocationPlan) -> int:
    if line.would_change.code == "gain":
        return 1
    if plan.policy is Policy.PORTFOLIO or line.would_change.code == "lose":
        return line.awarded
    return full_award(changed, plan)


@settings(max_examples=60)
@given(APPLICATIONS, EVERY_PLAN, st.integers(0, 30))
def test_what_would_change_a_line_changes_it(
    applications: list[Application], plan: AllocationPlan, budget: int
) -> None:
    answer = allocate(applications, budget, plan)
    assume(answer.status is Outcome.OK)
    for line in answer.lines:
        facts, one = line.would_change.facts, line.application
        if line.would_change.code not in {"gain", "gain-full", "lose"}:
            continue
        for key in ("budget_above", "budget_below"):
            if key in facts:
                assert flips(line, one, applications, int(facts[key]), plan), (line, key)  # type: ignore[arg-type]
        if "requested" in facts:
            changed = one.asking(int(facts["requested"]))  # type: ignore[arg-type]
            assert flips(line, changed, applications, budget, plan), (line, "requested")
        if "score" in facts:
            point, hair = parse_figure(str(facts["score"])), Fraction(1, 1000)
            if line.would_change.code == "lose":
                tried, untouched = (point, point + hair) if facts["score_strict"] else (point - hair, point)
            else:
                tried, untouched = (point + hair, point - hair) if facts["score_strict"] else (point, point - hair)
            assert flips(line, replace(one, score=tried), applications, budget, plan), (line, tried)
            if (
                plan.policy is Policy.PORTFOLIO
                and untouched != one.score
                and (untouched > one.score) == (point > one.score)
            ):
                assert line.would_change.code == "lose" or not flips(
                    line, replace(one, score=untouched), applications, budget, plan
                )


@settings(max_examples=40)
@given(APPLICATIONS, PORTFOLIOS, st.integers(0, 30))
def test_a_portfolio_says_what_leaving_one_out_saved(
    applications: list[Application], plan: AllocationPlan, budget: int
) -> None:
    answer = allocate(applications, budget, plan)
    assume(answer.status is Outcome.OK and answer.optimum is not None)
    assert answer.optimum is not None
    for line in answer.lines:
        if line.reason.code != "portfolio-dropped":
            continue
        name = line.application.id
        rest = [one for one in applications if one.id != name]
        options = []
        for level in plan.levels or (None,):
            won = min(line.requested if level is None else int(line.requested * level.rate), line.application.wanted)
            won -= won % plan.unit_won
            with_it = best_with(applications, budget, plan, name, won)
            if with_it is not None:
                options.append(with_it)
        assert rest is not applications
        lost = answer.optimum.value - max(options)
        assert parse_figure(str(line.reason.facts["lost"])) == lost


def best_with(
    applications: list[Application], budget: int, plan: AllocationPlan, name: str, won: int
) -> Fraction | None:
    from tests.engine.divisions import every_division

    values = [
        worth(one, applications, plan) for one in every_division(applications, budget, plan) if one.get(name) == won
    ]
    return max(values, default=None)
