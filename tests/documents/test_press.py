"""Papers as files: read back, laid out inside the page, tagged, archival, the same bytes every time."""

import hashlib
import io
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from evalcomm.documents import pdf, rendering
from tests.documents import examples
from tests.documents.examples import ALL_EXAMPLES, scored

PRINTS = pytest.mark.parametrize(("kind", "example"), ALL_EXAMPLES, ids=lambda value: getattr(value, "__name__", value))
MM = 72 / 25.4


@cache
def printed(kind: str, example: Any) -> bytes:
    return rendering.print_paper(kind, example())


def read(kind: str, example: Any) -> PdfReader:
    return PdfReader(io.BytesIO(printed(kind, example)))


def text_of(content: bytes | PdfReader) -> str:
    """All text, with line ends as spaces: where a line breaks is not what these tests are about."""
    reader = content if isinstance(content, PdfReader) else PdfReader(io.BytesIO(content))
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in reader.pages))


# ---- what is on the pages


@PRINTS
def test_every_page_says_which_paper_it_is(kind: str, example: Any) -> None:
    model = example()
    reader = read(kind, example)

    for number, page in enumerate(reader.pages, 1):
        text = page.extract_text()
        assert f"문서번호 {model['number']}" in text
        assert rendering.fingerprint(model) in text
        assert "가상 자료" in text
        assert {"internal": "내부용", "disclosable": "공개용"}[model["edition"]] in text
        assert re.search(rf"\b{len(reader.pages)}-{number}\b", text)
        assert [round(float(side) / MM) for side in page.mediabox[2:]] == [210, 297]


