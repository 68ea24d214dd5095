"""Sentences for the codes of this room, and the names of its enumerations on screen."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from evalcomm.programs.models import CallKind, CallState, PhaseKind, Right, Visibility
from evalcomm.web import words

PHASES: dict[PhaseKind, LazyString] = {
    PhaseKind.APPLICATION: _l("신청 접수"),
    PhaseKind.SCREENING: _l("요건검토"),
    PhaseKind.DECLARATION: _l("위원 서약·이해관계 신고"),
    PhaseKind.SCORING: _l("평가"),
    PhaseKind.DELIBERATION: _l("점수 개봉·심의"),
}
RIGHTS: dict[Right, LazyString] = {
    Right.SUBMIT: _l("신청서를 제출할 수 있음"),
    Right.SCORE: _l("평가위원이 점수를 입력·제출할 수 있음"),
    Right.SEE_APPLICANT_NAMES: _l("평가위원이 신청기관의 이름을 볼 수 있음"),
    Right.SEE_FIGURES: _l("사무국이 점수와 집계를 볼 수 있음"),
}
VISIBILITIES: dict[Visibility, LazyString] = {
    Visibility.NEVER: _l("볼 수 없음"),
    Visibility.AFTER_OWN: _l("자신의 점수를 제출한 뒤에 볼 수 있음"),
    Visibility.ALWAYS: _l("항상 볼 수 있음"),
}
STATES: dict[CallState, LazyString] = {
    CallState.DRAFT: _l("작성 중"),
    CallState.PUBLISHED: _l("공고"),
    CallState.CANCELLED: _l("취소"),
}
KINDS: dict[CallKind, LazyString] = {CallKind.FUNDING: _l("지원금 공모"), CallKind.AWARDS: _l("포상 공모")}

words.register(
    {
        "secretariat_only": _l("사무국 담당자만 할 수 있습니다."),
        "call_not_published": _l("아직 공고하지 않은 공모입니다."),
        "call_sealed": _l("이미 공고하여 확정된 내용은 고칠 수 없습니다. 바꾸려면 변경공고를 하십시오."),
        "phase_missing": _l("이 공모에는 해당 단계가 정해져 있지 않습니다. 사무국에 문의하십시오."),
        "phase_submit_not_yet": _l(
            "아직 신청 접수 기간이 아닙니다. 접수 기간은 %(opens_at)s부터 %(closes_at)s까지입니다."
        ),
        "phase_submit_over": _l("신청 접수가 %(closes_at)s에 마감되었습니다. 마감 뒤에는 제출하거나 고칠 수 없습니다."),
        "phase_score_not_yet": _l("아직 평가 기간이 아닙니다. 평가 기간은 %(opens_at)s부터 %(closes_at)s까지입니다."),
        "phase_score_over": _l("평가 기간이 %(closes_at)s에 끝났습니다. 점수를 입력하거나 고칠 수 없습니다."),
        "phase_members_see_applicant_names_not_yet": _l("지금은 신청기관의 이름을 볼 수 없는 단계입니다."),
        "phase_members_see_applicant_names_over": _l("지금은 신청기관의 이름을 볼 수 없는 단계입니다."),
        "phase_secretariat_sees_figures_not_yet": _l(
            "점수는 개봉 전까지 볼 수 없습니다. 개봉은 %(opens_at)s부터입니다."
        ),
        "phase_secretariat_sees_figures_over": _l("점수를 볼 수 없는 단계입니다."),
    }
)
