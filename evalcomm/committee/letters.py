"""The messages of this room, in Korean whatever the sender's screen. Each returns subject and body."""

from evalcomm.committee.models import Committee, Conflict, ConflictAct, ConflictState
from evalcomm.committee.words import ACTS, STATES, korean

Letter = tuple[str, str]


def appointment(committee: Committee) -> Letter:
    return (
        f"[{committee.name}] 평가위원 위촉 안내",
        (
            f"「{committee.call.title}」 {committee.name} 위원으로 위촉되셨습니다.\n"
            "로그인하신 뒤 청렴·보안 서약과 이해관계 신고를 마치시면 신청서가 열립니다."
        ),
    )


def dismissal(committee: Committee, reason: str) -> Letter:
    return (
        f"[{committee.name}] 평가위원 해촉 안내",
        f"「{committee.call.title}」 {committee.name} 위원에서 해촉되셨습니다.\n사유: {reason}",
    )


def decision_to_member(conflict: Conflict) -> Letter:
    act, application = korean(ACTS[ConflictAct(conflict.act)]), conflict.application
    return (
        f"[이해관계] {act} 결정 안내",
        (
            f"접수번호 {application.number} 「{application.title}」에 대한 {act} 건을 다음과 같이 결정하였습니다.\n"
            f"결정: {korean(STATES[ConflictState(conflict.state)])}\n사유: {conflict.decision_reason}"
        ),
    )


def decision_to_applicant(conflict: Conflict) -> Letter:
    application = conflict.application
    return (
        "[기피 신청] 처리 결과 안내",
        (
            f"접수번호 {application.number} 「{application.title}」와 관련하여 신청하신 기피를 다음과 같이 처리하였습니다.\n"
            f"결정: {korean(STATES[ConflictState(conflict.state)])}\n사유: {conflict.decision_reason}"
        ),
    )
