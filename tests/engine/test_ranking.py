"""Rankings with names: published examples, cuts, ties and their trace, official runs."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from evalcomm.engine.plan import Plan
from evalcomm.engine.ranking import Failure, Ranking, RankingError, Sheet, SheetState, rank
from tests.engine.documents import PLAN, RUBRIC, plan_of, rubric_of

HEAD = 'id = "p"\nversion = 1\n'

PSAT_RUBRIC = """
id = "psat"
version = 1
title = "제안서 평가"
total = "100"
[direct]
step = "1"
[[criterion]]
id = "technical"
title = "기술능력"
points = "80"
  [[criterion.item]]
  id = "technical"
  title = "기술능력"
  points = "80"
[[criterion]]
id = "price"
title = "입찰가격"
points = "20"
  [[criterion.item]]
  id = "price"
  title = "입찰가격"
  points = "20"
  input = "fixed"
"""
PSAT_PLAN = (
    HEAD
    + """
[aggregate]
method = "trimmed-mean"
[cut]
total_ratio = "0.85"
on = "mean"
[ties]
keys = ["mean", "lot"]
"""
)
PSAT = {
    "갑": (68, 68, 68, 68, 72),
    "을": (65, 73, 62, 65, 65),
    "병": (73, 69, 69, 65, 69),
    "정": (75, 70, 65, 65, 75),
    "무": (65, 60, 60, 70, 75),
}
PRICES = {"갑": 13, "을": 20, "병": 15, "정": 14, "무": 17}


def psat(plan: str = PSAT_PLAN) -> Ranking:
    """PSAT 2023, 국가직 7급 상황판단 인책형 18번 (korean-practice §1.4)."""
    sheets = [
        Sheet.of(firm, evaluator, {"technical": score})
        for firm, scores in PSAT.items()
        for evaluator, score in zip("ABCDE", scores, strict=True)
    ]
    prices = {firm: {"price": price} for firm, price in PRICES.items()}
    return rank(plan=plan_of(plan, rubric_of(PSAT_RUBRIC)), scores=sheets, fixed=prices)


def test_psat_2023_the_published_outcome() -> None:
    ranking = psat()

    assert [(s.application, s.rank, s.mean, s.final) for s in ranking.standings] == [
        ("정", 1, 70, 84),
        ("병", 2, 69, 84),
        ("갑", 3, 68, 81),
        ("무", None, 65, 82),
        ("을", None, 65, 85),
    ]
    assert ranking.standing("을").failed == (Failure("total", Fraction(65), Fraction(68)),)
    tie = ranking.standing("정").tie
    assert tie is not None
    assert (tie.key, tie.others) == ("mean", ("병",))
    # 갑: four evaluators gave the lowest 68 and one copy leaves; the smaller id is named.
    assert [(sheet.evaluator, sheet.dropped) for sheet in ranking.standing("갑").dropped] == [
        ("A", "lowest"),
        ("E", "highest"),
    ]


def test_psat_2023_with_the_boundary_excluded() -> None:
    """68 is exactly 85 % of 80: if equality did not pass, 갑 would be out as well."""
    ranking = psat(PSAT_PLAN.replace("[cut]", "[cut]\ninclusive = false"))
    assert [s.application for s in ranking.standings if s.passed] == ["정", "병"]


def test_psat_2023_without_its_tie_key() -> None:
    """병 and 정 share the first rank, and the trace says that nothing splits them."""
    ranking = psat(PSAT_PLAN.replace('keys = ["mean", "lot"]', "keys = []"))
    assert [(s.application, s.rank) for s in ranking.standings[:3]] == [("병", 1), ("정", 1), ("갑", 3)]
    tie = ranking.standing("병").tie
    assert tie is not None
    assert (tie.key, tie.unresolved, tie.waits_for_lot) == (None, ("정",), False)
    assert ranking.needs_lot == ()


def totals(**rows: dict[str, object]) -> list[Sheet]:
    return [
        Sheet.of(application, evaluator, Fraction(str(score)))
        for application, row in rows.items()
        for evaluator, score in row.items()
    ]


@pytest.mark.parametrize(
    ("rounding", "mean", "passed"),
    [
        ("", "69.995", False),
        ("mean = 2", "70", True),
        ('mode = "down"\nmean = 2', "69.99", False),
        ("sheet_total = 1", "70", True),  # 69.95 -> 70.0, 70.04 -> 70.0
        ('mode = "half-even"\nsheet_total = 1\nmean = 2', "70", True),
    ],
)
def test_the_stage_of_rounding_decides_a_pass(rounding: str, mean: str, passed: bool) -> None:
    plan = plan_of(f'{HEAD}[scale]\nmax = "100"\n[cut]\ntotal_ratio = "0.7"\n[rounding]\n{rounding}')

    standing = rank(plan=plan, scores=totals(A={"E1": "69.95", "E2": "70.04"})).standings[0]

    assert (standing.mean, standing.passed) == (Fraction(mean), passed)


def test_a_rank_compares_the_rounded_or_the_exact_final() -> None:
    sheets = totals(A={"E1": "80.004"}, B={"E1": "80.001"})
    rounded = plan_of(f"{HEAD}[rounding]\nfinal = 2")
    exact = plan_of(f'{HEAD}[rounding]\nfinal = 2\ncompare_on = "exact"')

    assert [s.rank for s in rank(plan=rounded, scores=sheets).standings] == [1, 1]
    assert [(s.application, s.rank, s.final) for s in rank(plan=exact, scores=sheets).standings] == [
        ("A", 1, 80),
        ("B", 2, 80),
    ]


SCORED = {"goal": 20, "jobs": 6, "ready": 10}


def small(extra: str, *, points: dict[str, int] | None = None, fixed: dict[str, int] | None = None) -> Ranking:
    sheets = [Sheet.of("A", evaluator, points or SCORED) for evaluator in ("E1", "E2", "E3")]
    plan = plan_of(PLAN + extra, rubric_of(RUBRIC))
    return rank(plan=plan, scores=sheets, fixed={"A": {"site": 4, **(fixed or {})}})


def test_mean_base_and_final() -> None:
    standing = small('[bonus]\nbonus_max = "1"', fixed={"reuse": 2, "late": 3}).standings[0]

    assert (standing.mean, standing.fixed, standing.base) == (36, 4, 40)
    assert (standing.bonus, standing.penalty, standing.final) == (1, 3, 38)
    assert standing.entries == {"site": 4, "reuse": 2, "late": -3}
    assert [(c.id, c.mean, c.fixed, c.figure) for c in standing.criteria] == [
        ("plan", 20, 4, 24),
        ("effect", 16, 0, 16),
    ]


@pytest.mark.parametrize(
    ("cut", "failed"),
    [
        ('total_ratio = "0.9"\non = "mean"', []),  # 36 of 40
        ('total_ratio = "0.9"\non = "mean"\ninclusive = false', [("total", 36, 36)]),
        ('total_ratio = "0.81"', [("total", 40, "40.5")]),
        ('total_ratio = "0.81"\non = "final"', []),  # 42 with the bonus
        ('criterion_ratio = "0.81"', [("criterion:effect", 16, "16.2")]),  # plan has min_ratio 0.4 of its own
        ('item_ratio = "0.5"', [("item:site", 4, 5)]),
        ('item_ratio = "0.5"\non = "mean"', []),
        ('item_ratio = "0.7"\non = "mean"', [("item:jobs", 6, 7)]),
    ],
)  # fmt: skip
def test_cuts_compare_what_they_name(cut: str, failed: list[tuple[str, int, int | str]]) -> None:
    ranking = small(f"[cut]\n{cut}", fixed={"reuse": 2})

    found = [(failure.cut, failure.value, failure.threshold) for failure in ranking.standings[0].failed]
    assert found == [(name, value, Fraction(bar)) for name, value, bar in failed]
    assert (ranking.standings[0].rank is None) == bool(failed)


def test_a_criterion_is_trimmed_on_its_own_values() -> None:
    """Two equal totals: whichever is dropped, the criterion's figure must not depend on it."""
    points = [
        {"goal": 20, "jobs": 2, "ready": 0},  # 22
        {"goal": 12, "jobs": 10, "ready": 0},  # 22
        {"goal": 4, "jobs": 6, "ready": 10},  # 20
    ]
    sheets = [Sheet.of("A", f"E{n}", row) for n, row in enumerate(points)]
    plan = plan_of(PLAN, rubric_of())

    standing = rank(plan=plan, scores=sheets, fixed={"A": {"site": 2}}).standings[0]

    assert standing.mean == 22
    assert [c.mean for c in standing.criteria] == [12, 10]  # 20, 12, 4 -> 12; 2, 10, 16 -> 10


