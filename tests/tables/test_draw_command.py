"""`evalcomm draw` as a secretary, a script and somebody who doubts the draw use it."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from evalcomm.engine.draw import check_draw
from tests.tables.commands import Said, evalcomm

# The candidates of RFC 3797, §6.
NAMES = [
    "John",
    "Mary",
    "Bashful",
    "Dopey",
    "Sleepy",
    "Grouchy",
    "Doc",
    "Sneazy",
    "Handsome",
    "Cassandra",
    "Pollyanna",
    "Pendragon",
    "Pandora",
    "Faith",
    "Hope",
    "Charity",
    "Lee",
    "Longsuffering",
    "Chastity",
    "Smith",
    "Pride",
    "Sloth",
    "Envy",
    "Anger",
    "Kasczynski",
]
RFC_SOURCES = ("--source", "9319", "--source", "2 5 12 8 10", "--source", "9, 18,26 34 41 45")
POOL = "candidate\n" + "\n".join(NAMES) + "\n"
REGIONS = "candidate,region,성별\n" + "".join(
    f"C{place:02},{['부산', '제주', '전북'][place % 3]},{'여남'[place % 2]}\n" for place in range(1, 13)
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(text: str, encoding: str = "utf-8") -> Path:
    path = Path("pool.csv")
    path.write_bytes(text.encode(encoding))
    return path


def drawn(text: str, *options: str) -> Any:
    said = evalcomm("draw", write(text), *options, "--format", "json")
    assert said.code == 0, said.err
    return said.document


def refused(text: str, *options: str) -> str:
    said = evalcomm("draw", write(text), *options)
    assert said.code == 1
    assert said.out == b""
    return said.err


def test_the_draw_of_the_rfc() -> None:
    document = drawn(POOL, "--size", "10", *RFC_SOURCES)

    assert document["method"] == "rfc3797"
    assert document["key"] == "9319./2.5.8.10.12./9.18.26.34.41.45./"
    assert document["selected"] == [
        "Lee",
        "Doc",
        "Mary",
        "Charity",
        "Kasczynski",
        "Envy",
        "Sneazy",
        "Anger",
        "Chastity",
        "Pandora",
    ]
    first = document["steps"][0]
    assert (first["i"], first["digest"], first["remaining"], first["position"], first["pick"]) == (
        0,
        "990dd0a5692a029a98b5e01aa28f3459",
        25,
        17,
        "Lee",
    )
    assert document["pool"][0] == {"candidate": "John", "strata": [], "probability": "0.4"}
    assert document["bits_needed"] == 21.6


def test_sha256_says_the_same_whatever_the_order_of_rows_and_rfc3797_follows_it() -> None:
    shuffled = "candidate\n" + "\n".join(reversed(NAMES)) + "\n"
    forms = {
        method: [
            evalcomm("draw", write(text), "--size", "5", "--method", method, *RFC_SOURCES, "--format", "json").out
            for text in (POOL, shuffled)
        ]
        for method in ("sha256", "rfc3797")
    }

    assert forms["sha256"][0] == forms["sha256"][1]
    picks = [json.loads(out)["selected"] for out in forms["rfc3797"]]
    assert [NAMES.index(name) for name in picks[0]] == [len(NAMES) - 1 - NAMES.index(name) for name in picks[1]]


def test_strata_reserves_and_the_skipped() -> None:
    options = ["--size", "5", "--source", "7 11", "--strata", "region", "--reserve", "1"]
    document = drawn(REGIONS, *options, "--quota", "제주=2", "--quota", "부산=1", "--quota", "전북=2")
    gone = document["selected"][0]
    again = drawn(REGIONS, *options, "--quota", "제주=2", "--quota", "부산=1", "--quota", "전북=2", "--skip", gone)

    assert [step["stratum"] for step in document["steps"]] == ["제주"] * 3 + ["부산"] * 2 + ["전북"] * 3
    assert [step["key"] for step in document["steps"]][::3] == ["7.11./제주./", "7.11./부산./", "7.11./전북./"]
    assert document["strata"][0] == {"stratum": "제주", "members": 4, "quota": 2, "reserve": 1}
    assert again["skipped"] == [gone]
    assert again["selected"] == [document["selected"][1], document["reserve"][0], *document["selected"][2:]]
    chances = {one["candidate"]: one["probability"] for one in again["pool"]}
    assert (chances[gone], chances[again["selected"][0]]) == ("0", "2/3")


def test_columns_cross_and_numbers_follow_the_sizes() -> None:
    document = drawn(REGIONS, "--size", "6", "--source", "1", "--strata", "region", "--strata", "성별")

    assert {one["stratum"]: one["quota"] for one in document["strata"]} == {
        f"{region} / {sex}": 1 for region in ("부산", "전북", "제주") for sex in ("남", "여")
    }


def test_every_format_holds_the_picks() -> None:
    pool = write("candidate\n=1+1\n@x\n")
    options = ("draw", pool, "--size", "2", "--source", "3", "--method", "sha256")

    table = evalcomm(*options).out.decode()
    rows = list(csv.DictReader(io.StringIO(evalcomm(*options, "--format", "csv").out.decode())))
    book = openpyxl.load_workbook(io.BytesIO(evalcomm(*options, "--format", "xlsx").out))

    assert "후보 2명 중 선정 2명" in table
    assert {row["candidate"] for row in rows} == {"'=1+1", "'@x"}
    assert [row["order"] for row in rows] == ["1", "2"]
    assert book.sheetnames == ["draw", "pool"]
    assert {cell.data_type for cell in book["pool"]["B"]} == {"s"}


def test_other_encodings_and_look_alikes() -> None:
    said = evalcomm("draw", write("candidate\n김하나\n이두리\n", "cp949"), "--size", "1", "--source", "1")

    assert said.code == 0
    assert "read as cp949" in said.err
    assert "row 3, column candidate: candidate 가 stands in row 2 already" in refused(
        "candidate\n가\n\u1100\u1161\n", "--size", "1", "--source", "1"
    )


def test_names_on_the_command_line_are_composed_like_the_cells() -> None:
    decomposed = [unicodedata.normalize("NFD", part) for part in ("지역", "부산=1", "가")]
    document = drawn(
        "candidate,지역\n가,부산\n나,부산\n",
        *("--size", "1", "--source", "1", "--strata", decomposed[0], "--quota", decomposed[1], "--skip", decomposed[2]),
    )

    assert document["selected"] == ["나"]


def test_a_sheet_of_a_workbook_is_named() -> None:
    book = openpyxl.Workbook()
    pool = book.create_sheet("명부")
    for row in (["candidate"], ["A"]):
        pool.append(row)
    book.save("pool.xlsx")

    said = evalcomm("draw", "pool.xlsx", "--sheet", "명부", "--size", "1", "--source", "1", "--format", "json")

    assert said.document["selected"] == ["A"]


def test_skipping_somebody_who_was_not_drawn_is_told() -> None:
    document = drawn(POOL, "--size", "1", *RFC_SOURCES, "--skip", "Smith")

    assert document["warnings"] == ["Smith was not drawn, so skipping changes nothing"]


@pytest.mark.parametrize(
    ("text", "options", "says"),
    [
        ("candidate\nA\nB\nA\n", [], "pool.csv: row 4, column candidate: candidate A stands in row 2 already"),
        ("candidate,x\nA,1\n,2\n", [], "pool.csv: row 3, column candidate: is blank"),
        ('candidate\n"A\nB"\n', [], "pool.csv: row 2, column candidate: 'A\\nB' goes over a line"),
        ("candidate\n", [], "pool.csv: there is a header but no row below it"),
        ("", [], "pool.csv: is empty"),
        ("name\nA\n", [], "pool.csv: row 1, column candidate: the header has no such column"),
        ("candidate\nA\n", ["--size", "2"], "pool.csv: the pool has 1 candidates; 2 cannot be drawn from it"),
        ("candidate\nA\n", ["--skip", "B"], "pool.csv: nobody in the pool is called B"),
        ("candidate\nA\n", ["--strata", "region"], "row 1, column region: the header has no such column"),
        ("candidate,region\nA,\n", ["--strata", "region"], "row 2, column region: is blank"),
        ("candidate,r\nA,x\n", ["--strata", "r", "--quota", "y=1"], "there is no stratum 'y'; the pool has 'x'"),
    ],
)
def test_bad_pools_are_refused_with_their_place(text: str, options: list[str], says: str) -> None:
    assert says in refused(text, "--size", "1", "--source", "1", *options)


def test_a_formula_in_a_workbook_is_no_name() -> None:
    book = openpyxl.Workbook()
    for row in (["candidate"], ["A"], ['="B"']):
        book.active.append(row)
    book.save("pool.xlsx")

    said = evalcomm("draw", "pool.xlsx", "--size", "1", "--source", "1")

    assert said.code == 1
    assert "pool.xlsx: row 3, column candidate:" in said.err
    assert "is a formula" in said.err


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--size", "1"], "Missing option '--source'"),
        (["--source", "1"], "Missing option '--size'"),
        (["--size", "0", "--source", "1"], "--size"),
        (["--size", "1", "--source", " , "], "a source without numbers"),
        (["--size", "1", "--source", "로또"], "'로또' is no whole number"),
        (["--size", "1", "--source", "-5"], "'-5' is no whole number"),
        (["--size", "1", "--source", "１２"], "'１２' is no whole number"),
        (["--size", "1", "--source", "2634.70"], "announce it as 263470, without the point"),
        (["--size", "1", "--source", "9" * 201], "more than 200 digits"),
        (["--size", "1", "--source", "1", "--quota", "x=1"], "name its column with --strata"),
        (["--size", "1", "--source", "1", "--strata", "r", "--quota", "x"], "'x' is no number of a stratum"),
        (["--size", "1", "--source", "1", "--strata", "r", "--quota", "x=1", "--quota", "x=1"], "twice"),
        (["--size", "1", "--source", "1", "--method", "md5"], "md5"),
    ],
)
def test_wrong_usage(options: list[str], says: str) -> None:
    said: Said = evalcomm("draw", write(POOL), *options)

    assert (said.code, said.out) == (2, b"")
    assert says in said.err


# The stand-alone script, as a stranger runs it.


def checked(record: Any, *more: str) -> tuple[int, str]:
    Path("record.json").write_text(json.dumps(record), encoding="utf-8")
    script = Path(str(check_draw.__file__))
    assert len(script.read_text("utf-8").splitlines()) < 60
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-X", "utf8", script, "record.json", *more],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout + done.stderr


STRATA = ("--strata", "region", "--quota", "제주=2", "--quota", "부산=1", "--quota", "전북=2", "--reserve", "1")


def swap_selected(record: Any) -> None:
    record["selected"].reverse()


def name_a_friend(record: Any) -> None:
    record["steps"][0]["pick"] = record["selected"][0] = record["pool"][-1]["candidate"]


def change_a_number(record: Any) -> None:
    record["sources"][0] += " 1"


def add_a_candidate(record: Any) -> None:
    record["pool"].insert(0, {"candidate": "A0", "strata": ["제주"], "probability": "0"})


def raise_a_chance(record: Any) -> None:
    record["pool"][2]["probability"] = "1"


def hide_the_skipped(record: Any) -> None:
    record["skip"] = []


def draw_a_stratum_twice(record: Any) -> None:
    record["strata"] = record["strata"][:1] * 2
    record["steps"] = record["steps"][:4] * 2
    for how in ("selected", "reserve", "skipped"):
        record[how] = [step["pick"] for step in record["steps"] if step["outcome"] == how]


def change_a_digest(record: Any) -> None:
    record["steps"][1]["digest"] = record["steps"][0]["digest"]


def forget_the_pool(record: Any) -> None:
    del record["pool"]


@pytest.mark.parametrize("method", ["rfc3797", "sha256"])
def test_a_good_record_holds_and_every_change_is_found(method: str) -> None:
    without_strata = drawn(POOL, "--size", "7", "--reserve", "3", "--method", method, *RFC_SOURCES)
    assert checked(without_strata, "pool.csv")[0] == 0
    first = drawn(REGIONS, "--size", "5", "--source", "7 11", "--method", method, *STRATA)["selected"][0]
    record = drawn(REGIONS, "--size", "5", "--source", "7 11", "--method", method, *STRATA, "--skip", first)

    code, said = checked(record, "pool.csv")

    assert (code, said.splitlines()[-1]) == (0, "the record holds")
    assert "sources: ['7 11']" in said
    tampered: list[tuple[Callable[[Any], None], str]] = [
        (swap_selected, "selected"),
        (name_a_friend, "steps, selected"),
        (change_a_number, "key, steps"),
        (add_a_candidate, "pool_sha256"),
        (raise_a_chance, "probability"),
        (hide_the_skipped, "steps"),
        (draw_a_stratum_twice, "pool"),
        (change_a_digest, "steps"),
        (forget_the_pool, "no record of a draw"),
    ]
    for change, says in tampered:
        other = json.loads(json.dumps(record))
        change(other)
        code, said = checked(other)
        assert code == 1, change
        assert says in said, change
    write(REGIONS.replace("C12,부산", "C12,제주"))
    assert checked(record, "pool.csv") == (1, said_of(record) + "DIFFERENT: published pool\n")


def said_of(record: Any) -> str:
    return "".join(f"{name}: {record[name]}\n" for name in ("method", "sources", "strata", "skip"))
