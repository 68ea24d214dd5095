"""An applicant from the first draft to the receipt, with a deadline, a second tab and a wrong file in the way."""

import hashlib
import io
import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from evalcomm.applications import forms, queries
from evalcomm.applications.models import Application, ApplicationState, Attachment, BudgetLine, Submission
from evalcomm.audit.models import AccessLog, AuditEntry
from evalcomm.documents.models import Paper
from evalcomm.foundation.actor import Role
from evalcomm.foundation.database import db, transaction
from evalcomm.foundation.errors import Conflict
from evalcomm.notices.models import Message
from evalcomm.programs.models import Call, PhaseKind
from tests.conftest import SettableClock
from tests.factories import NOW, make_application, make_call, make_organisation, make_user
from tests.pages import check_page, client_for, count_queries, open_page, post

BASICS = {
    "title": "부산형 청년창업허브",
    "manager": "김사업 팀장",
    "period_from": "2027-01-01",
    "period_to": "2028-06-30",
}
PLAN = dict.fromkeys(("summary", "background", "goals", "plan", "system", "effects"), "내용을 적었습니다.")
BUDGET = {
    "y2027_facility_national": "1,200,000,000",
    "y2027_facility_institution": "300000000",
    "y2028_operations_national": "100,000,000원",
}
PDF = b"%PDF-1.7 proposal"


class Applicant:
    """Fills in the pages as a person does."""

    def __init__(self, app: Flask, call: Call) -> None:
        self.lead = make_organisation("자산관리공사")
        self.user = make_user(Role.APPLICANT, name="김신청", organisation=self.lead)
        self.client = client_for(app, self.user)
        self.call = call
        project = call.program.tasks[0].projects[0]
        answer = post(self.client, f"/calls/{call.id}/projects/{project.id}/apply")
        self.url = answer.headers["Location"]
        self.id = int(self.url.rsplit("/", 1)[1])

    def basics(self) -> dict[str, object]:
        return {**BASICS, "track_id": self.call.tracks[0].id, "lead_organisation_id": self.lead.id}

    def tag(self, section: str) -> str:
        found = re.search(r'name="version_tag" value="(\d+)"', open_page(self.client, f"{self.url}/{section}"))
        assert found is not None
        return found.group(1)

    def save(self, section: str, fields: dict[str, object], *, tag: str | None = None, status: int = 302) -> str:
        answer = post(
            self.client, f"{self.url}/{section}", {**fields, "version_tag": tag or self.tag(section)}, status=status
        )
        return answer.get_data(as_text=True)

    def fill_in(self) -> None:
        self.save("basics", self.basics())
        self.save("plan", dict(PLAN))
        self.save("budget", dict(BUDGET))

    def attach(self, name: str = "사업계획서.pdf", content: bytes = PDF, *, status: int = 302) -> str:
        data = {"kind": "proposal", "files": [(io.BytesIO(content), name)]}
        answer = self.client.post(f"{self.url}/attachments", data=data, content_type="multipart/form-data")
        assert answer.status_code == status, answer.get_data(as_text=True)[:1500]
        return answer.get_data(as_text=True)

    def submit(self, *, status: int = 302) -> str:
        return post(self.client, f"{self.url}/submit", status=status).get_data(as_text=True)

    def row(self) -> Application:
        db.session.expire_all()
        return queries.full(self.id)


@pytest.fixture
def call(app: Flask) -> Call:
    return make_call()


@pytest.fixture
def applicant(app: Flask, call: Call) -> Applicant:
    return Applicant(app, call)


def test_a_draft_starts_with_what_is_known(applicant: Applicant) -> None:
    page = open_page(applicant.client, f"{applicant.url}/basics")

    assert applicant.call.program.tasks[0].projects[0].title in page
    assert "김신청" in page
    assert re.search(rf'<option selected value="{applicant.lead.id}"', page)


def test_starting_twice_leads_to_the_draft_that_was_begun(applicant: Applicant) -> None:
    project = applicant.call.program.tasks[0].projects[0]

    again = post(applicant.client, f"/calls/{applicant.call.id}/projects/{project.id}/apply")

    assert again.headers["Location"] == applicant.url


