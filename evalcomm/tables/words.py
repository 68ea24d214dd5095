"""Words of answers for people: Korean headings, printed above the English ones (scripts see the English alone), and counted nouns."""

from __future__ import annotations

from collections.abc import Sequence

KOREAN = {
    "agreement": "일치도(절대)",
    "application": "과제",
    "base": "가감점 전",
    "basis": "근거",
    "consistency": "일치도(상대)",
    "correlation": "상관",
    "criterion": "항목",
    "dropped": "제외",
    "effect": "보정 점수차",
    "effect_90_high": "90% 상한",
    "effect_90_low": "90% 하한",
    "effective_percent": "실질 비중(%)",
    "evaluator": "위원",
    "evaluators": "위원 수",
    "expected": "예상 점수",
    "expected_rank": "기대순위",
    "failed": "기준 미달",
    "file": "파일",
    "final": "최종점수",
    "fixed": "정량",
    "from": "부터",
    "group": "구분",
    "halo": "후광",
    "high_95": "95% 상한",
    "item": "세부항목",
    "key": "위치",
    "level": "수준",
    "line": "줄",
    "low_95": "95% 하한",
    "margin": "경계와의 차",
    "mean": "평균",
    "message": "내용",
    "missing": "미제출",
    "most_common": "최빈 비율",
    "outcome": "결과",
    "p_notable": "큰 편차 확률",
    "p_top": "상위권 확률",
    "passed": "통과",
    "place": "순서",
    "rank": "순위",
    "rank_50_high": "50% 끝",
    "rank_50_low": "50% 처음",
    "rank_90_high": "90% 끝",
    "rank_90_low": "90% 처음",
    "reason": "사유",
    "recused": "회피",
    "requested": "신청액",
    "same_share": "동일 비율 채점",
    "score": "점수",
    "scores": "평가표 수",
    "severity": "엄격도",
    "severity_90_high": "90% 상한",
    "severity_90_low": "90% 하한",
    "spread": "산포",
    "stated_percent": "배점 비중(%)",
    "statistic": "통계량",
    "straight_lining": "일률 채점",
    "suggestion": "고칠 점",
    "tie": "동점 처리",
    "to": "까지",
    "valid": "유효",
    "value": "값",
    "weight": "반영 비율",
    "weight_change": "결과가 바뀌는 배점",
    "without": "제외 시 결과가 바뀌는 위원",
    "z": "표준편차 수",
}


def korean(header: Sequence[str]) -> list[str] | None:
    """The line above the header; None where too few of its columns have a Korean name for it to help."""
    names = [KOREAN.get(column, "") for column in header]
    return names if sum(map(bool, names)) > len(names) / 2 else None


def counted(number: int, noun: str) -> str:
    """ "1 application", "2 applications"."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
