"""The pages as people meet them: what can be done on a page is a method, and a click returns the page it leads to.

Fields and buttons are found by the words on them, so a page that reads differently, or whose labels are not tied to their fields, fails.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Self
from zoneinfo import ZoneInfo

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

SEOUL = ZoneInfo("Asia/Seoul")
SLOW = 30_000
"""Milliseconds that a page may take on a busy machine."""


def window_of(browser: Browser, *, width: int = 1280, scripts: bool = True) -> BrowserContext:
    """A person's own browser: cookies and storage shared with nobody."""
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        java_script_enabled=scripts,
        timezone_id="Asia/Seoul",
        locale="ko-KR",
        reduced_motion="reduce",
        accept_downloads=True,
    )
    context.set_default_timeout(SLOW)
    context.set_default_navigation_timeout(SLOW)
    return context


class View:
    """A page that is open. `heading` is its h1; a view that is made waits until it is there."""

    heading: str | re.Pattern[str] = re.compile(".")

    def __init__(self, page: Page) -> None:
        self.page = page
        expect(page.get_by_role("heading", level=1)).to_contain_text(self.heading, timeout=SLOW)

    @property
    def main(self) -> Locator:
        return self.page.get_by_role("main")

    def press(self, button: str, *, agree: bool = False) -> None:
        """Press a button of the page; `agree` also answers the question that it asks."""
        self.main.get_by_role("button", name=button).click()
        if agree:
            self.page.get_by_role("dialog").locator("[data-confirm-yes]").click()

    def follow(self, link: str, within: Locator | None = None) -> None:
        (within or self.main).get_by_role("link", name=link).first.click()

    def fill(self, values: Mapping[str, str]) -> None:
        for label, text in values.items():
            self.main.get_by_label(label).first.fill(text)

    def row(self, text: str) -> Locator:
        return self.main.get_by_role("row").filter(has_text=text)

    def says(self, text: str | re.Pattern[str]) -> Self:
        expect(self.main).to_contain_text(text, timeout=SLOW)
        return self


class Person:
    """Somebody in front of a browser of their own."""

    def __init__(self, browser: Browser, site: str, email: str, password: str) -> None:
        self.window = window_of(browser)
        self.page = self.window.new_page()
        self.site, self.email, self.password = site, email, password
        self.problems: list[str] = []
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.on(
            "console", lambda said: self.problems.append(said.text) if "Content Security Policy" in said.text else None
        )

    def open(self, path: str = "/") -> Page:
        self.page.goto(f"{self.site}{path}" if path.startswith("/") else path)
        return self.page

    def post(self, url: str) -> int:
        """The status that answers somebody who sends a form that no page offers."""
        token = self.page.locator('meta[name="csrf-token"]').get_attribute("content")
        return self.page.request.post(url, form={"csrf_token": str(token)}, max_redirects=0).status

    def choose_in_menu(self, entry: str) -> Page:
        self.page.get_by_role("navigation", name="주 메뉴").get_by_role("link", name=entry, exact=True).click()
        return self.page

    def sign_in(self) -> None:
        SignIn(self.open("/sign-in")).enter(self.email, self.password)

    def sign_out(self) -> None:
        self.page.get_by_role("button", name="로그아웃").click()
        expect(self.page.get_by_text("로그아웃했습니다.")).to_be_visible(timeout=SLOW)

    def lose_session(self) -> None:
        """The cookie is gone, and the open page does not know."""
        self.window.clear_cookies()

    def leave(self) -> None:
        self.window.close()
        assert self.problems == []


# Coming in


class SignIn(View):
    heading = "로그인"

    def enter(self, email: str, password: str) -> None:
        self.fill({"전자우편": email, "비밀번호": password})
        self.press("로그인")
        expect(self.page.get_by_role("button", name="로그아웃")).to_be_visible(timeout=SLOW)


class Join(View):
    heading = "가입하기"

    def set_password(self, password: str, *, name: str) -> None:
        self.main.get_by_label("성명").fill(name)
        self.main.get_by_label("새 비밀번호 필수", exact=True).fill(password)
        self.main.get_by_label("새 비밀번호 확인").fill(password)
        self.press("비밀번호 정하기")
        expect(self.page.get_by_text("비밀번호를 정했습니다.")).to_be_visible(timeout=SLOW)