def test_from_draft_to_receipt(applicant: Applicant, clock: SettableClock) -> None:
    applicant.fill_in()
    applicant.attach()
    assert "금1,300,000,000원(금일십삼억원)" in open_page(applicant.client, f"{applicant.url}/submit")

    applicant.submit()

    row = applicant.row()
    assert (row.state, row.requested_won, row.total_won) == (ApplicationState.SUBMITTED, 1_300_000_000, 1_600_000_000)
    assert row.number == f"{applicant.call.number}-0001"
    submission = row.submissions[0]
    assert submission.received_at == clock()
    assert submission.content["files"][0]["sha256"] == hashlib.sha256(PDF).hexdigest()
    page = open_page(applicant.client, f"{applicant.url}/receipt")
    assert "2026. 11. 22. 15:20:31" in page
    assert row.number in page
    assert hashlib.sha256(PDF).hexdigest() in re.sub(r"<wbr>", "", page)
    paper = db.session.scalars(select(Paper)).one()
    assert paper.model["files"][0]["sha256"] == hashlib.sha256(PDF).hexdigest()
    article = open_page(applicant.client, f"/papers/{paper.id}")
    assert "접수증" in article


def test_an_incomplete_application_is_not_taken_in_and_says_what_is_missing(applicant: Applicant) -> None:
    page = applicant.submit(status=422)

    check_page(page, "submit")
    assert "기본 정보" in page
    assert "소요예산" in page or "고쳐야 할 곳" in page
    assert applicant.row().submissions == []


@pytest.mark.parametrize(
    ("section", "fields", "says"),
    [
        ("budget", {"y2027_facility_national": "1.5억"}, "원 단위의 정수"),
        ("budget", {"y2027_facility_national": "-5"}, "원 단위의 정수"),
        ("budget", {"y2027_facility_national": "9" * 400}, "금액이 너무 큽니다"),
        ("basics", {"period_from": "2027-13-01"}, "사업 시작일"),
        ("basics", {"period_from": "2028-07-01"}, "종료일은 시작일보다 빠를 수 없습니다"),
        ("basics", {"period_from": "2026-01-01", "period_to": "2026-11-21"}, "오늘(2026-11-22)부터의 날짜"),
        ("basics", {"title": ""}, "사업명을 적어"),
        ("plan", {"summary": "가" * 4001}, "4,000자까지"),
    ],
)
def test_what_is_wrong_is_said_at_the_field_and_what_was_typed_stays(
    applicant: Applicant, section: str, fields: dict[str, object], says: str
) -> None:
    whole = {"basics": applicant.basics(), "plan": PLAN, "budget": BUDGET}[section]
    applicant.save("basics", applicant.basics())

    page = applicant.save(section, {**whole, **fields}, status=422)

    check_page(page, section)
    assert says in page
    typed = next(iter(fields.values()))
    assert str(typed) in page
    assert str(typed) in open_page(applicant.client, f"{applicant.url}/{section}"), "even a wrong text is kept"


def test_a_period_that_was_right_at_the_deadline_is_not_wrong_years_later(
    applicant: Applicant, clock: SettableClock
) -> None:
    applicant.fill_in()
    applicant.submit()

    clock.advance(days=3000)

    assert "고칠 곳 있음" not in open_page(applicant.client, applicant.url)
    assert "이미 지났습니다" not in open_page(applicant.client, f"{applicant.url}/basics")


def test_more_than_the_track_has_is_refused(applicant: Applicant) -> None:
    applicant.fill_in()
    at_once = applicant.save("budget", {"y2027_facility_national": str(applicant.call.budget_won + 1)}, status=422)
    later = open_page(applicant.client, f"{applicant.url}/budget")

    page = applicant.submit(status=422)

    for place in (at_once, later, page):
        assert "이 분야의 예산 45,000,000,000원을 넘습니다" in place, "also where it can be mended"


