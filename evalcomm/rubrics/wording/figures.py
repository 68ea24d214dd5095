"""How sheets become a figure, a pass and a rank, in words."""

from collections.abc import Iterator

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from evalcomm.engine.exact import Rounding, format_figure
from evalcomm.engine.plan import AggregateRule, CompareOn, Fallback, Figure, Method, Plan, Scope
from evalcomm.engine.rubric import Limits
from evalcomm.rubrics.wording.pieces import minimum_of, named_points, quoted, total_minimum


def aggregation(plan: Plan) -> Iterator[str]:
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
    elif plan.rubric is not None and rule.method in {Method.TRIMMED_MEAN, Method.MEDIAN}:
        yield _("평가항목별 점수도 항목마다 따로 같은 방법으로 구하므로, 그 합은 평균 점수와 다를 수 있음")
    elif plan.rubric is not None and rule.method.standardises:
        yield _("평가항목별 점수는 표준화하지 않고 산술평균함")
    yield _("회피·제척·기피한 위원의 점수는 평균의 분모에 넣지 않으며, 제출하지 않은 점수를 0점으로 보지 않음")
    if plan.rubric is not None and plan.rubric.fixed_items:
        yield (
            _("정량 항목의 점수는 위원 평균에 더함")
            if plan.cut.on is Figure.MEAN
            else _("정량 항목의 점수는 위원 평균과 그 평가항목의 점수에 더함")
        )


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


def rounding(plan: Plan) -> Iterator[str]:
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
        names = ", ".join(name for name, own in declared if own == digits)
        yield _digits(names, digits, str(_MODES[rule.mode]))
    exact = [name for name, digits in stages if digits is None]
    if exact:
        yield _("%(names)s: 끝수를 처리하지 않고 분수로 정확히 계산함", names=", ".join(exact))


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


def adjustments(plan: Plan) -> Iterator[str]:
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


def cuts(plan: Plan) -> Iterator[str]:
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
    told = [named_points(title, minimum) for title, minimum in minima if minimum is not None]
    if told:
        yield _("평가항목별 점수가 다음 최저기준 %(below)s 탈락함: %(minima)s", below=below, minima=", ".join(told))
    items = [
        named_points(item.title, ratio * item.points)
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


def ranking(plan: Plan) -> Iterator[str]:
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
        return str(_("%(criterion)s 점수가 높은 순", criterion=quoted(title)))
    return str(_("%(column)s 값이 앞서는 순", column=quoted(key)))