class Register(View):
    heading = "신청자 회원가입"

    def ask_for_link(self, *, email: str, name: str, organisation: str) -> None:
        self.fill({"전자우편": email, "성명": name})
        self.main.get_by_label("소속 기관").select_option(label=organisation)
        self.press("가입 링크 받기")
        expect(self.page.get_by_role("heading", level=1)).to_have_text("메일을 확인해 주십시오", timeout=SLOW)


class Invite(View):
    heading = "초대"

    def send(self, *, email: str, name: str, role: str) -> Self:
        self.fill({"전자우편": email, "성명": name})
        self.main.get_by_label("역할").select_option(label=role)
        self.press("초대 링크 보내기")
        return self.says(f"{email} 주소로 초대 링크를 보냈습니다.")


class Outbox(View):
    heading = "발송함"

    def link_for(self, email: str) -> str:
        """The link in the newest mail to this address."""
        letter = self.main.locator("details").filter(has_text=email).first
        letter.locator("summary").click()
        found = re.search(r"https?://\S+/join/\S+", letter.inner_text())
        assert found, letter.inner_text()
        return found.group()


# Making a call


class NewCall(View):
    heading = "공모 만들기"

    def copy(self, template: str, *, number: str, title: str) -> "Dates":
        self.main.get_by_label(template).check()
        self.fill({"공고번호": number, "공고명": title})
        self.press("다음: 일정과 예산")
        return Dates(self.page)


class Dates(View):
    heading = "일정과 예산"

    def window(self, phase: str) -> tuple[datetime, datetime]:
        """As proposed, of the phase that is called so."""
        group = self.main.get_by_role("group", name=phase)
        opens, closes = (
            datetime.fromisoformat(group.get_by_label(label).input_value()).replace(tzinfo=SEOUL)
            for label in ("시작", "마감")
        )
        return opens, closes

    @property
    def budget(self) -> Locator:
        return self.main.get_by_label("지원 예산(국비)")

    def set_budget(self, won: str) -> "Plan":
        self.send(won)
        return Plan(self.page)

    def send(self, won: str) -> Self:
        self.budget.fill(won)
        self.press("다음: 평가계획")
        return self


class Plan(View):
    heading = "평가계획 고르기"

    def choose(self, title: str) -> "Preview":
        self.main.get_by_label(title).check()
        self.press("다음: 미리보기")
        return Preview(self.page)


class Preview(View):
    def publish(self) -> "PublishedCall":
        self.press("공고하고 평가계획 확정", agree=True)
        return PublishedCall(self.page)


class PublishedCall(View):
    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self.says("확정값")

    def apply(self) -> "ChooseProject":
        self.follow("신청하기")
        return ChooseProject(self.page)


# Applying


class ChooseProject(View):
    heading = "신청할 프로젝트 고르기"

    def start(self, project: str) -> "TaskList":
        self.row(project).get_by_role("button").click()
        return TaskList(self.page)


class TaskList(View):
    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self.says(re.compile("작성(할|한) 내용"))

    def open(self, section: str) -> "Section":
        self.follow(section)
        return Section(self.page)

    def open_attachments(self) -> "Attachments":
        self.follow("첨부 파일")
        return Attachments(self.page)

    def check(self) -> "Check":
        self.follow("제출 전 점검")
        return Check(self.page)


class Section(View):
    def wait_until_saved(self) -> Self:
        expect(self.page.locator("[data-save-text]")).to_contain_text(
            re.compile(r"\d\d:\d\d:\d\d 저장됨"), timeout=SLOW
        )
        return self

    def set_amount(self, item: str, source: str, won: str) -> None:
        self.main.get_by_label(f"{item} {source}").first.fill(won)

    def save(self) -> TaskList:
        self.press("저장하고 목록으로")
        return TaskList(self.page)

    def back_to_list(self) -> TaskList:
        self.follow("목록으로")
        return TaskList(self.page)