def test_scope_criterion_sums_the_criteria_and_names_what_each_dropped() -> None:
    points = [
        {"goal": 20, "jobs": 2, "ready": 0},
        {"goal": 12, "jobs": 10, "ready": 0},
        {"goal": 4, "jobs": 6, "ready": 10},
    ]
    sheets = [Sheet.of("A", f"E{n}", row) for n, row in enumerate(points)]
    plan = plan_of(PLAN + 'scope = "criterion"', rubric_of())

    standing = rank(plan=plan, scores=sheets, fixed={"A": {"site": 2}}).standings[0]

    assert standing.mean == 22  # 12 + 10
    assert standing.dropped == ()
    assert [c.dropped for c in standing.criteria] == [
        (("E0", "highest"), ("E2", "lowest")),
        (("E2", "highest"), ("E0", "lowest")),
    ]


TIED = totals(A={"E1": 80}, B={"E1": 80}, C={"E1": 80}, D={"E1": 70})
REQUESTED = {"A": {"requested": 5}, "B": {"requested": 3}, "C": {"requested": 5}, "D": {"requested": 1}}


def ties(keys: str, *, lots: dict[str, int] | None = None, columns: dict[str, dict[str, int]] | None = None) -> Ranking:
    return rank(plan=plan_of(f"{HEAD}[ties]\nkeys = {keys}"), scores=TIED, applications=columns or REQUESTED, lots=lots)


