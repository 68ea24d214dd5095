"""What the components promise, read from the HTML they make."""

import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from xml.etree.ElementTree import Element

import html5lib
import pytest
from werkzeug.datastructures import MultiDict
from wtforms import StringField
from wtforms.validators import Length

from tests.pages import check_page
from tests.web import preview

COMPONENTS = sorted((preview.TEMPLATES / "components").glob("*.html"))
OWN = [preview.TEMPLATES / "base.html", *COMPONENTS, *sorted((preview.TEMPLATES / "errors").glob("*.html"))]
ERRORS = [400, 403, 404, 409, 413, 429, 500]


def macro(call: str, imports: str, **values: object) -> str:
    component, _, names = imports.partition(":")
    source = f'{{% from "components/{component}.html" import {names or component} %}}{{{{ {call} }}}}'
    return preview.environment().from_string(source).render(**values)


def tree(html: str) -> Element:
    return html5lib.parse(html, namespaceHTMLElements=False)


def text(html: str) -> str:
    return re.sub(r"\s+", " ", "".join(tree(html).itertext())).strip()


def elements(html: str, tag: str) -> Iterator[Element]:
    return (element for element in tree(html).iter() if str(element.tag).rpartition("}")[2] == tag)


@pytest.mark.parametrize("name", preview.PAGES)
def test_every_page_of_the_gallery_is_sound_html_without_inline_script_or_style(name: str) -> None:
    html = preview.render(name)

    check_page(html, name)


@pytest.mark.parametrize("name", preview.PAGES)
def test_every_reference_between_elements_leads_somewhere(name: str) -> None:
    page = tree(preview.render(name))
    ids = {element.get("id") for element in page.iter() if element.get("id")}

    wanted = {
        reference
        for element in page.iter()
        for attribute in ("aria-describedby", "aria-labelledby", "aria-controls", "for")
        for reference in (element.get(attribute) or "").split()
    } | {
        link.get("href", "")[1:]
        for link in page.iter("a")
        if len(link.get("href", "")) > 1 and link.get("href", "").startswith("#")
    }

    assert wanted - ids == set()


def test_the_gallery_shows_every_component() -> None:
    shown = "".join(path.read_text() for path in [*(preview.HERE / "gallery").glob("*.html"), *OWN])

    unseen = [path.stem for path in COMPONENTS if f'"components/{path.name}"' not in shown]

    assert unseen == []


@pytest.mark.parametrize("path", COMPONENTS, ids=lambda path: path.stem)
def test_every_component_says_how_it_is_called(path: Path) -> None:
    source = path.read_text()
    comment = source[: source.index("-#}")]

    macros = re.findall(r"macro (\w+)\(", source)

    assert source.startswith("{#-")
    assert path.stem in macros or path.stem == "dialog"
    assert re.search(r"\b(" + "|".join(macros) + r")\(", comment)


def test_the_styles_stay_small_and_ask_no_other_host() -> None:
    styles = [preview.STATIC / "tokens.css", preview.STATIC / "app.css"]
    everything = "".join(path.read_text() for path in preview.STATIC.iterdir())

    assert sum(path.stat().st_size for path in styles) < 30_000
    assert set(re.findall(r"https?://[^\s\"')]+", everything)) <= {"http://www.w3.org/2000/svg"}
    assert "@import" not in everything
    assert "url(" not in everything


def test_every_token_is_declared_and_used() -> None:
    tokens, app = ((preview.STATIC / name).read_text() for name in ("tokens.css", "app.css"))

    declared = set(re.findall(r"(?<=[\s{;])(--[\w-]+):", tokens + app))
    used = set(re.findall(r"var\((--[\w-]+)\)", tokens + app))

    assert used - declared == set()
    assert declared - used == set()


def test_the_states_of_a_score_never_look_alike_and_none_looks_like_zero() -> None:
    zero = text(macro("score('0')", "score"))
    states = {
        state: macro(f"score(state='{state}')", "score")
        for state in ("missing", "recused", "challenged", "excluded", "na", "sealed")
    }

    words = {state: text(html) for state, html in states.items()}

    assert zero == "0"
    assert words == {
        "missing": "미평가",
        "recused": "회피",
        "challenged": "기피",
        "excluded": "제척",
        "na": "해당 없음",
        "sealed": "비공개",
    }


