"""A plan in words: the sentences that the notice of call prints and the screen shows, one heading for each part of the plan.

Every value of the plan that can change a result has a sentence here (a test walks them); the reader needs no TOML.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from flask_babel import LazyString, force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from evalcomm.documents.papers import Grade, Named, PlanInWords, RubricCriterion
from evalcomm.engine.exact import Rounding, format_figure
from evalcomm.engine.plan import AggregateRule, BelowMin, CompareOn, Fallback, Figure, Method, Plan, Scope
from evalcomm.engine.rubric import Adjustment, Comment, Criterion, Descriptor, InputKind, Item, Limits, Rubric
from evalcomm.rubrics import wording_of_division
from evalcomm.rubrics.models import PlanVersion
from evalcomm.rubrics.queries import plan_value


@dataclass(frozen=True, slots=True)
class Rule:
    heading: str
    sentences: tuple[str, ...]


def rules(plan: Plan) -> list[Rule]:
    """Headings in the order in which the procedure meets them; a part without a sentence is left out."""
    parts = (
        (_("평가위원회"), _committee(plan)),
        (_("평가 방법"), _entry(plan)),
        (_("점수 집계"), _aggregation(plan)),
        (_("소수 처리"), _rounding(plan)),
        (_("가점과 감점"), _adjustments(plan)),
        (_("최저기준(과락)"), _cuts(plan)),
        (_("순위와 동점자 처리"), _ranking(plan)),
        (_("지원금 배분"), wording_of_division.sentences(plan)),
    )
    found = [Rule(heading, tuple(sentences)) for heading, sentences in parts]
    return [rule for rule in found if rule.sentences]


def view(plan: Plan) -> dict[str, Any]:
    """What templates/rubrics/components.html shows of a plan: the rubric as applicants read it, minima in points, the rules in words."""
    rubric = plan.rubric
    assert rubric is not None
    usual = {kind: _common_descriptors(rubric, kind) for kind in (InputKind.GRADE, InputKind.DIRECT)}
    return {
        "value": plan,
        "rubric": rubric,
        "rules": rules(plan),
        "grades": [[g["name"], percent(Fraction(g["share"])), g["descriptor"]] for g in common_grades(rubric)],
        "ranges": [[label, text] for label, text in usual[InputKind.DIRECT].items()],
        "minima": {criterion.id: minimum_of(criterion, plan) for criterion in rubric.criteria},
        "total_minimum": total_minimum(plan),
        "own_descriptors": [
            (item.title, [[descriptor.label, descriptor.text] for descriptor in item.descriptors])
            for item in rubric.scored_items
            if item.descriptors and {d.label: d.text for d in item.descriptors} != usual.get(item.input)
        ],
        "figure": format_figure,
    }


def summary(plan: Plan) -> list[str]:
    """Three lines to choose by: what is scored, how it becomes one figure, who passes."""
    rubric = plan.rubric
    assert rubric is not None
    criteria = ", ".join(f"{criterion.title} {format_figure(criterion.points)}" for criterion in rubric.criteria)
    return [criteria, next(iter(_aggregation(plan))), *list(_cuts(plan))[:1]]


def in_words(plan: PlanVersion, *, track: str, budget_won: int | None, sealed_at: datetime) -> PlanInWords:
    """The piece of a paper, in Korean whatever the screen speaks."""
    value = plan_value(plan)
    rubric = value.rubric
    assert rubric is not None
    with force_locale("ko"):
        return {
            "track": track,
            "budget": budget_won,
            "plan_id": plan.plan_id,
            "version": plan.version,
            "sha256": plan.sha256,
            "sealed_at": sealed_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "rubric": rubric.title,
            "total": format_figure(rubric.total),
            "grades": common_grades(rubric),
            "criteria": [_criterion(criterion, value) for criterion in rubric.criteria],
            "bonus": [_named(bonus) for bonus in rubric.bonuses],
            "penalty": [_named(penalty) for penalty in rubric.penalties],
            "rules": [{"heading": rule.heading, "sentences": list(rule.sentences)} for rule in rules(value)],
        }


def _criterion(criterion: Criterion, plan: Plan) -> RubricCriterion:
    minimum = minimum_of(criterion, plan)
    return {
        "title": criterion.title,
        "points": format_figure(criterion.points),
        "minimum": None if minimum is None else format_figure(minimum),
        "items": [
            {"title": item.title, "points": format_figure(item.points), "is_fixed": item.is_fixed}
            for item in criterion.items
        ],
    }


def _named(adjustment: Adjustment) -> Named:
    return {
        "name": adjustment.title,
        "points": format_figure(adjustment.points),
        "evidence": adjustment.description or None,
    }


def common_grades(rubric: Rubric) -> list[Grade]:
    """The grades that most items share, each with the descriptor that most of these items share; [] where points are entered directly."""
    shared = Counter(item.grades for item in rubric.scored_items if item.input is InputKind.GRADE)
    if not shared:
        return []
    grades = shared.most_common(1)[0][0]
    words = _common_descriptors(rubric, InputKind.GRADE)
    return [
        {"name": grade.name, "share": format_figure(grade.share), "descriptor": words.get(grade.name)}
        for grade in grades
    ]


def _common_descriptors(rubric: Rubric, kind: InputKind) -> dict[str, str]:
    shared = Counter(item.descriptors for item in rubric.scored_items if item.input is kind and item.descriptors)
    return {d.label: d.text for d in shared.most_common(1)[0][0]} if shared else {}


def minimum_of(criterion: Criterion, plan: Plan) -> Fraction | None:
    """What the criterion's mean must reach, in points; None where nothing is asked."""
    ratio = plan.cut.criterion_ratio if criterion.min_ratio is None else criterion.min_ratio
    if ratio is None:
        return None
    full = criterion.scored_points if plan.cut.on is Figure.MEAN else criterion.points
    return ratio * full or None


