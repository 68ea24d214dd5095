"""Sentences of this room's codes and constraints, and the names of its choices."""

from flask_babel import lazy_gettext as _l

from evalcomm.accounts.models import OrganisationKind
from evalcomm.audit import words as trail
from evalcomm.foundation.actor import Role
from evalcomm.foundation.errors import register_constraint
from evalcomm.web import words

ROLES = {
    Role.APPLICANT: _l("신청자"),
    Role.EVALUATOR: _l("평가위원"),
    Role.SECRETARIAT: _l("사무국"),
    Role.AUDITOR: _l("감사자"),
    Role.ADMINISTRATOR: _l("관리자"),
}
ORGANISATION_KINDS = {
    OrganisationKind.INSTITUTION: _l("공공기관"),
    OrganisationKind.LOCAL_GOVERNMENT: _l("지방자치단체"),
    OrganisationKind.MINISTRY: _l("중앙행정기관"),
    OrganisationKind.OTHER: _l("그 밖의 기관"),
}

words.register(
    {
        "sign_in_failed": _l("전자우편 주소나 비밀번호가 맞지 않습니다."),
        "account_locked": _l(
            "로그인에 여러 번 실패하여 %(minutes)s분 동안 잠갔습니다. 그 뒤 다시 시도하거나 비밀번호를 재설정해 주십시오."
        ),
        "address_locked": _l("이 네트워크에서 로그인 실패가 너무 많습니다. %(minutes)s분 뒤 다시 시도해 주십시오."),
        "email_unclear": _l("전자우편 주소를 확인해 주십시오. 예: name@example.go.kr"),
        "email_taken": _l("이미 가입된 전자우편 주소입니다: %(email)s"),
        "invitation_unknown": _l("링크를 확인할 수 없습니다. 메일에 있는 주소를 끝까지 복사했는지 확인해 주십시오."),
        "invitation_used": _l("이미 사용한 링크입니다. 가입을 마치셨다면 로그인해 주십시오."),
        "invitation_withdrawn": _l(
            "새 링크를 보내면서 효력을 잃은 링크입니다. 가장 나중에 받은 메일의 링크를 이용해 주십시오."
        ),
        "invitation_expired": _l("기한이 지난 링크입니다. 보낸 곳에 새 링크를 요청해 주십시오."),
        "password_short": _l("비밀번호는 10자 이상이어야 합니다."),
        "password_long": _l("비밀번호는 128자 이하여야 합니다."),
        "password_like_email": _l("전자우편 주소가 들어간 비밀번호는 쓸 수 없습니다."),
        "password_simple": _l("서로 다른 글자를 다섯 가지 이상 섞어 주십시오."),
        "password_wrong": _l("지금 쓰는 비밀번호가 맞지 않습니다."),
        "own_administrator_role": _l("자신의 관리자 권한은 스스로 없앨 수 없습니다. 다른 관리자에게 요청해 주십시오."),
        "own_account": _l("자신의 계정은 스스로 닫을 수 없습니다. 다른 관리자에게 요청해 주십시오."),
        "role_not_invitable": _l("사무국은 신청자와 평가위원만 초대할 수 있습니다."),
        "organisation_code_taken": _l("이미 쓰고 있는 기관 코드입니다: %(organisation)s"),
        "organisation_own_parent": _l("기관을 자신이나 자신의 하위 기관 아래에 둘 수 없습니다."),
        "organisation_own_affiliate": _l("다른 기관을 골라 주십시오. 기관은 자신의 관계 기관이 될 수 없습니다."),
        "value_not_listed": _l("정해진 값 가운데에서 골라야 합니다."),
        "link_made_twice": _l("같은 링크가 이미 있습니다. 다시 시도해 주십시오."),
        "code_taken": _l("이미 쓰고 있는 코드입니다."),
        "account_taken": _l("이미 가입된 전자우편 주소입니다."),
    }
)

register_constraint("uq_organisation_code", "code_taken", unique="organisation.code")
register_constraint("ck_organisation_kind", "value_not_listed")
register_constraint("ck_organisation_own_parent", "organisation_own_parent")
register_constraint("ck_organisation_affiliation_ordered", "organisation_own_affiliate")
register_constraint("uq_user_account_email", "account_taken", unique="user_account.email")
register_constraint("ck_user_role_role", "value_not_listed")
register_constraint("uq_invitation_token_sha256", "link_made_twice", unique="invitation.token_sha256")
register_constraint("ck_invitation_role", "value_not_listed")
register_constraint("ck_invitation_used_by_somebody", "invitation_used")

trail.register(
    "accounts",
    _l("계정·기관"),
    acts={
        "accept_invitation": _l("초대 수락"),
        "activate": _l("계정 사용 재개"),
        "deactivate": _l("계정 사용 중지"),
        "affiliate": _l("관계 기관 등록"),
        "change_organisation": _l("기관 정보 변경"),
        "change_password": _l("비밀번호 변경"),
        "change_profile": _l("내 정보 변경"),
        "change_roles": _l("역할 변경"),
        "create_organisation": _l("기관 등록"),
        "create_user": _l("계정 등록"),
        "invite": _l("초대"),
        "reset_password": _l("비밀번호 재설정"),
        "sign_in": _l("로그인"),
        "sign_out": _l("로그아웃"),
        "withdraw_invitation": _l("초대 취소"),
    },
    subjects={
        "organisation": _l("기관"),
        "user_account": _l("계정"),
        "invitation": _l("초대장"),
    },
)
