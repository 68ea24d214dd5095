"""The gallery in a real browser: accessibility, narrow screens, the keyboard, and every script against answers made up here."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import axe_core_python
import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.web import preview

pytestmark = pytest.mark.journey

AXE = (Path(axe_core_python.__file__).parent / "axe.min.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
SAVED_AT = "2026-11-22T06:20:31+00:00"


class Visit:
    """A page of the gallery in a window of its own, with what it sent and what went wrong in it."""

    def __init__(self, browser: Browser, name: str, *, width: int = 1280, scripts: bool = True, **extra: Any) -> None:
        self.window = browser.new_context(
            viewport={"width": width, "height": 900},
            java_script_enabled=scripts,
            timezone_id="Asia/Seoul",
            locale="ko-KR",
            reduced_motion="reduce",
        )
        self.page: Page = self.window.new_page()
        self.name = name
        self.extra = extra
        self.problems: list[str] = []
        self.sent: list[tuple[str, Any, dict[str, str]]] = []
        self.answers: dict[str, Callable[[Route], None]] = {}
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.on(
            "console",
            lambda message: self.problems.append(message.text) if "Content Security Policy" in message.text else None,
        )
        self.page.route("**/*", self._answer)

    def _answer(self, route: Route) -> None:
        path = route.request.url.removeprefix(preview.ORIGIN)
        if route.request.method == "POST":
            self.sent.append((path, route.request.post_data, route.request.headers))
        if path in self.answers:
            self.answers[path](route)
        elif path == f"/{self.name}":
            route.fulfill(
                body=preview.render(self.name, **self.extra),
                content_type="text/html; charset=utf-8",
                headers={"Content-Security-Policy": preview.POLICY},
            )
        else:
            preview.serve(route)

    def open(self) -> Page:
        self.page.goto(f"{preview.ORIGIN}/{self.name}")
        return self.page

    def saved(self) -> list[dict[str, Any]]:
        return [json.loads(body) for path, body, _ in self.sent if path == "/autosave"]

    def kept(self) -> list[str]:
        return self.page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('evalcomm:kept:'))")


Open = Callable[..., Visit]


@pytest.fixture
def visit(browser: Browser) -> Iterator[Open]:
    visits: list[Visit] = []

    def start(name: str, **how: Any) -> Visit:
        visits.append(Visit(browser, name, **how))
        return visits[-1]

    yield start
    for one in visits:
        one.window.close()
        assert one.problems == []


def answer(body: dict[str, Any], status: int = 200) -> Callable[[Route], None]:
    return lambda route: route.fulfill(status=status, body=json.dumps(body), content_type="application/json")


@pytest.mark.parametrize("name", preview.PAGES)
def test_axe_reports_nothing_and_no_page_scrolls_sideways(visit: Open, name: str) -> None:
    page = visit(name).open()
    page.evaluate(AXE)

    error_page = name.isdigit()  # they differ in words only
    for width, contrast in ((360, ""),) if error_page else ((1280, ""), (1280, "high"), (360, "high"), (360, "")):
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate("(contrast) => { document.documentElement.dataset.contrast = contrast; }", contrast)
        found = page.evaluate("(rules) => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", RULES)[
            "violations"
        ]

        assert [(width, contrast, rule["id"], [node["html"][:200] for node in rule["nodes"]]) for rule in found] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_first_tab_leads_past_the_menu(visit: Open) -> None:
    page = visit("components").open()

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="본문 바로가기")).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_what_has_to_be_mended_takes_the_focus_and_leads_to_the_field(visit: Open) -> None:
    page = visit("forms").open()

    expect(page.get_by_role("alert").filter(has_text="입력한 내용을 확인해 주십시오")).to_be_focused()
    page.get_by_role("link", name="국비 신청액").click()

    expect(page.get_by_label("국비 신청액 필수")).to_be_focused()


def test_the_menu_of_a_narrow_screen_opens_and_closes_by_keyboard(visit: Open) -> None:
    page = visit("components", width=360).open()
    menu, button = page.get_by_role("navigation", name="주 메뉴"), page.get_by_role("button", name="메뉴")

    expect(menu).to_be_hidden()
    button.press("Enter")
    expect(menu).to_be_visible()
    expect(button).to_have_attribute("aria-expanded", "true")
    menu.get_by_role("link").first.press("Escape")

    expect(menu).to_be_hidden()
    expect(button).to_be_focused()


def test_without_scripts_the_menu_is_open_and_no_dead_button_shows(visit: Open) -> None:
    page = visit("sheet", width=360, scripts=False).open()

    expect(page.get_by_role("navigation", name="주 메뉴")).to_be_visible()
    for name in ("메뉴", "고대비 화면", "선택 지우기", "되살리기"):
        expect(page.get_by_role("button", name=name)).to_have_count(0)
    expect(page.locator("noscript p")).to_be_visible()


def test_a_chosen_high_contrast_screen_stays_chosen(visit: Open) -> None:
    page = visit("components").open()

    page.get_by_role("button", name="고대비 화면").click()
    page.reload()

    expect(page.get_by_role("button", name="고대비 화면")).to_have_attribute("aria-pressed", "true")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(0, 0, 0)"


def test_proposal_and_rubric_stand_side_by_side_only_where_there_is_room(visit: Open) -> None:
    def tops(width: int) -> tuple[float, float]:
        page = visit("sheet", width=width).open()
        left, right = (
            page.get_by_role("region", name=name, exact=True).bounding_box() for name in ("신청서", "평가표")
        )
        assert left
        assert right
        return left["y"], right["y"]

    beside, stacked = tops(1100), tops(1099)

    assert beside[0] == beside[1]
    assert stacked[0] < stacked[1]


def test_paper_shows_the_whole_table_and_no_buttons(visit: Open) -> None:
    page = visit("tables", width=700).open()

    page.emulate_media(media="print")

    assert page.evaluate("getComputedStyle(document.querySelector('.table-scroll')).overflow") == "visible"
    expect(page.get_by_role("navigation", name="주 메뉴")).to_be_hidden()
    expect(page.get_by_text("공식 누리집이 아닙니다")).to_be_visible()


def test_typing_is_saved_and_the_time_is_told(visit: Open) -> None:
    v = visit("forms")
    v.answers["/autosave"] = answer({"tag": "8", "saved_at": SAVED_AT})
    page = v.open()

    page.get_by_label("사업명 필수").fill("부산형 상생혁신타워")
    expect(page.locator("[data-save-text]")).to_have_text("15:20:31 저장됨")
    page.get_by_role("group", name="지원 형태").get_by_label("계속").check()
    page.wait_for_function("document.querySelector('[data-version-tag]').dataset.versionTag === '8'")
    page.wait_for_timeout(600)

    first, second = v.saved()
    assert (first["tag"], second["tag"]) == ("7", "8")
    assert first["fields"]["title"] == "부산형 상생혁신타워"
    assert (first["fields"]["kind"], second["fields"]["kind"]) == (None, "more")
    assert not {"csrf_token", "plan"} & set(first["fields"])
    assert v.sent[0][2]["x-csrftoken"] == "token-of-the-preview"
    assert v.kept() == []


def test_a_text_typed_offline_is_kept_and_saved_when_the_server_is_back(visit: Open) -> None:
    v = visit("forms")
    v.answers["/autosave"] = lambda route: route.abort()
    page = v.open()

    page.get_by_label("사업명 필수").fill("끊긴 동안 적은 이름")
    expect(page.locator("[data-save-text]")).to_contain_text("서버와 연결되지 않았습니다")
    assert len(v.kept()) == 1

    v.answers["/autosave"] = answer({"tag": "8", "saved_at": SAVED_AT})
    page.get_by_role("button", name="다시 저장").click()

    expect(page.locator("[data-save-text]")).to_have_text("15:20:31 저장됨")
    assert v.saved()[-1]["fields"]["title"] == "끊긴 동안 적은 이름"
    assert v.kept() == []


def test_a_text_that_never_reached_the_server_is_offered_at_the_next_visit(visit: Open) -> None:
    v = visit("forms")
    v.answers["/autosave"] = lambda route: route.abort()
    page = v.open()
    page.get_by_label("사업명 필수").fill("잃지 않을 이름")
    page.get_by_role("group", name="지원 형태").get_by_label("재신청").check()
    expect(page.locator("[data-save-text]")).to_contain_text("서버와 연결되지 않았습니다")

    page.reload()
    expect(page.locator("[data-save-text]")).to_contain_text("이 컴퓨터에 남아 있습니다")
    expect(page.get_by_label("사업명 필수")).to_have_value("")
    page.get_by_role("button", name="되살리기").click()

    expect(page.get_by_label("사업명 필수")).to_have_value("잃지 않을 이름")
    expect(page.get_by_role("group", name="지원 형태").get_by_label("재신청")).to_be_checked()


def test_when_two_windows_meet_nothing_is_overwritten(visit: Open) -> None:
    v = visit("forms")
    v.answers["/autosave"] = answer({"sentence": "다른 곳에서 내용이 바뀌었습니다."}, 409)
    page = v.open()

    page.get_by_label("사업명 필수").fill("늦은 창의 이름")
    expect(page.locator("[data-save-text]")).to_have_text("다른 곳에서 내용이 바뀌었습니다.")
    page.get_by_label("사업명 필수").fill("늦은 창의 이름, 더 적음")
    page.wait_for_timeout(2000)

    assert len(v.saved()) == 1
    assert len(v.kept()) == 1
    expect(page.get_by_label("사업명 필수")).to_have_value("늦은 창의 이름, 더 적음")


def test_after_the_session_ended_a_new_sign_in_saves_what_was_typed_meanwhile(visit: Open) -> None:
    v = visit("forms")
    v.answers["/autosave"] = answer({"code": "csrf", "sentence": "…"}, 400)
    page = v.open()
    v.answers["/forms"] = answer({}, 403)

    page.get_by_label("사업명 필수").fill("로그아웃된 동안 적은 이름")
    expect(page.locator("[data-save-text]")).to_contain_text("로그인 시간이 끝났습니다")
    expect(page.get_by_role("link", name="새 창에서 로그인")).to_be_visible()

    fresh = preview.render("forms").replace("token-of-the-preview", "token-after-sign-in")
    v.answers["/forms"] = lambda route: route.fulfill(body=fresh, content_type="text/html; charset=utf-8")
    v.answers["/autosave"] = lambda route: (
        answer({"tag": "8", "saved_at": SAVED_AT})
        if route.request.headers["x-csrftoken"] == "token-after-sign-in"
        else answer({"code": "csrf"}, 400)
    )(route)
    page.get_by_role("button", name="다시 저장").click()

    expect(page.locator("[data-save-text]")).to_have_text("15:20:31 저장됨")
    assert v.saved()[-1]["fields"]["title"] == "로그아웃된 동안 적은 이름"
    assert page.locator('input[name="csrf_token"]').first.input_value() == "token-after-sign-in"


def test_a_submission_waits_for_the_save_under_way_and_none_follows_it(visit: Open) -> None:
    v = visit("sheet")
    waiting: list[Route] = []
    v.answers["/autosave"] = waiting.append
    v.answers["/save"] = lambda route: route.fulfill(status=204)
    page = v.open()

    page.get_by_label("평가 의견").fill("근거가 구체적이다.")
    page.wait_for_timeout(1800)
    page.get_by_role("button", name="임시저장").click()
    page.wait_for_timeout(300)
    before = [path for path, _, _ in v.sent]
    answer({"tag": "4", "saved_at": SAVED_AT})(waiting[0])
    page.wait_for_timeout(500)

    assert before == ["/autosave"]
    assert [path for path, _, _ in v.sent] == ["/autosave", "/save"]


def test_a_button_pressed_without_a_network_leaves_the_page_and_goes_through_when_it_is_back(visit: Open) -> None:
    """Else the browser's own error would stand where the sheet was, on a train that enters a tunnel."""
    v = visit("sheet")
    v.answers["/autosave"] = lambda route: route.abort()
    v.answers["/save"] = lambda route: route.fulfill(status=204)
    page = v.open()

    page.get_by_label("평가 의견").fill("터널 안에서 적은 의견.")
    page.get_by_role("button", name="임시저장").click()
    expect(page.locator("[data-save-text]")).to_contain_text("서버와 연결되지 않았습니다")
    expect(page.get_by_label("평가 의견")).to_have_value("터널 안에서 적은 의견.")
    assert "/save" not in [path for path, _, _ in v.sent]

    v.answers["/autosave"] = answer({"tag": "4", "saved_at": SAVED_AT})
    with page.expect_request("**/save"):
        page.get_by_role("button", name="임시저장").click()


