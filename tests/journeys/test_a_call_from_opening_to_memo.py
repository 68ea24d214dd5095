"""The whole job in a real browser: an applicant applies, evaluators score, the chair confirms, the secretariat decides and announces.

A real server with its worker and database; nothing is made up but the clock, which the story moves from phase to phase.
"""

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from pypdf import PdfReader, PdfWriter

from tests.conftest import new_database
from tests.journeys import pages
from tests.journeys.pages import Person
from tests.journeys.site import Site

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journey")]

PROGRAMME = Path(__file__).resolve().parents[2] / "programs" / "innovation-city-2021.yaml"
TITLE = "혁신도시 협업과제 지원사업"
PASSWORD = "참으로 긴 비밀번호 하나 2026"
TOWER, STATION = "부산형 상생혁신타워", "스테이션 K 건립"
EVALUATORS = ("한가온", "도하람", "윤새별", "임다온", "문여울")
CHAIR = "도하람"
RECUSED = "윤새별"
GRADES = {
    TOWER: ("111111", "121111", "112111", "111211", "211111"),
    STATION: ("222222", "223222", "", "222322", "322222"),
}
"""Keys per evaluator: 1 is the best grade. The third is recused from the second application."""
NATIONAL = {TOWER: 3_000_000_000, STATION: 4_000_000_000}
BUDGET = 5_000_000_000

FIXED = {
    TOWER: {"부지·건물 확보와 인허가": "15", "지방비·기관부담 확약": "15"},
    STATION: {"부지·건물 확보와 인허가": "12.5", "지방비·기관부담 확약": "13.25"},
}
PHASES = ("신청 접수", "요건검토", "위원 서약·이해관계 신고", "평가", "점수 개봉·심의")
NARRATIVE = (
    "사업 요약",
    "추진 배경과 필요성",
    "목표와 성과지표",
    "세부 추진계획과 일정",
    "추진체계와 역할 분담",
    "기대효과",
)
KOREAN = {TOWER: "금3,000,000,000원(금삼십억원)", STATION: "금4,000,000,000원(금사십억원)"}
AWARDED = {TOWER: "금3,000,000,000원(금삼십억원)", STATION: "금2,000,000,000원(금이십억원)"}
"""The first in full, the second cut to what is left."""

Somebody = Callable[..., Person]


@pytest.fixture
def site(template_database: str, tmp_path: Path) -> Iterator[Site]:
    with new_database(template_database, tmp_path) as url, Site(tmp_path, url).running() as running:
        yield running


@pytest.fixture
def somebody(browser: Browser, site: Site) -> Iterator[Somebody]:
    people: list[Person] = []

    def come(email: str) -> Person:
        people.append(Person(browser, site.url, f"{email}@example.go.kr", PASSWORD))
        return people[-1]

    yield come
    for person in people:
        person.leave()


def text_of(pdf: Path) -> str:
    """What the PDF says, without line breaks and spaces, which differ from what was laid out."""
    return re.sub(r"\s+", "", "".join(page.extract_text() for page in PdfReader(pdf).pages))


def test_a_call_from_opening_to_memo(site: Site, somebody: Somebody, tmp_path: Path) -> None:
    administrator, secretary = somebody("admin"), somebody("secretary")
    pages.Join(administrator.open(site.run("user", "invite", administrator.email))).set_password(
        PASSWORD, name="관리온"
    )
    invite(administrator, secretary, "정사무", "사무국")
    site.run("program", "load", str(PROGRAMME))

    phases = publish_the_call(secretary)

    site.set_clock(phases["신청 접수"][0] + timedelta(hours=1))
    applicants = {}
    for project, name, organisation in ((TOWER, "김사업", "자산관리공사"), (STATION, "박신청", "토지주택공사")):
        applicants[project] = register(somebody, administrator, name, organisation)
        apply(applicants[project], project, tmp_path)

    site.set_clock(phases["신청 접수"][1] + timedelta(hours=20))
    refuse_what_comes_too_late(applicants[TOWER])
    screen(secretary)
    evaluators = [
        invite(administrator, somebody(f"evaluator{n}"), name, "평가위원") for n, name in enumerate(EVALUATORS)
    ]
    committee = appoint(secretary)

    site.set_clock(phases["위원 서약·이해관계 신고"][0] + timedelta(hours=1))
    for person, name in zip(evaluators, EVALUATORS, strict=True):
        pledge_and_declare(person, name)
    decide_the_recusal(secretary, committee)

    site.set_clock(phases["평가"][0] + timedelta(hours=1))
    for place, (person, name) in enumerate(zip(evaluators, EVALUATORS, strict=True)):
        score(person, name, place)
    enter_fixed_points(secretary)

    site.set_clock(phases["점수 개봉·심의"][0] + timedelta(hours=1))
    open_sign_and_close(secretary, evaluators)
    decide_and_announce(secretary, phases["점수 개봉·심의"][0] + timedelta(hours=1))

    read_the_memo(secretary, tmp_path)
    read_the_notice(applicants[TOWER], TOWER, tmp_path, says=AWARDED[TOWER])
    read_the_notice(applicants[STATION], STATION, tmp_path, says=AWARDED[STATION])
    assert "intact" in site.run("audit", "verify")