def leaves(value: Any, key: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for name, entry in value.items():
            yield from leaves(entry, name)
    elif isinstance(value, list):
        for entry in value:
            yield from leaves(entry, key)
    else:
        yield key, value


# Codes that are printed as words, the address that is printed in a smaller way, and what a reader of that paper does not need:
# whoever gets a notice knows the partners, whoever scored them too.
IN_OTHER_WORDS = {"edition", "outcome", "mark", "act", "decision", "dropped"}
LEFT_OUT = {"notice_of_call": {"title"}, "score_sheet": {"partners"}, "result_notice": {"partners", "task", "region"}}


def squeezed(text: str) -> str:
    """Without spaces; the font has one dash for two code points, and one of them comes back."""
    return re.sub(r"\s", "", text).replace("—", "―")


@PRINTS
def test_every_word_of_the_model_is_on_the_paper(kind: str, example: Any) -> None:
    """What a model carries and a paper does not show would be hashed and never read."""
    pages = squeezed(text_of(read(kind, example)))
    words = [
        squeezed(value)
        for key, value in leaves(example())
        if isinstance(value, str)
        and key not in IN_OTHER_WORDS | LEFT_OUT.get(kind, set())
        and not re.match(r"[\d-]+(\.\d+)?$|\d{4}-\d\d-\d\dT", value)
    ]

    assert [word for word in words if word not in pages] == []


def test_a_memo_reads_back_with_amounts_in_figures_and_words() -> None:
    text = text_of(read("decision_memo", examples.decision_memo))

    assert "금7,200,000,000원(금칠십이억원)" in text
    assert "최종점수 88.75점, 시설 분야 5개 사업 중 2위" in text
    assert "부산형 상생혁신타워(한국자산관리공사): 선정" in text
    assert " 끝. " in text


def test_the_four_marks_of_an_absent_score_differ_from_each_other_and_from_zero() -> None:
    model = examples.decision_memo()
    totals = [*model["evaluators"]]
    for index, mark in enumerate(["missing", "recused", "excluded", "challenged", "not_applicable"]):
        totals[index] = {"evaluator": f"위원 {index + 1}", "score": examples.unscored(mark)}
    totals[5] = {"evaluator": "위원 6", "score": scored("0")}
    totals[6] = {"evaluator": "위원 7", "score": scored("0.00", "lowest")}
    model["evaluators"] = totals

    html = rendering.render_html("decision_memo", model)

    row = re.search(r"위원 7</th></tr>\s*<tr>(.*?)</tr>", html, re.DOTALL)
    assert row
    cells = [re.sub(r"<[^>]+>", " ", cell).split() for cell in re.findall(r"<td[^>]*>(.*?)</td>", row[1])]
    assert cells == [["미제출"], ["회피"], ["제척"], ["기피"], ["해당", "없음"], ["0"], ["0.00", "최저"]]


def test_awards_of_several_tracks_stand_under_their_track() -> None:
    model = examples.resolution()
    for line in model["awards"][3:]:
        line["track"] = "기금·펀드"

    html = rendering.render_html("resolution", model)

    shown = re.sub(r"<[^>]+>", " ", html[html.index("<thead>") :])
    places = [shown.index(words) for words in ("시설 분야 ", "부유식 해상", "기금·펀드 분야", "스테이션 K 건립 ")]
    assert places == sorted(places)
    assert 'class="group"' not in rendering.render_html("resolution", examples.resolution())


@pytest.mark.parametrize(
    ("kind", "example"),
    [
        ("result_notice", examples.result_notice),
        ("notice_of_call", examples.notice_of_call),
        ("selection_report", examples.selection_report),
    ],
)
def test_a_paper_ends_with_the_mark_of_the_end(kind: str, example: Any) -> None:
    html = rendering.render_html(kind, example())

    assert html.count("  끝.</span>") == 1


def test_a_form_that_ends_within_its_table_says_so_and_has_no_end_mark() -> None:
    html = rendering.render_html("conflict_record", examples.conflict_record())

    assert html.count("이하 빈칸") == 1
    assert "끝." not in html


@pytest.mark.parametrize(
    ("titles", "shown"),
    [
        (["평가표 1부"], "붙임 평가표 1부. 끝."),
        (["평가표 1부", "의결서 1부"], "붙임 1. 평가표 1부. 2. 의결서 1부. 끝."),
    ],
)
def test_attachments_are_listed_as_official_papers_do(titles: list[str], shown: str) -> None:
    model = {**examples.result_notice(), "attachments": titles}

    html = rendering.render_html("result_notice", model)

    assert shown in re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html[html.index('class="attached"') - 5 :])).replace(
        " .", "."
    )


def test_what_is_not_a_demonstration_does_not_say_so() -> None:
    model = {**examples.lot_record(), "is_demonstration": False}

    assert "가상 자료" not in text_of(rendering.print_paper("lot_record", model))


def test_people_s_text_is_text_and_never_markup() -> None:
    model: Any = examples.receipt()
    model["application"]["project"] = "<script>alert('x')</script> & <b>굵게</b>"
    model["files"][0]["name"] = '"><img src=x onerror=y>.pdf'

    for html in (rendering.render_html("receipt", model), rendering.render_html("receipt", model, for_screen=True)):
        assert "<script" not in html
        assert "<b>" not in html
        assert "<img src=x" not in html
        assert "&lt;script&gt;" in html


def test_a_character_that_no_font_has_is_printed_by_its_number() -> None:
    model: Any = examples.receipt()
    model["files"][0]["name"] = "제안서🙂.pdf"

    assert "제안서[U+1F642].pdf" in text_of(rendering.print_paper("receipt", model))
    assert "제안서🙂.pdf" in rendering.render_html("receipt", model, for_screen=True)


# ---- on screen


class Tags(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))


@PRINTS
def test_a_paper_on_screen_holds_under_a_strict_policy(kind: str, example: Any) -> None:
    html = rendering.render_html(
        kind, example(), for_screen=True, figure_url=lambda name: f"/papers/7/figures/{name}.svg"
    )

    tags = Tags(html).seen
    assert not {"script", "style", "link", "svg", "h1", "html"} & {tag for tag, _ in tags}
    assert not [
        attributes for _, attributes in tags if "style" in attributes or any(key.startswith("on") for key in attributes)
    ]
    assert "data:" not in html
    assert rendering.fingerprint(example()) in html


