"""Sentences of this room's codes and constraints, and the names of its choices."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from evalcomm.audit import words as trail
from evalcomm.engine.exact import format_figure
from evalcomm.engine.rubric import InputKind, Item, Rubric, SheetProblem
from evalcomm.foundation.errors import register_constraint
from evalcomm.scoring.models import Cause
from evalcomm.scoring.queries.progress import DRAFT, NOT_STARTED, OUT, SUBMITTED, UNASSIGNED
from evalcomm.web import words

PROGRESS = {
    NOT_STARTED: _l("미착수"),
    DRAFT: _l("작성 중"),
    SUBMITTED: _l("제출"),
    OUT: _l("회피"),
    UNASSIGNED: _l("배정 없음"),
}
CAUSES = {
    Cause.SAVED: _l("저장"),
    Cause.SUBMITTED: _l("제출·서명"),
    Cause.SIGNED_OUT: _l("로그아웃할 때 보관"),
    Cause.IDLE: _l("자동 보관"),
}


def cut_name(cut: str, rubric: Rubric) -> str:
    """총점, or the title of the criterion or item that missed its minimum."""
    if cut == "total":
        return str(_("총점"))
    if cut == "sheets":
        return str(_("유효 평가표 없음"))
    kind, _colon, name = cut.partition(":")
    if kind == "criterion":
        return next((criterion.title for criterion in rubric.criteria if criterion.id == name), name)
    item = rubric.item(name)
    return item.title if item is not None else name


def allowed_in_words(item: Item) -> str:
    """What may be entered: 0점부터 12점까지 0.5점 단위, or the grades."""
    if item.input is InputKind.YES_NO:
        return str(_("예 또는 아니오"))
    if item.entries:
        return ", ".join(item.entries)
    low, high = format_figure(item.min_points), format_figure(item.points)
    if item.step is None:
        return str(_("%(low)s점부터 %(high)s점까지", low=low, high=high))
    return str(_("%(low)s점부터 %(high)s점까지 %(step)s점 단위", low=low, high=high, step=format_figure(item.step)))


def problem_sentence(problem: SheetProblem, rubric: Rubric) -> str:
    """Why a sheet can't be handed in, and what would be right."""
    item = rubric.item(problem.item)
    if problem.code == "comment-missing":
        return str(_("평가의견을 적어 주십시오.") if item is not None else _("종합의견을 적어 주십시오."))
    if item is None:
        return str(_("평가표에 없는 항목입니다. 화면을 새로 고쳐 주십시오."))
    if problem.code == "missing":
        return str(_("점수를 골라 주십시오.") if item.entries else _("점수를 적어 주십시오."))
    return str(_("적을 수 있는 점수가 아닙니다. %(allowed)s로 적어 주십시오.", allowed=allowed_in_words(item)))


