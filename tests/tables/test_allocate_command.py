"""`evalcomm allocate` and `sweep` as a secretary and a script use them, and the certificate as an outsider checks it."""

from __future__ import annotations

import csv
import importlib.util
import io
import json
import random
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evalcomm.engine import allocate as engine
from evalcomm.engine.allocate import AllocationPlan, Application, Outcome
from evalcomm.engine.exact import format_figure
from evalcomm.tables.commands.allocate import document_of
from evalcomm.tables.writing import json_bytes
from tests.engine.divisions import APPLICATIONS, PORTFOLIOS
from tests.tables.commands import Said, evalcomm

TABLE = """application,score,requested,own_funds,region,org
A,95,6,6,부산,X
B,90,6,6,부산,Y
C,85,4,6,대구,X
D,80,4,1,대구,Z
E,75,4,2,울산,Z
"""
HEAD = 'id = "p"\nversion = 1\n'
RULE = "[[allocate.rule]]\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(name: str, text: str | bytes) -> Path:
    path = Path(name)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def divided(body: str = "", budget: int = 10, *more: str, table: str = TABLE, before: str = "") -> Said:
    plan = write("plan.toml", f"{HEAD}{before}[allocate]\n{body}")
    return evalcomm(
        "allocate", write("t.csv", table), "--budget", str(budget), "--plan", plan, "--format", "json", *more
    )


def test_without_a_plan_the_order_of_scores_decides_and_every_line_says_why() -> None:
    said = evalcomm("allocate", write("t.csv", TABLE), "--budget", "12", "--format", "json")

    document = said.document
    assert (said.code, said.err) == (0, "")
    assert (document["status"], document["policy"], document["budget"]) == ("ok", "rank-order", 12)
    assert (document["awards"], document["unspent"], document["reserve"]) == ({"A": 6, "B": 6}, 0, ["C", "D", "E"])
    line = document["lines"][2]
    assert (line["application"], line["rank"], line["score"], line["status"]) == ("C", 3, "85", "reserve")
    assert line["reason"] == {
        "code": "budget-short",
        "ko": "4원이 필요하나 차례가 되었을 때 남은 예산이 0원",
        "en": "needs 4 won; 0 won were left at its turn",
    }
    assert line["would_change"]["en"] == (
        "all else equal, it would be funded with a budget raised to 16 won, or a score above 90"
    )
    assert document["warnings"] == []


