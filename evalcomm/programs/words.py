"""Sentences for the codes of this room, and the names of its enumerations on screen."""

from flask_babel import LazyString, lazy_pgettext
from flask_babel import lazy_gettext as _l

from evalcomm.audit import words as trail
from evalcomm.foundation.errors import register_constraint
from evalcomm.programs.models import CallKind, CallState, PhaseKind, Right, Visibility
from evalcomm.programs.standing import Stage
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
    CallState.PUBLISHED: lazy_pgettext("state", "공고"),
    CallState.CANCELLED: lazy_pgettext("state", "취소"),
}
KINDS: dict[CallKind, LazyString] = {CallKind.FUNDING: _l("지원금 공모"), CallKind.AWARDS: _l("포상 공모")}
PHASE_WORDS: dict[PhaseKind, LazyString] = {
    PhaseKind.APPLICATION: _l("신청기관이 신청서를 제출합니다. 마감 전에는 고쳐서 다시 제출할 수 있습니다."),
    PhaseKind.SCREENING: _l("사무국이 신청 자격과 제출서류를 확인합니다."),
    PhaseKind.DECLARATION: _l(
        "평가위원이 서약하고 신청기관과의 이해관계를 신고합니다. 신고하기 전에는 신청서를 볼 수 없습니다."
    ),
    PhaseKind.SCORING: _l("평가위원이 평가표에 따라 평가합니다. 점수는 개봉할 때까지 아무도 볼 수 없습니다."),
    PhaseKind.DELIBERATION: _l("점수를 개봉하여 집계하고, 위원회가 선정을 심의·의결합니다."),
}
STAGES: dict[Stage, LazyString] = {
    Stage.DRAFT: _l("작성 중"),
    Stage.UPCOMING: _l("접수 예정"),
    Stage.OPEN: _l("접수 중"),
    Stage.EVALUATION: _l("평가 진행"),
    Stage.ANNOUNCED: _l("결과 발표"),
    Stage.CANCELLED: lazy_pgettext("state", "취소"),
}
STAGE_TONES: dict[Stage, str] = {
    Stage.DRAFT: "neutral",
    Stage.UPCOMING: "neutral",
    Stage.OPEN: "info",
    Stage.EVALUATION: "locked",
    Stage.ANNOUNCED: "success",
    Stage.CANCELLED: "danger",
}
TEXTS: dict[str, LazyString] = {
    "support": _l("지원 내용"),
    "eligibility": _l("신청 자격"),
    "how_to_apply": _l("신청 방법"),
    "documents": _l("제출서류"),
    "objection": _l("이의신청"),
    "notes": _l("유의사항"),
}