def test_a_trace_names_the_key_that_decided_and_who_was_still_tied() -> None:
    ranking = ties('["mean", "requested-asc", "lot"]', lots={"A": 2, "C": 1, "B": 9})

    assert [(s.application, s.rank) for s in ranking.standings] == [("B", 1), ("C", 2), ("A", 3), ("D", 4)]
    decided = {s.application: s.tie.key for s in ranking.standings if s.tie}
    assert decided == {"B": "requested-asc", "C": "lot", "A": "lot"}
    tie = ranking.standing("A").tie
    assert tie is not None
    assert tie.others == ("B", "C")
    assert [(step.key, step.value, step.among) for step in tie.steps] == [
        ("mean", 80, ("A", "B", "C")),
        ("requested-asc", 5, ("A", "B", "C")),
        ("lot", 2, ("A", "C")),
    ]


def test_a_tie_without_a_drawn_lot_waits_and_its_rank_is_shared() -> None:
    for lots in ({}, {"A": 1}):
        ranking = ties('["requested-asc", "lot"]', lots=lots)
        assert [(s.application, s.rank) for s in ranking.standings] == [("B", 1), ("A", 2), ("C", 2), ("D", 4)]
        assert ranking.needs_lot == (("A", "C"),)
        assert all(s.tie is not None and s.tie.key is None and s.tie.waits_for_lot for s in ranking.standings[1:3])


def test_lots_of_different_ties_may_repeat_but_not_within_one() -> None:
    sheets = [*TIED, *totals(E={"E1": 70})]
    plan = plan_of(f'{HEAD}[ties]\nkeys = ["lot"]')
    lots = {"A": 1, "B": 2, "C": 3, "D": 1, "E": 2}

    assert [s.application for s in rank(plan=plan, scores=sheets, lots=lots).standings] == ["A", "B", "C", "D", "E"]
    with pytest.raises(RankingError, match="A and C are tied and have drawn the same lot 1"):
        rank(plan=plan, scores=sheets, lots={**lots, "C": 1})


