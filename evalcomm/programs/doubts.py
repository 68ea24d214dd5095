"""What a call may do but its authors should know: told beside the preview, never a reason to refuse."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from flask_babel import gettext as _

from evalcomm.foundation.clock import in_seoul
from evalcomm.programs import queries
from evalcomm.programs.models import Call, CallState, PhaseKind
from evalcomm.rubrics.queries import plan_value

NOTICE_OF_RESEARCH = timedelta(days=30)
"""국가연구개발혁신법 시행령 제9조: calls for research are announced for 30 days or more, shorter only with a reason."""


def about(call: Call, at: datetime) -> Iterator[str]:
    """Sentences."""
    yield from _money(call)
    application = queries.phase_of(call, PhaseKind.APPLICATION)
    if application is not None:
        closes = in_seoul(application.closes_at)
        if closes.weekday() >= 5:
            yield str(_("접수 마감일이 주말입니다. 마감일에 문의를 받을 수 있는지 확인해 주십시오."))
        if not 9 <= closes.hour <= 18:
            yield str(_("접수 마감이 근무 시간 밖입니다. 마감 시각에 문의를 받을 수 있는지 확인해 주십시오."))
        of_research = any(plan_value(track.plan).regime == "rnd" for track in call.tracks)
        if of_research and application.closes_at - at < NOTICE_OF_RESEARCH:
            yield str(
                _(
                    "연구개발 과제는 30일 이상 공고하여야 합니다(국가연구개발혁신법 시행령 제9조). 단축하려면 사유를 남겨 주십시오."
                )
            )
    if not call.contact:
        yield str(_("문의처가 비어 있습니다. ‘공고문 문안’에서 적어 주십시오."))


def _money(call: Call) -> Iterator[str]:
    left = call.budget_won - sum(track.budget_won for track in call.tracks)
    if call.tracks and left > 0:
        yield str(_("분야에 나누지 않은 예산이 %(left)s원 남습니다.", left=f"{left:,}"))
    others = sum(
        other.budget_won
        for other in queries.list_calls(program=call.program, states=[CallState.PUBLISHED])
        if other.id != call.id
    )
    whole = others + call.budget_won
    if others and whole > call.program.budget_won:
        yield str(
            _(
                "이 지원사업에서 이미 공고한 예산과 합하면 %(whole)s원으로, 지원사업 예산 %(program)s원을 넘습니다.",
                whole=f"{whole:,}",
                program=f"{call.program.budget_won:,}",
            )
        )