def test_figures_on_screen_need_an_address() -> None:
    with pytest.raises(ValueError, match="figure_url"):
        rendering.render_html("decision_memo", examples.decision_memo(), for_screen=True)


@PRINTS
def test_every_table_names_its_columns_or_its_rows(kind: str, example: Any) -> None:
    html = rendering.render_html(kind, example())

    for table in re.findall(r"<table.*?</table>", html, re.DOTALL):
        headers = re.findall(r"<th\b[^>]*>", table)
        assert headers, table[:200]
        assert all('scope="' in header for header in headers), table[:200]
    assert all(attributes.get("alt") for tag, attributes in Tags(html).seen if tag == "img")


# ---- on the page: nothing beyond its margins


def crowded_memo() -> Any:
    model: Any = examples.decision_memo()
    model["evaluators"] = [
        {"evaluator": f"위원 {n}", "score": scored("253/3" if n % 2 else "88.25", "highest")} for n in range(1, 31)
    ]
    model["ranking"] = [
        {**model["ranking"][n % 5], "is_this": n == 20, "label": "2026-0001 " + "긴이름" * 20} for n in range(25)
    ]
    model["application"]["project"] = "띄어쓰기없는아주긴사업이름" * 8
    model["application"]["partners"] = [f"협력기관{n}" for n in range(40)]
    model["opinions"] = [{"evaluator": f"위원 {n}", "text": "의견이 길게 이어짐. " * 60} for n in range(3)]
    model["allocation"]["reason"] = "x" * 400
    return model


def crowded_table(evaluators: int) -> Any:
    model: Any = examples.score_table()
    row = model["rows"][1]
    scores = [
        scored("88.25", "highest"),
        scored("100.00"),
        examples.unscored("missing"),
        examples.unscored("not_applicable"),
    ]
    model["evaluators"] = [f"위원 {n}" for n in range(1, evaluators + 1)]
    model["rows"] = [
        {
            **row,
            "rank": n,
            "project": "긴사업이름" * 12,
            "fixed": "12.50",
            "scores": [scores[m % 4] for m in range(evaluators)],
        }
        for n in range(1, 15)
    ]
    return model


def crowded_report() -> Any:
    model: Any = examples.selection_report()
    track = model["tracks"][0]
    row = crowded_table(15)["rows"][0]
    track["results"] = [
        {**track["results"][0], "rank": n, "requested": 44_999_999_999, "awarded": 44_999_999_999} for n in range(1, 15)
    ]
    track["scores"] = [{"label": "긴사업이름" * 12, "scores": row["scores"], "mean": "253/3"} for _ in range(14)]
    model["by_task"] = [{**model["by_task"][0], "label": "긴과제이름" * 12} for _ in range(10)]
    return model


def crowded_receipt() -> Any:
    model: Any = examples.receipt()
    model["files"] = [{**model["files"][0], "name": "w" * 200 + ".pdf"} for _ in range(3)]
    model["funding"] = [{"source": "국비", "won": 44_999_999_999}] * 6
    return model


CROWDED = [
    ("decision_memo", crowded_memo),
    ("score_table", lambda: crowded_table(16)),
    ("score_table", lambda: crowded_table(8)),
    ("score_table", lambda: crowded_table(60)),
    ("selection_report", crowded_report),
    ("receipt", crowded_receipt),
]


def boxes(box: Any) -> Iterator[Any]:
    yield box
    for child in getattr(box, "children", ()):
        yield from boxes(child)