def test_a_key_that_a_tie_needs_and_lacks_is_refused() -> None:
    lacking = {**REQUESTED, "C": {}}
    with pytest.raises(RankingError, match="C has no requested, which the tie among A, B, C needs"):
        ties('["requested-desc"]', columns=lacking)
    # D is tied with nobody, so its blank does not matter.
    assert ties('["requested-desc", "lot"]', columns={**REQUESTED, "D": {}}).standings[-1].application == "D"


def test_other_columns_prefer_more() -> None:
    columns = {name: {"local": value} for name, value in (("A", 1), ("B", 3), ("C", 2), ("D", 0))}
    assert [s.application for s in ties('["local"]', columns=columns).standings] == ["B", "C", "A", "D"]


def test_the_heaviest_criterion_comes_first_and_the_trace_names_it() -> None:
    plan = plan_of(PLAN + '[ties]\nkeys = ["criteria-by-weight"]', rubric_of())
    sheets = [
        Sheet.of("A", "E1", {"goal": 12, "jobs": 10, "ready": 10}),
        Sheet.of("B", "E1", {"goal": 20, "jobs": 2, "ready": 10}),
    ]

    ranking = rank(plan=plan, scores=sheets, fixed={"A": {"site": 5}, "B": {"site": 5}})

    assert [s.application for s in ranking.standings] == ["B", "A"]
    tie = ranking.standings[0].tie
    assert tie is not None
    assert [(step.key, step.figure, step.value) for step in tie.steps] == [("criteria-by-weight", "criterion:plan", 25)]


def test_a_failed_application_takes_no_part_in_ties() -> None:
    plan = plan_of(f'{HEAD}[scale]\nmax = "100"\n[cut]\ntotal_ratio = "0.8"\ninclusive = false\n[ties]\nkeys = ["lot"]')
    ranking = rank(plan=plan, scores=TIED)
    assert [(s.rank, s.tie) for s in ranking.standings] == [(None, None)] * 4
    assert ranking.needs_lot == ()


HALF = [Sheet.of("A", "E1", {"goal": 20, "jobs": 6, "ready": 10}), Sheet.of("A", "E2", {"goal": 20})]


def test_half_a_sheet_counts_as_missing_and_an_official_run_refuses_it() -> None:
    plan = plan_of(PLAN, rubric_of())

    ranking = rank(plan=plan, scores=HALF, fixed={"A": {"site": 2}})

    assert ranking.standings[0].mean == 36
    assert [sheet.state for sheet in ranking.standings[0].sheets] == [SheetState.SCORED, SheetState.MISSING]
    assert ("half-sheet", "A", "E2") in {(c.code, c.application, c.evaluator) for c in ranking.cautions}
    with pytest.raises(RankingError, match="the sheet of E2 on A has no points for 'jobs', 'ready'"):
        rank(plan=plan, scores=HALF, fixed={"A": {"site": 2}}, official=True)


def test_an_application_without_a_valid_sheet_has_no_figure_and_no_rank() -> None:
    sheets = [*totals(A={"E1": 80}), Sheet("B", "E1", state=SheetState.RECUSED)]

    ranking = rank(plan=plan_of(HEAD), scores=sheets, applications={"A": {}, "B": {}, "C": {}})

    for standing in ranking.standings[1:]:
        assert (standing.rank, standing.mean, standing.final, standing.passed) == (None, None, None, False)
        assert standing.failed == (Failure("sheets", Fraction(0), Fraction(1)),)
    assert [c.application for c in ranking.cautions if c.code == "no-sheets"] == ["B", "C"]


def test_too_few_sheets_are_told_and_an_official_run_wants_a_resolution() -> None:
    plan = plan_of(f"{HEAD}[committee]\nmin_valid_sheets = 2")

    assert [c.code for c in rank(plan=plan, scores=TIED).cautions] == ["too-few-sheets"] * 4
    with pytest.raises(RankingError, match="A has 1 valid sheet, fewer than the plan's 2; the plan says: substitute"):
        rank(plan=plan, scores=TIED, official=True)
    assert rank(plan=plan, scores=TIED, official=True, resolved=["A", "B", "C", "D"]).standings[0].rank == 1


