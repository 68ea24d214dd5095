"""Plans: the language, its errors, its seal, and what `plan check` warns of."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from evalcomm.engine.lint import lint_plan
from evalcomm.engine.plan import AggregateRule, Fallback, Figure, Method, Scope
from tests.engine.documents import RUBRIC, plan_of, plan_problems, rubric_of

HEAD = 'id = "p"\nversion = 1\n'


def test_a_plan_needs_only_id_and_version() -> None:
    plan = plan_of(HEAD)

    assert (plan.aggregate.method, plan.aggregate.scope, plan.cut.on, plan.cut.inclusive) == (
        Method.MEAN,
        Scope.SHEET_TOTAL,
        Figure.BASE,
        True,
    )
    assert (plan.rounding.mean, plan.tie_keys, plan.allocation, plan.cut.total_ratio) == (None, (), None, None)


def test_every_table_of_the_language_is_read() -> None:
    plan = plan_of(
        HEAD
        + """
title = "계획"
regime = "national_subsidy"
legal_basis = ["보조금 관리에 관한 법률 제16조"]
as_of = 2026-01-02
[committee]
quorum = 5
resolution = "majority-of-present"
min_valid_sheets = 3
below_min = "other-panel"
chair_scores = false
members = 7
reserve_multiple = 3
[aggregate]
method = "trimmed-mean"
drop_high = 2
drop_low = 1
scope = "criterion"
min_sheets_to_trim = 5
double_trim_from = 12
fallback = "median"
[rounding]
mode = "down"
sheet_total = 2
criterion = 3
mean = 4
final = 1
compare_on = "exact"
[cut]
total_ratio = "0.7"
criterion_ratio = "0.4"
item_ratio = "0.1"
inclusive = false
on = "final"
[bonus]
bonus_max = "1"
penalty_max = "2"
final_max = "50"
[ties]
keys = ["base", "criterion:plan", "criteria-by-weight", "requested-asc", "field", "lot"]
[allocate]
policy = "rank-order"
shortfall = "cut-last"
unit_won = 1_000_000
""",
        rubric_of(),
    )

    assert plan.as_of == date(2026, 1, 2)
    assert plan.aggregate == AggregateRule(Method.TRIMMED_MEAN, 2, 1, Scope.CRITERION, 5, 12, Fallback.MEDIAN)
    assert plan.limits.bonus_max == 1
    assert plan.tie_keys[-1] == "lot"
    assert plan.allocation is not None
    assert plan.allocation.unit_won == 1_000_000


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('[cut]\ntotal_ratio = "0.7"', "cut.total_ratio"),  # neither rubric nor scale
        ('[cut]\ncriterion_ratio = "0.4"', "cut.criterion_ratio"),
        ("[cut]\non = \"maen\"", "cut.on"),
        ("[cut]\ninclusive = 1", "cut.inclusive"),
        ('[scale]\nmin = "0"\nmax = "0"', "scale.max"),
        ('[scale]\nmax = "10"\nstep = "3"', "scale.step"),
        ('[scale]\nmin = "0"', "scale.max"),
        ('[aggregate]\nmethod = "average"', "aggregate.method"),
        ("[aggregate]\ndrop_high = -1", "aggregate.drop_high"),
        ("[aggregate]\nmin_sheets_to_trim = 2", "aggregate.min_sheets_to_trim"),
        ("[aggregate]\ndouble_trim_from = 4", "aggregate.double_trim_from"),
        ('[aggregate]\nscope = "criterion"', "aggregate.scope"),
        ("[rounding]\nmean = 13", "rounding.mean"),
        ('[rounding]\nmean = "2"', "rounding.mean"),
        ('[rounding]\nmode = "bankers"', "rounding.mode"),
        ('[ties]\nkeys = ["lot", "mean"]', "ties.keys[2]"),
        ('[ties]\nkeys = ["mean", "mean"]', "ties.keys[2]"),
        ('[ties]\nkeys = ["criterion:plan"]', "ties.keys[1]"),
        ('[ties]\nkeys = "mean"', "ties.keys"),
        ("[ties]\nkeys = [1]", "ties.keys[1]"),
        ("[committee]\nmembers = 3\nquorum = 5", "committee.quorum"),
        ("[commitee]\nquorum = 5", "commitee"),
        ("[bonus]\nbonus_max = \"1\"", "bonus"),
        ("as_of = \"2026-01-02\"", "as_of"),
        ("rubric = 3", "rubric"),
    ],
)  # fmt: skip
def test_a_single_error_is_told_alone(text: str, key: str) -> None:
    assert list(plan_problems(HEAD + text)) == [key]


def test_tie_keys_are_held_against_the_rubric() -> None:
    problems = plan_problems(HEAD + '[ties]\nkeys = ["criterion:plna"]\n[scale]\nmax = "100"', rubric_of())
    assert problems == {
        "scale": "stands beside a rubric, which has scales of its own",
        "ties.keys[1]": "the rubric has no criterion 'plna'",
    }


@pytest.mark.parametrize("method", ["z", "t-score", "least-squares"])
def test_standard_scores_and_severity_work_on_totals_only(method: str) -> None:
    text = f'{HEAD}[aggregate]\nmethod = "{method}"\nscope = "criterion"'
    assert list(plan_problems(text, rubric_of())) == ["aggregate.scope"]


def test_the_seal_covers_the_rubric_and_defaults() -> None:
    plain = plan_of(HEAD, rubric_of()).seal()

    assert plan_of(HEAD + '[aggregate]\nmethod = "mean"\n# 기본값\n', rubric_of()).seal() == plain
    assert plan_of(HEAD + 'rubric = "elsewhere.toml"', rubric_of()).seal() == plain
    assert plan_of(HEAD, rubric_of(RUBRIC.replace("목표", "성과"))).seal() != plain
    assert plan_of(HEAD + "[cut]\ninclusive = false", rubric_of()).seal() != plain
    assert plan_of(HEAD).seal() != plain


def warned(text: str, *, rubric: bool = True) -> list[str]:
    return [problem.key for problem in lint_plan(plan_of(HEAD + text, rubric_of() if rubric else None))]


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("", []),
        ('[cut]\ntotal_ratio = "0.6"', []),
        ('[cut]\ntotal_ratio = "0.2"', ["cut.total_ratio"]),  # the plan criterion's own cut of 12 leaves at least 14 of 50
        ('[cut]\ntotal_ratio = "0.28"', ["cut.total_ratio"]),
        ('[cut]\ntotal_ratio = "0.28"\ninclusive = false', []),
        ('[cut]\ncriterion_ratio = "0.1"', ["cut.criterion_ratio"]),  # effect is at least 2 of 20
        ('[cut]\ntotal_ratio = "1"\ninclusive = false', ["cut.total_ratio"]),
        ('[cut]\ntotal_ratio = "0.6"\n[rounding]\nfinal = 2\ncriterion = 2', ["cut.on"]),
        ('[cut]\ntotal_ratio = "0.6"\n[rounding]\nmean = 4\nfinal = 2\ncriterion = 2', ["cut.on"]),
        ('[cut]\ntotal_ratio = "0.6"\n[rounding]\nmean = 2\nfinal = 2\ncriterion = 2', []),
        ('[cut]\ntotal_ratio = "0.6"\non = "final"\n[rounding]\nfinal = 2\ncriterion = 2', []),
        ("[rounding]\nmean = 2", ["rounding.criterion"]),
        ('[rounding]\nfinal = 2\ncriterion = 2\ncompare_on = "exact"', ["rounding.compare_on"]),
        ('[aggregate]\nmethod = "z"', ["rounding.sheet_total"]),
        ('[aggregate]\nmethod = "t-score"\n[rounding]\nsheet_total = 4\ncriterion = 2', []),
        ('[aggregate]\nmethod = "z"\n[rounding]\nsheet_total = 4\ncriterion = 2\n[cut]\ntotal_ratio = "0.6"', ["cut.total_ratio"]),
        ('[aggregate]\nmethod = "trimmed-mean"\ndrop_high = 0\ndrop_low = 0', ["aggregate.method"]),
        ('[aggregate]\nscope = "criterion"\n[rounding]\nsheet_total = 2', ["rounding.sheet_total"]),
        ("[committee]\nquorum = 3\nmin_valid_sheets = 4", ["committee.min_valid_sheets"]),
        ('[committee]\nmembers = 4\n[aggregate]\nmethod = "trimmed-mean"\nmin_sheets_to_trim = 5', ["aggregate.min_sheets_to_trim"]),
        ('regime = "nation_subsidy"', ["regime"]),
    ],
)  # fmt: skip
def test_the_linter_names_what_does_nothing_or_misleads(text: str, keys: list[str]) -> None:
    assert warned(text) == keys


def test_a_scale_takes_a_total_cut() -> None:
    plan = plan_of(HEAD + '[scale]\nmin = "40"\nmax = "100"\nstep = "0.5"\n[cut]\ntotal_ratio = "0.4"')
    assert plan.scale is not None
    assert plan.scale.step == Fraction(1, 2)
    assert [problem.key for problem in lint_plan(plan)] == ["cut.total_ratio"]
