"""The gallery of every component, rendered with Jinja alone: no Flask, no database.

    python tests/web/preview.py OUT            writes OUT/*.png, each page at 360 and 1280 px, drawn by Chromium
    python tests/web/preview.py OUT forms      only the pages whose name contains "forms"

The functions and filters that the application's environment provides are stood in for by plain ones, so a page that renders here uses
nothing else. Pages are served to the browser from memory under the strict Content-Security-Policy of the product.
"""

import json
import mimetypes
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from urllib.parse import urlencode, urlsplit

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    DateField,
    DateTimeLocalField,
    FieldList,
    FileField,
    Form,
    FormField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, Regexp

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
TEMPLATES = ROOT / "templates"
STATIC = ROOT / "evalcomm" / "web" / "static"
ORIGIN = "https://evalcomm.test"
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'"
CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


class WonField(StringField):
    """Stands in for the product's field of that name: the macros know it by its name. Whole won in, commas out."""

    def _value(self) -> str:
        return f"{self.data:,}" if isinstance(self.data, int) else str(self.data or "")


class KoreanForm(Form):
    class Meta:
        locales = ("ko_KR", "ko")


class PartnerForm(KoreanForm):
    name = StringField("기관명", [InputRequired("기관명을 입력해 주십시오.")])


class ProposalForm(KoreanForm):
    title = StringField(
        "사업명",
        [InputRequired("사업명을 입력해 주십시오.")],
        description="공고에 실릴 이름입니다. 40자 이내로 적습니다.",
    )
    track = SelectField(
        "분야",
        choices=[
            SelectChoice("", "선택해 주십시오"),
            SelectChoice("hub", "시설"),
            SelectChoice("fund", "기금·펀드"),
            SelectChoice("talent", "인력양성"),
        ],
    )
    requested = WonField(
        "국비 신청액",
        [
            InputRequired("국비 신청액을 입력해 주십시오."),
            Regexp(r"[0-9,]+$", message="원 단위의 정수로 적어 주십시오. 예: 12,500,000"),
        ],
        description="원 단위로 적습니다. 예: 1,250,000,000",
    )
    starts = DateField("사업 시작일", [InputRequired("사업 시작일을 입력해 주십시오.")])
    deadline = DateTimeLocalField("접수 마감", description="한국 표준시이며, 적은 분의 마지막 초까지 접수합니다.")
    months = IntegerField("사업기간")
    summary = TextAreaField(
        "사업 요약",
        [InputRequired("사업 요약을 입력해 주십시오."), Length(max=1000)],
        description="추진배경과 목표를 세 문장으로 적습니다.",
    )
    kind = RadioField(
        "지원 형태",
        [InputRequired("지원 형태를 하나 골라 주십시오.")],
        choices=[SelectChoice("new", "신규"), SelectChoice("more", "계속"), SelectChoice("again", "재신청")],
    )
    regions = SelectMultipleField("대상 지역", choices=[SelectChoice("6", "부산"), SelectChoice("7", "대구")])
    plan = FileField(
        "사업계획서", [InputRequired("사업계획서를 첨부해 주십시오.")], description="PDF, HWPX, DOCX / 파일당 20MB까지"
    )
    agreed = BooleanField("개인정보 수집·이용에 동의합니다.", [InputRequired("동의해야 제출할 수 있습니다.")])
    partners = FieldList(FormField(PartnerForm), label="참여기관", min_entries=1)


class SheetForm(Form):
    need = RadioField(
        "지역 여건 진단의 구체성",
        choices=[
            SelectChoice("a", "매우우수"),
            SelectChoice("b", "우수"),
            SelectChoice("c", "보통"),
            SelectChoice("d", "미흡"),
            SelectChoice("e", "매우미흡"),
        ],
    )
    link = RadioField(
        "혁신도시 발전계획과의 연계",
        choices=[
            SelectChoice("a", "매우우수"),
            SelectChoice("b", "우수"),
            SelectChoice("c", "보통"),
            SelectChoice("d", "미흡"),
            SelectChoice("e", "매우미흡"),
        ],
    )
    ready = RadioField("부지 확보 여부", choices=[SelectChoice("yes", "예"), SelectChoice("no", "아니오")])
    effect = StringField("지역기업 고용 효과의 근거")
    comment = TextAreaField("평가 의견", [Length(max=500)])


