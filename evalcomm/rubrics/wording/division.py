"""The rule of division in words."""

from collections.abc import Iterator

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from evalcomm.engine.allocate.plan import (
    AllocationPlan,
    Cap,
    Exclusive,
    Floor,
    Matching,
    MaxAwards,
    Objective,
    Pin,
    Policy,
    Requires,
    Rule,
    Shortfall,
    TiesAtLine,
    Year,
)
from evalcomm.engine.exact import format_figure
from evalcomm.engine.plan import Plan

_OBJECTIVES: dict[Objective, LazyString] = {
    Objective.SCORE: _l("선정된 사업의 점수 합"),
    Objective.SCORE_WON: _l("선정된 사업의 점수에 국비 신청액을 곱한 값의 합"),
    Objective.SCORE_ABOVE_LINE: _l("선정된 사업의 점수에서 통과 기준을 뺀 값의 합"),
}
_AT_LINE: dict[TiesAtLine, LazyString] = {
    TiesAtLine.REFUSE: _l("예산이 끝나는 곳에 동점이 남으면 추첨으로 정할 때까지 배분하지 않음"),
    TiesAtLine.ALL_OR_NONE: _l("예산이 끝나는 곳에 동점이 남아 모두에게 줄 수 없으면 그 동점자 모두를 제외함"),
    TiesAtLine.SHARE: _l("예산이 끝나는 곳에 동점이 남으면 남은 예산을 같은 금액으로 나눔"),
}


def sentences(plan: Plan) -> Iterator[str]:
    rule = plan.allocation
    if rule is None:
        return
    yield from _policy(rule)
    if rule.pass_score is not None:
        yield _("점수가 %(points)s점 이상인 신청서에만 배분함", points=format_figure(rule.pass_score))
    if rule.policy in {Policy.RANK_ORDER, Policy.BANDS}:
        yield str(_AT_LINE[rule.ties_at_line])
    yield _("배분액은 국비 신청액을 넘을 수 없음")
    if rule.unit_won > 1:
        yield _("배분액은 %(won)s원 단위로 하고 그 아래는 버림", won=f"{rule.unit_won:,}")
    for extra in rule.rules:
        yield _extra(extra)
    yield _("배분받지 못한 통과 신청서는 순위에 따라 예비로 둠")


def _policy(rule: AllocationPlan) -> Iterator[str]:
    if rule.policy is Policy.RANK_ORDER:
        yield _("순위가 높은 신청서부터 국비 신청액을 배분함")
        yield _shortfall(rule)
    elif rule.policy is Policy.BANDS:
        bands = ", ".join(
            _("%(start)s점 이상 %(rate)s%%", start=format_figure(band.start), rate=format_figure(band.rate * 100))
            for band in rule.bands
        )
        yield _("점수 구간에 따라 국비 신청액의 정한 비율을 배분함: %(bands)s", bands=bands)
        yield _shortfall(rule)
    elif rule.policy is Policy.PROPORTIONAL:
        yield _("통과한 신청서의 국비 신청액 합계가 예산을 넘으면 신청액에 비례하여 같은 비율로 줄여 배분함")
        yield _("단위로 자르고 남은 금액은 잘린 끝수가 큰 순, 같으면 순위 순으로 배분함")
    else:
        yield _(
            "예산과 제한 조건 안에서 %(objective)s이 가장 커지는 조합을 선정함",
            objective=str(_OBJECTIVES[rule.objective]),
        )
        if rule.levels:
            levels = ", ".join(
                _(
                    "신청액의 %(rate)s%%(가치 %(merit)s)",
                    rate=format_figure(level.rate * 100),
                    merit=format_figure(level.merit),
                )
                for level in rule.levels
            )
            yield _("지원 수준은 다음 중 하나로 함: %(levels)s", levels=levels)


def _shortfall(rule: AllocationPlan) -> str:
    if rule.shortfall is Shortfall.STOP:
        return str(_("남은 예산이 신청액보다 적으면 그 신청서부터 배분하지 않음"))
    if rule.shortfall is Shortfall.SKIP:
        return str(_("남은 예산이 신청액보다 적으면 그 신청서를 건너뛰고 다음 순위에 배분함"))
    if rule.min_award_ratio:
        return str(
            _(
                "남은 예산이 신청액보다 적으면 남은 금액까지 줄여 배분하고 배분을 마치며, "
                "남은 금액이 신청액의 %(ratio)s%%에 못 미치면 그 신청서에는 배분하지 않고 마침",
                ratio=format_figure(rule.min_award_ratio * 100),
            )
        )
    return str(_("남은 예산이 신청액보다 적으면 남은 금액까지 줄여 배분하고 배분을 마침"))


def _extra(rule: Rule) -> str:
    if isinstance(rule, Cap):
        text = _(
            "%(who)s의 배분액 합계는 %(won)s원을 넘을 수 없음", who=_whose(rule.tag, rule.value), won=f"{rule.won:,}"
        )
    elif isinstance(rule, Floor):
        text = _("%(who)s의 배분액 합계는 %(won)s원 이상으로 함", who=_whose(rule.tag, rule.value), won=f"{rule.won:,}")
    elif isinstance(rule, Year):
        text = _("%(year)s년에 지급하는 배분액 합계는 %(won)s원을 넘을 수 없음", year=rule.year, won=f"{rule.won:,}")
    elif isinstance(rule, MaxAwards):
        text = _("%(who)s의 선정은 %(count)s건까지로 함", who=_whose(rule.tag, rule.value), count=rule.count)
    elif isinstance(rule, Exclusive):
        text = _("다음 가운데 하나만 선정함: %(ids)s", ids=", ".join(rule.applications))
    elif isinstance(rule, Requires):
        text = _("‘%(one)s’ 신청서는 ‘%(other)s’ 신청서가 선정된 때에만 선정함", one=rule.application, other=rule.needs)
    elif isinstance(rule, Matching):
        text = _("자체 부담금이 배분액의 %(ratio)s%% 이상이어야 함", ratio=format_figure(rule.ratio * 100))
    else:
        assert isinstance(rule, Pin)
        text = _(
            "%(id)s의 배분액은 %(won)s원으로 지정함(지정: %(author)s, 사유: %(reason)s)",
            id=rule.application,
            won=f"{rule.won:,}",
            author=rule.author,
            reason=rule.reason,
        )
    return str(text)


_TAGS: dict[str, LazyString] = {
    "region": _l("지역"),
    "organisation": _l("기관"),
    "field": _l("분야"),
    "track": _l("분야"),
}


def _whose(tag: str, value: str | None) -> str:
    name = str(_TAGS.get(tag, tag))
    text = _("%(tag)s별(각각)", tag=name) if value is None else _("%(tag)s ‘%(value)s’", tag=name, value=value)
    return str(text)