def test_number_keys_pick_grades_and_the_total_runs_along(visit: Open) -> None:
    page = visit("sheet").open()
    total, left = page.locator("[data-total]"), page.locator("[data-left]")
    expect(total).to_have_text("8.5")
    expect(left).to_have_text("미평가 3개 항목")

    page.locator("#link-0").focus()
    page.keyboard.press("3")
    expect(total).to_have_text("15.5")
    page.keyboard.press("n")
    expect(page.locator("#ready-0")).to_be_focused()
    page.keyboard.press("2")

    expect(page.locator("#ready [data-item-state]")).to_have_text("0점")
    expect(total).to_have_text("15.5")
    expect(left).to_have_text("미평가 1개 항목")


def test_a_grade_can_be_taken_back_to_not_scored(visit: Open) -> None:
    page = visit("sheet").open()

    page.get_by_role("button", name="선택 지우기").first.click()

    expect(page.locator("#need [data-item-state]")).to_have_text("미평가")
    expect(page.locator("[data-total]")).to_have_text("미평가")
    assert page.locator("#need :checked").count() == 0


def test_a_digit_in_a_comment_is_just_a_digit(visit: Open) -> None:
    page = visit("sheet").open()

    page.get_by_label("평가 의견").press_sequentially("1n2")

    expect(page.get_by_label("평가 의견")).to_have_value("1n2")
    expect(page.locator("#need-1")).to_be_checked()