def invite(administrator: Person, person: Person, name: str, role: str) -> Person:
    pages.Invite(administrator.choose_in_menu("초대")).send(email=person.email, name=name, role=role)
    return join(administrator, person, name)


def join(administrator: Person, person: Person, name: str) -> Person:
    """Follow the link that the administrator reads in the outbox and passes on."""
    link = pages.Outbox(administrator.choose_in_menu("발송함")).link_for(person.email)
    pages.Join(person.open(link)).set_password(PASSWORD, name=name)
    return person


def publish_the_call(secretary: Person) -> dict[str, tuple[datetime, datetime]]:
    """Three pages from the template, with two mistakes on the way; then the window of every phase."""
    secretary.choose_in_menu("지원사업").get_by_role("link", name="혁신도시 공공기관 협업과제 지원사업").click()
    pages.View(secretary.page).follow("공모 만들기")
    dates = pages.NewCall(secretary.page).copy("표준안", number="2026-1", title=TITLE)
    dates.send("50억").says("원 단위의 정수로 적어 주십시오. 예: 12,500,000")
    assert dates.budget.input_value() == "50억"
    phases = {name: dates.window(name) for name in PHASES}
    preview = dates.set_budget(f"{BUDGET:,}").choose("국고보조금 공모 평가계획(협업 거점 조성형)")
    preview.says("금5,000,000,000원(금오십억원)").publish().says("공고하고 평가계획을 확정했습니다")
    return phases


def register(somebody: Somebody, administrator: Person, name: str, organisation: str) -> Person:
    person = somebody(f"applicant-{len(name)}-{ord(name[0])}")
    person.open("/sign-in").get_by_role("link", name="신청자 회원가입").click()
    pages.Register(person.page).ask_for_link(email=person.email, name=name, organisation=organisation)
    return join(administrator, person, name)


