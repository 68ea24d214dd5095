"""The committee, and what its members enter, in words."""

from collections import Counter
from collections.abc import Iterator

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from evalcomm.engine.exact import format_figure
from evalcomm.engine.plan import BelowMin, Plan
from evalcomm.engine.rubric import Comment, Descriptor, InputKind, Item, Rubric
from evalcomm.rubrics.wording.pieces import common_descriptors, listed, percent, quoted

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


def committee(plan: Plan) -> Iterator[str]:
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


def entered(plan: Plan) -> Iterator[str]:
    rubric = plan.rubric
    if rubric is None:
        return
    graded = [item for item in rubric.scored_items if item.input is InputKind.GRADE]
    if graded:
        yield _("평가위원이 세부항목마다 등급을 고르며, 점수는 배점에 등급의 비율을 곱한 것으로 함")
    yield from _scales(rubric)
    if any(item.input is InputKind.YES_NO for item in rubric.scored_items):
        names = listed(item.title for item in rubric.scored_items if item.input is InputKind.YES_NO)
        yield _("%(items)s: ‘예’이면 배점을 모두 주고 ‘아니오’이면 0점으로 함", items=names)
    for item in rubric.fixed_items:
        yield _fixed(item)
    yield from _descriptors(rubric)
    if required := [item.title for item in rubric.scored_items if item.comment is Comment.REQUIRED]:
        yield _("%(items)s: 평가의견을 반드시 적음", items=listed(required))
    if rubric.comment is Comment.REQUIRED:
        yield _("신청서마다 종합의견을 반드시 적음")


def _scales(rubric: Rubric) -> Iterator[str]:
    direct = [item for item in rubric.scored_items if item.input is InputKind.DIRECT]
    steps = Counter((item.step, item.min_points / item.points) for item in direct)
    for (step, low), count in sorted(steps.items(), key=lambda entry: -entry[1]):
        names = [item.title for item in direct if (item.step, item.min_points / item.points) == (step, low)]
        whose = _("세부항목마다") if count == len(rubric.scored_items) else _("%(items)s:", items=listed(names))
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
            yield _("%(item)s의 등급과 배점 대비 비율: %(grades)s", item=quoted(item.title), grades=grades)


def _fixed(item: Item) -> str:
    text = _("%(item)s: 사무국이 증빙을 확인하여 신청서마다 한 번 입력함", item=quoted(item.title))
    if item.min_points:
        text = _("%(text)s. 최저 %(points)s점", text=text, points=format_figure(item.min_points))
    if item.formula:
        text = _("%(text)s. 산식: %(formula)s", text=text, formula=item.formula)
    return str(text)


def _descriptors(rubric: Rubric) -> Iterator[str]:
    """Ranges of points in words, and the descriptors of items that have their own."""
    for kind in (InputKind.GRADE, InputKind.DIRECT):
        usual = common_descriptors(rubric, kind)
        if kind is InputKind.DIRECT:
            for label, text in usual.items():
                yield _("배점의 %(range)s: %(text)s", range=label, text=text.rstrip("."))
        for item in rubric.scored_items:
            if item.input is kind and item.descriptors and {d.label: d.text for d in item.descriptors} != usual:
                yield _(
                    "%(item)s의 부여 기준: %(words)s",
                    item=quoted(item.title),
                    words=_descriptor_list(item.descriptors),
                )


def _descriptor_list(descriptors: tuple[Descriptor, ...]) -> str:
    return "; ".join(f"{descriptor.label} – {descriptor.text.rstrip('.')}" for descriptor in descriptors)