class Attachments(View):
    heading = "첨부 파일"

    def attach(self, file: Path) -> Self:
        self.main.locator('input[type="file"]').set_input_files(file)
        self.press("올리기")
        return self.says(file.name)

    def back_to_list(self) -> TaskList:
        self.follow("목록으로")
        return TaskList(self.page)


class Check(View):
    heading = "제출 전 점검"

    def submit(self) -> "Receipt":
        self.press("제출", agree=True)
        return Receipt(self.page)


class Receipt(View):
    heading = "접수증"

    def paper(self) -> "Paper":
        self.follow("접수증 1차")
        return Paper(self.page)


class Paper(View):
    """A paper in HTML, with its PDF as soon as the worker has printed it."""

    def download(self, folder: Path) -> Path:
        link = self.main.get_by_role("link", name="PDF 내려받기")
        for _attempt in range(60):
            if link.count():
                break
            self.page.wait_for_timeout(1000)
            self.page.reload()
        with self.page.expect_download() as started:
            link.click()
        target = folder / started.value.suggested_filename
        started.value.save_as(target)
        return target


# The secretariat before the scores


class Applications(View):
    heading = "신청서"

    def open(self, title: str) -> "Submitted":
        self.follow(title)
        return Submitted(self.page)


class Submitted(View):
    def screen(self, verdict: str) -> Applications:
        self.main.get_by_label(verdict, exact=True).check()
        self.press("판정 저장")
        return Applications(self.page)


class NewCommittee(View):
    heading = "위원회 만들기"

    @property
    def name(self) -> Locator:
        return self.main.get_by_label("위원회 이름")

    def create(self) -> "Committee":
        expect(self.name).not_to_be_empty()
        self.press("위원회 만들기")
        return Committee(self.page)


class Committee(View):
    def choose_members(self) -> "Appoint":
        self.follow("위원 위촉")
        return Appoint(self.page)

    def elect(self, name: str, note: str) -> "Committee":
        self.row(name).get_by_role("link", name="위원장 지정").click()
        chair = View(self.page)
        chair.main.get_by_label("호선").check()
        chair.fill({"경위": note})
        chair.press("위원장으로 기록")
        return Committee(self.page)

    def decide(self, name: str, *, decision: str, reason: str) -> "Committee":
        self.row(name).get_by_role("link", name="결정하기").click()
        conflict = View(self.page)
        conflict.main.get_by_label(decision, exact=True).check()
        conflict.fill({"결정 사유": reason})
        conflict.press("결정을 기록하고 알림")
        return Committee(self.page)


class Appoint(View):
    heading = "위원 위촉"

    def appoint(self, name: str) -> None:
        self.row(name).get_by_role("button", name="위촉").click()
        expect(self.page.get_by_text(re.compile(f"{name}.*위촉"))).to_be_visible(timeout=SLOW)


# The evaluator


class MyScoring(View):
    heading = "내 평가"

    def pledge(self, name: str) -> "Declaration":
        self.follow("청렴·보안 서약")
        pledge = View(self.page)
        pledge.main.get_by_label("위 서약서를 읽었으며").check()
        pledge.main.get_by_label("위와 같이 개인정보를").check()
        pledge.press(f"{name} 이름으로 서명")
        return Declaration(self.page)

    def start(self, title: str) -> "Sheet":
        self.row(title).get_by_role("button", name="평가 시작").click()
        return Sheet(self.page)

    def state_of(self, title: str) -> str:
        return self.row(title).first.inner_text()

    def score_table(self) -> "ScoreTable":
        self.follow("종합집계표를 확인하고 서명해 주십시오")
        return ScoreTable(self.page)

    def signed_table(self) -> "ScoreTable":
        self.follow("종합집계표를 확정해 주십시오")
        return ScoreTable(self.page)


