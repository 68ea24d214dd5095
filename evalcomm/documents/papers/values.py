"""The values of a model, each with the rule that tells whether a value fits, and the walk that finds what does not."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from types import NoneType, UnionType
from typing import (
    Annotated,
    Any,
    Literal,
    NotRequired,
    TypedDict,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

Text = Annotated[str, re.compile(r"(?s)\S.*"), "글자"]
Won = Annotated[int, range(10**15), "0 이상의 원 단위 정수"]
Count = Annotated[int, range(10**9), "0 이상의 정수"]
Exact = Annotated[str, re.compile(r"-?\d+(\.\d+|/\d+)?"), "'84.50' 또는 '253/3' 꼴의 정확한 수"]
Instant = Annotated[
    str, re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|\+00:00)"), "'2026-11-22T06:20:00Z' 꼴의 UTC 시각"
]
Day = Annotated[str, re.compile(r"\d{4}-\d\d-\d\d"), "'2026-11-22' 꼴의 날짜"]
Digest = Annotated[str, re.compile(r"[0-9a-f]{64}"), "SHA-256(16진수 64자)"]


class Score(TypedDict):
    """One figure of one evaluator. Missing, recused, not applicable and zero are four different marks; only `scored` has a value."""

    mark: Literal[
        "scored", "missing", "recused", "excluded", "challenged", "not_applicable"
    ]  # 점수 미제출 회피 제척 기피 해당 없음
    value: Exact | None
    dropped: Literal["highest", "lowest"] | None  # 절사


class BadModel(ValueError):
    """A model that does not fit its paper. `problems` has one line for each place."""

    def __init__(self, kind: str, problems: list[str]) -> None:
        self.kind = kind
        self.problems = problems
        super().__init__(f"{kind}: " + "; ".join(problems))


def misfits(value: Any, shape: Any, place: str) -> Iterator[str]:
    """One line for every place where `value` is not of `shape`."""
    origin = get_origin(shape)
    if is_typeddict(shape):
        yield from _misfits_of_record(value, shape, place)
    elif origin is list:
        if not isinstance(value, list):
            yield f"{place}: 목록이어야 하는데 {value!r}"
            return
        for index, entry in enumerate(value):
            yield from misfits(entry, get_args(shape)[0], f"{place}[{index}]")
    elif origin in (Union, UnionType):
        attempts = [list(misfits(value, choice, place)) for choice in get_args(shape)]
        if all(attempts):
            # The complaint of the last real choice says more than "none of these": None is never the interesting one.
            yield from next(a for a, choice in zip(attempts, get_args(shape), strict=True) if choice is not NoneType)
    elif origin is NotRequired:  # papers that were issued before it was told lack it, and stay readable
        yield from misfits(value, get_args(shape)[0], place)
    elif origin is Annotated:
        kind, rule, wanted = get_args(shape)
        fits = type(value) is kind and (value in rule if isinstance(rule, range) else rule.fullmatch(value) is not None)
        if not fits:
            yield f"{place}: {wanted} 자리에 {value!r}"
    elif origin is Literal:
        if value not in get_args(shape):
            yield f"{place}: {', '.join(map(str, get_args(shape)))} 중 하나여야 하는데 {value!r}"
    elif type(value) is not shape:
        yield f"{place}: {shape.__name__} 자리에 {value!r}"


@cache
def _hints(shape: Any) -> dict[str, Any]:
    return get_type_hints(shape, include_extras=True)


def _misfits_of_record(value: Any, shape: Any, place: str) -> Iterator[str]:
    if not isinstance(value, Mapping):
        yield f"{place}: {shape.__name__} 자리에 {value!r}"
        return
    hints = _hints(shape)
    prefix = f"{place}." if place else ""
    missing = (key for key, hint in hints.items() if key not in value and get_origin(hint) is not NotRequired)
    yield from (f"{prefix}{key}: 빠졌음" for key in missing)
    yield from (f"{prefix}{key}: {shape.__name__}에 없는 항목" for key in value if key not in hints)
    for key in hints:
        if key in value:
            yield from misfits(value[key], hints[key], prefix + key)
    if shape is Score and (value.get("value") is not None) != (value.get("mark") == "scored"):
        yield f"{place}: 값은 mark가 scored일 때만 있어야 하는데 {dict(value)!r}"