def budget_form() -> Form:
    fields = {
        f"{line}_{source}": WonField(f"{line} {source}")
        for line in ("labour", "facility", "research")
        for source in ("national", "province", "own")
    }
    return cast("Form", type("BudgetForm", (Form,), fields)(
        data={"labour_national": 820_000_000, "labour_province": 200_000_000, "labour_own": 0, "facility_national": 2_400_000_000,
              "facility_province": 1_100_000_000, "facility_own": 600_000_000, "research_national": 280_000_000}))  # fmt: skip


def _won(value: int) -> str:
    return f"{value:,}원"


def _won_words(value: int) -> str:
    return f"금{value:,}원(금{'사백오십억' if value == 45_000_000_000 else '…'}원)"


def _eok(value: int) -> str:
    return f"{value / 100_000_000:,.1f}".removesuffix(".0") + "억 원"


def _kst(value: datetime) -> str:
    local = value.astimezone(UTC) + timedelta(hours=9)
    return f"{local.year}. {local.month}. {local.day}. {local:%H:%M}"


class _Messages:
    """Newstyle gettext as Flask-Babel installs it, in the language of the message ids."""

    @staticmethod
    def gettext(message: str) -> str:
        return message

    @staticmethod
    def ngettext(singular: str, plural: str, n: int) -> str:
        return singular if n == 1 else plural


def environment(flashed: list[tuple[str, str]] | None = None) -> Environment:
    """An environment with what every page of the product may rely on, strict about anything undefined."""
    env = Environment(
        loader=ChoiceLoader([FileSystemLoader(TEMPLATES), FileSystemLoader(HERE)]),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.install_gettext_callables(_Messages.gettext, _Messages.ngettext, newstyle=True)  # type: ignore[attr-defined]  # added by the extension
    env.filters.update(
        won=_won, won_words=_won_words, eok=_eok, kst=_kst, kst_date=lambda value: _kst(value)[:-6], score=str
    )
    env.globals.update(
        csrf_token=lambda: "token-of-the-preview",
        get_flashed_messages=lambda **_: flashed or [],
        static_url=lambda name: f"/static/{name}",
        url_for=lambda endpoint, **values: f"/{endpoint}?{urlencode(values)}",
    )
    return env


def navigation(current: str) -> list[dict[str, Any]]:
    names = ["업무 현황", "사업·공고", "신청서", "평가위원회", "선정·배분", "문서"]
    children = [
        {"label": name, "url": f"/committee/{number}", "current": number == 1}
        for number, name in enumerate(["위원 명단", "진행 현황", "제척·기피·회피"])
    ]
    return [
        {
            "label": name,
            "url": f"/menu/{number}",
            "current": name == current,
            "children": children if name == "평가위원회" else [],
        }
        for number, name in enumerate(names)
    ]


def context(**extra: Any) -> dict[str, Any]:
    """What the context processors give every page of a signed-in secretary in demonstration mode."""
    actor = SimpleNamespace(is_authenticated=True, name="김담당", roles=("secretariat",), user_id="u-1")
    languages = [
        {"label": "한국어", "url": "/language/ko", "locale": "ko", "current": True},
        {"label": "English", "url": "/language/en", "locale": "en", "current": False},
    ]
    return {
        "current_actor": actor, "navigation": navigation("평가위원회"), "demonstration": True, "locale": "ko", "home_url": "/", "sign_in_url": "/sign-in",
        "sign_out_url": "/sign-out", "profile_url": "/me", "language_links": languages, **extra,
    }  # fmt: skip


def forms_context() -> dict[str, Any]:
    proposal = ProposalForm(MultiDict([("summary", "가" * 1012), ("requested", "12억"), ("partners-0-name", "")]))
    proposal.validate()
    return {"form": proposal, "budget": budget_form(), "filter_form": ProposalForm()}


def sheet_context() -> dict[str, Any]:
    sheet = SheetForm(data={"need": "b", "link": None, "ready": None, "effect": ""})
    return {"sheet": sheet, "page_width": "wide"}


@dataclass(frozen=True)
class Page:
    template: str
    context: Callable[[], Mapping[str, Any]]
    flashed: tuple[tuple[str, str], ...] = ()


def _error(code: int, **extra: Any) -> Page:
    return Page(f"errors/{code}.html", lambda: context(navigation=navigation("-"), **extra))


PAGES = {
    "components": Page(
        "gallery/components.html",
        context,
        (("success", "저장하였습니다."), ("danger", "마감 시각이 지나 제출하지 못했습니다.")),
    ),
    "tables": Page("gallery/tables.html", context),
    "forms": Page("gallery/forms.html", lambda: context(**forms_context())),
    "wizard": Page("gallery/wizard.html", lambda: context(**forms_context())),
    "sheet": Page("gallery/sheet.html", lambda: context(**sheet_context(), navigation=navigation("신청서"))),
    "400": _error(400),
    "403": _error(403, sentence="이 신청기관과 이해관계가 있다고 신고하셨으므로 신청서를 열 수 없습니다."),
    "404": _error(404),
    "409": _error(409, current_url="/applications/7"),
    "413": _error(413, sentence="보내신 내용이 너무 큽니다. 파일 하나는 50 MB까지 첨부할 수 있습니다."),
    "429": _error(429, retry_after=60),
    "500": Page("errors/500.html", lambda: {"reference": "20261122-7K3F"}),
}


def render(name: str, **extra: Any) -> str:
    page = PAGES[name]
    return environment(list(page.flashed)).get_template(page.template).render({**page.context(), **extra})


@contextmanager
def browser_with_korean() -> Iterator[Any]:
    """Chromium that finds the Korean font which comes with the plotting package, whatever the machine has installed."""
    from playwright.sync_api import sync_playwright

    package = find_spec("koreanize_matplotlib")
    assert package is not None
    assert package.origin is not None
    fonts = Path(package.origin).parent / "fonts"
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "fonts.conf"
        config.write_text(
            f'<?xml version="1.0"?><fontconfig><include>/etc/fonts/fonts.conf</include><dir>{fonts}</dir><cachedir>{folder}</cachedir></fontconfig>'
        )
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path="/usr/bin/chromium", args=CHROMIUM, env={**os.environ, "FONTCONFIG_FILE": str(config)}
            )
            yield browser
            browser.close()