class Declaration(View):
    heading = "이해관계 신고"

    def declare(self, titles: Sequence[str], recused: Mapping[str, str]) -> None:
        """No interest in these titles, except where a reason for recusal is given."""
        for title in titles:
            group = self.main.get_by_role("group", name=title)
            if title not in recused:
                group.get_by_label("이해관계 없음").check()
                continue
            group.get_by_label(re.compile("^회피")).first.check()
            group.get_by_label("신청기관과의 관계").select_option(label="용역·자문·연구 수행")
            group.get_by_label("회피 사유").fill(recused[title])
        self.press("신고서에 서명하고 내기", agree=True)
        View(self.page).says("이해관계를 신고하였습니다")


class Sheet(View):
    def score_with_keys(self, grades: str) -> Self:
        """One digit per graded item, from the first; N leads on to the next item."""
        self.main.locator("[data-key]").first.focus()
        for grade in grades:
            self.page.keyboard.press(grade)
            self.page.keyboard.press("n")
        return self

    def comment(self, text: str) -> Self:
        for field in self.main.locator("#rubric textarea:visible").all():
            field.fill(text)
        return self

    def review(self) -> "Confirm":
        self.press("제출 전 확인")
        return Confirm(self.page)


class Confirm(View):
    heading = "제출 전 확인"

    def sign(self, name: str) -> View:
        self.press(f"{name} 이름으로 서명하고 제출")
        return View(self.page).says("제출")


# From the opening to the announcement


class Progress(View):
    heading = "평가 진행"

    def enter_points(self, number: str) -> "FixedPoints":
        self.follow(number)
        return FixedPoints(self.page)

    def opening(self) -> "Opening":
        self.follow("점수 개봉")
        return Opening(self.page)


class FixedPoints(View):
    heading = "정량·가점·감점 입력"

    def enter(self, points: Mapping[str, str], evidence: str) -> View:
        for item, value in points.items():
            group = self.main.get_by_role("group", name=item)
            group.get_by_label("점수").fill(value)
            group.get_by_label("증빙").fill(evidence)
        self.press("저장")
        return View(self.page)


class Opening(View):
    heading = "점수 개봉"

    def request(self) -> Self:
        self.press("개봉 요청")
        return self.says("입회를 기다리고 있습니다")

    def confirm(self, name: str) -> "ScoreTable":
        self.press(f"{name} 이름으로 입회하고 개봉", agree=True)
        return ScoreTable(self.page)


class ScoreTable(View):
    heading = "종합집계표"

    def sign(self, name: str) -> Self:
        self.press(f"{name} 이름으로 서명")
        expect(self.main.get_by_role("button", name="이름으로 서명")).to_have_count(0, timeout=SLOW)
        return self

    def close(self, name: str, remark: str) -> "ScoreTable":
        self.follow("총평 쓰고 확정")
        closing = View(self.page)
        closing.fill({"총평": remark})
        closing.press(f"{name} 이름으로 확정")
        return ScoreTable(self.page).says(remark)


class Selection(View):
    heading = "선정"

    def compute(self) -> "Run":
        self.press("배분(안) 계산")
        return Run(self.page)

    def resolve(self, *, at: datetime, reason: str) -> Self:
        self.fill({"의결 일시": at.astimezone(SEOUL).strftime("%Y-%m-%dT%H:%M"), "의결 이유": reason})
        self.press("의결 기록")
        return self.says("심의의결서를 만들었습니다")

    def record_approval(self, *, number: str, on: datetime, approver: str) -> Self:
        self.fill({"문서번호": number, "결재일": on.astimezone(SEOUL).date().isoformat(), "결재권자": approver})
        self.press("결재 기록")
        return self.says("결재를 기록했습니다")

    def announce(self) -> Self:
        self.press("결과 공표와 통보", agree=True)
        return self.says("결과를 공표하고 모든 신청인에게 알렸습니다")


class Run(View):
    heading = "배분(안)"

    def adopt(self) -> Selection:
        self.press("이 배분(안) 채택", agree=True)
        return Selection(self.page)


class Papers(View):
    heading = "문서"

    def issue(self) -> Self:
        self.press("심의결과서·선정결과보고서 발행", agree=True)
        return self.says("과제별 심의결과서")

    def open(self, text: str) -> Paper:
        self.row(text).get_by_role("link").first.click()
        return Paper(self.page)