def total_minimum(plan: Plan) -> Fraction | None:
    """What the total must reach, in points; None where nothing is asked."""
    if plan.cut.total_ratio is None:
        return None
    if plan.rubric is None:
        return None if plan.scale is None else plan.cut.total_ratio * plan.scale.max
    full = plan.rubric.scored_points if plan.cut.on is Figure.MEAN else plan.rubric.total
    return plan.cut.total_ratio * full


# ---- committee


_RESOLUTIONS: dict[str, LazyString] = {
    "majority-of-present": _l("출석위원 과반수의 찬성으로 의결함"),
    "majority-of-members": _l("재적위원 과반수의 찬성으로 의결함"),
    "two-thirds-of-present": _l("출석위원 3분의 2 이상의 찬성으로 의결함"),
    "unanimous": _l("출석위원 전원의 찬성으로 의결함"),
}
_BELOW_MIN: dict[BelowMin, LazyString] = {
    BelowMin.SUBSTITUTE: _l("예비위원으로 교체하여 평가함"),
    BelowMin.OTHER_PANEL: _l("다른 분과에서 평가함"),
    BelowMin.RESOLVE: _l("사유를 적어 위원회의 의결로 처리함"),
}


def _committee(plan: Plan) -> Iterator[str]:
    rule = plan.committee
    if rule.members is not None:
        yield _("위원은 %(count)s명으로 함", count=rule.members)
    if rule.max_members is not None:
        yield _("위원은 %(count)s명 이내로 함", count=rule.max_members)
    if rule.max_official_ratio is not None:
        yield _("공무원인 위원은 전체의 %(ratio)s 이하로 함", ratio=percent(rule.max_official_ratio))
    if rule.min_external_ratio is not None:
        yield _("외부 위원은 전체의 %(ratio)s 이상으로 함", ratio=percent(rule.min_external_ratio))
    if rule.reserve_multiple is not None:
        yield _("위원 수의 %(count)s배수 이상으로 예비명부를 만들어 추첨함", count=rule.reserve_multiple)
    if rule.quorum is not None:
        yield _("위원 %(count)s명 이상의 출석으로 개의함", count=rule.quorum)
    yield str(_RESOLUTIONS[rule.resolution])
    if rule.min_valid_sheets > 1:
        yield _(
            "신청서마다 유효한 평가표가 %(count)s부 이상이어야 하며(회피·제척·기피한 위원의 것은 세지 않음), 모자라면 %(what)s",
            count=rule.min_valid_sheets,
            what=str(_BELOW_MIN[rule.below_min]),
        )
    yield _("위원장도 평가함") if rule.chair_scores else _("위원장은 평가하지 않음")


# ---- what is entered


