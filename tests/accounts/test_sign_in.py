"""Signing in as people and as attackers do."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from evalcomm.accounts import passwords, queries, services
from evalcomm.accounts.models import SignInAttempt, UserAccount
from evalcomm.audit.models import AuditEntry
from evalcomm.foundation.actor import Role, system_actor
from evalcomm.foundation.database import db, transaction
from evalcomm.foundation.errors import Conflict, NotFound
from evalcomm.notices.models import Message
from tests.conftest import SettableClock
from tests.factories import NOW, make_organisation, make_user
from tests.pages import check_page, client_for, open_page, post

PASSWORD = "네모난 바퀴 열두 개"
ADMIN = system_actor("test")


@pytest.fixture(scope="module")
def password_hash() -> str:
    return passwords.hash_password(PASSWORD)


@pytest.fixture
def person(app: Flask, password_hash: str) -> UserAccount:
    user = make_user(Role.APPLICANT, name="김신청")
    with transaction() as session:
        session.get_one(UserAccount, user.id).password_hash = password_hash
    return user


def sign_in(client: FlaskClient, email: str, password: str) -> int:
    return client.post("/sign-in", data={"email": email, "password": password, "next": "/profile"}).status_code


def without_token(page: str) -> str:
    return re.sub(r'name="csrf[_-]token"[^>]*(value|content)="[^"]+"', "", page)


def test_the_right_password_starts_a_session(client: FlaskClient, person: UserAccount) -> None:
    answer = client.post(
        "/sign-in", data={"email": f"  {person.email.upper()} ", "password": PASSWORD, "next": "/profile"}
    )

    assert answer.status_code == 302
    assert answer.headers["Location"] == "/profile"
    assert "김신청" in open_page(client, "/profile")


def test_a_session_from_before_signing_in_is_not_kept(client: FlaskClient, person: UserAccount) -> None:
    with client.session_transaction() as session:
        session["planted"] = "by somebody else"

    sign_in(client, person.email, PASSWORD)

    with client.session_transaction() as session:
        assert "planted" not in session
        assert session["_user_id"].startswith(f"{person.id}:0:")


def cookie(client: FlaskClient) -> str:
    found = client.get_cookie("evalcomm")
    assert found is not None
    return found.value


def test_a_cookie_that_outlives_the_sign_out_opens_nothing(client: FlaskClient, person: UserAccount) -> None:
    """A copy of it, or an answer on its way that puts it back."""
    sign_in(client, person.email, PASSWORD)
    before = cookie(client)
    other = client.application.test_client()
    sign_in(other, person.email, PASSWORD)

    post(client, "/sign-out")
    client.set_cookie("evalcomm", before)

    assert client.get("/profile").headers["Location"].startswith("/sign-in")
    assert other.get("/profile").status_code == 200


def test_a_static_file_brings_no_session_back(client: FlaskClient, person: UserAccount) -> None:
    sign_in(client, person.email, PASSWORD)

    assert "Set-Cookie" in client.get("/profile").headers
    with client.get("/static/page.js") as script:
        assert "Set-Cookie" not in script.headers


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client: FlaskClient, person: UserAccount) -> None:
    wrong = client.post("/sign-in", data={"email": person.email, "password": "아닌 비밀번호입니다"})
    unknown = client.post("/sign-in", data={"email": "nobody@example.kr", "password": "아닌 비밀번호입니다"})

    assert wrong.status_code == unknown.status_code == 422
    page = wrong.get_data(as_text=True)
    check_page(page, "/sign-in")
    assert without_token(page.replace(person.email, "x")) == without_token(
        unknown.get_data(as_text=True).replace("nobody@example.kr", "x")
    )
    assert "아닌 비밀번호입니다" not in page


def test_five_failures_lock_the_account_for_a_quarter_of_an_hour(
    client: FlaskClient, person: UserAccount, clock: SettableClock
) -> None:
    for _ in range(5):
        assert sign_in(client, person.email, "틀린 비밀번호") == 422
    assert sign_in(client, person.email, PASSWORD) == 429

    clock.advance(minutes=16)

    assert sign_in(client, person.email, PASSWORD) == 302


def test_a_success_forgives_the_failures_before_it(
    client: FlaskClient, person: UserAccount, clock: SettableClock
) -> None:
    for _ in range(4):
        sign_in(client, person.email, "틀린 비밀번호")
    clock.advance(seconds=1)
    assert sign_in(client, person.email, PASSWORD) == 302
    clock.advance(seconds=1)
    for _ in range(4):
        assert sign_in(client, person.email, "틀린 비밀번호") == 422

    assert sign_in(client, person.email, PASSWORD) == 302


def test_one_address_can_not_try_many_accounts(client: FlaskClient, app: Flask) -> None:
    with transaction() as session:
        session.add_all(
            SignInAttempt(
                at=NOW, email_sha256=queries.email_hash(f"x{n}@example.kr"), address="127.0.0.1", succeeded=False
            )
            for n in range(50)
        )

    assert sign_in(client, "another@example.kr", "아무 비밀번호나") == 429


def test_every_attempt_is_counted_and_recorded_without_the_address_in_clear(
    client: FlaskClient, person: UserAccount
) -> None:
    sign_in(client, person.email, PASSWORD)
    sign_in(client, "nobody@example.kr", PASSWORD)

    assert db.session.scalar(select(func.count()).select_from(SignInAttempt)) == 2
    entries = db.session.scalars(
        select(AuditEntry).where(AuditEntry.verb == "accounts.sign_in").order_by(AuditEntry.id)
    ).all()
    assert [entry.outcome for entry in entries] == ["done", "refused"]
    assert "nobody" not in str(entries[1].detail)


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_signing_in_never_leads_to_another_host(client: FlaskClient, person: UserAccount, target: str) -> None:
    answer = client.post("/sign-in", data={"email": person.email, "password": PASSWORD, "next": target})

    assert answer.headers["Location"] == "/"


def test_a_closed_account_and_a_moved_epoch_end_the_session(app: Flask, person: UserAccount) -> None:
    client = client_for(app, person)
    open_page(client, "/profile")
    with transaction() as session:
        services.set_active(user=session.get_one(UserAccount, person.id), active=False, actor=ADMIN, at=NOW)

    assert client.get("/profile").status_code == 302

    with transaction() as session:
        services.set_active(user=session.get_one(UserAccount, person.id), active=True, actor=ADMIN, at=NOW)
    assert client.get("/profile").status_code == 302, "the old cookie must not come back to life"


def test_changing_the_password_ends_other_sessions_and_keeps_this_one(app: Flask, person: UserAccount) -> None:
    here, elsewhere = client_for(app, person), client_for(app, person)
    data = {"current": PASSWORD, "password": "새로 정한 긴 비밀번호", "again": "새로 정한 긴 비밀번호"}

    post(here, "/profile/password", {**data, "current": "아닌데요 아닙니다"}, status=422)
    post(here, "/profile/password", data)

    open_page(here, "/profile")
    assert elsewhere.get("/profile").status_code == 302


@pytest.mark.parametrize(("password", "says"), [("짧다", "10자"), ("aaaaaaaaaaaa", "다섯 가지"), ("x" * 129, "128자")])
def test_a_weak_password_gets_a_sentence(app: Flask, person: UserAccount, password: str, says: str) -> None:
    answer = post(
        client_for(app, person),
        "/profile/password",
        {"current": PASSWORD, "password": password, "again": password},
        status=422,
    )

    assert says in answer.get_data(as_text=True)


def link_in_outbox() -> str:
    body = db.session.scalars(select(Message.body).order_by(Message.id.desc())).first()
    assert body is not None
    found = re.search(r"http\S+(/join/\S+)", body)
    assert found is not None
    return found.group(1)


def test_an_applicant_registers_by_a_link_that_works_once(app: Flask, client: FlaskClient) -> None:
    organisation = make_organisation("자산관리공사")
    form = {"email": "New.Person@Example.kr", "name": "박새롬", "organisation_id": organisation.id}
    check_page(post(client, "/register", form, status=200).get_data(as_text=True), "/register")
    link = link_in_outbox()
    open_page(client, link)

    post(client, link, {"name": "박새롬", "password": PASSWORD, "again": PASSWORD})

    user = queries.find_user("new.person@example.kr")
    assert user is not None
    assert [role.role for role in user.roles] == ["applicant"]
    assert user.organisation_id == organisation.id
    assert "박새롬" in open_page(client, "/profile")
    used = open_page(app.test_client(), link, status=404)
    assert "이미 사용한 링크" in used
    assert "주소를 직접 입력했다면" not in used, "the address is right, the link is spent"
    assert '<a href="/sign-in">' in used


def test_registering_with_a_taken_address_tells_nothing_and_sends_nothing(
    client: FlaskClient, person: UserAccount
) -> None:
    fresh = post(
        client, "/register", {"email": "fresh@example.kr", "name": "새 사람", "organisation_id": 0}, status=200
    ).get_data(as_text=True)
    before = db.session.scalar(select(func.count()).select_from(Message))

    taken = post(
        client, "/register", {"email": person.email, "name": "새 사람", "organisation_id": 0}, status=200
    ).get_data(as_text=True)

    assert without_token(taken.replace(person.email, "x")) == without_token(fresh.replace("fresh@example.kr", "x"))
    assert db.session.scalar(select(func.count()).select_from(Message)) == before


def test_a_new_invitation_ends_the_one_before_and_a_week_ends_both(app: Flask) -> None:
    with transaction():
        _, first = services.invite(email="a@example.kr", role=Role.EVALUATOR, actor=ADMIN, at=NOW)
    with transaction():
        _, second = services.invite(email="a@example.kr", role=Role.EVALUATOR, actor=ADMIN, at=NOW)

    with pytest.raises(NotFound) as withdrawn:
        queries.open_invitation(first, NOW)
    with pytest.raises(NotFound) as expired:
        queries.open_invitation(second, NOW + timedelta(days=7, seconds=1))
    assert (withdrawn.value.code, expired.value.code) == ("invitation_withdrawn", "invitation_expired")
    assert queries.open_invitation(second, NOW + timedelta(days=7)).email == "a@example.kr"


def test_the_secretariat_invites_evaluators_but_no_administrator(app: Flask) -> None:
    client = client_for(app, make_user(Role.SECRETARIAT))
    form = {"email": "e@example.kr", "name": "", "role": "evaluator", "organisation_id": 0}

    post(client, "/admin/invitations/new", form)
    taken = make_user(Role.EVALUATOR).email
    wrong = post(client, "/admin/invitations/new", {**form, "email": taken, "name": "가" * 81}, status=422)
    assert "이미 가입된 전자우편" in wrong.get_data(as_text=True)
    assert "80" in wrong.get_data(as_text=True)
    post(client, "/admin/invitations/new", {**form, "email": "f@example.kr", "role": "administrator"}, status=422)

    assert list(db.session.scalars(select(Message.address))) == ["e@example.kr"]


def test_a_link_that_went_to_the_wrong_address_is_withdrawn(app: Flask) -> None:
    with transaction():
        _invitation, token = services.invite(
            email="wrong@example.kr", role=Role.SECRETARIAT, actor=system_actor("test"), at=NOW
        )
        invitation_id = _invitation.id
    client = client_for(app, make_user(Role.ADMINISTRATOR))
    assert "거두기" in open_page(client, "/admin/accounts")

    post(client_for(app, make_user(Role.SECRETARIAT)), f"/admin/invitations/{invitation_id}/withdraw", status=403)
    post(client, f"/admin/invitations/{invitation_id}/withdraw")

    page = open_page(client, "/admin/accounts")
    assert "wrong@example.kr 초대를 거두었습니다" in page
    assert "거두기" not in page
    assert app.test_client().get(f"/join/{token}").status_code == 404


def test_the_command_speaks_the_terminals_language(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    run = app.test_cli_runner().invoke
    assert "There are no accounts yet" in run(args=["user", "list"]).stderr
    monkeypatch.setenv("EVALCOMM_LANG", "ko")
    assert "아직 계정이 없습니다" in run(args=["user", "list"]).stderr

    refused = run(args=["user", "invite", "not an address"])
    invited = run(args=["user", "invite", "first@example.go.kr"])

    assert (refused.exit_code, invited.exit_code) == (1, 0)
    assert refused.stderr.startswith("오류: 전자우편 주소를")
    assert invited.stdout.startswith("http://localhost:8000/join/")
    assert "한 번만 쓸 수 있습니다" in invited.stderr


def test_an_administrator_changes_roles_but_not_the_own_one(app: Flask) -> None:
    admin, other = make_user(Role.ADMINISTRATOR), make_user(Role.APPLICANT)
    client = client_for(app, admin)
    session_of_other = client_for(app, other)

    post(client, f"/admin/accounts/{other.id}/roles", {"roles": ["evaluator", "auditor"]})
    refused = client.post(f"/admin/accounts/{admin.id}/roles", data={"roles": ["applicant"]})

    db.session.rollback()
    assert sorted(role.role for role in queries.get_user(other.id).roles) == ["auditor", "evaluator"]
    assert refused.status_code == 409
    assert session_of_other.get("/profile").status_code == 302


def test_related_organisations_are_parents_children_and_affiliates(app: Flask) -> None:
    top, institution, branch, fund, stranger = (
        make_organisation(name) for name in ("부처", "공사", "지사", "자회사", "남")
    )
    with transaction():
        for child, parent in ((institution, top), (branch, institution)):
            services.change_organisation(
                organisation=db.session.merge(child),
                name=child.name,
                kind=child.kind,
                region="",
                parent_id=parent.id,
                actor=ADMIN,
                at=NOW,
            )
        services.affiliate(
            first=db.session.merge(fund), second=db.session.merge(institution), note="출자", actor=ADMIN, at=NOW
        )

    assert queries.related_organisations(institution.id) == {institution.id, top.id, branch.id, fund.id}
    assert queries.related_organisations(stranger.id) == {stranger.id}


def test_an_organisation_is_not_put_below_itself(app: Flask) -> None:
    top, below = make_organisation(), make_organisation()
    with transaction():
        below = db.session.merge(below)
        services.change_organisation(
            organisation=below, name="하위", kind=below.kind, region="", parent_id=top.id, actor=ADMIN, at=NOW
        )
    client = client_for(app, make_user(Role.SECRETARIAT))

    answer = post(
        client,
        f"/organisations/{top.id}",
        {"code": top.code, "name": "상위", "kind": "institution", "parent_id": below.id},
        status=422,
    )

    assert "자신이나 자신의 하위" in answer.get_data(as_text=True)


def test_an_organisation_code_is_given_once(app: Flask) -> None:
    client = client_for(app, make_user(Role.SECRETARIAT))
    form = {"code": "kamco", "name": "한국자산관리공사", "kind": "institution", "region": "부산", "parent_id": 0}
    post(client, "/organisations/new", form)

    answer = post(client, "/organisations/new", {**form, "name": "다른 기관"}, status=422)

    page = answer.get_data(as_text=True)
    check_page(page, "/organisations/new")
    assert "이미 쓰고 있는 기관 코드" in page
    assert "다른 기관" in page, "what was typed stays"


def test_the_database_refuses_a_second_account_with_a_sentence(app: Flask, person: UserAccount) -> None:
    with pytest.raises(Conflict) as refused, transaction() as session:
        session.add(UserAccount(email=person.email, name="둘째", created_at=NOW))

    assert refused.value.code == "account_taken"
