"""Why an assignment cannot be: a code with facts, and the Korean and the English sentence made from them.

Korean sentences put no particle after an id, since an id may end in any sound.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

Fact: TypeAlias = str | int | tuple[str, ...]

_SHOWN = 12

SENTENCES: Mapping[str, tuple[str, str]] = {
    "too-few-permitted": (
        "신청 {application}에 배정할 수 있는 위원이 {permitted}명뿐임(필요 {wanted}명)",
        "application {application} needs {wanted} evaluators and may have only {permitted}",
    ),
    "too-few-organisations": (
        "신청 {application}에 배정할 수 있는 위원의 소속이 {permitted}곳뿐임(필요 {wanted}명, 같은 소속 중복 불가)",
        "application {application} needs {wanted} evaluators of different organisations and may have only {permitted}",
    ),
    "crowded": (
        "신청 {applications}에는 위원 {evaluators} 가운데에서 적어도 {needed}자리를 더 채워야 하나 이 위원들이 더 맡을 수 있는 것은 {offered}자리임({lacks}자리 부족)",
        "applications {applications} still need at least {needed} places from evaluators {evaluators}, who may still take {offered}: {lacks} short",
    ),
    "minimum-loads": (
        "위원 {evaluators}의 최소 담당 건수에 {wanted}건이 더 필요하나 이 위원들이 맡을 수 있는 신청의 남은 자리는 {offered}자리임({lacks}자리 부족)",
        "evaluators {evaluators} need {wanted} more places to reach their minimum loads, and the applications that they may judge have {offered} for them: {lacks} short",
    ),
    "under-load": (
        "위원 {evaluator}의 담당 가능 신청이 모두 {load}건으로 최소 담당 건수 {least}건에 못 미침",
        "evaluator {evaluator} may judge {load} applications in all, fewer than the minimum load of {least}",
    ),
    "over-load": (
        "위원 {evaluator}의 담당 건수가 {load}건으로 최대 {most}건을 넘음",
        "evaluator {evaluator} would have {load} applications and may take at most {most}",
    ),
}


@dataclass(frozen=True, slots=True)
class Statement:
    """`code` and `facts` are for programs; `ko` and `en` for people."""

    code: str
    facts: Mapping[str, Fact] = field(default_factory=dict)

    @property
    def ko(self) -> str:
        return SENTENCES[self.code][0].format(**{name: _shown(fact, "외 {}") for name, fact in self.facts.items()})

    @property
    def en(self) -> str:
        return SENTENCES[self.code][1].format(
            **{name: _shown(fact, "and {} more") for name, fact in self.facts.items()}
        )


def say(code: str, **facts: Fact) -> Statement:
    return Statement(code, facts)


def _shown(fact: Fact, more: str) -> str:
    if not isinstance(fact, tuple):
        return str(fact)
    names: Sequence[str] = fact[:_SHOWN]
    rest = len(fact) - len(names)
    return ", ".join(names) + (" " + more.format(rest) if rest else "")
