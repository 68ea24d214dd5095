"""A form that can't be taken says why, and what to do now."""

from collections.abc import Iterator
from dataclasses import replace
from typing import cast

import pytest
from flask import Flask
from flask.testing import FlaskClient
from wtforms import SelectField

from evalcomm.app import create_app
from evalcomm.config import Settings
from evalcomm.foundation.actor import Role
from evalcomm.foundation.database import db
from evalcomm.web.errors import error_page
from evalcomm.web.forms import Form
from tests.conftest import SettableClock
from tests.factories import make_user
from tests.pages import check_page, client_for


@pytest.fixture
def strict(settings: Settings) -> Iterator[Flask]:
    """As served to people: the CSRF protection is on."""
    app = create_app(replace(settings, extra={}), clock=SettableClock())
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def refused(client: FlaskClient, url: str) -> str:
    answer = client.post(url, data={"summary": "적던 글"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 400
    check_page(page, url)
    return page


def test_whose_session_is_gone_signs_in_again_and_comes_back_to_the_form(strict: Flask) -> None:
    page = refused(strict.test_client(), "/applications/1/plan")

    assert "로그인이 끝나 저장하지 못했습니다" in page
    assert 'href="/sign-in?next=/applications/1/plan"' in page
    assert "새로 고치고 다시 보내" not in page, "without a sign-in that sends nothing"


def test_an_address_that_shows_no_page_is_no_place_to_come_back_to(strict: Flask) -> None:
    page = refused(strict.test_client(), "/applications/1/withdraw")

    assert 'href="/sign-in"' in page


def test_a_stale_token_of_a_living_session_or_of_a_public_form_is_not_a_lost_session(strict: Flask) -> None:
    for client, url in (
        (client_for(strict, make_user(Role.APPLICANT)), "/applications/1/plan"),
        (strict.test_client(), "/sign-in"),
    ):
        page = refused(client, url)
        assert "확인 정보가 만료되었습니다" in page
        assert "로그인이 끝나 저장하지" not in page


def test_a_script_is_told_by_the_code(strict: Flask) -> None:
    answer = strict.test_client().post("/applications/1/plan/autosave", json={"tag": "1", "fields": {}})

    assert (answer.status_code, answer.get_json()["code"]) == (400, "csrf")


@pytest.mark.parametrize(
    ("code", "other_account", "says"),
    [
        ("role_needed", True, "권한이 없습니다"),
        ("recused_from_application", False, "권한이 없습니다"),
        ("pledge_first", False, "먼저 마칠 일이 있습니다"),
        ("phase_score_over", False, "지금은 할 수 없는 일입니다"),
        ("run_already_adopted", False, "이미 처리했을 수 있습니다"),
    ],
)
def test_whoever_is_refused_for_another_reason_than_the_role_is_not_sent_to_another_account(
    app: Flask, code: str, other_account: bool, says: str
) -> None:
    """Above all a recused evaluator: that would be an invitation to go round the recusal."""
    with app.test_request_context():
        page, status = cast("tuple[str, int]", error_page(403, "까닭", code=code))

    assert status == 403
    assert says in page
    assert ("다른 역할의 계정" in page) is other_account


def test_a_list_that_always_sends_something_is_not_called_optional(app: Flask) -> None:
    class Chosen(Form):
        track = SelectField("분야", choices=[(3, "시설"), (4, "기금")], coerce=int)
        partner = SelectField("참여기관", choices=[(0, "없음"), (3, "부산광역시")], coerce=int)

    with app.test_request_context():
        macros = app.jinja_env.get_template("components/field.html").make_module({"_": str})
        form = Chosen(formdata=None)
        track, partner = (str(macros.required_mark(form[name])) for name in ("track", "partner"))

    assert "필수" in track
    assert "선택" in partner