def test_points_are_added_exactly(visit: Open) -> None:
    page = visit("sheet").open()

    page.locator("#effect").fill("0.1")
    expect(page.locator("[data-total]")).to_have_text("8.6")
    page.locator("#effect").fill("11.5555")
    expect(page.locator("[data-total]")).to_have_text("20.0555")
    page.locator("#effect").fill("열 점")

    expect(page.locator("#effect-item [data-item-state]")).to_have_text("미평가")


def test_a_budget_adds_up_while_one_types_and_names_the_wrong_cell(visit: Open) -> None:
    page = visit("forms").open()
    cell = page.get_by_label("시설비 국비")

    cell.fill("2500000000")
    cell.press("Tab")
    expect(cell).to_have_value("2,500,000,000")
    expect(page.locator("[data-sum-column=national]")).to_have_text("3,600,000,000")
    expect(page.locator("[data-sum-row=facility]")).to_have_text("4,200,000,000")
    expect(page.locator("[data-total-of='2021/national']")).to_have_text("3,600,000,000")
    expect(page.locator("[data-total-of='*/*']")).to_have_text("5,500,000,000")
    expect(page.locator("[data-target]")).to_have_text("국비 신청액보다 100,000,000원 많습니다.")
    cell.fill("25억")
    cell.press("Tab")

    expect(page.get_by_text("「시설비 국비」 칸에는 원 단위 숫자만 적습니다.")).to_be_visible()
    expect(cell).to_have_value("25억")
    cell.fill("2,400,000,000")
    expect(page.locator("[data-target]")).to_have_text("국비 신청액에 맞습니다.")
    expect(cell).not_to_have_attribute("aria-invalid", "true")