@pytest.mark.parametrize(
    ("fallback", "mean"), [("mean", Fraction(23, 2)), ("median", Fraction(13, 2)), ("refuse", None)]
)
def test_too_few_sheets_to_trim_take_the_declared_fallback(fallback: str, mean: Fraction | None) -> None:
    plan = plan_of(f'{PLAN}min_sheets_to_trim = 5\nfallback = "{fallback}"')
    sheets = totals(A={"E1": 3, "E2": 6, "E3": 7, "E4": 30})

    if mean is None:
        with pytest.raises(RankingError, match="A has 4 valid sheets, fewer than 5: the plan does not trim so few"):
            rank(plan=plan, scores=sheets)
    else:
        ranking = rank(plan=plan, scores=sheets)
        assert ranking.standings[0].mean == mean
        assert ranking.standings[0].fallback is plan.aggregate.fallback
        assert [c.code for c in ranking.cautions] == ["fallback"]


def test_an_official_standard_score_declares_its_digits() -> None:
    sheets = totals(A={"E1": 80, "E2": 50}, B={"E1": 60, "E2": 50})
    undeclared = plan_of(f'{HEAD}[aggregate]\nmethod = "t-score"')
    declared = plan_of(f'{HEAD}[aggregate]\nmethod = "t-score"\n[rounding]\nsheet_total = 3')

    with pytest.raises(RankingError, match="declares no digits for t-score"):
        rank(plan=undeclared, scores=sheets, official=True)
    ranking = rank(plan=declared, scores=sheets, official=True)
    assert ranking.standing("A").mean == Fraction("53.5355")  # (57.071 + 50) / 2
    assert [(c.code, c.evaluator) for c in ranking.cautions] == [("constant-evaluator", "E2")]


def test_severity_is_not_corrected_across_panels_that_share_nothing() -> None:
    plan = plan_of(f'{HEAD}[aggregate]\nmethod = "least-squares"')
    sheets = totals(A={"E1": 80}, B={"E2": 90})

    assert [s.mean for s in rank(plan=plan, scores=sheets).standings] == [90, 80]
    with pytest.raises(RankingError, match="2 parts that share no application"):
        rank(plan=plan, scores=sheets, official=True)


def codes(plan: Plan, sheets: list[Sheet], **more: object) -> list[str]:
    with pytest.raises(RankingError) as refusal:
        rank(plan=plan, scores=sheets, **more)  # type: ignore[arg-type]
    return [caution.code for caution in refusal.value.cautions]


def test_what_cannot_be_ranked_is_refused_with_every_reason() -> None:
    rubric = plan_of(PLAN, rubric_of())
    whole = Sheet.of("A", "E1", SCORED)

    assert codes(rubric, []) == ["no-scores"]
    assert codes(rubric, [whole, whole]) == ["duplicate-sheet"]
    assert codes(rubric, [Sheet.of("A", "E1", 30), Sheet.of("A", "E2", {**SCORED, "site": 3, "x": 1})]) == [
        "needs-items",
        "unknown-item",
        "unknown-item",
    ]
    assert codes(plan_of(HEAD), [whole]) == ["needs-total"]
    assert codes(rubric, [whole]) == ["missing-fixed"]
    assert codes(rubric, [whole], fixed={"A": {"site": 11, "y": 1, "reuse": 3}, "B": {}}) == [
        "off-scale",
        "off-scale",
        "unknown-application",
        "unknown-entry",
    ]
    off = [replace(whole, evaluator=f"E{n}", points={**SCORED, "goal": Fraction(13)}) for n in range(2)]
    assert codes(rubric, off, fixed={"A": {"site": 3}}) == ["off-scale", "off-scale"]
    assert codes(plan_of(f'{HEAD}[scale]\nmax = "50"'), TIED) == ["off-scale"] * 4
