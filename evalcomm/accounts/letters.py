"""The mails of this room, in Korean whatever the sender's screen."""

from evalcomm.accounts.models import Invitation
from evalcomm.accounts.services import INVITATION_LASTS
from evalcomm.foundation.actor import Role

ROLE_NAMES = {
    Role.APPLICANT: "신청자",
    Role.EVALUATOR: "평가위원",
    Role.SECRETARIAT: "사무국",
    Role.AUDITOR: "감사자",
    Role.ADMINISTRATOR: "관리자",
}


def letter(invitation: Invitation, link: str) -> tuple[str, str]:
    """Subject and body of the mail that carries an invitation's link."""
    days = INVITATION_LASTS.days
    if invitation.user_id is not None:
        return (
            "[지원사업 선정평가시스템] 비밀번호 재설정 안내",
            (
                "비밀번호 재설정을 요청하셨습니다. 아래 링크에서 새 비밀번호를 정해 주십시오.\n"
                f"{link}\n링크는 {days}일 동안 한 번만 쓸 수 있습니다. 요청하지 않으셨다면 이 메일을 무시하셔도 됩니다. 비밀번호는 바뀌지 않습니다."
            ),
        )
    role = ROLE_NAMES[Role(invitation.role)]
    opening = (
        f"지원사업 선정평가시스템에 {role} 자격으로 초대합니다."
        if invitation.invited_by_id is not None
        else "회원가입을 신청하셨습니다."
    )
    return (
        "[지원사업 선정평가시스템] 가입 안내",
        (
            f"{opening}\n아래 링크에서 비밀번호를 정하면 바로 이용하실 수 있습니다.\n{link}\n"
            f"링크는 {days}일 동안 한 번만 쓸 수 있습니다. 받을 까닭이 없는 메일이라면 지워 주십시오."
        ),
    )
