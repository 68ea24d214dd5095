"""Names of sections, items and sources, and the sentences of this room's codes."""

from flask_babel import lazy_gettext as _l

from evalcomm.applications.models import ApplicationState, FundingSource, ScreeningVerdict
from evalcomm.audit import words as trail
from evalcomm.foundation.errors import register_constraint
from evalcomm.web import words

SECTIONS = {
    "basics": _l("기본 정보"),
    "plan": _l("사업계획"),
    "partners": _l("참여기관"),
    "budget": _l("소요예산"),
    "attachments": _l("첨부 파일"),
}
NARRATIVE = {
    "summary": (_l("사업 요약"), _l("무엇을, 누구와, 어떻게, 얼마로 하는지 한 쪽 안에 적습니다.")),
    "background": (_l("추진 배경과 필요성"), _l("지역의 여건과 해결하려는 문제를 근거와 함께 적습니다.")),
    "goals": (_l("목표와 성과지표"), _l("지표, 산식, 기준값, 목표값, 측정 방법을 적습니다.")),
    "plan": (_l("세부 추진계획과 일정"), _l("단계별로 할 일과 산출물, 일정을 적습니다.")),
    "system": (_l("추진체계와 역할 분담"), _l("주관기관과 참여기관이 각각 맡을 일을 적습니다.")),
    "permits": (_l("규제·인허가 현황"), _l("필요한 인허가와 제도 개선, 진행 단계를 적습니다. 없으면 비워 둡니다.")),
    "sustainability": (_l("지속가능성과 자립화"), _l("지원이 끝난 뒤의 운영 방안을 적습니다.")),
    "effects": (_l("기대효과"), _l("지역 기업의 매출·고용 등 효과와 그 근거를 적습니다.")),
}
ITEMS = {
    "personnel": _l("인건비"),
    "operations": _l("운영비"),
    "travel": _l("여비"),
    "research": _l("연구용역비"),
    "facility": _l("시설비·부대비"),
    "assets": _l("자산취득비"),
    "transfer": _l("민간이전"),
}
SOURCES = {
    FundingSource.NATIONAL: _l("국비"),
    FundingSource.PROVINCE: _l("시·도비"),
    FundingSource.MUNICIPALITY: _l("시·군·구비"),
    FundingSource.INSTITUTION: _l("기관부담"),
    FundingSource.PRIVATE: _l("민간부담"),
}
ATTACHMENT_KINDS = {
    "proposal": _l("사업계획서"),
    "commitment": _l("지방비·기관부담 확약서"),
    "consent": _l("참여 동의서"),
    "other": _l("그 밖의 자료"),
}
STATES = {
    ApplicationState.DRAFT: _l("작성 중"),
    ApplicationState.SUBMITTED: _l("접수"),
    ApplicationState.WITHDRAWN: _l("접수 취소"),
}
VERDICTS = {
    ScreeningVerdict.ELIGIBLE: _l("적격"),
    ScreeningVerdict.SUPPLEMENT: _l("보완"),
    ScreeningVerdict.INELIGIBLE: _l("부적격"),
}

