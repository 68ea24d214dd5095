"""Which language the file commands answer in, and every command refusing bad input in Korean."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from evalcomm.tables.language import said, speaks_korean
from tests.tables.commands import evalcomm


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("EVALCOMM_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.mark.parametrize(
    ("environment", "korean"),
    [
        ({}, False),
        ({"LANG": "ko_KR.UTF-8"}, True),
        ({"LANG": "ko_KR.UTF-8", "LC_MESSAGES": "C.UTF-8"}, False),
        ({"LANG": "C.UTF-8", "LC_MESSAGES": "ko_KR"}, True),
        ({"LANG": "ko_KR.UTF-8", "LC_MESSAGES": "ko_KR", "LC_ALL": "C.UTF-8"}, False),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "ko_KR.euckr"}, True),
        ({"LANG": "ko_KR.UTF-8", "LC_ALL": ""}, True),
        ({"LANG": "C.UTF-8", "EVALCOMM_LANG": "ko"}, True),
        ({"LC_ALL": "ko_KR.UTF-8", "EVALCOMM_LANG": "en"}, False),
    ],
)
def test_the_override_decides_before_the_locale(
    environment: dict[str, str], korean: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    assert speaks_korean() is korean
    assert bool(re.search("[가-힣]", said("there is no such file"))) is korean


@pytest.mark.parametrize(
    ("locale", "korean"), [("ko_KR", True), ("Korean_Korea", True), ("English_United States", False), (None, False)]
)
def test_windows_speaks_the_language_of_the_account(
    locale: str | None, korean: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr("locale.getlocale", lambda: (locale, "cp949"))

    assert speaks_korean() is korean


FILES = {
    "scores.csv": "application,evaluator,score\n가,E1,90\n가,E2,칠십\n가,E1,80\n,E3,1\n",
    "sound.csv": "application,evaluator,score\n가,E1,90\n가,E2,\n나,E1,70\n나,E2,회피\n",
    "heading.csv": "Application,evaluator,points\n가,E1,90\n",
    "wide.csv": "application,evaluator,score\n가,E1,80,5\n",
    "semicolons.csv": "application;evaluator;score\n가;E1;80\n",
    "open.csv": 'application,evaluator,score\n가,E1,"80\n',
    "empty.csv": "",
    "single.csv": "application,evaluator,score\n가,E1,90\n",
    "words.csv": "application,evaluator,score\n가,E1,상\n가,E2,하\n",
    "mixed.csv": "application,evaluator,score\n가,E1,상\n가,E2,90\n",
    "items.csv": "application,evaluator,item,score\n가,E1,a,9\n가,E1,b,11\n가,E1,c,1\n",
    "money.csv": "application,score,requested,minimum\n가,90,1000.5,\n나,80,100,200\n",
    "divide.csv": "application,score,requested,region\n가,90,1000,부산\n나,80,500,\n",
    "draws.csv": "application,d1\n가,90\n다,80\n",
    "people.csv": "evaluator,organisation,min_load,max_load\nE1,가대,3,1\nE2,,x,\n",
    "members.csv": "evaluator,organisation\nE1,가대\nE2,\n",
    "applicants.csv": "application,organisation\n가,가대\n나,\n",
    "pairs.csv": "application,evaluator\n다,E1\n가,E9\n",
    "fixed.csv": "application,evaluator\n가,E1\n",
    "pool.csv": "candidate,region\n김,부산\n이,서울\n김,서울\n",
    "candidates.csv": "candidate,region\n김,부산\n이,서울\n박,서울\n",
    "broken.toml": 'id = "broken\n',
    "plan.toml": """id = "plan"
version = 1
[allocate]
policy = "rank-order"
colour = 1
[[allocate.rule]]
kind = "cap"
tag = "region"
value = "서울"
won = "1"
""",
    "capped.toml": """id = "plan"
version = 1
[allocate]
policy = "rank-order"
[[allocate.rule]]
kind = "cap"
tag = "region"
value = "서울"
won = 100
""",
    "plain.toml": 'id = "plan"\nversion = 1\n',
    "rubric.toml": """id = "rubric"