def _entry(plan: Plan) -> Iterator[str]:
    rubric = plan.rubric
    if rubric is None:
        return
    graded = [item for item in rubric.scored_items if item.input is InputKind.GRADE]
    if graded:
        yield _("평가위원이 세부항목마다 등급을 고르며, 점수는 배점에 등급의 비율을 곱한 것으로 함")
    yield from _scales(rubric)
    if any(item.input is InputKind.YES_NO for item in rubric.scored_items):
        names = _list(item.title for item in rubric.scored_items if item.input is InputKind.YES_NO)
        yield _("%(items)s: ‘예’이면 배점을 모두 주고 ‘아니오’이면 0점으로 함", items=names)
    for item in rubric.fixed_items:
        yield _fixed(item)
    yield from _descriptors(rubric)
    if required := [item.title for item in rubric.scored_items if item.comment is Comment.REQUIRED]:
        yield _("%(items)s: 평가의견을 반드시 적음", items=_list(required))
    if rubric.comment is Comment.REQUIRED:
        yield _("신청서마다 종합의견을 반드시 적음")


def _scales(rubric: Rubric) -> Iterator[str]:
    direct = [item for item in rubric.scored_items if item.input is InputKind.DIRECT]
    steps = Counter((item.step, item.min_points / item.points) for item in direct)
    for (step, low), count in sorted(steps.items(), key=lambda entry: -entry[1]):
        names = [item.title for item in direct if (item.step, item.min_points / item.points) == (step, low)]
        whose = _("세부항목마다") if count == len(rubric.scored_items) else _("%(items)s:", items=_list(names))
        floor = _("0점부터 배점까지") if not low else _("배점의 %(ratio)s부터 배점까지", ratio=percent(low))
        if step is None:
            yield _("%(whose)s %(range)s 점수를 직접 적음", whose=whose, range=floor)
        else:
            yield _(
                "%(whose)s %(range)s %(step)s점 단위로 점수를 직접 적음",
                whose=whose,
                range=floor,
                step=format_figure(step),
            )
    common = Counter(item.grades for item in rubric.scored_items if item.grades)
    usual = common.most_common(1)[0][0] if common else ()
    for item in rubric.scored_items:
        if item.grades and item.grades != usual:
            grades = ", ".join(f"{grade.name} {percent(grade.share)}" for grade in item.grades)
            yield _("%(item)s의 등급과 배점 대비 비율: %(grades)s", item=_quoted(item.title), grades=grades)


def _fixed(item: Item) -> str:
    text = _("%(item)s: 사무국이 증빙을 확인하여 신청서마다 한 번 입력함", item=_quoted(item.title))
    if item.min_points:
        text = _("%(text)s. 최저 %(points)s점", text=text, points=format_figure(item.min_points))
    if item.formula:
        text = _("%(text)s. 산식: %(formula)s", text=text, formula=item.formula)
    return str(text)


def _descriptors(rubric: Rubric) -> Iterator[str]:
    """Ranges of points in words, and the descriptors of items that have their own."""
    for kind in (InputKind.GRADE, InputKind.DIRECT):
        usual = _common_descriptors(rubric, kind)
        if kind is InputKind.DIRECT:
            for label, text in usual.items():
                yield _("배점의 %(range)s: %(text)s", range=label, text=text.rstrip("."))
        for item in rubric.scored_items:
            if item.input is kind and item.descriptors and {d.label: d.text for d in item.descriptors} != usual:
                yield _(
                    "%(item)s의 부여 기준: %(words)s",
                    item=_quoted(item.title),
                    words=_descriptor_list(item.descriptors),
                )


def _descriptor_list(descriptors: tuple[Descriptor, ...]) -> str:
    return "; ".join(f"{descriptor.label} – {descriptor.text.rstrip('.')}" for descriptor in descriptors)


# ---- aggregation and rounding


def _aggregation(plan: Plan) -> Iterator[str]:
    rule = plan.aggregate
    subject = _("평가항목별로 점수를") if rule.scope is Scope.CRITERION else _("평가위원별 총점을")
    if rule.method is Method.TRIMMED_MEAN:
        yield _trimmed(rule)
        yield _("같은 최고점 또는 최저점이 여럿이면 정한 수만큼만 제외함")
        if rule.double_trim_from is not None:
            yield _(
                "제출된 평가표가 %(count)s부 이상이면 최고점 %(high)s개와 최저점 %(low)s개를 제외함",
                count=rule.double_trim_from,
                high=2 * rule.drop_high,
                low=2 * rule.drop_low,
            )
        yield _(
            "제출된 평가표가 %(count)s부 미만이면 제외하지 않고 %(what)s, 그 사실을 결과 문서에 적음",
            count=rule.min_sheets_to_trim,
            what=str(_FALLBACKS[rule.fallback]),
        )
    else:
        yield _("%(subject)s %(method)s", subject=subject, method=str(_METHODS[rule.method]))
    if rule.scope is Scope.CRITERION:
        yield _("평가항목별로 구한 값을 더하여 평균 점수로 함")
    yield _("회피·제척·기피한 위원의 점수는 평균의 분모에 넣지 않으며, 제출하지 않은 점수를 0점으로 보지 않음")
    if plan.rubric is not None and plan.rubric.fixed_items:
        yield _("정량 항목의 점수는 위원 평균에 더함")