def apply(person: Person, project: str, folder: Path) -> None:
    person.open().get_by_role("link", name=TITLE).first.click()
    tasks = pages.PublishedCall(person.page).apply().start(project)

    basics = tasks.open("기본 정보")
    basics.fill({"총괄책임자": "김사업 팀장", "사업 시작일": "2027-01-01", "사업 종료일": "2027-12-31"})
    tasks = basics.save()

    plan = tasks.open("사업계획")
    plan.fill(dict.fromkeys(NARRATIVE, f"{project}의 계획입니다. 지역의 수요를 확인하였습니다."))
    tasks = plan.wait_until_saved().back_to_list()
    assert tasks.open("사업계획").main.get_by_label("기대효과").input_value().startswith(project)
    tasks = pages.Section(person.page).back_to_list()

    budget = tasks.open("예산")
    budget.set_amount("시설비·부대비", "국비", f"{NATIONAL[project]:,}")
    budget.set_amount("시설비·부대비", "시·도비", str(NATIONAL[project] // 2))
    tasks = budget.save()
    tasks.open("참여기관").save()

    proposal = folder / f"사업계획서 {project}.pdf"
    write_pdf(proposal)
    check = pages.TaskList(person.page).open_attachments().attach(proposal).back_to_list().check()
    receipt = check.says(KOREAN[project]).submit()

    receipt.says(proposal.name).says(re.compile("[0-9a-f]{64}"))
    printed = text_of(receipt.paper().download(folder))
    assert "접수증" in printed
    assert project.replace(" ", "") in printed
    assert KOREAN[project] in printed


def write_pdf(path: Path) -> None:
    writer = PdfWriter()
    writer.add_blank_page(width=595, height=842)
    writer.write(path)


def refuse_what_comes_too_late(applicant: Person) -> None:
    applicant.open("/applications").get_by_role("link", name=TOWER).click()
    pages.TaskList(applicant.page).says("지금은 고치거나 제출할 수 없습니다")


def screen(secretary: Person) -> None:
    secretary.choose_in_menu("공모").get_by_role("link", name=TITLE).first.click()
    pages.View(secretary.page).follow("신청서와 요건검토", secretary.page.locator("body"))
    listed = pages.Applications(secretary.page)
    for project in (TOWER, STATION):
        listed = listed.open(project).screen("적격").says("요건검토 결과를 저장했습니다")


def appoint(secretary: Person) -> str:
    """The committee's address. The session ends while its name is typed, and the name is there after the next sign-in."""
    secretary.choose_in_menu("평가위원회").get_by_role("link", name="위원회 만들기").first.click()
    form = pages.NewCommittee(secretary.page)
    address = secretary.page.url
    secretary.page.wait_for_load_state()  # a person does not type before the scripts are there
    secretary.lose_session()
    form.name.fill("협업과제 선정평가위원회")
    form.press("위원회 만들기")
    secretary.sign_in()
    form = pages.NewCommittee(secretary.open(address))
    form.says("입력하신 내용을 되살렸습니다")
    committee = form.create()
    address = secretary.page.url
    candidates = committee.choose_members()
    for name in EVALUATORS:
        candidates.appoint(name)
        candidates = pages.Committee(secretary.open(address)).choose_members()
    pages.Committee(secretary.open(address)).elect(CHAIR, "위원 5명이 모여 호선함").says("위원장으로 기록하였습니다")
    return address


def pledge_and_declare(person: Person, name: str) -> None:
    mine = pages.MyScoring(person.choose_in_menu("내 평가"))
    recused = {STATION: "최근 3년 안에 같은 기관의 기술자문을 맡음"} if name == RECUSED else {}
    mine.pledge(name).declare((TOWER, STATION), recused)


def decide_the_recusal(secretary: Person, committee: str) -> None:
    pages.Committee(secretary.open(committee)).decide(RECUSED, decision="인용", reason="신고한 관계를 확인함")


def score(person: Person, name: str, place: int) -> None:
    for project in (TOWER, STATION):
        person.sign_out()
        person.sign_in()
        mine = pages.MyScoring(person.choose_in_menu("내 평가"))
        if not GRADES[project][place]:
            assert "회피" in mine.state_of(project)
            assert mine.row(project).get_by_role("button", name="평가 시작").count() == 0
            continue
        sheet = mine.start(project)
        sheet.says("미평가 6개 항목").score_with_keys(GRADES[project][place]).says("모든 항목을 평가했습니다")
        sheet.comment("근거와 추진 방법을 확인함.")
        sheet.review().sign(name)


def enter_fixed_points(secretary: Person) -> None:
    secretary.choose_in_menu("평가 진행").get_by_role("link", name=TITLE).click()
    progress = pages.Progress(secretary.page)
    progress.opening().says("아직 개봉할 수 없습니다")
    for project, points in FIXED.items():
        secretary.choose_in_menu("평가 진행").get_by_role("link", name=TITLE).click()
        pages.Progress(secretary.page).enter_points(project).enter(points, "확약서와 등기부").says("저장하였습니다")


def open_sign_and_close(secretary: Person, evaluators: list[Person]) -> None:
    secretary.choose_in_menu("평가 진행").get_by_role("link", name=TITLE).click()
    pages.Progress(secretary.page).opening().request()
    address = secretary.page.url
    chair = evaluators[EVALUATORS.index(CHAIR)]
    pages.Opening(chair.open(address)).confirm(CHAIR)
    for person, name in zip(evaluators, EVALUATORS, strict=True):
        pages.MyScoring(person.choose_in_menu("내 평가")).score_table().sign(name)
    table = pages.MyScoring(chair.choose_in_menu("내 평가")).signed_table()
    table.close(CHAIR, "두 사업 모두 추진 여건이 갖추어졌음을 확인함.")


def decide_and_announce(secretary: Person, at: datetime) -> None:
    secretary.choose_in_menu("공모").get_by_role("link", name=TITLE).first.click()
    pages.View(secretary.page).follow("선정과 배분", secretary.page.locator("body"))
    selection = pages.Selection(secretary.page).compute().adopt()
    selection.resolve(at=at, reason="추진 여건과 재원 조달을 종합하여 의결함")
    selection.says("결재 문서번호를 기록하기 전에는 알리거나 공표할 수 없습니다")
    assert selection.main.get_by_role("button", name="결과 공표와 통보").count() == 0
    assert secretary.post(secretary.page.url.replace("/selection", "/announcement")) == 403
    selection.record_approval(number="혁신도시정책총괄과-1234", on=at, approver="혁신도시발전추진단장 전결").announce()


def read_the_memo(secretary: Person, folder: Path) -> None:
    secretary.choose_in_menu("공모").get_by_role("link", name=TITLE).first.click()
    pages.View(secretary.page).follow("문서", secretary.page.locator("aside"))
    memo = text_of(pages.Papers(secretary.page).issue().open("심의결과서").download(folder))
    assert "과제별심의결과서" in memo
    assert TOWER.replace(" ", "") in memo
    assert KOREAN[TOWER] in memo
    assert "끝." in memo


def read_the_notice(applicant: Person, project: str, folder: Path, *, says: str) -> None:
    """From the message to the application's page to the notice."""
    applicant.choose_in_menu("알림").get_by_role("link", name="선정 결과 알림").click()
    pages.View(applicant.page).says(project)
    applicant.open("/applications").get_by_role("link", name=project).click()
    pages.TaskList(applicant.page).follow("결과 알림")
    notice = text_of(pages.Paper(applicant.page).download(folder))
    assert says in notice
    assert "이의" in notice
