"""The pages of programmes and calls: what everybody reads, what only the secretariat does, and what stays when a form is refused."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from evalcomm.accounts.models import UserAccount
from evalcomm.documents import queries as documents
from evalcomm.foundation.actor import Role
from evalcomm.foundation.database import transaction
from evalcomm.programs import queries, services, terms
from evalcomm.programs.models import Call, CallState, PhaseKind
from evalcomm.web import home
from evalcomm.web.access import everyone, holds
from tests.factories import NOW, make_user
from tests.pages import check_page, client_for, count_queries, open_page, post
from tests.programs.calls import ACTOR, DAY, OPENS, draft, published, the_program


@pytest.fixture
def secretary(app: Flask) -> FlaskClient:
    return client_for(app, make_user(Role.SECRETARIAT))


def people(app: Flask) -> dict[str, UserAccount | None]:
    return {"anonymous": None, **{role.value: make_user(role) for role in Role}}


def typed_dates(call: Call, **changes: str) -> dict[str, object]:
    """What the page of dates sends back."""
    now = terms.of_call(call)
    data: dict[str, object] = {"page_version": str(call.page_version), "budget_won": f"{now.budget_won:,}"}
    for phase in now.phases:
        data[f"{phase.key}_opens_at"] = phase.opens_at.astimezone(OPENS.tzinfo).strftime("%Y-%m-%dT%H:%M")
        data[f"{phase.key}_closes_at"] = phase.closes_at.astimezone(OPENS.tzinfo).strftime("%Y-%m-%dT%H:%M")
    return {**data, **changes}


def field_error(page: str, name: str) -> str:
    found = re.search(rf'id="{name}-error">(.*?)</p>', page, re.DOTALL)
    return re.sub(r"<[^>]+>", "", found[1]) if found else ""


# What everybody reads


def test_the_public_pages_of_a_published_call(app: Flask) -> None:
    call = published()
    client = client_for(app, None)

    first = open_page(client, "/")
    assert call.title in first
    assert "접수 예정" in first
    assert "제2026-1호" in open_page(client, f"/calls/{call.id}")
    track = open_page(client, f"/tracks/{call.tracks[0].id}")
    assert "평가위원별 총점에서 최고점 1개와 최저점 1개를 제외하고 산술평균함" in track
    assert call.tracks[0].plan.sha256[:8] in track
    assert call.title in open_page(client, "/calls")
    (notice,) = documents.papers_of("call", call.id)
    open_page(client, f"/papers/{notice.id}")


def test_the_programme_is_shown_as_printed_with_the_source_of_every_value(app: Flask) -> None:
    program = the_program()
    client = client_for(app, None)

    page = open_page(client, f"/programs/{program.id}")
    for text in (
        "공공기관 선도 혁신도시 활성화 방안",
        "450억 원",
        "기업이전․산학연 클러스터 선도모델",
        "저리융자 등 지역 중소기업 금융지원",
    ):
        assert text in page
    assert page.count("보도자료에 적힌 그대로") > 5
    assert "금45,000,000,000원(금사백오십억원)" in page
    assert "원문에서 셈한 값" in page
    assert "원문 밖 자료" in page
    task = open_page(client, f"/tasks/{queries.tasks_of(program)[1].id}")
    assert "(가칭) 그린에너지 캠퍼스" in task
    assert "대구_가스공사" in task
    assert program.name in open_page(client, "/programs")


def test_made_up_amounts_are_marked_on_every_page_of_the_call(app: Flask) -> None:
    call = published(is_demonstration=True)
    client = client_for(app, None)
    for url in ("/", "/calls", f"/calls/{call.id}", f"/tracks/{call.tracks[0].id}", f"/programs/{call.program_id}"):
        assert "가상 자료" in open_page(client, url), url


def test_the_stage_follows_the_clock(app: Flask, clock: Any) -> None:
    call = published()
    client = client_for(app, None)
    for at, word in (
        (OPENS - DAY, "접수 예정"),
        (OPENS, "마감까지 30일"),
        (OPENS + 30 * DAY, "오늘 마감"),
        (OPENS + 31 * DAY, "평가 진행"),
    ):
        clock.instant = at
        assert word in open_page(client, f"/calls/{call.id}")


def test_every_page_speaks_english_when_asked(app: Flask) -> None:
    call = published()
    client = client_for(app, None)
    client.set_cookie("locale", "en")
    for url in ("/", f"/programs/{call.program_id}", f"/calls/{call.id}", f"/tracks/{call.tracks[0].id}"):
        assert '<html lang="en">' in open_page(client, url)


@pytest.mark.parametrize(
    "url", ["/programs/99", "/tasks/99", "/calls/99", "/tracks/99", "/calls/99/amend", "/calls/99/dates"]
)
def test_what_is_not_there_is_not_found(app: Flask, secretary: FlaskClient, url: str) -> None:
    open_page(secretary, url, status=404)


# Nothing about a draft leaves the secretariat


def test_a_draft_is_seen_by_secretariat_and_auditor_only(app: Flask) -> None:
    call = draft(title="아직 비밀인 공모")
    urls = (f"/calls/{call.id}", f"/calls/{call.id}/preview", f"/tracks/{call.tracks[0].id}")
    for name, person in people(app).items():
        client = client_for(app, person)
        sees = name in {"secretariat", "auditor"}
        for url in urls:
            answer = client.get(url, follow_redirects=True)
            assert (call.title in answer.get_data(as_text=True)) == sees, f"{name} {url}"
        for url in ("/", "/calls", f"/programs/{call.program_id}", f"/tasks/{queries.tasks_of(call.program)[0].id}"):
            shown = call.title in open_page(client, url)
            assert shown == (sees and url not in {"/", f"/tasks/{queries.tasks_of(call.program)[0].id}"}), (
                f"{name} {url}"
            )


WRITES = ("dates", "plan", "publish", "discard", "texts", "tracks", "rounds", "rights")


def test_only_the_secretariat_prepares_calls(app: Flask) -> None:
    call = draft()
    before = call.page_version
    for name, person in people(app).items():
        if name == "secretariat":
            continue
        client = client_for(app, person)
        status = 302 if person is None else 403
        for page in WRITES:
            answer = client.post(f"/calls/{call.id}/{page}", data={})
            assert answer.status_code == status, f"{name} {page}"
        assert client.post(f"/programs/{call.program_id}/calls/new", data={}).status_code == status
        assert client.get(f"/programs/{call.program_id}/calls/new").status_code == status
    assert queries.get_call(call.id).page_version == before


def test_only_the_secretariat_amends(app: Flask) -> None:
    call = published()
    for name, person in people(app).items():
        client = client_for(app, person)
        wanted = 200 if name == "secretariat" else 302 if person is None else 403
        assert client.get(f"/calls/{call.id}/amend").status_code == wanted, name
        page = client.get(f"/calls/{call.id}").get_data(as_text=True)
        assert ("/amend" in page) == (name == "secretariat"), name


# Three pages make a call


def test_three_pages_make_a_call_and_a_fourth_publishes_it(app: Flask, secretary: FlaskClient) -> None:
    program = the_program()
    open_page(secretary, f"/programs/{program.id}/calls/new")

    first = post(
        secretary,
        f"/programs/{program.id}/calls/new",
        {"template": "standard", "number": "2026-7", "title": "제7차"},
    )
    call = queries.find_call(program, "2026-7")
    assert call is not None
    assert first.location == f"/calls/{call.id}/dates"
    open_page(secretary, first.location)
    second = post(secretary, first.location, typed_dates(call, budget_won="30,000,000,000"))
    assert second.location == f"/calls/{call.id}/plan"
    open_page(secretary, second.location)
    call = queries.get_call(call.id)
    third = post(secretary, second.location, {"page_version": call.page_version, "plan": "shipped:kr-subsidy"})
    preview = open_page(secretary, third.location)
    assert "금30,000,000,000원(금삼백억원)" in preview
    assert "사업 추진 가능성" in preview
    call = queries.get_call(call.id)
    post(secretary, f"/calls/{call.id}/publish", {"page_version": call.page_version})

    call = queries.get_call(call.id)
    assert (call.state, call.tracks[0].budget_won) == (CallState.PUBLISHED, 30_000_000_000)
    assert "공고문 보기" in open_page(secretary, f"/calls/{call.id}")
    post(secretary, f"/calls/{call.id}/publish", {"page_version": call.page_version}, status=403)
    assert len(documents.papers_of("call", call.id)) == 1


def test_a_copy_brings_tracks_texts_and_the_length_of_every_phase(app: Flask, secretary: FlaskClient) -> None:
    old = published(budget_won=5_000_000)

    post(
        secretary,
        f"/programs/{old.program_id}/calls/new",
        {"template": str(old.id), "number": "2026-2", "title": "제2차"},
    )

    new = queries.find_call(old.program, "2026-2")
    assert new is not None
    before, after = terms.of_call(queries.get_call(old.id)), terms.of_call(queries.get_call(new.id))
    assert after.tracks == before.tracks
    assert after.texts == before.texts
    lengths = [[phase.closes_at - phase.opens_at for phase in one.phases] for one in (before, after)]
    assert lengths[0] == lengths[1]
    gaps = {b.opens_at - a.opens_at for a, b in zip(before.phases, after.phases, strict=True)}
    assert len(gaps) == 1


@pytest.mark.parametrize(
    ("data", "field", "word"),
    [
        ({"number": "", "title": "제7차"}, "number", "공고번호"),
        ({"number": "제 7 호!", "title": "제7차"}, "number", "붙임표"),
        ({"number": "2026-7", "title": ""}, "title", "공고명"),
    ],
)
def test_a_refused_first_page_keeps_what_was_typed(
    app: Flask, secretary: FlaskClient, data: dict[str, object], field: str, word: str
) -> None:
    program = the_program()
    answer = post(secretary, f"/programs/{program.id}/calls/new", {"template": "standard", **data}, status=422)

    page = answer.get_data(as_text=True)
    check_page(page, "refused")
    assert word in field_error(page, field)
    for value in data.values():
        assert not value or f'value="{value}"' in page


def test_a_number_that_is_taken_is_refused(app: Flask, secretary: FlaskClient) -> None:
    old = draft()
    answer = post(
        secretary,
        f"/programs/{old.program_id}/calls/new",
        {"template": "standard", "number": "2026-1", "title": "또 제1차"},
        status=422,
    )
    assert "2026-1" in answer.get_data(as_text=True)
    assert "또 제1차" in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("changes", "field", "word"),
    [
        ({"budget_won": "45,000,000,001"}, "budget_won", "넘습니다"),
        ({"budget_won": "삼백억"}, "budget_won", "정수"),
        ({"budget_won": ""}, "budget_won", "적어"),
        ({"application_opens_at": "2020-01-01T09:00"}, "application_opens_at", "지난"),
        ({"application_closes_at": "2026-12-01T09:00"}, "application_closes_at", "늦어야"),
        ({"scoring_opens_at": "2026-12-08T09:00"}, "scoring_opens_at", "끝난 뒤"),
        ({"scoring_opens_at": "언젠가"}, "scoring_opens_at", ""),
    ],
)
def test_refused_dates_and_amounts_keep_what_was_typed(
    app: Flask, secretary: FlaskClient, changes: dict[str, str], field: str, word: str
) -> None:
    call = draft()
    answer = post(secretary, f"/calls/{call.id}/dates", typed_dates(call, **changes), status=422)

    page = answer.get_data(as_text=True)
    check_page(page, "dates")
    assert word in field_error(page, field)
    assert field_error(page, field)
    assert f'value="{changes[field]}"' in page
    assert terms.of_call(queries.get_call(call.id)) == terms.of_call(call)


def test_every_fault_is_told_at_once_also_beside_what_cannot_be_read(app: Flask, secretary: FlaskClient) -> None:
    call = draft()
    wrong = {
        "budget_won": "삼백억",
        "application_opens_at": "언젠가",
        "application_closes_at": "2020-01-01T18:00",
        "deliberation_closes_at": "2020-01-02T18:00",
    }
    answer = post(secretary, f"/calls/{call.id}/dates", typed_dates(call, **wrong), status=422)

    page = answer.get_data(as_text=True)
    assert {name for name in typed_dates(call) if field_error(page, name)} == set(wrong)
    assert "지난" in field_error(page, "application_closes_at")
    assert "늦어야" in field_error(page, "deliberation_closes_at")


def test_a_stale_tab_overwrites_nothing_and_keeps_the_text(app: Flask, secretary: FlaskClient) -> None:
    call = draft()
    first_tab = typed_dates(call, budget_won="1,000,000")
    second_tab = typed_dates(call, budget_won="2,000,000")

    post(secretary, f"/calls/{call.id}/dates", second_tab)
    answer = post(secretary, f"/calls/{call.id}/dates", first_tab, status=409)

    page = answer.get_data(as_text=True)
    assert "다른 곳에서 내용이 바뀌었습니다" in page
    assert 'value="1,000,000"' in page
    assert queries.get_call(call.id).budget_won == 2_000_000
    fresh = queries.get_call(call.id).page_version
    assert re.search(rf'name="page_version"[^>]*value="{fresh}"', page)


def test_a_forged_plan_is_refused(app: Flask, secretary: FlaskClient) -> None:
    call = draft()
    for choice in ("stored:999", "shipped:../../etc", "", "nothing"):
        answer = secretary.post(f"/calls/{call.id}/plan", data={"page_version": call.page_version, "plan": choice})
        assert answer.status_code == 422, choice


# 전문 기능


def test_tracks_are_added_changed_and_removed(app: Flask, secretary: FlaskClient) -> None:
    call = draft(budget_won=1_000)
    page = f"/calls/{call.id}/tracks"
    row = {"code": "fund", "title": "기금", "budget_won": "400", "plan": "shipped:kr-subsidy-fund"}

    answer = post(secretary, page, row, status=422)
    assert "0원까지" in answer.get_data(as_text=True)
    assert 'value="기금"' in answer.get_data(as_text=True)
    main = call.tracks[0].id
    open_page(secretary, f"/tracks/{main}/change")
    version = queries.get_call(call.id).page_version
    change = {"page_version": version, "title": "시설", "budget_won": "600", "plan": "shipped:kr-subsidy"}
    post(secretary, f"/tracks/{main}/change", change)
    post(secretary, f"/tracks/{main}/change", change, status=409)
    post(secretary, page, row)
    post(secretary, page, {**row, "code": "more", "budget_won": "1"}, status=422)
    tracks = queries.get_call(call.id).tracks
    assert [(track.code, track.title, track.budget_won) for track in tracks] == [
        ("main", "시설", 600),
        ("fund", "기금", 400),
    ]
    assert "남은 예산 0원" in open_page(secretary, page)
    post(secretary, f"/tracks/{main}/remove")
    assert [track.code for track in queries.get_call(call.id).tracks] == ["fund"]


def test_a_track_code_that_is_taken_is_told(app: Flask, secretary: FlaskClient) -> None:
    call = draft(budget_won=1_000)
    post(
        secretary,
        f"/tracks/{call.tracks[0].id}/change",
        {"page_version": call.page_version, "title": "x", "budget_won": "1", "plan": "shipped:kr-subsidy"},
    )
    answer = post(
        secretary,
        f"/calls/{call.id}/tracks",
        {"code": "main", "title": "x", "budget_won": "1", "plan": "shipped:kr-subsidy"},
        status=422,
    )
    assert "main" in answer.get_data(as_text=True)


def test_everything_wrong_with_a_track_is_told_at_once(app: Flask, secretary: FlaskClient) -> None:
    call = draft(budget_won=1_000)
    row = {"code": "main", "title": "", "budget_won": "400", "plan": "shipped:kr-subsidy-fund"}

    told = post(secretary, f"/calls/{call.id}/tracks", row, status=422).get_data(as_text=True)

    assert all(fault in told for fault in ("이미 쓰고 있습니다", "분야 이름을 적어", "0원까지"))


def test_everything_wrong_with_rounds_is_told_at_once_and_beside_its_field(app: Flask, secretary: FlaskClient) -> None:
    call = draft()
    data: dict[str, object] = {
        "page_version": call.page_version,
        "rounds-0-title": "서면평가",
        "rounds-0-weight_percent": "half",
        "rounds-0-pass_multiple": "",
        "rounds-0-opens_at": "2027-01-18T09:00",
        "rounds-0-closes_at": "",
        "rounds-1-title": "발표평가",
        "rounds-1-weight_percent": "60",
        "rounds-1-opens_at": "2027-01-24T09:00",
        "rounds-1-closes_at": "2027-01-20T09:00",
        "rounds-2-weight_percent": "40",
    }

    told = post(secretary, f"/calls/{call.id}/rounds", data, status=422).get_data(as_text=True)

    for field, fault in {
        "rounds-0-weight_percent": "0부터 100까지의 정수로",
        "rounds-0-pass_multiple": "통과할 배수",
        "rounds-0-closes_at": "평가 기간을 적어",
        "rounds-1-closes_at": "보다 늦어야 합니다",
        "rounds-2-title": "차수 이름을 적어 주십시오",
    }.items():
        beside = told.split(f'id="{field}-error"', 1)[1].split("</p>", 1)[0]
        assert fault in beside, field
    assert 'value="half"' in told


def test_two_rounds_get_windows_of_their_own(app: Flask, secretary: FlaskClient) -> None:
    call = draft()
    open_page(secretary, f"/calls/{call.id}/rounds")
    data: dict[str, object] = {"page_version": call.page_version}
    for number, (title, weight, multiple, opens, closes) in enumerate(
        (
            ("서면평가", 40, "2", "2027-01-18T09:00", "2027-01-19T18:00"),
            ("발표평가", 60, "", "2027-01-20T09:00", "2027-01-24T18:00"),
        )
    ):
        data |= {
            f"rounds-{number}-title": title,
            f"rounds-{number}-weight_percent": str(weight),
            f"rounds-{number}-pass_multiple": multiple,
            f"rounds-{number}-opens_at": opens,
            f"rounds-{number}-closes_at": closes,
        }

    wrong = post(secretary, f"/calls/{call.id}/rounds", {**data, "rounds-1-weight_percent": "50"}, status=422)
    assert "90%" in wrong.get_data(as_text=True)
    assert 'value="발표평가"' in wrong.get_data(as_text=True)
    post(secretary, f"/calls/{call.id}/rounds", data)

    now = terms.of_call(queries.get_call(call.id))
    assert [row.title for row in now.rounds] == ["서면평가", "발표평가"]
    assert [phase.key for phase in now.phases if phase.kind is PhaseKind.SCORING] == ["scoring-1", "scoring-2"]
    open_page(secretary, f"/calls/{call.id}/dates")
    open_page(secretary, f"/calls/{call.id}/rights")
    assert "평가(발표평가)" in open_page(secretary, f"/calls/{call.id}/preview")


def test_rights_are_data(app: Flask, secretary: FlaskClient) -> None:
    call = draft()
    open_page(secretary, f"/calls/{call.id}/rights")
    data: dict[str, object] = {"page_version": call.page_version}
    for phase in terms.of_call(call).phases:
        data[f"{phase.key}_members_see_other_scores"] = "never"
    data |= {"application_may_submit": "y", "scoring_may_score": "y", "scoring_members_see_other_scores": "after_own"}

    post(secretary, f"/calls/{call.id}/rights", data)

    scoring = terms.of_call(queries.get_call(call.id)).phase(PhaseKind.SCORING)
    assert scoring is not None
    assert (scoring.may_score, scoring.members_see_other_scores, scoring.members_see_applicant_names) == (
        True,
        "after_own",
        False,
    )


def test_the_words_of_the_notice(app: Flask, secretary: FlaskClient) -> None:
    call = draft()
    open_page(secretary, f"/calls/{call.id}/texts")
    data = {
        "page_version": call.page_version,
        "number": "2026-3",
        "title": "새 이름",
        "authority": "국토교통부장관",
        "contact": "혁신도시정책총괄과",
        "support": "첫째\n\n 둘째 ",
    }
    wrong = post(secretary, f"/calls/{call.id}/texts", {**data, "contact": ""}, status=422)
    assert "첫째" in wrong.get_data(as_text=True)
    post(secretary, f"/calls/{call.id}/texts", data)

    now = queries.get_call(call.id)
    assert (now.number, now.title, now.texts["support"]) == ("2026-3", "새 이름", ["첫째", "둘째"])
    assert "둘째" in open_page(secretary, f"/calls/{call.id}/preview")


def test_the_preview_names_what_stands_against_publication(app: Flask, secretary: FlaskClient, clock: Any) -> None:
    call = draft(contact="")
    page = open_page(secretary, f"/calls/{call.id}/preview")
    assert "공고하고 평가계획 확정" in page
    assert "문의처가 비어 있습니다" in page

    clock.instant = OPENS + 2 * DAY
    page = open_page(secretary, f"/calls/{call.id}/preview")
    assert "고칠 곳이 1군데" in page
    assert f"/calls/{call.id}/dates#application_opens_at" in page
    assert "공고하고 평가계획 확정" not in page
    post(secretary, f"/calls/{call.id}/publish", {"page_version": call.page_version})
    assert queries.get_call(call.id).state == CallState.DRAFT


def test_a_draft_may_be_thrown_away(app: Flask, secretary: FlaskClient) -> None:
    call_id = draft().id
    post(secretary, f"/calls/{call_id}/discard")
    open_page(secretary, f"/calls/{call_id}", status=404)


# 변경공고


def amendment(call: Call, **changes: str) -> dict[str, object]:
    now = terms.of_call(call)
    data = typed_dates(call)
    data |= {
        "page_version": str(call.versions[-1].version),
        "title": now.title,
        "description": now.description,
        "authority": now.authority,
        "contact": now.contact,
        "reason": "접수 시스템 점검",
        "approver": "과장 홍길동",
        "approved_on": "2026-11-22",
        "step": "check",
        **{section: "\n".join(lines) for section, lines in now.texts.items()},
    }
    for track in call.tracks:
        data[f"track-{track.code}_budget_won"] = str(track.budget_won)
        data[f"track-{track.code}_plan"] = f"stored:{track.plan.id}"
    return {**data, **changes}


LATER = {
    "application_closes_at": "2027-01-06T23:00",
    "screening_opens_at": "2027-01-07T10:00",
}


def test_an_amendment_is_shown_before_and_after_and_then_announced(app: Flask, secretary: FlaskClient) -> None:
    call = published()
    url = f"/calls/{call.id}/amend"
    open_page(secretary, url)
    typed = amendment(call, **LATER)

    shown = post(secretary, url, typed, status=200).get_data(as_text=True)
    check_page(shown, url)
    assert "2027. 1. 6. 18:00" in shown
    assert "2027. 1. 6. 23:00" in shown
    assert len(queries.get_call(call.id).versions) == 1

    post(secretary, url, {**typed, "step": "announce"})
    assert [version.version for version in queries.get_call(call.id).versions] == [1, 2]
    page = open_page(client_for(app, None), f"/calls/{call.id}")
    assert "변경공고된 공모입니다" in page
    assert "접수 시스템 점검" in page

    again = post(secretary, url, {**typed, "step": "announce"}, status=409)
    assert "다른 곳에서 내용이 바뀌었습니다" in again.get_data(as_text=True)
    assert len(documents.papers_of("call", call.id)) == 2


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({}, "바뀐 내용이 없습니다"),
        ({**LATER, "reason": ""}, "변경 사유를 적어"),
        ({**LATER, "approved_on": "2026-12-31"}, "오늘보다 뒤"),
        ({"application_closes_at": "2027-02-01T18:00"}, "접수가 끝난 뒤"),
        ({"budget_won": "1"}, "많습니다"),
        ({"application_closes_at": "2027-02-01T18:00", "budget_won": "삼백억", "reason": ""}, "접수가 끝난 뒤"),
        ({**LATER, "reason": "", "approved_on": "2026-12-31"}, "오늘보다 뒤"),
    ],
)
def test_a_refused_amendment_keeps_what_was_typed(
    app: Flask, secretary: FlaskClient, changes: dict[str, str], word: str
) -> None:
    call = published()
    answer = post(secretary, f"/calls/{call.id}/amend", amendment(call, **changes), status=422)
    page = answer.get_data(as_text=True)
    check_page(page, "amend")
    assert word in page
    assert "과장 홍길동" in page
    assert len(queries.get_call(call.id).versions) == 1


def test_what_is_shown_to_the_minute_keeps_its_seconds(app: Flask, secretary: FlaskClient) -> None:
    """A page without seconds must not move a deadline by its own rounding."""
    program = the_program()
    call = draft(program=program)
    with transaction():
        phases = terms.of_call(queries.get_call(call.id)).phases
        odd = {phase.key: (phase.opens_at, phase.closes_at.replace(second=59)) for phase in phases}
        services.change_dates(
            call=queries.get_call(call.id), budget_won=call.budget_won, dates=odd, actor=ACTOR, at=NOW
        )
    call = queries.get_call(call.id)
    post(secretary, f"/calls/{call.id}/dates", typed_dates(call))
    assert all(phase.closes_at.second == 59 for phase in queries.get_call(call.id).phases)


# The first page and its sections


def test_rooms_add_sections_to_the_first_page(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(home, "_sections", {})
    home.register(name="late", policy=everyone, render=lambda actor, at: "<h2>나중 절</h2>", order=50)
    home.register(name="early", policy=everyone, render=lambda actor, at: "<h2>먼저 절</h2>", order=10)
    home.register(name="empty", policy=everyone, render=lambda actor, at: None, order=1)
    home.register(name="auditor", policy=holds(Role.AUDITOR), render=lambda actor, at: "<h2>감사 절</h2>", order=1)

    page = open_page(client_for(app, None), "/")
    assert page.index("먼저 절") < page.index("나중 절")
    assert "감사 절" not in page
    assert "감사 절" in open_page(client_for(app, make_user(Role.AUDITOR)), "/")


def test_lists_cost_the_same_for_one_call_and_for_five(app: Flask) -> None:
    program = the_program()
    published(program=program)
    client = client_for(app, None)
    costs = []
    for more in range(2):
        for number in range(2, 6) if more else ():
            published(program=program, number=f"2026-{number}", title=f"제{number}차")
        cost = []
        for url in ("/", "/calls", f"/programs/{program.id}", f"/tasks/{queries.tasks_of(program)[0].id}"):
            with count_queries() as statements:
                open_page(client, url)
            cost.append(len(statements))
        costs.append(cost)
    assert costs[0] == costs[1]


def test_the_list_of_calls_leads_the_secretariat_to_a_new_one(app: Flask, secretary: FlaskClient) -> None:
    program = the_program()
    new = f"/programs/{program.id}/calls/new"
    assert new in open_page(secretary, "/calls")
    for role in (Role.APPLICANT, Role.EVALUATOR, Role.AUDITOR, Role.ADMINISTRATOR):
        assert new not in open_page(client_for(app, make_user(role)), "/calls")
