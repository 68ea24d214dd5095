"""Names and sentences of this room."""

from flask_babel import lazy_gettext as _l

from evalcomm.audit import words as trail
from evalcomm.foundation.errors import register_constraint
from evalcomm.selection.models import LineStatus
from evalcomm.web import words

STATUSES = {
    LineStatus.FUNDED: _l("선정"),
    LineStatus.CUT: _l("감액 선정"),
    LineStatus.RESERVE: _l("예비"),
    LineStatus.REJECTED: _l("미선정"),
}
TONES = {
    LineStatus.FUNDED: "success",
    LineStatus.CUT: "warning",
    LineStatus.RESERVE: "info",
    LineStatus.REJECTED: "danger",
}
"""Of a status tag."""

words.register(
    {
        "line_differs": _l("배분(안) %(run)s의 신청서 %(application)s: 계산한 결과와 다릅니다."),
        "nothing_to_allocate": _l("집계할 신청서가 없습니다."),
        "table_not_closed": _l(
            "‘%(track)s’ 분야의 종합집계표를 위원장이 아직 확정하지 않았습니다. 확정한 뒤에 배분할 수 있습니다."
        ),
        "plan_without_allocation": _l("‘%(track)s’ 분야의 평가계획에 배분 규칙이 없습니다."),
        "allocation_infeasible": _l("‘%(track)s’ 분야는 배분 규칙을 모두 지키는 배분이 없습니다."),
        "run_needs_lot": _l("지원 경계에 동점이 있어 추첨이 필요합니다. 추첨 결과를 기록한 뒤 다시 계산해 주십시오."),
        "run_outdated": _l("이 배분(안)을 계산한 뒤 자료가 바뀌었습니다. 다시 계산한 배분(안)을 채택해 주십시오."),
        "run_already_adopted": _l("이미 채택한 배분(안)이 있습니다. 채택은 공고마다 한 번만 할 수 있습니다."),
        "run_not_adopted": _l("배분(안)을 먼저 채택해 주십시오."),
        "not_resolved": _l("위원회 의결을 먼저 기록해 주십시오."),
        "not_approved": _l("결재가 끝나지 않았습니다. 결재 문서번호를 기록하기 전에는 알리거나 공표할 수 없습니다."),
        "already_resolved": _l("이미 의결을 기록했습니다."),
        "already_approved": _l("이미 결재를 기록했습니다."),
        "already_announced": _l("이미 공표했습니다."),
        "not_announced": _l("결과를 아직 공표하지 않았습니다."),
        "lot_not_needed": _l("이 분야에는 추첨으로 정할 동점이 없습니다."),
        "lot_whole_group": _l("동점인 신청서 모두에 서로 다른 추첨 번호를 적어야 합니다: %(numbers)s"),
        "lot_recorded": _l("이미 추첨을 기록한 동점입니다. 추첨은 다시 하지 않습니다."),
        "lot_witnesses": _l("추첨한 사람과 입회인을 적어 주십시오."),
        "lot_number_twice": _l("추첨 번호 %(number)s번을 두 번 적었습니다. 번호는 서로 달라야 합니다."),
        "drawn_in_future": _l("추첨 일시는 지금보다 늦을 수 없습니다."),
        "resolved_in_future": _l("의결 일시는 지금보다 늦을 수 없습니다."),
        "resolved_before_closing": _l("의결 일시는 종합집계표를 확정한 때(%(closed_at)s)보다 이를 수 없습니다."),
        "more_present_than_enrolled": _l("출석 위원이 재적 위원(%(enrolled)s명)보다 많을 수 없습니다."),
        "votes_do_not_add_up": _l("찬성, 반대, 기권을 더한 수가 출석 위원 수와 같아야 합니다."),
        "no_quorum": _l("의결 정족수에 미치지 못합니다. 출석 %(quorum)s명 이상이어야 합니다."),
        "no_majority": _l("출석 위원 과반수의 찬성이 있어야 의결됩니다."),
        "decided_in_future": _l("결재일은 오늘보다 늦을 수 없습니다."),
        "decided_before_resolution": _l("결재일은 의결일보다 이를 수 없습니다."),
        "not_your_result": _l("공표 전이거나 다른 신청인의 결과입니다."),
        "facts_missing": _l("빠진 내용을 적어 주십시오."),
        "award_over_request": _l("지원액이 신청액을 넘을 수 없습니다."),
        "line_unclear": _l("배분 결과의 상태와 금액이 맞지 않습니다."),
    }
)

register_constraint("ck_allocation_run_adopted", "run_already_adopted")
register_constraint("uq_allocation_run_adopted", "run_already_adopted", unique="allocation_run.call_id")
register_constraint(
    "uq_allocation_line_run_id_application_id",
    "line_unclear",
    unique="allocation_line.run_id, allocation_line.application_id",
)
register_constraint("ck_allocation_line_status", "line_unclear")
register_constraint("ck_allocation_line_award_within_request", "award_over_request")
register_constraint("ck_allocation_line_award_status", "line_unclear")
register_constraint("ck_resolution_votes", "votes_do_not_add_up")
register_constraint("ck_resolution_majority", "no_majority")
register_constraint("uq_resolution_call_id", "already_resolved", unique="resolution.call_id")
register_constraint("uq_approval_call_id", "already_approved", unique="approval.call_id")
register_constraint("ck_approval_filled", "facts_missing")
register_constraint("uq_announcement_call_id", "already_announced", unique="announcement.call_id")

trail.register(
    "selection",
    _l("선정·공표"),
    acts={
        "make_run": _l("배분(안) 계산"),
        "adopt_run": _l("배분(안) 채택"),
        "record_lot": _l("추첨 결과 기록"),
        "resolve": _l("의결 기록"),
        "record_approval": _l("결재 기록"),
        "announce": _l("선정 결과 공표"),
    },
    subjects={
        "allocation_run": _l("배분(안)"),
        "lot_record": _l("추첨조서"),
        "resolution": _l("의결"),
        "approval": _l("결재"),
        "announcement": _l("공표"),
    },
)
