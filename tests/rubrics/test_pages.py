"""The pages of plans and rubrics."""

from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from evalcomm import resources
from evalcomm.foundation.actor import Role
from evalcomm.foundation.database import db
from evalcomm.rubrics import queries
from evalcomm.rubrics.models import PlanVersion, RubricVersion
from tests.factories import make_user
from tests.pages import check_page, client_for, open_page, post
from tests.rubrics.test_services import store_both
from tests.rubrics.texts import PLAN, RUBRIC


@pytest.fixture
def secretary(app: Flask) -> FlaskClient:
    return client_for(app, make_user(Role.SECRETARIAT))


def stored() -> tuple[int, int]:
    return tuple(
        db.session.scalar(select(func.count()).select_from(model)) or 0 for model in (RubricVersion, PlanVersion)
    )  # type: ignore[return-value]


def test_the_list_offers_what_is_shipped_and_what_is_stored(app: Flask, secretary: FlaskClient) -> None:
    plan = store_both()
    page = open_page(secretary, "/plans")
    assert "국고보조금 공모 평가계획(협업 거점 조성형)" in page
    assert "작은 평가계획" in page
    shown = open_page(secretary, f"/plans/{plan.id}")
    for text in (
        "위원 평균에 정량 점수를 더한 점수(가점·감점 전)가 70점 미만이면 탈락함",
        "부지 확보율",
        "min_sheets_to_trim = 5",
    ):
        assert text in shown


def test_only_secretariat_and_auditor_read_plans_and_only_the_secretariat_stores(app: Flask) -> None:
    plan = store_both()
    for role in (None, *Role):
        client = client_for(app, None if role is None else make_user(role))
        reads = role in {Role.SECRETARIAT, Role.AUDITOR}
        refusal = 302 if role is None else 403
        for url in ("/plans", f"/plans/{plan.id}"):
            assert client.get(url).status_code == (200 if reads else refusal), f"{role} {url}"
        stores = role is Role.SECRETARIAT
        assert client.get("/plans/check").status_code == (200 if stores else refusal), role
        for url in ("/plans/check", "/plans"):
            assert client.post(url, data={}).status_code == (422 if stores else refusal), f"{role} {url}"


def test_a_check_stores_nothing_and_names_every_error(app: Flask, secretary: FlaskClient) -> None:
    broken = PLAN.replace('"trimmed-mean"', '"trimed-mean"').replace("quorum = 5", "quorums = 5")

    answer = post(secretary, "/plans/check", {"rubric_text": RUBRIC, "plan_text": broken}, status=422)

    page = answer.get_data(as_text=True)
    check_page(page, "/plans/check")
    assert "고칠 곳이 2군데" in page
    assert "모르는 키입니다." in page
    assert "aggregate.method" in page
    assert "trimed-mean" in page
    assert stored() == (0, 0)
    answer = post(secretary, "/plans", {"rubric_text": RUBRIC, "plan_text": broken}, status=422)
    assert stored() == (0, 0)


def test_what_is_sound_is_stored_once_as_a_version(app: Flask, secretary: FlaskClient) -> None:
    both = {"rubric_text": RUBRIC, "plan_text": PLAN}
    checked = post(secretary, "/plans/check", both, status=200).get_data(as_text=True)
    assert "잘못된 곳이 없습니다" in checked

    answer = post(secretary, "/plans", both)
    plan = queries.list_plans()[0]
    assert answer.location == f"/plans/{plan.id}"
    assert plan.sha256[:8] in checked
    post(secretary, "/plans", both)
    assert stored() == (1, 1)


def test_the_same_version_with_another_content_is_refused_and_the_text_stays(
    app: Flask, secretary: FlaskClient
) -> None:
    store_both()
    changed = PLAN.replace('"0.7"', '"0.65"')
    answer = post(secretary, "/plans", {"rubric_text": RUBRIC, "plan_text": changed}, status=422)
    page = answer.get_data(as_text=True)
    assert "version을 올려" in page
    assert "0.65" in page
    assert stored() == (1, 1)


def test_a_rubric_alone_is_stored(app: Flask, secretary: FlaskClient) -> None:
    post(secretary, "/plans", {"rubric_text": RUBRIC, "plan_text": ""})
    assert stored() == (1, 0)
    post(secretary, "/plans", {"rubric_text": "", "plan_text": PLAN})
    assert stored() == (1, 1)


def test_files_take_the_place_of_the_texts_and_stay_in_the_page(app: Flask, secretary: FlaskClient) -> None:
    shipped = resources.plan_file("kr-subsidy").read_bytes()
    answer = secretary.post(
        "/plans/check", data={"plan_file": (BytesIO(b"\xef\xbb\xbf" + shipped), "kr-subsidy.toml"), "plan_text": "old"}
    )
    assert answer.status_code == 200
    assert "국고보조금 공모 평가계획(협업 거점 조성형)" in answer.get_data(as_text=True)

    answer = secretary.post(
        "/plans/check", data={"plan_file": (BytesIO("version = 1\n# 한글".encode("cp949")), "x.toml")}
    )
    assert answer.status_code == 422
    assert "2번째 줄" in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("plan", "word"),
    [
        (PLAN.replace('rubric = "../small.toml"\n', ""), "평가계획에 평가표가 없습니다"),
        (PLAN, "평가표 small을(를) 찾을 수 없습니다"),
        ("= nothing", "TOML 문법에 맞지 않습니다"),
        ("a" * 300_000, "글자 수가 300,000자"),
    ],
)
def test_a_plan_that_cannot_be_checked_gets_a_sentence(
    app: Flask, secretary: FlaskClient, plan: str, word: str
) -> None:
    answer = post(secretary, "/plans/check", {"rubric_text": "", "plan_text": plan}, status=422)
    assert word in answer.get_data(as_text=True)
