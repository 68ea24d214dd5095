"""A programme file: every text as printed, every mistake at its line."""

import unicodedata

import pytest
import yaml

from evalcomm import resources
from evalcomm.programs.reading import read_program
from evalcomm.rubrics.checking import Finding, NotUsable

REAL = resources.program_file("innovation-city-2021").read_text(encoding="utf-8")


def findings(text: str) -> list[Finding]:
    with pytest.raises(NotUsable) as refused:
        read_program(text, name="program.yaml")
    return refused.value.findings


def places(text: str) -> list[tuple[int, str]]:
    return [(finding.line, finding.key) for finding in findings(text)]


def line_with(part: str, text: str = REAL) -> int:
    return next(number for number, line in enumerate(text.splitlines(), start=1) if part in line)


def test_the_real_programme_is_read_as_printed() -> None:
    program = read_program(REAL)

    assert (program.code, program.budget_won, len(program.tasks)) == ("innovation-city-2021", 45_000_000_000, 10)
    assert sum(len(task.projects) for task in program.tasks) == 20
    for task in program.tasks:
        for text in (task.title, task.lead, task.innovation_city, *task.projects):
            assert text in REAL
    assert "기업이전․산학연 클러스터 선도모델" in [task.title for task in program.tasks]
    assert unicodedata.normalize("NFC", REAL) == REAL
    assert program.source == yaml.safe_load(REAL)


def test_every_mistake_is_told_at_once_with_its_line() -> None:
    broken = (
        REAL.replace("{number: 3, innovation_city: 울산", "{no: 3, innovation_city: 울산")
        .replace("number: 5, innovation_city: 경남 진주", "number: 4, innovation_city: yes")
        .replace("total_won: 45000000000", "total_won: 45,000,000,000")
        .replace("  purpose:", "  purpos:")
    )

    assert places(broken) == [
        (line_with("purpos:", broken), "program.purpos"),
        (line_with("total_won", broken), "program.budget.total_won"),
        (line_with("{no: 3", broken), "collaboration_projects[3].no"),
        (line_with("{no: 3", broken), "collaboration_projects[3].number"),
        (line_with("innovation_city: yes", broken), "collaboration_projects[5].number"),
        (line_with("innovation_city: yes", broken), "collaboration_projects[5].innovation_city"),
    ]


@pytest.mark.parametrize(
    ("before", "after", "key", "hint"),
    [
        ('purpose: "혁신', 'purpose: ["혁신', "", "괄호"),
        ("code: innovation-city-2021", "code: 혁신도시", "program.code", "소문자"),
        ("schema: program/v1", "schema: program/v9", "schema", "program/v1"),
        ("name_is_working_title: true", "name_is_working_title: 예", "program.name_is_working_title", "true"),
        ("title: 스마트 MICE 활성화", "title: 2021", "collaboration_projects[10].title", '"2021"'),
        ("title: 스마트 MICE 활성화", "title: off", "collaboration_projects[10].title", '"off"'),
        ("title: 스마트 MICE 활성화,", "", "collaboration_projects[10].title", "title"),
        (
            "[제주권역 지역선도대학 육성, 제주 EV랩 구축]",
            "제주 EV랩 구축",
            "collaboration_projects[10].representative_projects",
            "꼴",
        ),
        (
            "제주권역 지역선도대학 육성, 제주 EV랩",
            "제주 EV랩 구축, 제주 EV랩",
            "collaboration_projects[10].representative_projects",
            "하나만",
        ),
        ("number: 10, innovation_city", "number: 010, innovation_city", "collaboration_projects[10].number", "숫자만"),
        ("number: 10, innovation_city", "number: 0, innovation_city", "collaboration_projects[10].number", "1 이상"),
        (
            "number: 2, printed: 그린",
            "number: 22, printed: 그린",
            "body_text_variants[1].number",
            "collaboration_projects",
        ),
        (
            "field: talent, title: 오픈캠퍼스",
            "field: talents, title: 오픈캠퍼스",
            "best_practices.items[6].field",
            "industry",
        ),
        ("count: 5, items: [1,", "count: 4, items: [1,", "best_practices.fields[1].count", "count"),
        (
            "official_notation: 금45",
            "official_notation: 금46",
            "program.budget.official_notation",
            "금45,000,000,000원",
        ),
        ("    count: 11", "    count: 12", "task_force.local_governments.derived_candidates", "count"),
        ("dates_iso: {best_practices_announced", "dates_iso: {announced", "program.external.dates_iso", "dates"),
        ("central: [균형위원회", "central: [null", "task_force.central[1]", "글자"),
    ],
)
def test_a_mistake_says_where_and_what_would_be_right(before: str, after: str, key: str, hint: str) -> None:
    assert before in REAL
    found = findings(REAL.replace(before, after, 1))

    assert key in [finding.key for finding in found]
    assert any(hint in finding.suggestion for finding in found if finding.key == key)


@pytest.mark.parametrize("text", ["", "[]", "그냥 글", "a: &x [*x]\n", "key: [1, 2", "\x00", "a: 1\na: 2\n"])
def test_what_is_no_programme_is_refused_with_a_line(text: str) -> None:
    assert all(finding.line >= 1 for finding in findings(text))


def test_a_huge_file_is_refused_before_it_is_read() -> None:
    (finding,) = findings("a" * 1_000_001)
    assert "1,000,000" in finding.suggestion
