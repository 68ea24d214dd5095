"""The standard call from which a first one is copied: how long each phase lasts, what it grants, and the usual paragraphs."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from evalcomm.foundation.clock import SEOUL, in_seoul
from evalcomm.programs.models import PhaseKind, Visibility
from evalcomm.programs.terms import PhaseTerms

OPENS, CLOSES = time(9, 0), time(18, 0)
PLAN = "kr-subsidy"


@dataclass(frozen=True, slots=True)
class Window:
    """Days after the day on which applications open: from 09:00 of the first to 18:00 of the last, and the rights in between."""

    kind: PhaseKind
    first: int
    last: int
    rights: dict[str, Any]


WINDOWS = (
    Window(PhaseKind.APPLICATION, 0, 30, {"may_submit": True}),
    Window(PhaseKind.SCREENING, 31, 37, {}),
    Window(PhaseKind.DECLARATION, 38, 41, {}),
    Window(PhaseKind.SCORING, 42, 48, {"may_score": True, "members_see_other_scores": Visibility.NEVER}),
    Window(PhaseKind.DELIBERATION, 49, 55, {"secretariat_sees_figures": True}),
)

TEXTS: dict[str, list[str]] = {
    "support": [
        "선정된 사업의 추진에 필요한 국비를 지원함",
        "국비 지원액은 신청액 범위에서 이 공고의 평가계획에 따라 정함",
    ],
    "eligibility": [
        "지원사업의 협업과제를 맡은 공공기관과 해당 지방자치단체",
        "둘 이상의 기관이 함께 신청할 때에는 주관기관을 정하여 신청함",
    ],
    "how_to_apply": [
        "지원사업 선정평가시스템에서 온라인으로 신청함(방문·우편 접수는 받지 않음)",
        "마감 전까지는 다시 제출할 수 있으며, 마지막으로 제출한 것을 접수한 것으로 봄",
        "접수 시각은 서버가 신청서 전체를 받은 시각(한국 표준시)을 기준으로 함",
    ],
    "documents": [
        "사업신청서와 사업계획서(온라인 작성)",
        "재원별 예산내역서(온라인 작성)",
        "지방비·기관부담금 확약서 등 증빙자료",
    ],
    "objection": [
        "선정 결과를 통보받은 날부터 30일 이내에 이의신청을 할 수 있음(「행정기본법」 제36조)",
        "이의신청을 받은 날부터 14일 이내에 결과를 알리며, 부득이하면 10일의 범위에서 한 번 연장할 수 있음",
    ],
    "notes": [
        "신청서에 적은 내용이 사실과 다르면 선정을 취소할 수 있음",
        "지원금은 교부 목적 외의 용도로 쓸 수 없음(「보조금 관리에 관한 법률」 제22조)",
        "이 공고의 내용을 바꿀 때에는 사유를 밝혀 변경공고하고 신청기관에 알림",
    ],
}


def phases_from(opening: datetime) -> tuple[PhaseTerms, ...]:
    """The standard phases of a call whose applications open on the Seoul day of `opening`."""
    day = in_seoul(opening).date()

    def at(days: int, hour: time) -> datetime:
        return datetime.combine(day + timedelta(days=days), hour, SEOUL)

    return tuple(
        PhaseTerms(
            kind=window.kind, opens_at=at(window.first, OPENS), closes_at=at(window.last, CLOSES), **window.rights
        )
        for window in WINDOWS
    )


def next_monday(at: datetime) -> datetime:
    """Monday of the week after next, 09:00 in Seoul: time enough to approve a notice."""
    day = in_seoul(at).date()
    return datetime.combine(day + timedelta(days=14 - day.weekday()), OPENS, SEOUL)