def test_what_is_wrong_with_partners_is_said_where_they_are_chosen_and_no_role_is_lost(
    app: Flask, applicant: Applicant
) -> None:
    """Each field is right by itself; the list of sections says that something is wrong, so the section must say what."""
    applicant.fill_in()
    assert "없음 (선택)" in open_page(applicant.client, applicant.url), "nobody has filled in the partners"
    city = make_organisation("부산광역시")
    applicant.save("basics", {**applicant.basics(), "manager": ""}, status=422)

    lead_again = applicant.save("partners", {"partner_1": applicant.lead.id}, status=422)
    twice = applicant.save("partners", {"partner_1": city.id, "partner_2": city.id}, status=422)
    assert "같은 참여기관을 두 번" in open_page(applicant.client, f"{applicant.url}/partners")
    alone = applicant.save("partners", {"partner_1": city.id, "partner_2": 0, "duty_2": "부지 제공"}, status=422)
    refused = applicant.submit(status=422)

    assert "주관기관은 참여기관으로" in lead_again
    assert "같은 참여기관을 두 번" in twice
    assert "역할을 맡을 참여기관을 고르거나" in alone
    assert "부지 제공" in alone
    assert "‘참여기관’에 고쳐야 할 곳" in refused
    assert applicant.row().submissions == []


def test_where_there_is_a_choice_of_tracks_nobody_is_put_into_the_first(app: Flask, applicant: Applicant) -> None:
    choices = forms.Choices(tracks=[(1, "시설"), (2, "인력양성")], organisations=[(3, "자산관리공사")])
    with app.test_request_context(headers={"Accept-Language": "ko"}):
        untouched = forms.section_form("basics", {}, choices, today=NOW.date())
        sent = MultiDict({**BASICS, "track_id": "", "lead_organisation_id": "3"})
        posted = forms.section_form("basics", {}, choices, today=NOW.date(), posted=sent)
        forms.show_errors(posted)

        assert next(label for _value, label, *_rest in untouched["track_id"].iter_choices()) == "분야를 골라 주십시오"
        assert posted["track_id"].errors == ["신청 분야를 골라 주십시오."]
        assert {name for name, wrong in posted.errors.items() if wrong} == {"track_id"}
    only = open_page(applicant.client, f"{applicant.url}/basics")
    assert "분야를 골라 주십시오" not in only, "one track is no choice"


def test_the_last_page_before_submission_shows_in_whose_name_it_is(applicant: Applicant) -> None:
    applicant.fill_in()
    applicant.save("partners", {"partner_1": make_organisation("부산광역시").id, "duty_1": "부지 제공"})

    page = open_page(applicant.client, f"{applicant.url}/submit")

    for fact in (applicant.call.tracks[0].title, "자산관리공사", "부산광역시", "김사업 팀장"):
        assert f"<dd>{fact}</dd>" in page


def test_every_page_counts_the_same_days_to_the_deadline(applicant: Applicant, clock: SettableClock) -> None:
    deadline = next(phase.closes_at for phase in applicant.call.phases if phase.kind == PhaseKind.APPLICATION)
    clock.instant = deadline - timedelta(days=4, hours=20)

    here = re.search(r"(\d+)일 남음", open_page(applicant.client, applicant.url))
    there = re.search(r"마감까지 (\d+)일", open_page(applicant.client, f"/calls/{applicant.call.id}"))

    assert here
    assert there
    assert here[1] == there[1]
    clock.instant = deadline - timedelta(seconds=40)
    assert "1분도 남지 않음" in open_page(applicant.client, applicant.url)


def test_after_the_deadline_nothing_goes_in_and_the_typed_text_stays(
    applicant: Applicant, clock: SettableClock
) -> None:
    applicant.fill_in()
    tag = applicant.tag("plan")
    deadline = next(phase.closes_at for phase in applicant.call.phases if phase.kind == PhaseKind.APPLICATION)
    clock.instant = deadline + timedelta(seconds=1)

    page = applicant.save("plan", {**PLAN, "summary": "마감 직후에 적은 글"}, tag=tag, status=403)
    refused = applicant.submit(status=403)

    check_page(page, "plan")
    assert "마감 직후에 적은 글" in page
    assert "고치거나 제출할 수 없습니다" in page
    check_page(refused, "submit")
    assert applicant.row().state == ApplicationState.DRAFT
    assert "마감" in open_page(applicant.client, applicant.url) or "고치거나" in open_page(
        applicant.client, applicant.url
    )