def _trimmed(rule: AggregateRule) -> str:
    whose = _("평가항목별 점수에서") if rule.scope is Scope.CRITERION else _("평가위원별 총점에서")
    if rule.drop_high and rule.drop_low:
        text = _(
            "%(whose)s 최고점 %(high)s개와 최저점 %(low)s개를 제외하고 산술평균함",
            whose=whose,
            high=rule.drop_high,
            low=rule.drop_low,
        )
    elif rule.drop_high:
        text = _("%(whose)s 최고점 %(high)s개를 제외하고 산술평균함", whose=whose, high=rule.drop_high)
    else:
        text = _("%(whose)s 최저점 %(low)s개를 제외하고 산술평균함", whose=whose, low=rule.drop_low)
    return str(text)


_METHODS: dict[Method, LazyString] = {
    Method.MEAN: _l("산술평균함"),
    Method.MEDIAN: _l("크기순으로 늘어놓아 중앙값을 취함"),
    Method.Z: _l("위원별 평균과 표준편차로 표준화(Z점수)한 뒤 평균함"),
    Method.T_SCORE: _l("위원별 평균과 표준편차로 표준화(T점수)한 뒤 평균함"),
    Method.LEAST_SQUARES: _l("위원별 후함과 박함을 최소제곱법으로 걷어 낸 뒤 평균함"),
}
_FALLBACKS: dict[Fallback, LazyString] = {
    Fallback.MEAN: _l("산술평균하며"),
    Fallback.MEDIAN: _l("중앙값을 취하며"),
    Fallback.REFUSE: _l("집계를 보류하며"),
}
_PLACES = (
    _l("정수"),
    _l("첫째"),
    _l("둘째"),
    _l("셋째"),
    _l("넷째"),
    _l("다섯째"),
    _l("여섯째"),
    _l("일곱째"),
    _l("여덟째"),
    _l("아홉째"),
    _l("열째"),
    _l("열한째"),
    _l("열두째"),
    _l("열셋째"),
)
_MODES: dict[Rounding, LazyString] = {
    Rounding.HALF_UP: _l("반올림"),
    Rounding.HALF_EVEN: _l("오사오입(끝수가 정확히 5이면 앞자리가 짝수가 되게 처리)"),
    Rounding.DOWN: _l("버림"),
    Rounding.UP: _l("올림"),
}


def _rounding(plan: Plan) -> Iterator[str]:
    rule = plan.rounding
    stages = (
        (_("평가위원별 총점"), rule.sheet_total),
        (_("평가항목별 평균"), rule.criterion),
        (_("평균 점수"), rule.mean),
        (_("최종 점수"), rule.final),
    )
    declared = [(name, digits) for name, digits in stages if digits is not None]
    if not declared:
        yield _("계산 단계마다 끝수를 처리하지 않고 분수로 정확히 계산함")
        return
    for digits in sorted({digits for _name, digits in declared}):
        names = _list((name for name, own in declared if own == digits), quoted=False)
        yield _digits(names, digits, str(_MODES[rule.mode]))
    exact = [name for name, digits in stages if digits is None]
    if exact:
        yield _("%(names)s: 끝수를 처리하지 않고 분수로 정확히 계산함", names=_list(exact, quoted=False))


def _digits(names: str, digits: int, mode: str) -> str:
    if digits == 0:
        return str(_("%(names)s: 소수 첫째 자리에서 %(mode)s하여 정수로 함", names=names, mode=mode))
    return str(
        _(
            "%(names)s: 소수 %(next)s 자리에서 %(mode)s하여 소수 %(last)s 자리까지 나타냄",
            names=names,
            next=_place(digits + 1),
            last=_place(digits),
            mode=mode,
        )
    )


def _place(digits: int) -> str:
    return str(_PLACES[digits])


# ---- bonus, cuts, ties


def _adjustments(plan: Plan) -> Iterator[str]:
    rubric = plan.rubric
    if rubric is None or not rubric.adjustments:
        return
    yield _("이 공고에 적은 가점과 감점만 적용하며, 평균 점수와 정량 점수를 더한 뒤에 더하거나 뺌")
    yield from _caps(plan.limits)