words.register(
    {
        "fixed_points_differ": _l("신청서 %(application)s의 정량·가점 항목 %(item)s: 개봉한 점수와 다릅니다."),
        "not_your_sheet": _l("본인의 평가표만 열 수 있습니다."),
        "recused_from_application": _l(
            "이 신청서의 평가에서 제외되셨습니다(제척·기피·회피). 신청서와 점수를 볼 수 없으며, 점수는 0점이 아니라 집계에서 빠집니다."
        ),
        "application_does_not_compete": _l("접수를 취소하였거나 요건검토에서 부적격으로 판정된 신청서입니다."),
        "sheet_submitted": _l(
            "이미 제출하고 서명한 평가표입니다. 고쳐야 하면 점수를 개봉하기 전에 사무국에 재작성을 요청해 주십시오."
        ),
        "sheet_not_submitted": _l("아직 제출하지 않은 평가표입니다."),
        "sheet_not_opened": _l("아직 열지 않은 평가표입니다. ‘내 평가’에서 평가를 시작해 주십시오."),
        "sheet_incomplete": _l(
            "아직 제출할 수 없습니다. 표시된 %(count)s곳을 채운 뒤 다시 눌러 주십시오. 입력하신 내용은 저장되어 있습니다."
        ),
        "sheet_changed_elsewhere": _l(
            "다른 창에서 먼저 저장한 내용이 있습니다. 덮어쓰지 않았으며, 이 화면에 입력하신 내용은 그대로 두었습니다."
        ),
        "sheet_opened_twice": _l("같은 평가표가 이미 열려 있습니다. ‘내 평가’에서 이어서 작성해 주십시오."),
        "chair_does_not_score": _l(
            "이 공고의 평가계획에서는 위원장이 점수를 매기지 않습니다. 신청서는 읽을 수 있습니다."
        ),
        "text_too_long": _l("4,000자까지 적을 수 있습니다. 줄인 뒤 다시 저장해 주십시오."),
        "scores_opened_already": _l(
            "이미 점수를 개봉하였습니다. 개봉한 뒤에는 점수와 집계에 드는 내용을 바꿀 수 없습니다."
        ),
        "figures_sealed": _l("점수는 개봉하기 전까지 아무도 볼 수 없습니다. 진행 상태만 확인할 수 있습니다."),
        "others_figures_closed": _l("다른 위원의 점수는 볼 수 없습니다."),
        "ranks_closed_to_recused": _l("제외된 신청서가 있어 순위를 보여 드리지 않습니다."),
        "no_panel": _l("%(track)s 분야에는 아직 평가위원회가 없습니다. 위원회를 먼저 만들어 주십시오."),
        "plan_without_rubric": _l("이 분야의 평가계획에 평가표가 없습니다. 사무국에 알려 주십시오."),
        "not_of_this_committee": _l("이 위원회의 위원만 할 수 있습니다."),
        "chair_only": _l("위원장만 할 수 있습니다."),
        "not_a_fixed_item": _l("사무국이 입력하는 항목이 아닙니다: %(item)s"),
        "fixed_points_off_scale": _l("%(low)s점부터 %(high)s점 사이에서 평가표에 정한 단위로 적어 주십시오."),
        "evidence_missing": _l("무엇을 보고 정한 점수인지 증빙을 적어 주십시오."),
        "opening_without_applications": _l("개봉할 신청서가 없습니다."),
        "opening_with_unscreened": _l(
            "요건검토에서 적격으로 판정하지 않은 신청서가 %(count)s건 있습니다. 먼저 적격 또는 부적격으로 판정해 주십시오. 처음 것: %(number)s"
        ),
        "opening_with_pending_conflicts": _l(
            "결정하지 않은 제척·기피·회피가 %(count)s건 있습니다. 먼저 결정을 기록해 주십시오."
        ),
        "opening_without_fixed_points": _l(
            "사무국이 입력할 항목이 %(count)s곳 비어 있습니다. 먼저 입력해 주십시오. 처음 빈 곳: %(number)s ‘%(item)s’"
        ),
        "opening_with_sheets_outstanding": _l(
            "평가 기간이 끝나지 않았고 제출하지 않은 평가표가 %(count)s건 있습니다. 모두 제출하거나 평가 기간이 끝난 뒤에 개봉할 수 있습니다."
        ),
        "opening_not_requested": _l("기다리는 개봉 요청이 없습니다. 요청한 지 24시간이 지났다면 다시 요청해 주십시오."),
        "opening_needs_second_person": _l(
            "개봉을 요청한 사람은 입회할 수 없습니다. 다른 담당자나 위원장이 본인 계정으로 확인해야 합니다."
        ),
        "opening_box_changed": _l(
            "요청한 뒤에 개봉 대상이 바뀌었습니다. 바뀐 내용을 확인하고 개봉을 다시 요청해 주십시오."
        ),
        "table_changed": _l("이 화면을 여신 뒤 집계표가 바뀌었습니다. 새로 고쳐 확인한 뒤 다시 눌러 주십시오."),
        "table_closed_already": _l("이미 확정한 종합집계표입니다."),
        "table_not_closed_yet": _l("위원장이 종합집계표를 확정한 뒤에 할 수 있습니다."),
        "table_not_signed_by_all": _l(
            "아직 서명하지 않은 위원이 %(count)s명 있습니다: %(names)s. 서명을 받거나 불참 사유를 적어 주십시오."
        ),
        "table_without_quorum": _l("서명한 위원이 %(present)s명으로 의사정족수 %(quorum)s명에 모자랍니다."),
        "table_signed_twice": _l("이미 서명하셨습니다."),
        "absent_but_signed": _l("이미 서명한 위원입니다. 불참 사유를 비워 주십시오."),
        "remark_missing": _l("총평을 적어 주십시오."),
        "plan_does_not_resolve": _l("이 공고의 평가계획은 유효 평가표가 모자란 신청서를 의결로 인정하지 않습니다."),
        "table_no_sheets": _l("유효한 평가표가 하나도 없는 신청서가 있습니다: %(number)s"),
        "table_too_few_sheets": _l(
            "유효한 평가표가 평가계획의 최소 수보다 적은 신청서가 있습니다: %(number)s. 평가계획에 정한 대로 위원을 보충하거나 의결 사유를 적어 주십시오."
        ),
        "table_refused_fallback": _l("평가표가 적어 평가계획대로 집계할 수 없는 신청서가 있습니다: %(number)s"),
        "table_unconnected": _l("위원들이 함께 평가한 신청서가 없어 보정 점수를 견줄 수 없습니다."),
        "table_missing_fixed": _l("정량 항목의 점수가 없는 신청서가 있습니다: %(number)s"),
        "table_tie_value_missing": _l(
            "평가계획의 동점자 처리 기준에 쓸 값이 없는 신청서가 있습니다: %(number)s. 사무국에 알려 주십시오."
        ),
        "table_undeclared_digits": _l("평가계획에 표준점수의 소수 자릿수가 없습니다. 사무국에 알려 주십시오."),
        "sheet_state_unclear": _l("평가표의 상태가 맞지 않습니다. 사무국에 알려 주십시오."),
        "version_cut_twice": _l("같은 판이 이미 있습니다. 다시 저장해 주십시오."),
        "fixed_points_entered_twice": _l("다른 담당자가 같은 항목을 먼저 입력하였습니다. 새로 고쳐 확인해 주십시오."),
    }
)