@pytest.mark.parametrize(("kind", "example"), [*ALL_EXAMPLES, *CROWDED])
def test_nothing_reaches_over_the_margins(kind: str, example: Any) -> None:
    html = rendering.render_html(kind, example())
    with pdf._press():
        document = pdf._lay_out(html, pdf.STANDARD)

    for number, page in enumerate(document.pages, 1):
        box = page._page_box
        right = box.content_box_x() + box.width + 0.5
        bottom = box.content_box_y() + box.height + 0.5
        for part in boxes(box.children[0]):
            if (
                type(part).__name__ in {"TextBox", "InlineReplacedBox", "BlockReplacedBox", "TableCellBox"}
                and part.width
            ):
                assert part.position_x + part.width <= right, (number, getattr(part, "text", part))
                assert part.position_y + part.height <= bottom, (number, getattr(part, "text", part))


def test_the_attachments_never_stand_alone_on_the_last_page() -> None:
    """As lines are added, the end of the report goes over to a page of its own."""
    lengths, stands = set(), []
    for added in range(24, 36, 3):
        model = examples.selection_report()
        model["issues"][0]["sentences"] += ["추첨은 위원회에서 공개로 진행하고 입회인이 확인함"] * added
        pages = [
            page.extract_text()
            for page in PdfReader(io.BytesIO(rendering.print_paper("selection_report", model))).pages
        ]
        lengths.add(len(pages))
        stands.append("향후 일정" in next(page for page in pages if "붙임" in page and "끝." in page))

    assert len(lengths) > 1
    assert all(stands)


def test_margins_and_page_numbers_follow_the_layout() -> None:
    html = rendering.render_html("lot_record", examples.lot_record())
    layout = pdf.Layout(top=40, left=30, right=25, bottom=20, numbering="dashes")
    with pdf._press():
        box = pdf._lay_out(html, layout).pages[0]._page_box

    assert [
        round(side * 25.4 / 96) for side in (box.margin_top, box.margin_right, box.margin_bottom, box.margin_left)
    ] == [40, 25, 20, 30]
    assert "- 1 -" in text_of(rendering.print_paper("lot_record", examples.lot_record(), layout=layout))


# ---- the file


@PRINTS
def test_the_file_is_tagged_archival_and_carries_its_fonts(kind: str, example: Any) -> None:
    model = example()
    reader = read(kind, example)
    catalog = reader.trailer["/Root"].get_object()

    assert catalog["/MarkInfo"]["/Marked"].value is True
    assert catalog["/Lang"] == "ko"
    assert "/OutputIntents" in catalog
    assert reader.trailer["/ID"][0]
    assert reader.metadata
    assert (reader.metadata.title, reader.metadata.subject) == (model["title"], model["number"])
    assert reader.metadata.creation_date
    assert reader.metadata.creation_date.strftime("%Y-%m-%dT%H:%M:%SZ") == model["issued_at"]
    for font in fonts_of(reader):
        assert re.fullmatch(r"/[A-Z]{6}\+(NanumGothic(-Semi-Bold)?|DejaVu-Sans(-Bold)?)", font["/BaseFont"])
        descendant = font["/DescendantFonts"][0].get_object()
        assert "/FontFile2" in descendant["/FontDescriptor"].get_object()
        assert "/ToUnicode" in font


def fonts_of(reader: PdfReader) -> list[Any]:
    named = {
        name: font
        for page in reader.pages
        for name, font in page["/Resources"].get_object()["/Font"].get_object().items()
    }
    assert named
    return [font.get_object() for font in named.values()]


def test_the_metadata_claims_both_standards_in_one_well_formed_packet() -> None:
    catalog = read("lot_record", examples.lot_record).trailer["/Root"].get_object()
    packet = catalog["/Metadata"].get_object().get_data().decode()
    root = ET.fromstring(re.sub(r"<\?xpacket.*?\?>", "", packet))

    descriptions = root.findall("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}RDF/*")
    claims = {name: value for entry in descriptions for name, value in entry.attrib.items()}
    assert claims["{http://www.aiim.org/pdfa/ns/id/}part"] == "2"
    assert claims["{http://www.aiim.org/pdfa/ns/id/}conformance"] == "A"
    assert claims["{http://www.aiim.org/pdfua/ns/id/}part"] == "1"
    assert len(root) == 1