def _caps(limits: Limits) -> Iterator[str]:
    if limits.bonus_max is not None:
        yield _("가점의 합은 %(points)s점을 넘을 수 없음", points=format_figure(limits.bonus_max))
    if limits.penalty_max is not None:
        yield _("감점의 합은 %(points)s점을 넘을 수 없음", points=format_figure(limits.penalty_max))
    if limits.final_max is not None:
        yield _("최종 점수는 %(points)s점을 넘을 수 없음", points=format_figure(limits.final_max))


_FIGURES: dict[Figure, LazyString] = {
    Figure.MEAN: _l("위원 평균 점수"),
    Figure.BASE: _l("위원 평균에 정량 점수를 더한 점수(가점·감점 전)"),
    Figure.FINAL: _l("가점·감점을 반영한 최종 점수"),
}


def _cuts(plan: Plan) -> Iterator[str]:
    below = _("미만이면") if plan.cut.inclusive else _("이하이면")
    total = total_minimum(plan)
    if total is not None:
        yield _(
            "%(figure)s가 %(points)s점 %(below)s 탈락함",
            figure=str(_FIGURES[plan.cut.on]),
            points=format_figure(total),
            below=below,
        )
    if plan.rubric is None:
        return
    minima = [(criterion.title, minimum_of(criterion, plan)) for criterion in plan.rubric.criteria]
    told = [_named_points(title, minimum) for title, minimum in minima if minimum is not None]
    if told:
        yield _("평가항목별 점수가 다음 최저기준 %(below)s 탈락함: %(minima)s", below=below, minima=", ".join(told))
    items = [
        _named_points(item.title, ratio * item.points)
        for item in plan.rubric.items
        if (ratio := plan.cut.item_ratio if item.min_ratio is None else item.min_ratio) is not None
        and not (item.is_fixed and plan.cut.on is Figure.MEAN)
    ]
    if items:
        yield _("세부항목별 점수가 다음 최저기준 %(below)s 탈락함: %(minima)s", below=below, minima=", ".join(items))
    if told or items or total is not None:
        yield _("최저기준과 같은 점수는 통과함") if plan.cut.inclusive else _("최저기준과 같은 점수도 탈락함")


_KEYS: dict[str, LazyString] = {
    "mean": _l("위원 평균 점수가 높은 순"),
    "base": _l("가점·감점 전 점수가 높은 순"),
    "final": _l("최종 점수가 높은 순"),
    "criteria-by-weight": _l("배점이 큰 평가항목부터 차례로 점수가 높은 순"),
    "requested-asc": _l("국비 신청액이 적은 순"),
    "requested-desc": _l("국비 신청액이 많은 순"),
    "lot": _l("추첨(추첨조서로 기록)"),
}


def _ranking(plan: Plan) -> Iterator[str]:
    if plan.rounding.final is not None and plan.rounding.compare_on is CompareOn.EXACT:
        yield _("최저기준을 통과한 신청서를 끝수를 처리하기 전의 최종 점수가 높은 순으로 순위를 정함")
    else:
        yield _("최저기준을 통과한 신청서를 최종 점수가 높은 순으로 순위를 정함")
    if plan.tie_keys:
        yield _(
            "최종 점수가 같으면 다음 차례로 순위를 정함: %(keys)s",
            keys=" → ".join(tie_key(key, plan) for key in plan.tie_keys),
        )
    else:
        yield _("최종 점수가 같으면 같은 순위로 함")


def tie_key(key: str, plan: Plan) -> str:
    if key in _KEYS:
        return str(_KEYS[key])
    criterion_id = key.removeprefix("criterion:")
    if plan.rubric is not None and criterion_id != key:
        title = next((c.title for c in plan.rubric.criteria if c.id == criterion_id), criterion_id)
        return str(_("%(criterion)s 점수가 높은 순", criterion=_quoted(title)))
    return str(_("%(column)s 값이 앞서는 순", column=_quoted(key)))


# ---- pieces


def _named_points(title: str, points: Fraction) -> str:
    return str(_("%(title)s %(points)s점", title=title, points=format_figure(points)))


def percent(ratio: Fraction) -> str:
    return f"{format_figure(ratio * 100)}%"


def _quoted(title: str) -> str:
    return f"‘{title}’"


def _list(names: Iterator[str] | list[str], *, quoted: bool = True) -> str:
    return ", ".join(_quoted(name) if quoted else name for name in names)