register_constraint(
    "uq_score_sheet_round_id_application_id_membership_id",
    "sheet_opened_twice",
    unique="score_sheet.round_id, score_sheet.application_id, score_sheet.membership_id",
)
register_constraint("ck_score_sheet_state", "sheet_state_unclear")
register_constraint("ck_score_sheet_submitted", "sheet_state_unclear")
register_constraint("ck_score_sheet_submitted_version", "sheet_state_unclear")
register_constraint("ck_score_sheet_reopened_reason", "reason_missing")
register_constraint(
    "uq_sheet_version_sheet_id_version", "version_cut_twice", unique="sheet_version.sheet_id, sheet_version.version"
)
register_constraint("ck_sheet_version_cause", "value_not_listed")
register_constraint(
    "uq_fixed_points_application_id_item_version",
    "fixed_points_entered_twice",
    unique="fixed_points.application_id, fixed_points.item, fixed_points.version",
)
register_constraint("ck_fixed_points_evidence", "evidence_missing")
register_constraint(
    "uq_opening_track_id_round_id", "scores_opened_already", unique="opening.track_id, opening.round_id"
)
register_constraint("uq_opening_request_id", "scores_opened_already", unique="opening.request_id")
register_constraint("ck_opening_two_people", "opening_needs_second_person")
register_constraint(
    "uq_score_table_track_id_round_id",
    "table_closed_already",
    unique="score_table.track_id, score_table.round_id",
)
register_constraint("ck_score_table_remark", "remark_missing")
register_constraint(
    "uq_table_signature_once",
    "table_signed_twice",
    unique=(
        "table_signature.track_id, table_signature.round_id, table_signature.membership_id, table_signature.content_sha256"
    ),
)

trail.register(
    "scoring",
    _l("평가"),
    acts={
        "open_sheet": _l("평가표 열기"),
        "saved": _l("평가표 저장"),
        "submitted": _l("평가표 제출·서명"),
        "signed_out": _l("로그아웃할 때 평가표 보관"),
        "idle": _l("평가표 자동 보관"),
        "reopen_sheet": _l("재작성 허용"),
        "remind": _l("평가 독려"),
        "enter_fixed_points": _l("정량점수 입력"),
        "request_opening": _l("개봉 요청"),
        "open_scores": _l("개봉"),
        "close_table": _l("종합집계표 확정"),
        "sign_table": _l("종합집계표 서명"),
        "read_proposal": _l("신청서 열람"),
        "read_file": _l("첨부파일 열람"),
        "read_sheet": _l("평가표 열람"),
    },
    subjects={
        "score_sheet": _l("개별 평가표"),
        "sheet_version": _l("개별 평가표의 판"),
        "fixed_points": _l("정량점수"),
        "opening_request": _l("개봉 요청"),
        "opening": _l("개봉"),
        "score_table": _l("종합집계표"),
        "table_signature": _l("종합집계표 서명"),
    },
)