words.register(
    {
        "not_an_applicant": _l("신청자 계정으로 로그인해야 신청할 수 있습니다."),
        "not_your_application": _l("다른 분이 작성한 신청서입니다."),
        "evaluators_read_through_scoring": _l("평가위원은 평가 화면에서만 신청서를 볼 수 있습니다."),
        "application_withdrawn": _l("접수를 취소한 신청서입니다."),
        "application_not_submitted": _l("아직 제출하지 않은 신청서입니다."),
        "application_incomplete": _l("아직 제출할 수 없습니다. 표시된 항목을 채운 뒤 다시 제출해 주십시오."),
        "title_missing": _l("사업명을 적어 주십시오."),
        "period_order": _l("사업 종료일은 시작일보다 빠를 수 없습니다."),
        "period_past": _l("사업 종료일이 이미 지났습니다. 오늘(%(today)s)부터의 날짜를 적어 주십시오."),
        "period_long": _l("사업기간은 %(years)s개 연도까지 적을 수 있습니다."),
        "narrative_missing_summary": _l("‘사업 요약’을 적어 주십시오."),
        "narrative_missing_background": _l("‘추진 배경과 필요성’을 적어 주십시오."),
        "narrative_missing_goals": _l("‘목표와 성과지표’를 적어 주십시오."),
        "narrative_missing_plan": _l("‘세부 추진계획과 일정’을 적어 주십시오."),
        "narrative_missing_system": _l("‘추진체계와 역할 분담’을 적어 주십시오."),
        "narrative_missing_effects": _l("‘기대효과’를 적어 주십시오."),
        "narrative_long": _l("사업계획의 각 항목은 %(limit)s자까지 적을 수 있습니다."),
        "partner_is_lead": _l("주관기관은 참여기관으로 다시 적지 않습니다."),
        "partner_twice": _l("같은 참여기관을 두 번 적었습니다."),
        "nothing_requested": _l("국비 신청액을 적어 주십시오."),
        "over_ceiling": _l("국비 신청액이 이 분야의 예산 %(won)s원을 넘습니다."),
        "amount_negative": _l("금액은 0원 이상이어야 합니다."),
        "year_outside_period": _l("사업기간 밖의 연도에 예산을 적었습니다: %(years)s년"),
        "section_wrong": _l("‘%(section)s’에 고쳐야 할 곳이 있습니다."),
        "track_not_in_call": _l("이 공고에 없는 분야입니다."),
        "project_not_in_call": _l("이 공고의 사업이 아닌 프로젝트입니다."),
        "attachment_empty": _l("내용이 없는 파일입니다: %(name)s"),
        "attachment_too_large": _l("파일 하나는 %(limit)sMB까지 첨부할 수 있습니다: %(name)s"),
        "attachment_kind_unknown": _l(
            "첨부할 수 없는 형식입니다: %(name)s. PDF, HWP, HWPX, DOCX, XLSX, PPTX, JPG, PNG 파일을 올려 주십시오."
        ),
        "attachment_not_what_it_says": _l(
            "확장자와 내용이 다른 파일입니다: %(name)s. 원래 프로그램에서 다시 저장해 올려 주십시오."
        ),
        "attachment_too_many": _l("파일은 %(limit)s개까지 첨부할 수 있습니다."),
        "attachment_none": _l("올릴 파일을 골라 주십시오."),
        "attachment_name_long": _l("파일 이름이 너무 깁니다: %(name)s"),
        "screening_reason_missing": _l("보완이나 부적격 판정에는 사유를 적어야 합니다."),
        "number_taken": _l("접수번호가 겹쳤습니다. 다시 제출해 주십시오."),
        "application_facts_unclear": _l("신청서의 상태가 맞지 않아 저장하지 않았습니다. 사무국에 알려 주십시오."),
        "budget_line_twice": _l("같은 연도·비목·재원을 두 번 적었습니다."),
        "submission_twice": _l("같은 신청서를 동시에 두 번 제출했습니다. 접수증을 확인해 주십시오."),
        "draft_changed_elsewhere": _l(
            "다른 창에서 이 부분을 먼저 저장했습니다. 저장하지 않았으며, 입력하신 내용은 그대로 두었습니다. 새 창에서 저장된 내용을 확인해 주십시오."
        ),
    }
)

register_constraint("uq_application_number", "number_taken", unique="application.number")
for name in ("state", "submitted", "withdrawn"):
    register_constraint(f"ck_application_{name}", "application_facts_unclear")
register_constraint("ck_application_amounts", "amount_negative")
register_constraint("ck_application_period", "period_order")
register_constraint(
    "uq_application_partner_application_id_organisation_id",
    "partner_twice",
    unique="application_partner.application_id, application_partner.organisation_id",
)
register_constraint(
    "uq_budget_line_application_id_year_item_source",
    "budget_line_twice",
    unique="budget_line.application_id, budget_line.year, budget_line.item, budget_line.source",
)
register_constraint("ck_budget_line_won", "amount_negative")
register_constraint("ck_budget_line_year", "application_facts_unclear")
register_constraint("ck_budget_line_source", "application_facts_unclear")
register_constraint("ck_attachment_size", "attachment_none")
register_constraint(
    "uq_submission_application_id_version", "submission_twice", unique="submission.application_id, submission.version"
)
register_constraint("ck_screening_verdict", "application_facts_unclear")
register_constraint("ck_screening_reason", "screening_reason_missing")

trail.register(
    "applications",
    _l("신청·접수"),
    acts={
        "start": _l("신청서 작성 시작"),
        "attach": _l("첨부파일 추가"),
        "remove_attachment": _l("첨부파일 삭제"),
        "submit": _l("신청서 제출"),
        "withdraw": _l("접수 취소"),
        "screen": _l("요건검토"),
        "read": _l("신청서 열람"),
        "read_file": _l("첨부파일 열람"),
    },
    subjects={
        "application": _l("신청서"),
        "attachment": _l("첨부파일"),
        "submission": _l("제출본"),
        "screening": _l("요건검토"),
    },
)