title = "평가표"
version = 1
total = "20"
[direct]
step = "0.5"
[[criterion]]
id = "k"
title = "내용"
points = "20"
[[criterion.item]]
id = "a"
title = "하나"
points = "10"
[[criterion.item]]
id = "b"
title = "둘"
points = "10"
""",
}

REFUSED: dict[str, tuple[str, ...]] = {
    "rank none.csv": ("오류: none.csv: 그런 파일이 없습니다.",),
    "rank .": ("오류: .: 폴더입니다. 그 안의 파일을 적으십시오.",),
    "rank scores.csv": (
        "오류: scores.csv: 3행 score 열: ‘칠십’은 숫자가 아닙니다. 84나 69.5처럼 적으십시오.",
        "오류: scores.csv: 4행 score 열: E1 위원의 가 평가표가 2행에 이미 있습니다. 하나만 남기십시오.",
        "오류: scores.csv: 5행 application 열: 비어 있습니다. 값을 적으십시오.",
    ),
    "rank heading.csv": (
        "오류: heading.csv: 1행 application 열: 이런 이름의 열이 없습니다. ‘Application’ 열의 이름을 ‘application’(으)로 고치십시오.",
        "오류: heading.csv: 1행 score 열: 이런 이름의 열이 없습니다. 지금 있는 열: Application, evaluator, points",
    ),
    "rank wide.csv": (
        "오류: wide.csv: 2행 score 열: ‘80’ 다음의 ‘5’ 칸에는 열 이름이 없습니다. 소수점은 점(80.5)으로 적고, 쉼표가 든 글자는 따옴표로 묶으십시오.",
    ),
    "rank semicolons.csv": (
        "오류: semicolons.csv: 1행: 칸이 세미콜론(;)으로 나뉘어 있습니다. 쉼표로 나누어 저장하십시오.",
    ),
    "rank open.csv": ("오류: open.csv: 2행: CSV로 읽을 수 없습니다: 여는 따옴표의 짝이 없는 칸이 있습니다.",),
    "rank empty.csv": ("오류: empty.csv: 비어 있습니다. 첫 행에 열 이름을 적어야 합니다.",),
    "rank sound.csv --sheet 1차": ("오류: sound.csv: XLSX 파일이 아니어서 ‘1차’ 시트가 없습니다.",),
    "rank sound.csv --fixed none.csv": (
        "오류: none.csv: 정량 항목이 있는 평가표가 있어야 합니다. --rubric이나 그런 평가계획을 지정하십시오.",
    ),
    "rank items.csv --rubric rubric.toml": (
        "오류: items.csv: 3행 score 열: ‘11’은 점수 범위를 벗어납니다. 쓸 수 있는 값: 0부터 10까지 0.5점 단위",
        "오류: items.csv: 4행 item 열: 평가표에 ‘c’ 항목이 없습니다. 쓸 수 있는 이름: a, b",
    ),
    "rank sound.csv --output nowhere/a.json": (
        "주의: E2 위원의 가 평가표가 제출되지 않았습니다.",
        "오류: nowhere/a.json: 쓸 수 없습니다(그런 폴더가 없음).",
    ),
    "rank sound.csv --output sound.csv": ("오류: sound.csv: 이 명령이 읽는 파일입니다. 다른 파일에 쓰십시오.",),
    "rank sound.csv --plan plan.toml": (
        "오류: plan.toml: 5번째 줄 allocate.colour: 모르는 키입니다. (쓸 수 있는 이름: band, level, min_award_ratio, objective, pass_score, shortfall, ties_at_line, unit_won)",
        "오류: plan.toml: 10번째 줄 allocate.rule[1].won: 지금은 글자인데, 있어야 할 것: 따옴표 없는 정수. (이렇게 적으십시오: 따옴표 없는 정수)",
    ),
    "agreement mixed.csv": (
        "오류: mixed.csv: 2행 score 열: ‘상’은 숫자가 아닙니다. 84나 69.5처럼 적으십시오. 점수가 범주이면 --nominal을 붙이십시오.",
    ),
    "agreement words.csv --plot a.svg": ("오류: words.csv: 점수가 범주여서 --plot으로 그릴 수 없습니다.",),
    "allocate money.csv --budget 1000": (
        "오류: money.csv: 2행 requested 열: ‘1000.5’는 원 단위의 정수가 아닙니다. 1500000000처럼 적으십시오.",
        "오류: money.csv: 3행 minimum 열: 200원은 신청액 100원보다 많습니다.",
    ),
    "allocate divide.csv --budget 1000 --plan plain.toml": (
        "오류: plain.toml: [allocate] 표가 없습니다. policy와 함께 더하십시오.",
    ),
    "allocate divide.csv --budget 1000 --declined 다": ("오류: divide.csv: 다: 포기할 지원이 없습니다.",),
    "allocate divide.csv --budget 1000 --draws draws.csv": (
        "오류: draws.csv: 점수가 없는 과제가 있습니다: 나. 모든 과제에 점수의 표본이 있어야 합니다.",
    ),
    "sweep money.csv --from 0 --to 10 --step 1 --plan capped.toml": (
        "오류: money.csv: 1행 region 열: capped.toml의 1번째 규칙이 이 분류를 쓰는데 이런 이름의 열이 없습니다.",
    ),
    "assign applicants.csv people.csv --per-application 1": (
        "오류: people.csv: 2행 max_load 열: 1은 min_load 3보다 작습니다.",
        "오류: people.csv: 3행 min_load 열: ‘x’는 정수가 아닙니다. 0, 1, 2처럼 적으십시오.",
    ),
    "assign applicants.csv members.csv --per-application 1 --conflicts pairs.csv": (
        "오류: pairs.csv: 2행 application 열: applicants.csv에 ‘다’ 과제가 없습니다.",
        "오류: pairs.csv: 3행 evaluator 열: members.csv에 ‘E9’ 위원이 없습니다.",
    ),
    "assign applicants.csv members.csv --per-application 1 --fixed fixed.csv": (
        "오류: fixed.csv: 2행 evaluator 열: E1 위원과 가 과제의 신청기관이 모두 가대 소속입니다.",
    ),
    "agenda applicants.csv --conflicts pairs.csv": (
        "오류: pairs.csv: 2행 application 열: applicants.csv에 ‘다’ 과제가 없습니다.",
    ),
    "draw pool.csv --size 1 --source 7": (
        "오류: pool.csv: 4행 candidate 열: candidate 김: 2행에 이미 있습니다. 하나만 남기십시오.",
    ),
    "draw candidates.csv --size 5 --source 7": ("오류: candidates.csv: 후보가 3명이어서 5명을 뽑을 수 없습니다.",),
    "draw candidates.csv --size 2 --source 7 --strata region --quota 대전=2": (
        "오류: candidates.csv: ‘대전’ 층이 없습니다. 있는 층: ‘부산’, ‘서울’",
    ),
}


@pytest.mark.parametrize("words", REFUSED)
def test_a_command_refuses_in_korean(words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    _lay_out(monkeypatch)
    refused = evalcomm(*words.split())

    assert (refused.code, refused.out) == (1, b"")
    assert tuple(refused.err.splitlines()) == REFUSED[words]


def test_every_file_command_is_among_them() -> None:
    commands = Path(sys.modules["evalcomm.tables"].__path__[0], "commands").glob("[a-z]*.py")
    others = {"bayes", "rubric", "plan"}  # a method of rank; and the checks below

    assert {path.stem for path in commands} - others == {words.split()[0] for words in REFUSED}


WARNED: dict[str, tuple[str, ...]] = {
    "rank sound.csv": ("E2 위원의 가 평가표가 제출되지 않았습니다.",),
    "rank sound.csv --method trimmed-mean": (
        "E2 위원의 가 평가표가 제출되지 않았습니다.",
        "가: 유효한 평가표가 1부로 3부보다 적어 제외 평균 대신 평균을 씁니다.",
        "나: 유효한 평가표가 1부로 3부보다 적어 제외 평균 대신 평균을 씁니다.",
    ),
    "rank single.csv --method bayes --top 9": (
        "--top 9가 과제 1건보다 많아 모두 그 안에 듭니다.",
        "점수가 모두 같아 어떤 순위도 다른 순위보다 그럴듯하지 않습니다.",
        "위원이 한 명이어서 엄격도와 과제의 질을 가를 수 없습니다.",
    ),
    "agreement words.csv": ("words.csv: 점수가 모두 글자여서 범주로 다룹니다.",),
    "allocate divide.csv --budget 1000 --plan capped.toml": (
        "divide.csv: region 열에 빈칸이 1개 있습니다. 이 분류의 규칙에는 넣지 않습니다.",
        "1번째 규칙: region 값이 ‘서울’인 과제가 없습니다.",
    ),
    "assign applicants.csv members.csv --per-application 1 --standing pairs.csv": (
        "pairs.csv: 과제나 위원이 더는 없는 배정이 2건 있습니다.",
    ),
}


@pytest.mark.parametrize("words", WARNED)
def test_a_command_warns_in_korean_and_keeps_the_keys_of_its_document(
    words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _lay_out(monkeypatch)
    in_korean = evalcomm(*words.split(), "--format", "json")
    monkeypatch.setenv("EVALCOMM_LANG", "en")
    in_english = evalcomm(*words.split(), "--format", "json")

    assert sorted(in_korean.document.pop("warnings")) == sorted(WARNED[words])
    assert sorted(in_korean.err.splitlines()) == sorted(f"주의: {warning}" for warning in WARNED[words])
    assert not any(re.search("[가-힣]{3}", warning) for warning in in_english.document["warnings"])
    rest = [
        {key: said.document[key] for key in said.document if key not in {"warnings", "reason"}}
        for said in (in_korean, in_english)
    ]
    assert rest[0] == rest[1]


def test_the_reasons_of_agreement_are_korean(monkeypatch: pytest.MonkeyPatch) -> None:
    _lay_out(monkeypatch)

    assert evalcomm("agreement", "single.csv", "--format", "json").document["reason"]["variance"] == (
        "과제가 둘 이상 있어야 합니다."
    )


def test_checks_find_in_korean(monkeypatch: pytest.MonkeyPatch) -> None:
    _lay_out(monkeypatch)
    broken = evalcomm("rubric", "check", "broken.toml", "--format", "json")
    wrong = evalcomm("plan", "check", "plan.toml", "--format", "json")

    assert broken.code == wrong.code == 1
    assert broken.document["errors"] == [
        {
            "file": "broken.toml",
            "line": 1,
            "key": "",
            "message": "TOML 문법에 맞지 않습니다: 따옴표를 닫지 않고 줄을 바꾸었습니다.",
            "suggestion": "",
        }
    ]
    assert [(error["key"], error["message"]) for error in wrong.document["errors"]] == [
        ("allocate.colour", "모르는 키입니다."),
        ("allocate.rule[1].won", "지금은 글자인데, 있어야 할 것: 따옴표 없는 정수."),
    ]


WRONG_USE = {
    "rank": "‘SCORES’이(가) 빠졌습니다.",
    "rank sound.csv --method best": "‘--method’의 값이 잘못되었습니다: ‘best’은(는) 쓸 수 없습니다. 쓸 수 있는 값: ‘mean’, ‘trimmed-mean’, ‘median’, ‘z’, ‘t-score’, ‘least-squares’, ‘bayes’",
    "rank sound.csv --plan": "‘--plan’ 옵션에 값을 적어야 합니다.",
    "rank sound.csv --top 3": "--top: --method bayes나 --sensitivity와 함께 써야 합니다.",
    "rank sound.csv --top x": "‘--top’의 값이 잘못되었습니다: ‘x’는 정수가 아닙니다.",
    "rank sound.csv --top 0": "‘--top’의 값이 잘못되었습니다: 0은 범위(x>=1)를 벗어납니다.",
    "rank sound.csv --plot a.png": "--plot은 SVG로 그립니다. 이름이 .svg로 끝나는 파일을 적으십시오.",
    "agreement sound.csv more.csv": "필요 없는 값이 있습니다: more.csv",
    "allocate divide.csv": "‘--budget’ 옵션이 빠졌습니다.",
    "allocate divide.csv --budget 1.5": "‘--budget’의 값이 잘못되었습니다: ‘1.5’는 금액이 아닙니다. 45000000000처럼 원 단위의 정수로 적으십시오.",
    "sweep divide.csv --from 5 --to 1 --step 1": "--to는 --from보다 작을 수 없습니다.",
    "assign a.csv e.csv --per-application 둘": "‘--per-application’의 값이 잘못되었습니다: ‘둘’은 위원 수가 아닙니다. 1, 2, 3처럼 적거나 all이라고 적으십시오.",
    "draw pool.csv --size 1 --source 1.5": "‘--source’의 값이 잘못되었습니다: ‘1.5’는 정수가 아닙니다. 점을 빼고 15로 공고하십시오.",
    "draw pool.csv --size 1 --source 7 --quota 서울=1": "--quota는 층별 인원입니다. --strata로 그 열을 지정하십시오.",
    "plan chek": "‘chek’ 명령이 없습니다.",
    "순위": "‘순위’ 명령이 없습니다.",
}


@pytest.mark.parametrize("words", WRONG_USE)
def test_wrong_use_is_told_in_korean(words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    _lay_out(monkeypatch)
    wrong = evalcomm(*words.split())

    assert (wrong.code, wrong.out) == (2, b"")
    assert f"오류: {WRONG_USE[words]}" in wrong.err
    assert not {"Usage:", "Try", "Error:"} & set(wrong.err.split())


def test_help_is_no_wrong_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "ko_KR.UTF-8")

    assert "Check a rubric." in evalcomm("rubric").err


def test_only_the_first_of_many_problems_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "ko_KR.UTF-8")
    Path("many.csv").write_text("application,evaluator,score\n" + "".join(f"A{n},E1,x\n" for n in range(60)))

    assert evalcomm("rank", "many.csv").err.splitlines()[-1] == "오류: … 그 밖에 10건이 더 있습니다."


def _lay_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "ko_KR.UTF-8")
    for name, text in FILES.items():
        Path(name).write_text(text, encoding="utf-8")