def test_a_dropped_score_stays_readable_and_says_which_end_it_was() -> None:
    assert text(macro("score('96.00', 'high')", "score")) == "96.00 최고 제외"
    assert text(macro("score('61.00', 'low')", "score")) == "61.00 최저 제외"


def test_a_score_without_a_value_is_missing_whatever_its_state_claims() -> None:
    assert text(macro("score(none, 'scored')", "score")) == "미평가"


def test_an_amount_that_is_not_known_is_no_amount_of_zero() -> None:
    assert text(macro("money(0)", "money")) == "0원"
    assert text(macro("money(none)", "money")) == "미정"


def test_a_bar_without_a_score_says_so() -> None:
    (bar,) = elements(macro("score_bar(none, 100, '협업 체계')", "score_bar"), "svg")
    (zero,) = elements(macro("score_bar(0, 100, '협업 체계')", "score_bar"), "svg")

    assert bar.get("aria-label") == "협업 체계: 미평가"
    assert zero.get("aria-label") == "협업 체계: 100점 만점에 0점"


def test_grades_without_a_choice_read_not_scored() -> None:
    grades = [{"value": "yes", "label": "예", "points": "5"}, {"value": "no", "label": "아니오", "points": "0"}]
    call = "radio_grades(none, '부지 확보', '5', grades, name='ready', selected=chosen)"

    def state(chosen: str | None) -> tuple[int, str]:
        html = macro(call, "radio_grades", grades=grades, chosen=chosen)
        checked = sum(box.get("checked") is not None for box in elements(html, "input"))
        (line,) = [span for span in elements(html, "span") if span.get("data-item-state") is not None]
        return checked, (line.text or "").strip()

    assert state(None) == (0, "미평가")
    assert state("no") == (1, "0점")


def test_a_field_with_an_error_ties_hint_and_error_to_the_control() -> None:
    form = preview.ProposalForm(MultiDict())
    form.validate()

    html = macro("field(form.title)", "field", form=form)
    (control,) = elements(html, "input")

    assert control.get("aria-describedby") == "title-hint title-error"
    assert control.get("aria-invalid") == "true"
    assert "사업명을 입력해 주십시오." in text(html)


def test_a_field_without_an_error_claims_none() -> None:
    html = macro("field(form.title)", "field", form=preview.ProposalForm())
    (control,) = elements(html, "input")

    assert control.get("aria-describedby") == "title-hint"
    assert control.get("aria-invalid") is None


def test_a_long_text_is_never_cut_by_the_browser() -> None:
    html = macro("field(form.summary)", "field", form=preview.ProposalForm())
    (area,) = elements(html, "textarea")

    assert area.get("maxlength") is None
    assert area.get("data-max-characters") == "1000"

    class Named(preview.KoreanForm):
        name = StringField("이름", validators=[Length(max=80)])

    (line,) = elements(macro("field(form.name)", "field", form=Named()), "input")
    assert line.get("maxlength") is None


def test_a_choice_of_radios_is_one_question() -> None:
    html = macro("field(form.kind)", "field", form=preview.ProposalForm())

    (legend,) = elements(html, "legend")

    assert "지원 형태" in "".join(legend.itertext())
    assert [label.text for label in elements(html, "label")] == ["신규", "계속", "재신청"]


def test_the_error_summary_leads_to_every_wrong_field_also_in_nested_forms() -> None:
    form = preview.ProposalForm(MultiDict([("partners-0-name", "")]))
    form.validate()

    html = macro("error_summary(form)", "error_summary", form=form)

    targets = [link.get("href") for link in elements(html, "a")]
    assert "#partners-0-name" in targets
    assert "#kind-0" in targets
    assert "#title" in targets


def test_no_errors_no_summary() -> None:
    assert macro("error_summary(form)", "error_summary", form=preview.ProposalForm()) == ""