def test_what_went_in_before_the_deadline_is_said_to_stand_when_a_second_attempt_comes_too_late(
    applicant: Applicant, clock: SettableClock
) -> None:
    deadline = next(phase.closes_at for phase in applicant.call.phases if phase.kind == PhaseKind.APPLICATION)
    applicant.fill_in()
    clock.instant = deadline - timedelta(minutes=19)
    assert "<strong>19분 남음" in open_page(applicant.client, f"{applicant.url}/submit")
    applicant.submit()
    clock.instant = deadline + timedelta(minutes=1)

    late = applicant.submit(status=403)

    assert "마감되었습니다" in late
    assert "마감 전에 제출하신 내용은 접수되어 있습니다" in late
    assert applicant.row().state == ApplicationState.SUBMITTED


def test_after_the_deadline_it_says_which_of_two_versions_counts(applicant: Applicant, clock: SettableClock) -> None:
    deadline = next(phase.closes_at for phase in applicant.call.phases if phase.kind == PhaseKind.APPLICATION)
    applicant.fill_in()
    applicant.submit()
    applicant.save("plan", {**PLAN, "summary": "제출하지 않은 글"})
    clock.instant = deadline + timedelta(minutes=1)

    page = open_page(applicant.client, applicant.url)
    late = applicant.client.get(f"/calls/{applicant.call.id}/apply").get_data(as_text=True)

    assert "마감 전에 제출하신 내용이 접수되어 있습니다" in page
    assert "고친 내용은 제출하지 않아 반영되지 않았습니다" in page
    assert "지금은 할 수 없는 일입니다" in late, "late, not without the right"
    assert "다른 역할의 계정" not in late


def test_the_last_second_is_in(applicant: Applicant, clock: SettableClock) -> None:
    applicant.fill_in()
    clock.instant = next(phase.closes_at for phase in applicant.call.phases if phase.kind == PhaseKind.APPLICATION)

    applicant.submit()

    assert applicant.row().state == ApplicationState.SUBMITTED


def test_submitting_twice_makes_one_submission(applicant: Applicant) -> None:
    applicant.fill_in()
    applicant.submit()
    applicant.submit()

    assert len(applicant.row().submissions) == 1
    assert len(db.session.scalars(select(Paper)).all()) == 1


def test_a_changed_application_becomes_the_next_version_and_keeps_its_number(applicant: Applicant) -> None:
    applicant.fill_in()
    applicant.submit()
    number = applicant.row().number
    applicant.save("budget", {"y2027_facility_national": "900,000,000"})
    assert applicant.row().requested_won == 1_300_000_000, "nothing counts before it is submitted"
    assert "고친 내용은 다시 제출해야" in open_page(applicant.client, applicant.url)

    applicant.submit()

    row = applicant.row()
    assert [submission.version for submission in row.submissions] == [1, 2]
    assert (row.number, row.requested_won) == (number, 900_000_000)
    assert db.session.scalars(select(BudgetLine.won).where(BudgetLine.application_id == row.id)).all() == [900_000_000]


def test_a_stale_tab_stores_nothing_and_keeps_its_text(applicant: Applicant) -> None:
    tag = applicant.tag("plan")
    applicant.save("plan", {**PLAN, "summary": "첫째 창"}, tag=tag)

    page = applicant.save("plan", {**PLAN, "summary": "둘째 창"}, tag=tag, status=409)

    check_page(page, "plan")
    assert "둘째 창" in page
    assert "다른 창에서" in page
    assert applicant.row().draft["plan"]["fields"]["summary"] == "첫째 창"


