"""`evalcomm rubric check` and `plan check`, and the rubrics and plans that evalcomm ships."""

from __future__ import annotations

from pathlib import Path

import pytest

from evalcomm.engine.plan import Method
from evalcomm.resources import data_folder, plan_file, rubric_file
from evalcomm.tables.plans import load_plan
from tests.engine.documents import PLAN, RUBRIC
from tests.tables.commands import evalcomm

RUBRICS = sorted(data_folder("rubrics").glob("*.toml"))
PLANS = sorted((data_folder("rubrics") / "plans").glob("*.toml"))


@pytest.mark.parametrize("path", RUBRICS, ids=lambda path: path.stem)
def test_a_shipped_rubric_is_warned_of_nothing(path: Path) -> None:
    said = evalcomm("rubric", "check", path, "--format", "json")
    assert (said.code, said.document["errors"], said.document["warnings"]) == (0, [], [])
    assert path == rubric_file(path.stem)


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem)
def test_a_shipped_plan_is_warned_of_nothing(path: Path) -> None:
    said = evalcomm("plan", "check", path, "--format", "json")
    assert (said.code, said.document["errors"], said.document["warnings"]) == (0, [], [])
    plan = load_plan(path).ready()
    assert (plan.id, plan.seal()) == (path.stem, said.document["sha256"])
    assert path == plan_file(path.stem)


def test_the_numbers_of_the_regimes_stand_where_they_belong() -> None:
    plans = {path.stem: load_plan(path).ready() for path in PLANS}

    negotiated = plans["kr-negotiated"]
    assert (negotiated.committee.members, negotiated.committee.reserve_multiple) == (7, 3)
    assert str(negotiated.cut.total_ratio) == "17/20"
    assert {plan.regime for plan in plans.values()} == {
        "national_subsidy",
        "local_subsidy",
        "rnd",
        "negotiated",
        "balanced",
    }
    for name, plan in plans.items():
        if name.startswith("kr-subsidy"):
            assert plan.committee.reserve_multiple is None
            assert plan.aggregate.method is Method.TRIMMED_MEAN
            assert plan.tie_keys[-1] == "lot"
            assert plan.allocation is not None
    served = {plan.rubric.id for name, plan in plans.items() if name.startswith("kr-subsidy") and plan.rubric}
    assert served == {"hub", "industry", "talent", "community", "fund"}


def test_errors_of_rubric_and_plan_are_told_together_with_their_places(tmp_path: Path) -> None:
    (tmp_path / "small.toml").write_text(RUBRIC.replace('input = "yes-no"', 'input = "yes"'), encoding="utf-8")
    (tmp_path / "plan.toml").write_text(f'rubric = "small.toml"\n{PLAN}drop_hgih = 2\n', encoding="utf-8")

    said = evalcomm("plan", "check", tmp_path / "plan.toml", "--format", "json")

    assert said.code == 1
    assert said.document["sha256"] is None
    places = [(error["file"], error["line"], error["key"]) for error in said.document["errors"]]
    rubric_line = RUBRIC.splitlines().index('  input = "yes-no"') + 1
    assert places == [
        ("small.toml", rubric_line, "criterion[2].item[2].input"),
        ("plan.toml", 8, "aggregate.drop_hgih"),
    ]
    assert [error["suggestion"] for error in said.document["errors"]][1] == "did you mean 'drop_high'?"


def test_warnings_alone_are_no_failure(tmp_path: Path) -> None:
    path = tmp_path / "small.toml"
    path.write_text(RUBRIC.replace('min_ratio = "0.4"', 'min_ratio = "0.2"'), encoding="utf-8")

    said = evalcomm("rubric", "check", path, "--format", "json")

    assert said.code == 0
    line = RUBRIC.splitlines().index('min_ratio = "0.4"') + 1
    assert [(w["line"], w["key"]) for w in said.document["warnings"]] == [(line, "criterion[1].min_ratio")]
    assert len(said.document["sha256"]) == 64


def test_weights_are_shown_as_stated_as_possible_and_as_observed(tmp_path: Path) -> None:
    rubric = tmp_path / "small.toml"
    rubric.write_text(RUBRIC, encoding="utf-8")
    scores = tmp_path / "scores.csv"
    rows = [
        f"A,E{n},{item},{score}"
        for n, sheet in enumerate(("상상예", "상중아니오", "상하아니오"))
        for item, score in zip(("goal", "jobs", "ready"), (sheet[0], sheet[1], sheet[2:]), strict=True)
    ]
    scores.write_text("application,evaluator,item,score\n" + "\n".join(rows), encoding="utf-8")

    said = evalcomm("rubric", "check", rubric, "--scores", scores, "--format", "json")

    assert said.code == 0
    observed = {weight["item"]: round(weight["effective"], 3) for weight in said.document["weights"]["observed"]}
    assert observed["goal"] == 0
    assert sum(observed.values()) == pytest.approx(1)
    assert any("'goal' weighs less than stated" in warning["message"] for warning in said.document["warnings"])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"a = \n", "line 1"),
        (b"\xff", "is not UTF-8 text"),
        (b"", "is required and missing"),
        (b"\x00", "is not valid TOML"),
    ],
)
def test_what_is_no_document_is_an_error_with_its_line(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "x.toml"
    path.write_bytes(content)
    for kind in ("rubric", "plan"):
        said = evalcomm(kind, "check", path, "--format", "csv")
        assert said.code == 1
        assert message.replace("line 1", ",1,") in said.out.decode()


def test_a_path_that_is_no_file_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.toml"):
        assert evalcomm("plan", "check", path).code == 1
    (tmp_path / "plan.toml").write_text('id = "p"\nversion = 1\nrubric = "none.toml"\n', encoding="utf-8")
    said = evalcomm("plan", "check", tmp_path / "plan.toml", "--format", "json")
    assert (said.code, [error["key"] for error in said.document["errors"]]) == (1, ["rubric"])


def test_shipped_documents_go_by_their_bare_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    sealed = evalcomm("plan", "check", plan_file("kr-rnd"), "--format", "json").document["sha256"]
    assert evalcomm("plan", "check", "kr-rnd", "--format", "json").document["sha256"] == sealed
    assert evalcomm("rubric", "check", "hub").code == 0
    assert evalcomm("plan", "check", "kr-moon").code == 1
    assert evalcomm("plan", "check", "a\0b").code == 1
    (tmp_path / "kr-rnd").write_text("id = 1", encoding="utf-8")
    assert evalcomm("plan", "check", "kr-rnd").code == 1