def test_a_budget_adds_up_before_any_script_runs() -> None:
    form = preview.budget_form()
    sources = [{"key": key, "label": key} for key in ("national", "own")]
    rows = [
        {"key": line, "label": line, "fields": [form[f"{line}_national"], form[f"{line}_own"]]}
        for line in ("labour", "facility")
    ]

    html = macro("budget_table('예산', sources, rows)", "budget_table", sources=sources, rows=rows)

    assert [output.text for output in elements(html, "output")] == [
        "820,000,000",
        "3,000,000,000",
        "3,220,000,000",
        "600,000,000",
        "3,820,000,000",
    ]


def test_an_empty_cell_of_a_table_is_said_to_be_empty() -> None:
    html = macro("data_table('표', ['가', '나'], [['1', none]])", "data_table")

    (cell,) = elements(html, "td")

    assert "".join(cell.itertext()) == "—없음"


def test_a_table_has_a_caption_scopes_and_a_region_that_takes_focus() -> None:
    html = macro("data_table('순위표', ['순위', {'label': '점수', 'kind': 'number'}], [['1', '93.2']])", "data_table")

    (region,) = [element for element in elements(html, "div") if element.get("role") == "region"]

    assert (region.get("tabindex"), region.get("aria-label")) == ("0", "순위표")
    assert [head.get("scope") for head in elements(html, "th")] == ["col", "col", "row"]


def test_text_of_people_is_escaped_everywhere() -> None:
    evil = "<script>alert(1)</script>"
    html = "".join([
        macro("data_table(evil, [evil], [[evil]])", "data_table", evil=evil),
        macro("status_tag(evil)", "status_tag", evil=evil),
        macro("definition_list([(evil, evil)])", "definition_list", evil=evil),
        macro("file_list([{'name': evil, 'remove_url': '/x'}])", "file_list", evil=evil),
        macro("page_header(evil, lead=evil, trail=[(evil, none)])", "page_header", evil=evil),
        macro("post_button(evil, '/x', confirm=evil)", "button:post_button", evil=evil),
        macro("score(evil)", "score", evil=evil),
    ])  # fmt: skip

    assert "<script" not in html


@pytest.mark.parametrize("code", ERRORS)
def test_an_error_page_needs_nothing_but_its_template(code: int) -> None:
    html = preview.environment().get_template(f"errors/{code}.html").render()

    check_page(html, str(code))
    assert f"오류 {code}" in text(html)
    assert "이렇게 해 보십시오" in text(html)


def test_a_refusal_gives_the_reason_of_the_verdict_and_a_fault_its_number() -> None:
    env = preview.environment()

    refusal = env.get_template("errors/403.html").render(sentence="이해관계를 신고하셨습니다.")
    fault = env.get_template("errors/500.html").render(reference="7K3F")

    assert "이해관계를 신고하셨습니다." in text(refusal)
    assert "오류 번호 7K3F" in text(fault)


def test_the_demonstration_says_so_and_nothing_else_does() -> None:
    page = preview.environment().get_template("errors/404.html")

    assert "시연용 — 공식 누리집이 아닙니다 · 가상 자료" in text(page.render(demonstration=True))
    assert "시연용" not in text(page.render(demonstration=False))


def test_the_frame_never_pretends_to_be_an_official_site() -> None:
    assert not any("공식 전자정부" in path.read_text() for path in OWN)


def test_a_title_warns_of_wrong_input() -> None:
    form = preview.ProposalForm(MultiDict())
    form.validate()

    (title,) = elements(preview.environment().get_template("errors/404.html").render(form=form), "title")

    assert (title.text or "").startswith("입력 오류: ")


def test_the_current_page_is_told_in_the_menu() -> None:
    child = SimpleNamespace(label="위원 명단", url="/b", current=True, children=())
    items = [
        SimpleNamespace(label="평가위원회", url="/a", current=True, children=(child,)),
        SimpleNamespace(label="문서", url="/c", current=False, children=()),
    ]

    html = macro("navigation(items)", "navigation", items=items)

    assert {link.get("href"): link.get("aria-current") for link in elements(html, "a")} == {
        "/a": "true",
        "/b": "page",
        "/c": None,
    }


def test_pagination_of_one_page_is_nothing() -> None:
    assert macro("pagination(1, 1, 'x')", "pagination") == ""
