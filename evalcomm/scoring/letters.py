"""The messages of this room, in Korean whatever the sender's screen. Each returns subject and body; none carries a figure."""

from datetime import datetime

from evalcomm.scoring.queries import Bench, Desk
from evalcomm.web.filters import kst

Letter = tuple[str, str]


def reopened(desk: Desk, reason: str) -> Letter:
    return (
        f"[{desk.committee}] 평가표 재작성 안내",
        (
            f"접수번호 {desk.number} 「{desk.title}」 평가표를 다시 작성하실 수 있습니다.\n"
            f"사유: {reason}\n고치신 뒤 다시 제출하셔야 집계에 들어갑니다. 앞서 제출하신 평가표는 기록으로 남습니다."
        ),
    )


def reminder(bench: Bench, *, outstanding: int, closes_at: datetime | None) -> Letter:
    until = f" 평가 기간은 {kst(closes_at)}까지입니다." if closes_at is not None else ""
    return (
        f"[{bench.panel.name}] 평가표 제출 안내",
        (
            f"「{bench.track.call.title}」 {bench.track.title} 분야에서 아직 제출하지 않은 평가표가 {outstanding}건 있습니다.{until}\n"
            "로그인하신 뒤 ‘내 평가’에서 이어서 작성해 주십시오."
        ),
    )


def opening_requested(bench: Bench, requested_by: str) -> Letter:
    return (
        f"[{bench.panel.name}] 점수 개봉 입회 요청",
        (
            f"「{bench.track.call.title}」 {bench.track.title} 분야의 점수 개봉을 {requested_by} 담당자가 요청하였습니다.\n"
            "본인 계정으로 로그인하여 개봉 대상을 확인하고 입회해 주십시오. 24시간 안에 확인하지 않으면 요청이 없던 것이 됩니다."
        ),
    )