def test_a_text_that_is_too_long_is_counted_not_cut(visit: Open) -> None:
    page = visit("wizard").open()
    page.goto(f"{preview.ORIGIN}/forms")

    counter = page.locator("[data-counter-for=summary]")
    expect(counter).to_have_text("12자를 줄여야 합니다 (1,012 / 1,000자)")
    page.get_by_label("사업 요약 필수").fill("두 줄\n짧은 글")

    expect(counter).to_have_text("9 / 1,000자")


def test_a_grave_action_is_asked_once_more_and_sent_once(visit: Open) -> None:
    v = visit("components")
    v.answers["/withdraw"] = lambda route: route.fulfill(status=204)
    page = v.open()
    button = page.get_by_role("button", name="접수 취소")

    button.click()
    dialog = page.get_by_role("dialog", name="한 번 더 확인해 주십시오")
    expect(dialog).to_contain_text("접수를 취소하면")
    dialog.get_by_role("button", name="취소").click()
    assert v.sent == []
    button.click()
    dialog.get_by_role("button", name="확인").click()
    page.wait_for_timeout(300)
    button.click()
    page.wait_for_timeout(300)

    assert [path for path, _, _ in v.sent] == ["/withdraw"]


def test_the_end_of_the_session_is_told_five_minutes_before_and_one_button_puts_it_off(visit: Open) -> None:
    v = visit(
        "wizard",
        session_expires_at=(datetime.now(UTC) + timedelta(minutes=30)).isoformat(),
        session_extend_url="/session/extend",
    )
    v.answers["/session/extend"] = answer({"expires_at": "2099-01-01T00:00:00+00:00"})
    v.page.clock.install()
    page = v.open()
    dialog = page.get_by_role("alertdialog", name="로그인 시간이 곧 끝납니다")

    page.clock.fast_forward("24:30")
    expect(dialog).to_be_hidden()
    page.clock.fast_forward("01:00")
    expect(dialog).to_contain_text("4:")
    dialog.get_by_role("button", name="로그인 연장").click()
    expect(dialog).to_be_hidden()
    page.clock.fast_forward("24:00")
    expect(dialog).to_be_hidden()

    assert [(path, headers["x-csrftoken"]) for path, _, headers in v.sent] == [
        ("/session/extend", "token-of-the-preview")
    ]