def test_shuffled_rows_give_the_same_bytes() -> None:
    head, *rows = TABLE.splitlines()
    random.Random(3).shuffle(rows)
    shuffled = "\n".join([head, *rows]) + "\n"
    for body in ('policy = "proportional"\n', 'policy = "portfolio"\n', 'shortfall = "skip"\n'):
        assert divided(body, table=shuffled).out == divided(body).out


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("-5", "'-5' is negative"),
        ("1.5", "'1.5' is not an amount in whole won"),
        ("", "an amount is missing"),
        ("many", "'many' is not an amount"),
        ("=1+1", "'=1+1' is a formula"),
        ("1e9", "'1e9' is not an amount"),
    ],
)
def test_amounts_that_are_none_are_refused_with_row_and_column(cell: str, message: str) -> None:
    said = evalcomm("allocate", write("t.csv", f"application,score,requested\nA,90,5\nB,80,{cell}\n"), "--budget", "9")

    assert (said.code, said.out) == (1, b"")
    assert f"t.csv: row 3, column requested: {message}" in said.err


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ('kind = "cap"\ntag = "province"\nwon = 5', "column province"),
        ('kind = "limit"\ntag = "region"\nwon = 5', "is 'limit', which is not possible here"),
        ('kind = "cap"\ntag = "region"\nwon = 5\nfoo = 1', "foo: is not a known key"),
        ('kind = "cap"\ntag = "region"\nwon = 5.5', "must be a whole number"),
        ('kind = "cap"\ntag = "region"\nwon = -5', "must be at least 0"),
        ('kind = "pin"\napplication = "A"\nwon = 5', "author: is required and missing"),
        ('kind = "requires"\napplication = "A"\nneeds = "A"', "is A itself"),
        ('kind = "exclusive"\napplications = ["A"]', "at least two"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_with_its_place(rule: str, message: str) -> None:
    said = divided(f"{RULE}{rule}\n")

    assert (said.code, said.out) == (1, b"")
    assert message in said.err


def test_rules_about_nobody_are_warned_of_and_change_nothing() -> None:
    rules = [
        'kind = "cap"\ntag = "region"\nvalue = "제주"\nwon = 0',
        'kind = "max-awards"\ntag = "org"\nvalue = "Q"\ncount = 0',
        'kind = "exclusive"\napplications = ["A", "Q"]',
    ]
    said = divided("".join(f"{RULE}{rule}\n" for rule in rules), 12)

    assert said.document["awards"] == {"A": 6, "B": 6}
    assert [warning[:7] for warning in said.document["warnings"]] == ["rule 1:", "rule 2:", "rule 3:"]


@pytest.mark.parametrize(
    ("rule", "names"),
    [
        ('kind = "floor"\ntag = "region"\nvalue = "제주"\nwon = 5', [1]),
        ('kind = "pin"\napplication = "Q"\nwon = 5\nauthor = "a"\nreason = "b"', [1]),
        ('kind = "pin"\napplication = "A"\nwon = 7\nauthor = "a"\nreason = "b"', [1]),
    ],
)
def test_a_floor_or_a_pin_that_nobody_can_meet_is_a_conflict_with_a_repair(rule: str, names: list[object]) -> None:
    said = divided(f"{RULE}{rule}\n")

    document = said.document
    assert (said.code, document["status"], document["awards"]) == (0, "infeasible", {})
    assert [clash["rule"] for clash in document["conflict"]["rules"]] == names
    repair = document["conflict"]["repairs"][0]
    assert repair["rule"] == names[0]
    assert {"change", "to", "by"} <= repair.keys()


def test_a_pin_over_the_budget_names_the_budget() -> None:
    pins = "".join(f'{RULE}kind = "pin"\napplication = "{one}"\nwon = 6\nauthor = "a"\nreason = "b"\n' for one in "AB")
    conflict = divided(pins, 10).document["conflict"]

    assert {clash["rule"] for clash in conflict["rules"]} == {1, 2, "budget"}
    assert {"rule": "budget", "change": "budget", "to": 12, "by": 2}.items() <= next(
        repair for repair in conflict["repairs"] if repair["rule"] == "budget"
    ).items()


def test_the_pass_mark_rejects_under_every_policy_and_equality_passes_unless_the_cut_says_otherwise() -> None:
    for policy in ("rank-order", "proportional", "portfolio"):
        lines = divided(f'policy = "{policy}"\npass_score = "80"\n', 30).document["lines"]
        assert {line["application"] for line in lines if line["status"] == "rejected"} == {"E"}
        strict = divided(f'policy = "{policy}"\npass_score = "80"\n', 30, before="[cut]\ninclusive = false\n").document
        assert {line["application"] for line in strict["lines"] if line["status"] == "rejected"} == {"D", "E"}
        assert "E" not in strict["reserve"]


def test_a_rate_is_a_fraction_and_a_lot_names_the_tied_the_places_and_the_money() -> None:
    assert divided('policy = "proportional"\n', 12).document["rate"] == "1/2"
    tied = "application,score,requested,lot\nA,90,6,\nB,90,6,\nC,80,2,\n"
    waiting = divided(budget=10, table=tied).document
    drawn = divided(
        budget=10,
        table=tied.replace("6,\nB", "6,2\nB").replace("90,6,\nC", "90,6,1\nC"),
        before='[ties]\nkeys = ["lot"]\n',
    )

    assert waiting["status"] == "needs-lot"
    assert waiting["needs_lot"] == {"applications": ["A", "B"], "slots": 1, "budget_left": 10}
    assert drawn.document["awards"] == {"B": 6}


def test_a_decline_promotes_in_order_and_says_after_whom() -> None:
    document = divided(budget=12).document
    promoted = divided("", 12, "--declined", "B").document

    assert "promoted" not in document
    assert promoted["promoted"] == ["C"]
    line = next(line for line in promoted["lines"] if line["application"] == "C")
    assert line["reason"]["ko"] == "B 지원 포기로 예비순위에 따라 4원 지원"
    unknown = divided("", 12, "--declined", "Q")
    assert (unknown.code, unknown.out) == (1, b"")
    assert "Q has no award" in unknown.err


def test_the_sweep_names_every_stretch_and_every_paradox() -> None:
    plan = write("plan.toml", f'{HEAD}[allocate]\npolicy = "portfolio"\nobjective = "score"\n')
    table = write("t.csv", "application,score,requested\nX,70,6\nY,60,5\nZ,55,5\n")
    said = evalcomm("sweep", table, "--from", "0", "--to", "10", "--step", "2", "--plan", plan, "--format", "json")

    document = said.document
    assert (document["from"], document["to"], document["step"]) == (0, 10, 2)
    assert document["applications"] == {
        "X": [{"from": 6, "to": 8}],
        "Y": [{"from": 10, "to": 10}],
        "Z": [{"from": 10, "to": 10}],
    }
    assert document["paradoxes"] == [{"application": "X", "enters": 6, "exits": 10}]
    assert evalcomm("sweep", table, "--from", "5", "--to", "1", "--step", "1").code == 2
    assert evalcomm("sweep", table, "--from", "0", "--to", "1", "--step", "0").code == 2


def test_amounts_beyond_64_bits_are_divided_exactly_or_refused_in_words() -> None:
    table = f"application,score,requested\nA,90,{10**40}\nB,80,{10**40 + 1}\n"
    assert divided(budget=10**41, table=table).document["awards"] == {"A": 10**40, "B": 10**40 + 1}
    refused = divided('policy = "portfolio"\n', 10**41, table=table)
    assert (refused.code, refused.out) == (1, b"")
    assert "too large for an optimal portfolio" in refused.err


def test_nothing_in_csv_runs_as_a_formula() -> None:
    table = write("t.csv", "application,score,requested\n=cmd(),90,5\n")
    said = evalcomm("allocate", table, "--budget", "5", "--format", "csv")

    assert next(iter(csv.DictReader(io.StringIO(said.out.decode()))))["application"] == "'=cmd()"


def test_a_year_has_its_ceiling_and_an_award_is_due_in_it_by_its_share() -> None:
    table = "application,score,requested,requested_2027\nA,90,10,6\nB,80,10,5\nC,70,10,1\nD,60,10,\n"
    rule = f'{RULE}kind = "year"\nyear = "2027"\nwon = 7\n'
    for policy in ("rank-order", "portfolio"):
        document = divided(f'policy = "{policy}"\n{rule}', 30, table=table).document
        assert document["awards"] == {"A": 10, "C": 10, "D": 10}
    line = divided(rule, 30, table=table).document["lines"][1]
    assert (line["application"], line["reason"]["code"]) == ("B", "year")
    assert line["reason"]["en"] == "would exceed the ceiling of 7 won due in 2027 (6 won given, 5 won more)"
    without = divided(rule, 30)
    assert (without.code, without.out) == (1, b"")
    assert "row 1, column requested_2027" in without.err
    wrong = divided(rule, 30, table=table.replace("A,90,10,6", "A,90,10,11"))
    assert "row 2, column requested_2027: the years together are more than the 10 requested" in wrong.err


# the certificate


def script(name: str) -> ModuleType:
    path = Path(engine.__file__).with_name(f"{name}.py")
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


CHECK = script("check_certificate")
OPTIMUM = script("check_optimum")


def rows_of(applications: Sequence[Application]) -> dict[str, dict[str, str]]:
    """As the scripts read them from a table."""
    return {
        one.id: {
            "requested": str(one.requested),
            "requested_2027": str(one.by_year["2027"]),
            "minimum": str(one.minimum or ""),
            "maximum": str("" if one.maximum is None else one.maximum),
            "own_funds": str(one.own_funds),
            "region": one.tags["region"],
            "org": one.tags["org"],
        }
        for one in applications
    }


def result_of(applications: Sequence[Application], budget: int, plan: AllocationPlan) -> Any:
    answer = engine.allocate(applications, budget, plan, explain=False)
    return json.loads(json_bytes(document_of(answer, plan)))


@settings(max_examples=100)
@given(APPLICATIONS, PORTFOLIOS, st.integers(0, 30), st.data())
def test_the_scripts_confirm_every_optimum_and_no_forgery(
    applications: list[Application], plan: AllocationPlan, budget: int, data: st.DataObject
) -> None:
    result, rows = result_of(applications, budget, plan), rows_of(applications)
    if result["status"] == Outcome.INFEASIBLE.value:
        return
    found = CHECK.check(result, rows)
    value, bound = found["merit"]
    assert found["kept"]
    assert (format_figure(value), value <= bound) == (result["objective"]["value"], True)
    assert result["objective"]["proved"]
    assert OPTIMUM.optimal(found) in {True, None}

    one = data.draw(st.sampled_from(applications))
    forged = {**result, "awards": {**result["awards"], one.id: one.requested + 1}}
    assert not CHECK.check(forged, rows)["kept"]
    free = [name for name in result["awards"] if name not in result["certificate"]["fixed"]]
    if free and value > 0:
        worse = {**result, "awards": {name: won for name, won in result["awards"].items() if name != free[0]}}
        found = CHECK.check(worse, rows)
        better = value > found["merit"][0]
        assert not (better and found["kept"] and OPTIMUM.optimal(found))


def test_an_outsider_checks_a_result_with_two_short_scripts_of_plain_python() -> None:
    rules = [
        'kind = "cap"\ntag = "region"\nwon = 6',
        'kind = "max-awards"\ntag = "org"\ncount = 1',
        'kind = "matching"\nratio = "0.5"',
        'kind = "requires"\napplication = "E"\nneeds = "C"',
    ]
    body = 'policy = "portfolio"\nobjective = "score"\n' + "".join(f"{RULE}{rule}\n" for rule in rules)
    said = divided(body, 14)
    write("result.json", said.out)

    for name, last in (("check_certificate", "bound"), ("check_optimum", "optimal")):
        path = Path(engine.__file__).with_name(f"{name}.py")
        source = path.read_text("utf-8")
        assert len(source.splitlines()) < 60
        imported = {line.split()[1] for line in source.splitlines() if line.startswith(("import ", "from "))}
        assert imported <= {"csv", "json", "sys", "fractions", "math", "pathlib", "typing", "check_certificate"}
        run = subprocess.run(
            [sys.executable, "-I", str(path), "result.json", "t.csv"]
            if name == "check_certificate"
            else [sys.executable, str(path), "result.json", "t.csv"],
            capture_output=True,
            text=True,
            check=False,
        )
        assert (run.returncode, run.stderr) == (0, "")
        assert run.stdout.startswith("rules kept; value ")
        assert last in run.stdout


# other plans and budgets, rules and uncertainty beside the answer


def test_another_budget_and_another_plan_are_shown_as_changes_of_this_one() -> None:
    more = divided("", 12, "--against-budget", "16").document["against"]
    skip = write("skip.toml", f'{HEAD}[allocate]\nshortfall = "skip"\n')
    other = divided("", 10, "--against", str(skip)).document["against"]

    assert (more["budget"], more["unspent"]) == (16, 0)
    assert (more["enters"], more["leaves"], more["won_moved"]) == (["C"], [], 4)
    assert (other["plan"], other["enters"], other["changes"]) == (
        "skip.toml",
        ["C"],
        [{"application": "C", "awarded": 0, "against": 4}],
    )


def test_each_rule_has_its_cost_in_merit_and_awards() -> None:
    rules = [
        'kind = "cap"\ntag = "region"\nvalue = "부산"\nwon = 6',
        'kind = "max-awards"\ntag = "org"\ncount = 1',
    ]
    body = 'policy = "portfolio"\nobjective = "score"\n' + "".join(f"{RULE}{rule}\n" for rule in rules)
    document = divided(body, 16, "--rule-costs").document

    assert document["awards"] == {"B": 6, "C": 4, "D": 4}
    cap, counts = document["rule_costs"]
    assert (cap["kind"], cap["merit"], cap["without"]["enters"]) == ("cap", "10", ["A"])
    assert (counts["kind"], counts["merit"]) == ("max-awards", "5")
    assert (counts["without"]["enters"], counts["without"]["leaves"]) == (["A"], ["B"])


def test_the_chance_of_an_award_is_the_share_of_the_draws() -> None:
    draws = write(
        "draws.csv", "application,1,2,3,4\nA,95,95,95,95\nB,90,90,80,90\nC,85,91,85,91\nD,1,1,1,1\nE,0,0,0,0\n"
    )
    found = divided("", 12, "--draws", str(draws)).document["probability"]

    assert (found["draws"], found["source"], found["undecided"]) == (4, "draws.csv", 0)
    assert found["applications"] == {"A": 1, "B": 0.25, "C": 0.75, "D": 0, "E": 0}
    assert found["uncertain"] == ["B", "C"]
    missing = divided("", 12, "--draws", str(write("few.csv", "application,1\nA,95\n")))
    assert (missing.code, missing.out) == (1, b"")
    assert "few.csv: has no score of B, C, D, E" in missing.err
    assert divided("", 12, "--draws", "draws.csv", "--scores", "draws.csv").code == 2


def test_the_sheets_of_the_evaluators_tell_how_sure_the_line_is() -> None:
    source = random.Random(5)
    sheets = [
        f"{one},E{n},{90 - 5 * place + source.randint(-4, 4)}" for place, one in enumerate("ABCDE") for n in range(6)
    ]
    scores = write("scores.csv", "application,evaluator,score\n" + "\n".join(sheets) + "\n")
    said = divided("", 12, "--scores", str(scores))

    found = said.document["probability"]["applications"]
    assert said.out == divided("", 12, "--scores", str(scores)).out
    assert 1 >= found["A"] > found["B"] > found["C"] > found["E"] >= 0
    assert found["A"] > 0.95
