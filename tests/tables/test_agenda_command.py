"""`evalcomm agenda` as a secretary uses it before a meeting."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.tables.commands import evalcomm


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write("a.csv", "application,organisation\nA1,한국대\nA2,\nA3,행복시\nA4,한국대\n")
    write("e.csv", "evaluator,organisation\nE1,한국대\nE2,\nE3,LH\n")
    write("c.csv", "application,evaluator,reason\nA1,E2,제척\nA3,E2,회피\nA3,E2,기피\nA3,E3,\n")


def write(name: str, text: str) -> None:
    Path(name).write_text(text, encoding="utf-8")


def test_each_way_through_the_door_is_told_with_its_reason() -> None:
    said = evalcomm("agenda", "a.csv", "--conflicts", "c.csv", "--evaluators", "e.csv", "--format", "json")

    assert (said.code, said.err) == (0, "")
    document = said.document
    assert [item["application"] for item in document["items"]] == ["A2", "A3", "A1", "A4"]
    assert document["items"][2] == {
        "position": 3,
        "application": "A1",
        "recused": ["E1", "E2"],
        "leave": ["E1"],
        "come_back": ["E3"],
    }
    assert document["absences"] == [
        {
            "evaluator": "E2",
            "leaves_before": "A3",
            "comes_back_before": "A4",
            "recused_from": [{"application": "A3", "reason": "기피, 회피"}, {"application": "A1", "reason": "제척"}],
        },
        {
            "evaluator": "E3",
            "leaves_before": "A3",
            "comes_back_before": "A1",
            "recused_from": [{"application": "A3", "reason": ""}],
        },
        {
            "evaluator": "E1",
            "leaves_before": "A1",
            "comes_back_before": None,
            "recused_from": [{"application": "A1", "reason": "한국대"}, {"application": "A4", "reason": "한국대"}],
        },
    ]
    assert (document["count"], document["bound"], document["proved"], document["count_by_id"]) == (3, 3, True, 5)


def test_without_the_evaluators_only_what_is_declared_counts() -> None:
    document = evalcomm("agenda", "a.csv", "--conflicts", "c.csv", "--format", "json").document

    assert {absence["evaluator"] for absence in document["absences"]} == {"E2", "E3"}
    assert document["count"] == 2


def test_people_read_it_too() -> None:
    shown = evalcomm("agenda", "a.csv", "--conflicts", "c.csv", "--evaluators", "e.csv").out.decode()

    assert "나갔다 들어오는 횟수 3회(신청 번호 순서로는 5회): 더 줄일 수 없음을 확인" in shown
    assert "A3 (기피, 회피), A1 (제척)" in shown


@pytest.mark.parametrize("form", ["table", "json", "csv", "xlsx"])
def test_shuffled_rows_give_the_same_bytes(form: str) -> None:
    said = []
    for seed in range(3):
        for name in ("a.csv", "c.csv", "e.csv"):
            head, *rows = Path(name).read_text(encoding="utf-8").splitlines()
            write(name, "\n".join([head, *random.Random(seed).sample(rows, len(rows))]))
        said.append(evalcomm("agenda", "a.csv", "--conflicts", "c.csv", "--evaluators", "e.csv", "--format", form).out)
    assert said[0] == said[1] == said[2]


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("a.csv", "application\n", "a.csv: there is a header but no row below it"),
        ("a.csv", "application\nA1\nA1\n", "a.csv: row 3, column application: application A1 stands in row 2"),
        (
            "c.csv",
            "application,evaluator\nA7,E2\n",
            "c.csv: row 2, column application: 'A7' is no application of a.csv",
        ),
        ("c.csv", "application,evaluator\nA1,E9\n", "c.csv: row 2, column evaluator: 'E9' is no evaluator of e.csv"),
        ("c.csv", "application,evaluator\nA1,\n", "c.csv: row 2, column evaluator: is blank"),
        ("c.csv", "", "c.csv: is empty"),
        ("e.csv", "evaluator\nE2\nE2\n", "e.csv: row 3, column evaluator: evaluator E2 stands in row 2"),
    ],
)
def test_bad_tables_are_refused_with_their_place(name: str, text: str, sentence: str) -> None:
    write(name, text)

    said = evalcomm("agenda", "a.csv", "--conflicts", "c.csv", "--evaluators", "e.csv")

    assert (said.code, said.out) == (1, b"")
    assert f"error: {sentence}" in said.err


def test_a_meeting_beyond_all_reason_is_refused() -> None:
    rows = [f"A{i}" for i in range(1001)]
    write("a.csv", "application\n" + "\n".join(rows))
    write("c.csv", "application,evaluator\n" + "".join(f"{row},E1\n" for row in rows))

    said = evalcomm("agenda", "a.csv", "--conflicts", "c.csv")

    assert (said.code, said.err) == (1, "error: a.csv: more than 1000 applications of one meeting have recusals\n")


def test_the_conflicts_are_required() -> None:
    assert evalcomm("agenda", "a.csv").code == 2