def structure(element: Any, kinds: list[Any]) -> list[Any]:
    """Every structure element below `element`, in reading order."""
    if isinstance(element, IndirectObject):
        element = element.get_object()
    if isinstance(element, ArrayObject):
        for kid in element:
            structure(kid, kinds)
    elif isinstance(element, DictionaryObject):
        if "/S" in element:
            kinds.append(element)
        if "/K" in element:
            structure(element["/K"], kinds)
    return kinds


def test_headings_tables_and_figures_are_tagged() -> None:
    root = read("decision_memo", examples.decision_memo).trailer["/Root"].get_object()["/StructTreeRoot"].get_object()
    elements = structure(root, [])
    kinds = [element["/S"] for element in elements]

    assert kinds.count("/H1") == 1
    assert kinds.index("/H1") < kinds.index("/H2")
    assert kinds.count("/Table") == rendering.render_html("decision_memo", examples.decision_memo()).count("<table")
    assert [bool(e.get("/Alt")) for e in elements if e["/S"] == "/Figure"] == [True, True]
    assert kinds.count("/TH") > 20


@pytest.mark.parametrize("example", [examples.receipt, examples.decision_memo], ids=["receipt", "memo"])
def test_the_same_model_gives_the_same_bytes(example: Any) -> None:
    kind = "receipt" if example is examples.receipt else "decision_memo"

    assert rendering.print_paper(kind, example()) == printed(kind, example)


def test_another_process_elsewhere_prints_the_same_bytes() -> None:
    code = (
        "import hashlib; from evalcomm.documents import rendering; from tests.documents import examples;"
        "print(hashlib.sha256(rendering.print_paper('selection_report', examples.selection_report())).hexdigest())"
    )
    elsewhere = {
        **os.environ,
        "PYTHONHASHSEED": "1",
        "TZ": "America/New_York",
        "LC_ALL": "C",
        "PYTHONPATH": os.pathsep.join(sys.path),
    }

    there = subprocess.run([sys.executable, "-c", code], env=elsewhere, capture_output=True, text=True, check=True)

    here = hashlib.sha256(printed("selection_report", examples.selection_report)).hexdigest()
    assert there.stdout.strip() == here


# ---- the press refuses


def print_html(body: str) -> bytes:
    html = f'<html lang="ko"><title>시험</title><body>{body}'
    return pdf.render_pdf(html, number="시험-1", title="시험", issued_at="2026-11-22T06:20:00Z")


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ('<p style="colour: red">글', "colour"),
        ('<img alt="그림" src="http://127.0.0.1:9/x.png">', "disallowed protocol"),
        ('<img alt="그림" src="file:///etc/hostname">', "disallowed protocol"),
        ('<link rel="stylesheet" href="https://127.0.0.1:9/x.css">', "disallowed protocol"),
        ("<img src=\"data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/%3E\">", "alt"),
    ],
)
def test_a_warning_is_a_refusal_and_nothing_is_fetched(body: str, complaint: str) -> None:
    with pytest.raises(pdf.PrintFailure, match=complaint):
        print_html(body)


def test_the_press_prints_again_after_a_refusal_and_leaves_the_process_as_it_was() -> None:
    before = dict(os.environ)
    with pytest.raises(pdf.PrintFailure):
        print_html('<p style="colour: red">글')

    assert "글" in text_of(print_html("<p>글"))
    assert dict(os.environ) == before


def test_a_notice_that_was_issued_before_it_named_its_agency_stays_readable() -> None:
    """A paper is kept for years: what a later edition of the product prints besides must not shut the earlier ones."""
    model = {name: value for name, value in examples.result_notice().items() if name != "agency"}

    html = rendering.render_html("result_notice", model)

    assert f'<p class="agency">{model["issuer"]}</p>' in html