def serve(route: Any) -> None:
    """Answers a browser's request from memory: pages by name, static files from the checkout, nothing else."""
    path = urlsplit(route.request.url).path
    static = STATIC / path.removeprefix("/static/")
    name = path.strip("/")
    headers = {"Content-Security-Policy": POLICY}
    if path.startswith("/static/") and static.is_file():
        route.fulfill(body=static.read_bytes(), content_type=mimetypes.guess_type(static.name)[0], headers=headers)
    elif path == "/figure.svg":
        route.fulfill(body=FIGURE, content_type="image/svg+xml", headers=headers)
    elif name in PAGES:
        route.fulfill(body=render(name), content_type="text/html; charset=utf-8", headers=headers)
    else:
        route.fulfill(status=404, body=json.dumps({"path": path}), content_type="application/json")


FIGURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="640" height="240" viewBox="0 0 640 240"><path d="M40 20v190h580" fill="none" stroke="#58616a"/>'
    + "".join(
        f'<rect x="{70 + 90 * i}" y="{210 - h}" width="50" height="{h}" fill="#0b50d0"/>'
        for i, h in enumerate([170, 150, 140, 120, 100, 60])
    )
    + "</svg>"
)


def main(out: Path, wanted: str = "") -> None:
    out.mkdir(parents=True, exist_ok=True)
    with browser_with_korean() as browser:
        for name in PAGES:
            for width in (360, 1280) if wanted in name else ():
                page = browser.new_page(viewport={"width": width, "height": 900})
                page.on("console", lambda message, name=name: print(f"{name}: {message.text}"))
                page.route("**/*", serve)
                page.goto(f"{ORIGIN}/{name}")
                page.screenshot(path=out / f"{name}-{width}.png", full_page=True)
                wide = page.evaluate("document.documentElement.scrollWidth")
                print(f"{name} {width}: page is {wide} px wide")
                page.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:3])