def test_what_was_typed_before_the_session_ended_is_there_after_the_next_sign_in(visit: Open) -> None:
    v = visit(
        "wizard",
        session_expires_at=(datetime.now(UTC) + timedelta(minutes=30)).isoformat(),
        session_extend_url="/session/extend",
    )
    v.page.clock.install()
    page = v.open()

    page.get_by_label("사업명 필수").fill("사라지면 안 되는 이름")
    page.clock.fast_forward("31:00")
    expect(page.get_by_role("alertdialog")).to_contain_text("로그인 시간이 끝났습니다")
    v.extra["session_expires_at"] = (datetime.now(UTC) + timedelta(hours=2)).isoformat()
    page.reload()

    expect(page.get_by_label("사업명 필수")).to_have_value("사라지면 안 되는 이름")
    expect(page.get_by_text("입력하신 내용을 되살렸습니다")).to_be_visible()
    assert v.kept() == []


def test_signing_out_saves_first_and_leaves_no_text_on_a_shared_computer(visit: Open) -> None:
    v = visit("forms")
    v.answers["/autosave"] = answer({"tag": "8", "saved_at": SAVED_AT})
    v.answers["/sign-out"] = lambda route: route.fulfill(status=204)
    page = v.open()
    page.get_by_label("사업명 필수").fill("남기지 않을 이름")
    assert len(v.kept()) == 1

    page.get_by_role("button", name="로그아웃").click()
    page.wait_for_timeout(500)

    assert [path for path, _, _ in v.sent] == ["/autosave", "/sign-out"]
    assert v.kept() == []


def test_a_wrong_attachment_is_refused_before_it_is_sent(visit: Open) -> None:
    v = visit("forms")
    page = v.open()

    page.locator("#plan").set_input_files(
        [{"name": "계획.exe", "mimeType": "application/octet-stream", "buffer": b"x"}]
    )
    expect(page.get_by_text(".pdf, .hwpx, .docx 파일만 올릴 수 있습니다.")).to_be_visible()
    page.get_by_role("button", name="임시저장").click()
    page.wait_for_timeout(300)

    assert [path for path, _, _ in v.sent if path == "/save"] == []


def test_the_answer_to_an_upload_is_shown_with_its_errors_and_its_scripts_running(visit: Open) -> None:
    v = visit("forms")
    v.answers["/save"] = lambda route: route.fulfill(
        body=preview.render("forms").replace("신청서 작성</h1>", "다시 작성</h1>"),
        content_type="text/html; charset=utf-8",
    )
    page = v.open()

    page.locator("#plan").set_input_files(
        [{"name": "계획.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 x"}]
    )
    page.get_by_role("button", name="임시저장").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("다시 작성")
    page.get_by_label("시설비 국비").fill("1")

    expect(page.get_by_role("alert").filter(has_text="입력한 내용을 확인해 주십시오")).to_be_visible()
    expect(page.locator("[data-sum-column=national]")).to_have_text("1,100,000,001")
    (sent,) = [headers for path, _, headers in v.sent if path == "/save"]
    assert sent["content-type"].startswith("multipart/form-data")