words.register(
    {
        "program_file_unknown": _l("%(path)s 파일이 없습니다. 경로를 확인해 주십시오."),
        "program_file_encoding": _l("%(path)s 파일이 UTF-8이 아닙니다. UTF-8로 저장해 주십시오."),
        "program_loses_projects": _l(
            "과제 %(tasks)s번의 대표 프로젝트가 새 파일에 빠져 있습니다. 신청서가 딸려 있을 수 있어 지울 수 없으니 파일에 되살려 주십시오."
        ),
        "call_number_taken": _l(
            "공고번호 %(number)s은(는) 이 지원사업에서 이미 쓰고 있습니다. 다른 번호를 적어 주십시오."
        ),
        "call_terms_wrong": _l("공고할 수 없는 내용이 %(count)s군데 있습니다. 아래에서 고쳐 주십시오."),
        "call_text_missing": _l("빠짐없이 적어 주십시오."),
        "call_budget_positive": _l("지원 예산은 1원 이상이어야 합니다."),
        "call_budget_over_program": _l("지원 예산이 지원사업의 예산 %(program)s원을 넘습니다."),
        "call_without_track": _l("평가계획을 아직 고르지 않았습니다."),
        "tracks_over_budget": _l(
            "분야별 예산의 합 %(tracks)s원이 지원 예산보다 %(over)s원 많습니다. 분야별 예산을 줄이거나 지원 예산을 늘려 주십시오."
        ),
        "track_budget_positive": _l("%(track)s 분야의 예산은 1원 이상이어야 합니다."),
        "track_over_budget": _l(
            "분야에 줄 수 있는 예산은 %(left)s원까지입니다. 더 필요하면 다른 분야의 예산을 먼저 줄여 주십시오."
        ),
        "track_code_taken": _l("분야 기호 %(track)s은(는) 이 공모에서 이미 쓰고 있습니다."),
        "call_without_round": _l("평가 차수가 하나는 있어야 합니다."),
        "round_weights": _l("차수별 반영 비율의 합이 %(sum)s%%입니다. 100%%가 되게 고쳐 주십시오."),
        "round_multiple_missing": _l("%(round)s 차수를 통과할 배수를 적어 주십시오. 예: 선정 예정의 2배수이면 2"),
        "round_without_title": _l("차수 이름을 적어 주십시오. 쓰지 않는 줄이면 모두 비워 주십시오."),
        "round_without_dates": _l("%(round)s 차수의 평가 기간을 적어 주십시오."),
        "rounds_out_of_order": _l("앞 차수의 평가가 끝난 뒤(%(closes_at)s 뒤)에 시작해야 합니다."),
        "phase_dates_missing": _l("시작과 마감 일시를 적어 주십시오."),
        "phase_closes_before_opening": _l("마감이 시작(%(opens_at)s)보다 늦어야 합니다."),
        "screening_after_application": _l("요건검토는 신청 접수가 끝난 뒤(%(closes_at)s 뒤)에 시작해야 합니다."),
        "declaration_after_application": _l(
            "이해관계는 접수한 신청서를 두고 신고하므로 신청 접수가 끝난 뒤(%(closes_at)s 뒤)에 시작해야 합니다."
        ),
        "scoring_after_application": _l("평가는 신청 접수가 끝난 뒤(%(closes_at)s 뒤)에 시작해야 합니다."),
        "scoring_after_declaration": _l("평가는 서약과 이해관계 신고가 끝난 뒤(%(closes_at)s 뒤)에 시작해야 합니다."),
        "deliberation_after_scoring": _l("점수는 평가가 모두 끝난 뒤(%(closes_at)s 뒤)에 개봉할 수 있습니다."),
        "date_in_the_past": _l("이미 지난 일시입니다. 지금(%(today)s)보다 뒤의 일시를 적어 주십시오."),
        "opening_has_happened": _l("%(opens_at)s에 이미 시작한 단계의 시작 일시는 바꿀 수 없습니다."),
        "tracks_stay": _l("공고한 뒤에는 분야를 더하거나 뺄 수 없습니다. 재공고를 하십시오."),
        "rounds_stay": _l("공고한 뒤에는 평가 차수를 더하거나 뺄 수 없습니다. 재공고를 하십시오."),
        "number_stays": _l("공고번호와 공모 종류는 바꿀 수 없습니다. 재공고를 하십시오."),
        "plan_after_scoring": _l("%(opens_at)s에 평가가 시작되어 평가계획은 바꿀 수 없습니다."),
        "amendment_needs": _l("변경공고에 꼭 필요합니다. 빠짐없이 적어 주십시오."),
        "approved_before_notice": _l(
            "승인일이 바꿀 공고의 공고일(%(notice)s)보다 앞섭니다. 승인을 받은 날을 적어 주십시오."
        ),
        "approved_in_the_future": _l("승인일이 오늘보다 뒤입니다. 승인을 받은 날을 적어 주십시오."),
        "amendment_changes_nothing": _l("바뀐 내용이 없습니다. 바꿀 곳을 고친 뒤 다시 눌러 주십시오."),
        "call_deviates": _l(
            "저장된 공모의 내용이 공고한 내용과 다릅니다. 시스템 밖에서 바뀐 것으로 보이니 관리자와 감사 담당자에게 알려 주십시오."
        ),
        "program_code_taken": _l("같은 기호의 지원사업이 이미 있습니다. 다시 시도해 주십시오."),
        "amount_negative": _l("금액은 0원 이상이어야 합니다."),
        "task_number_taken": _l("과제나 프로젝트의 번호가 겹칩니다."),
        "call_number_in_use": _l("공고번호를 이 지원사업에서 이미 쓰고 있습니다. 다른 번호를 적어 주십시오."),
        "call_value_unknown": _l("정해진 값이 아닙니다. 화면을 새로 고친 뒤 다시 골라 주십시오."),
        "call_published_at": _l("공고한 공모에는 공고 일시가 있어야 하고, 작성 중인 공모에는 없어야 합니다."),
        "track_code_in_use": _l("분야 기호를 이 공모에서 이미 쓰고 있습니다. 다른 기호를 적어 주십시오."),
        "round_weight_range": _l("반영 비율은 0부터 100까지의 정수로 적어 주십시오."),
        "phase_twice": _l("같은 단계가 두 번 있습니다. 하나만 남겨 주십시오."),
        "phase_order": _l("단계의 마감이 시작보다 늦어야 합니다."),
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

for name, code, unique in (
    ("uq_program_code", "program_code_taken", "program.code"),
    ("ck_program_budget", "amount_negative", None),
    ("uq_task_program_id_number", "task_number_taken", "task.program_id, task.number"),
    ("uq_project_task_id_position", "task_number_taken", "project.task_id, project.position"),
    ("uq_call_program_id_number", "call_number_in_use", "call.program_id, call.number"),
    ("ck_call_kind", "call_value_unknown", None),
    ("ck_call_state", "call_value_unknown", None),
    ("ck_call_budget", "call_budget_positive", None),
    ("ck_call_published", "call_published_at", None),
    ("uq_call_version_call_id_version", "stale_version", "call_version.call_id, call_version.version"),
    ("ck_call_version_amendment_reason", "amendment_needs", None),
    ("uq_track_call_id_position", "stale_version", "track.call_id, track.position"),
    ("uq_track_call_id_code", "track_code_in_use", "track.call_id, track.code"),
    ("ck_track_budget", "amount_negative", None),
    ("uq_round_call_id_position", "stale_version", "round.call_id, round.position"),
    ("ck_round_weight", "round_weight_range", None),
    ("uq_phase_call_id_round_id_kind", "phase_twice", "phase.call_id, phase.round_id, phase.kind"),
    ("uq_phase_of_call", "phase_twice", "phase.call_id, phase.kind"),
    ("ck_phase_kind", "call_value_unknown", None),
    ("ck_phase_visibility", "call_value_unknown", None),
    ("ck_phase_order", "phase_order", None),
):
    register_constraint(name, code, unique=unique)

trail.register(
    "programs",
    _l("사업·공고"),
    acts={
        "load_program": _l("사업 자료 등록"),
        "create_call": _l("공고 작성"),
        "copy_call": _l("공고 복사"),
        "change_texts": _l("공고 내용 변경"),
        "change_dates": _l("공고 일정 변경"),
        "change_rights": _l("단계별 권한 변경"),
        "change_rounds": _l("평가 단계 변경"),
        "add_track": _l("분야 추가"),
        "change_track": _l("분야 변경"),
        "remove_track": _l("분야 삭제"),
        "choose_plan": _l("평가계획 지정"),
        "publish_call": _l("공고 게시"),
        "amend_call": _l("변경공고 게시"),
        "discard_draft": _l("작성 중인 공고 삭제"),
    },
    subjects={
        "program": _l("사업"),
        "call": _l("공고"),
        "call_version": _l("공고의 판"),
        "track": _l("분야"),
    },
)
