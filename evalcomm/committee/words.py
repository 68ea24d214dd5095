"""Sentences of this room's codes and constraints, and the names of its choices."""

from flask_babel import LazyString, force_locale
from flask_babel import lazy_gettext as _l

from evalcomm.audit import words as trail
from evalcomm.committee.models import ChairHow, CommitteeKind, ConflictAct, ConflictState, DecisionBody, Relation
from evalcomm.committee.ties import Part, TieKind
from evalcomm.foundation.errors import register_constraint
from evalcomm.web import words

KINDS = {
    CommitteeKind.EVALUATION: _l("평가위원회"),
    CommitteeKind.SELECTION: _l("선정심의위원회"),
    CommitteeKind.APPEAL: _l("이의신청심의위원회"),
}
CHAIRS = {ChairHow.NAMED: _l("지명"), ChairHow.ELECTED: _l("호선")}
ACTS = {ConflictAct.EXCLUSION: _l("제척"), ConflictAct.CHALLENGE: _l("기피"), ConflictAct.RECUSAL: _l("회피")}
STATES = {
    ConflictState.PENDING: _l("결정 전"),
    ConflictState.ACCEPTED: _l("인용"),
    ConflictState.REJECTED: _l("기각"),
    ConflictState.EXCEPTION: _l("예외 승인"),
}
STATE_TONES = {
    ConflictState.PENDING: "warning",
    ConflictState.ACCEPTED: "success",
    ConflictState.REJECTED: "neutral",
    ConflictState.EXCEPTION: "info",
}
RELATIONS = {
    Relation.MEMBER: _l("소속기관 임직원"),
    Relation.FORMER_MEMBER: _l("최근 3년 이내 재직"),
    Relation.KIN: _l("친족"),
    Relation.RESEARCHER: _l("해당 과제 참여자"),
    Relation.SERVICE: _l("용역·자문·연구 수행"),
    Relation.FINANCIAL: _l("금전·지분 관계"),
    Relation.OTHER: _l("그 밖의 이해관계"),
}
BODIES = {
    DecisionBody.COMMITTEE: _l("위원회 의결"),
    DecisionBody.AUTHORITY: _l("소속기관의 장"),
    DecisionBody.SECRETARIAT: _l("사무국"),
}
PARTS = {Part.LEAD: _l("주관기관"), Part.PARTNER: _l("참여기관")}
TIES = {
    TieKind.SAME: _l("소속기관이 %(part)s입니다"),
    TieKind.ABOVE: _l("소속기관이 %(part)s의 상위 기관입니다"),
    TieKind.BELOW: _l("소속기관이 %(part)s의 하위 기관입니다"),
    TieKind.AFFILIATED: _l("소속기관이 %(part)s의 관계 기관입니다"),
}


def korean(label: LazyString) -> str:
    """The label for a paper or a letter, which are Korean whatever the screen's language."""
    with force_locale("ko"):
        return str(label)