def test_autosave_answers_the_new_tag_and_refuses_an_old_one(applicant: Applicant) -> None:
    url = f"{applicant.url}/plan/autosave"
    tag = applicant.tag("plan")

    saved = applicant.client.post(url, json={"tag": tag, "fields": {"summary": "쓰는 중", "permits": None}})
    late = applicant.client.post(url, json={"tag": tag, "fields": {"summary": "다른 창"}})
    nonsense = applicant.client.post(url, json={"tag": "x", "fields": []})

    assert saved.status_code == 200
    assert int(saved.json["tag"]) == int(tag) + 1
    assert late.status_code == 409
    assert "다른 창에서" in late.json["sentence"]
    assert nonsense.status_code == 422
    assert applicant.row().draft["plan"]["fields"] == {"summary": "쓰는 중"}


def test_a_lost_answer_can_be_sent_again(applicant: Applicant) -> None:
    """The train was in a tunnel when the answer came: the same text with the old tag is no conflict."""
    url, fields = f"{applicant.url}/plan/autosave", {"summary": "터널 앞에서"}
    tag = applicant.tag("plan")
    first = applicant.client.post(url, json={"tag": tag, "fields": fields}).json

    again = applicant.client.post(url, json={"tag": tag, "fields": fields})

    assert again.status_code == 200
    assert again.json["tag"] == first["tag"]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("proposal.exe", b"MZ", "첨부할 수 없는 형식"),
        ("proposal.pdf", b"MZ\x90", "확장자와 내용이 다른"),
        ("empty.pdf", b"", "내용이 없는 파일"),
        ("big.pdf", b"%PDF-" + b"x" * 2_000_000, "1MB까지"),
    ],
)
def test_a_wrong_file_gets_a_sentence_and_leaves_nothing(
    app: Flask, applicant: Applicant, name: str, content: bytes, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import dataclasses

    settings = app.extensions["settings"]
    monkeypatch.setitem(app.extensions, "settings", dataclasses.replace(settings, max_attachment_bytes=1024 * 1024))

    page = applicant.attach(name, content, status=422)

    check_page(page, "attachments")
    assert says in page
    assert db.session.scalars(select(Attachment)).all() == []
    stored = [path for path in (settings.instance / "files").rglob("*") if path.is_file()]
    assert stored == []


def test_a_path_in_a_file_name_stays_a_name(applicant: Applicant) -> None:
    applicant.attach("../../etc/계획.pdf")

    assert [file.filename for file in queries.attachments(applicant.id)] == ["계획.pdf"]


def test_a_removed_file_stays_in_the_submission_before(applicant: Applicant) -> None:
    applicant.fill_in()
    applicant.attach()
    applicant.submit()
    file = queries.attachments(applicant.id)[0]

    post(applicant.client, f"/attachments/{file.id}/remove")
    applicant.submit()

    assert [len(submission.content["files"]) for submission in applicant.row().submissions] == [1, 0]
    download = applicant.client.get(f"/attachments/{file.id}")
    assert download.get_data() == PDF
    assert download.headers["Content-Disposition"].startswith("attachment")
    download.close()


def test_withdrawn_is_withdrawn(applicant: Applicant) -> None:
    applicant.fill_in()
    applicant.submit()

    post(applicant.client, f"{applicant.url}/withdraw")

    assert applicant.row().state == ApplicationState.WITHDRAWN
    assert list(queries.submitted_in(applicant.call.id)) == []
    assert "취소한" in applicant.submit(status=403)
    receipt = open_page(applicant.client, f"{applicant.url}/receipt")
    assert "이 신청서는 평가하지 않습니다" in receipt
    assert ">접수되었습니다<" not in receipt, "what was withdrawn is not in"
    letter = db.session.scalars(select(Message).where(Message.subject.contains("접수 취소"))).one()
    assert letter.user_id == applicant.user.id


@pytest.mark.parametrize("role", [Role.APPLICANT, Role.EVALUATOR, Role.ADMINISTRATOR])
def test_nobody_else_reads_an_application(app: Flask, applicant: Applicant, role: Role) -> None:
    applicant.fill_in()
    applicant.attach()
    applicant.submit()
    stranger = client_for(app, make_user(role))
    file = queries.attachments(applicant.id)[0]

    for url in (
        applicant.url,
        f"{applicant.url}/basics",
        f"{applicant.url}/receipt",
        f"{applicant.url}/submitted",
        f"/attachments/{file.id}",
        "/papers/1",
    ):
        assert stranger.get(url).status_code == 403, url
    assert stranger.post(f"{applicant.url}/withdraw").status_code == 403


def test_the_secretariat_reads_what_was_submitted_and_that_is_written_down(app: Flask, applicant: Applicant) -> None:
    secretary = make_user(Role.SECRETARIAT)
    client = client_for(app, secretary)
    open_page(client, applicant.url, status=403)
    applicant.fill_in()
    applicant.submit()
    applicant.save("plan", {**PLAN, "summary": "제출 뒤에 고친 글"})

    page = open_page(client, applicant.url)

    assert "제출 뒤에 고친 글" not in page
    assert "내용을 적었습니다" in page
    reads = db.session.scalars(select(AccessLog)).all()
    assert [(read.actor_id, read.subject_id) for read in reads] == [(secretary.id, applicant.id)]


def test_screening_needs_a_reason_unless_eligible(app: Flask, call: Call) -> None:
    application = make_application(call)
    client = client_for(app, make_user(Role.SECRETARIAT))
    url = f"/applications/{application.id}/screening"

    page = post(client, url, {"verdict": "ineligible", "reason": " "}, status=422).get_data(as_text=True)
    check_page(page, url)
    assert "사유를 적어야" in page
    page = post(client, url, {"verdict": "supplement", "reason": "가" * 2001}, status=422).get_data(as_text=True)
    assert "가" * 2001 in page, "what is too long stays"
    post(client, url, {"verdict": "ineligible", "reason": "참여 제한 기간입니다."})

    assert list(queries.submitted_in(call.id)) == []
    post(client, url, {"verdict": "eligible", "reason": ""})
    assert [row.id for row in queries.submitted_in(call.id)] == [application.id]


def test_the_list_costs_the_same_for_one_row_and_for_many(app: Flask, call: Call) -> None:
    client = client_for(app, make_user(Role.SECRETARIAT))
    make_application(call)
    with count_queries() as one:
        open_page(client, f"/calls/{call.id}/applications")
    for _ in range(4):
        make_application(call)

    with count_queries() as many:
        page = open_page(client, f"/calls/{call.id}/applications")

    assert len(many) == len(one)
    assert page.count('<th scope="row">') == 5


def test_the_trail_holds_hashes_and_no_texts(applicant: Applicant) -> None:
    applicant.fill_in()
    applicant.attach()
    applicant.submit()

    details = str([entry.detail for entry in db.session.scalars(select(AuditEntry)).all()])

    assert hashlib.sha256(PDF).hexdigest() in details
    assert "내용을 적었습니다" not in details
    assert "1300000000" not in details.replace(",", "")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"requested_won": 10, "total_won": 5}, "amount_negative"),
        ({"state": "submitted", "submitted_at": None}, "application_facts_unclear"),
        ({"state": "accepted"}, "application_facts_unclear"),
    ],
)
def test_the_database_refuses_nonsense_with_a_sentence(
    app: Flask, call: Call, change: dict[str, object], code: str
) -> None:
    application = make_application(call)

    with pytest.raises(Conflict) as refused, transaction() as session:
        row = session.get_one(Application, application.id)
        for name, value in change.items():
            setattr(row, name, value)

    assert refused.value.code == code


def test_the_database_refuses_a_second_submission_of_the_same_version(app: Flask, call: Call) -> None:
    application = make_application(call)

    with pytest.raises(Conflict) as refused, transaction() as session:
        session.add(
            Submission(
                application_id=application.id,
                version=1,
                received_at=NOW,
                content={},
                sha256="0" * 64,
                submitted_by_id=application.owner_id,
            )
        )

    assert refused.value.code == "submission_twice"