words.register(
    {
        "not_your_seat": _l("본인의 위원 자격으로만 할 수 있습니다."),
        "seat_dismissed": _l("위촉이 끝난 위원회입니다. 문의할 것이 있으면 사무국에 알려 주십시오."),
        "seat_dismissed_already": _l("이미 해촉된 위원입니다. 위원 명단을 새로 고쳐 주십시오."),
        "seated_already": _l("%(name)s 위원은 이미 이 위원회의 위원입니다. 해촉된 위원은 다시 위촉할 수 없습니다."),
        "not_an_evaluator": _l(
            "%(name)s 님은 평가위원 계정이 아니거나 계정이 닫혀 있습니다. 계정을 먼저 확인해 주십시오."
        ),
        "pledge_first": _l("청렴·보안 서약을 먼저 해 주십시오. 서약하시면 다음 단계가 열립니다."),
        "declare_first": _l("이해관계 신고를 먼저 해 주십시오. 신고를 마치시면 신청서가 열립니다."),
        "declare_again": _l("신고하신 뒤에 접수된 신청서가 있습니다. 이해관계를 다시 신고해 주시면 열립니다."),
        "declare_after_deadline": _l(
            "신청서 접수가 %(until)s에 끝납니다. 모든 신청서를 대상으로 하므로 접수가 끝난 뒤에 신고해 주십시오."
        ),
        "panel_changed": _l(
            "이 화면을 여신 뒤 평가 대상이 바뀌었습니다. 저장하지 않았으며, 바뀐 목록을 확인하고 다시 신고해 주십시오."
        ),
        "not_of_this_panel": _l("이 위원회의 평가 대상이 아닌 신청서입니다: %(applications)s"),
        "relation_missing": _l("관계를 골라 주십시오."),
        "reason_missing": _l("사유를 적어 주십시오."),
        "election_note_missing": _l(
            "언제 어떻게 호선하였는지 적어 주십시오. 예: 2026. 11. 22. 회의에서 위원 7명 전원 찬성"
        ),
        "decision_missing": _l("결정을 골라 주십시오."),
        "exception_only_for_exclusion": _l("예외 승인은 제척에만 할 수 있습니다. 인용이나 기각을 골라 주십시오."),
        "conflict_decided": _l("이미 결정한 건입니다. 결정 내용을 확인해 주십시오."),
        "conflict_filed_already": _l("이 위원과 신청서에 대하여 이미 낸 신고가 있습니다. 처리 내용을 확인해 주십시오."),
        "track_of_another_call": _l("이 공고의 분야가 아닙니다. 목록에서 다시 골라 주십시오."),
        "committee_name_taken": _l("같은 이름의 위원회가 이 공고에 있습니다. 다른 이름을 적어 주십시오."),
        "committee_exists": _l("같은 종류의 위원회가 이미 있습니다. 있는 위원회에 위원을 위촉해 주십시오."),
        "chair_exists": _l("위원장은 한 명입니다. 위원 명단을 새로 고친 뒤 다시 지정해 주십시오."),
        "chair_unclear": _l("위원장은 위촉 중인 위원 가운데에서 지명하거나 호선한 방법과 함께 정해야 합니다."),
        "seat_number_taken": _l("다른 위촉과 겹쳤습니다. 다시 눌러 주십시오."),
        "seat_taken": _l("이미 이 위원회의 위원입니다."),
        "declared_twice": _l("신고가 겹쳤습니다. 화면을 새로 고쳐 신고 내용을 확인해 주십시오."),
        "decision_incomplete": _l("결정에는 결정자, 시각, 사유가 모두 있어야 합니다."),
    }
)

register_constraint("ck_committee_kind", "value_not_listed")
register_constraint("uq_committee_call_id_name", "committee_name_taken", unique="committee.call_id, committee.name")
register_constraint(
    "uq_committee_call_id_kind_track_id",
    "committee_exists",
    unique="committee.call_id, committee.kind, committee.track_id",
)
register_constraint("uq_committee_whole_call", "committee_exists", unique="committee.call_id, committee.kind")
register_constraint(
    "uq_membership_committee_id_user_id", "seat_taken", unique="membership.committee_id, membership.user_id"
)
register_constraint(
    "uq_membership_committee_id_number", "seat_number_taken", unique="membership.committee_id, membership.number"
)
register_constraint("uq_membership_chair", "chair_exists", unique="membership.committee_id")
register_constraint("ck_membership_chair_how", "chair_unclear")
register_constraint("ck_membership_living_chair", "chair_unclear")
register_constraint("ck_membership_dismissed_reason", "reason_missing")
register_constraint(
    "uq_declaration_membership_id_version",
    "declared_twice",
    unique="declaration.membership_id, declaration.version",
)
register_constraint(
    "uq_conflict_membership_id_application_id_act",
    "conflict_filed_already",
    unique="conflict.membership_id, conflict.application_id, conflict.act",
)
register_constraint("ck_conflict_act", "value_not_listed")
register_constraint("ck_conflict_state", "value_not_listed")
register_constraint("ck_conflict_relation", "value_not_listed")
register_constraint("ck_conflict_decision_body", "value_not_listed")
register_constraint("ck_conflict_reason", "reason_missing")
register_constraint("ck_conflict_decided", "decision_incomplete")
register_constraint("ck_conflict_decision_reason", "decision_incomplete")
register_constraint("ck_conflict_notified", "decision_incomplete")

trail.register(
    "committee",
    _l("위원회"),
    acts={
        "create": _l("위원회 구성"),
        "appoint": _l("위원 위촉"),
        "dismiss": _l("위원 해촉"),
        "seat_chair": _l("위원장 선임"),
        "sign_pledge": _l("서약"),
        "declare": _l("이해관계 신고"),
        "file_conflict": _l("제척·기피·회피 접수"),
        "decide_conflict": _l("제척·기피·회피 결정"),
    },
    subjects={
        "committee": _l("위원회"),
        "membership": _l("위원"),
        "pledge": _l("서약서"),
        "declaration": _l("이해관계 신고서"),
        "conflict": _l("제척·기피·회피"),
    },
)
