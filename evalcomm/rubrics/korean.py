"""What the engine says about a file, in Korean: the engine speaks one language, and the secretariat another.

Each line of the table is a sentence of the engine with {} for what it fills in, and the same in Korean. A sentence that is not in the
table is shown as it is; a test reads the engine's source and finds the missing ones.
"""

import re
from dataclasses import replace
from functools import cache

from flask_babel import get_locale

from evalcomm.rubrics.checking import Finding

_SENTENCES: dict[str, str] = {
    # any document
    "is blank": "비어 있습니다.",
    "write a text, or leave the key out": "글자를 적거나 키를 빼십시오.",
    "write a text": "글자를 적으십시오.",
    "is {}, must be at least {}": "{0}인데 {1} 이상이어야 합니다.",
    "write {} or more": "{0} 이상으로 적으십시오.",
    "is {}, must be at most {}": "{0}인데 {1} 이하여야 합니다.",
    "write {} or less": "{0} 이하로 적으십시오.",
    "is {}, must be {}": "지금은 {0}인데, 있어야 할 것: {1}.",
    "write a value of {}": "범위에 맞게 적으십시오: {0}.",
    "is a bare number; decimals are strings": "소수는 따옴표로 묶어야 합니다.",
    'write {} = "{}"': '{0} = "{1}"처럼 적으십시오.',
    'write a decimal in quotes, such as {} = "0.5"': '소수를 따옴표로 묶어 적으십시오. 예: {0} = "0.5"',
    "is '{}', which is not possible here": "‘{0}’은(는) 여기에 쓸 수 없습니다.",
    'did you mean "{}"? Possible: {}': '"{0}"을(를) 잘못 적은 것은 아닌지 확인하십시오. 쓸 수 있는 값: {1}',
    "did you mean '{}'?": "‘{0}’을(를) 잘못 적은 것은 아닌지 확인하십시오.",
    "known here: {}": "쓸 수 있는 이름: {0}",
    "known: {}": "쓸 수 있는 값: {0}",
    "possible: {}": "쓸 수 있는 값: {0}",
    "is {}, must be a text in quotes": "지금은 {0}인데 따옴표로 묶은 글자여야 합니다.",
    "write a text in quotes": "따옴표로 묶은 글자로 적으십시오.",
    "is {}, must be a table": "지금은 {0}인데 표여야 합니다.",
    "write it as [[{}]]": "[[{0}]]처럼 적으십시오.",
    "is not a known key": "모르는 키입니다.",
    "is required and missing": "꼭 있어야 하는데 없습니다.",
    "add {} = …": "{0} = … 을 더하십시오.",
    "write {}": "이렇게 적으십시오: {0}",
    "is nested too deeply": "너무 깊이 겹쳐 있습니다.",
    "is not valid TOML: {}": "TOML 문법에 맞지 않습니다: {0}",
    "mend this line and check again": "이 줄을 고친 뒤 다시 검사하십시오.",
    "has {} characters": "글자 수가 {0}자입니다.",
    "keep it below {}": "{0}자보다 적게 줄이십시오.",
    # numbers
    "{} has more than {} digits": "{0}은(는) {1}자리를 넘습니다.",
    "a number is missing; write digits such as 84 or 69.5": "숫자가 없습니다. 84나 69.5처럼 적으십시오.",
    "{} is a formula; write its value": "{0}은(는) 수식입니다. 값을 적으십시오.",
    "{} has thousands separators; write the digits alone": "{0}에 쉼표가 있습니다. 숫자만 적으십시오.",
    "{} has a decimal comma; write {}": "{0}의 소수점이 쉼표입니다. {1}처럼 적으십시오.",
    "{} is in exponent notation; write the digits out": "{0}은(는) 지수 표기입니다. 숫자를 풀어 적으십시오.",
    "{} is a percentage; write the plain number": "{0}은(는) 백분율입니다. 비율을 그대로 적으십시오. 예: 0.7",
    "{} is not a number": "{0}은(는) 숫자가 아닙니다.",
    "{} is not a number; write digits such as 84 or 69.5": "{0}은(는) 숫자가 아닙니다. 84나 69.5처럼 적으십시오.",
    "{} is a fraction; write a decimal": "{0}은(는) 분수입니다. 소수로 적으십시오.",
    "{} is not in plain digits 0-9; write it with them": "{0}에 0부터 9까지가 아닌 글자가 있습니다.",
    "{} is not written as digits[.digits], such as 84 or 0.5": "{0}은(는) 84나 0.5처럼 적어야 합니다.",
    "{} is not an amount in whole won; write digits only, such as 1500000000": "{0}은(는) 원 단위의 정수가 아닙니다. 1500000000처럼 적으십시오.",
    "{} is negative; an amount is whole won, digits only": "{0}은(는) 음수입니다. 금액은 0 이상의 정수로 적으십시오.",
    "an amount is missing; write whole won, digits only": "금액이 없습니다. 원 단위의 정수로 적으십시오.",
    "{} is not a figure; write a decimal such as 69.5 or a fraction p/q": "{0}은(는) 수가 아닙니다. 69.5 같은 소수나 p/q 꼴의 분수로 적으십시오.",
    # rubrics
    "there is no criterion": "평가항목이 없습니다.",
    "add [[criterion]] with [[criterion.item]]": "[[criterion]]과 [[criterion.item]]을 더하십시오.",
    "is {}, but the criteria add up to {}": "{0}인데 평가항목의 배점을 더하면 {1}입니다.",
    'write total = "{}", or change the points of a criterion': 'total = "{0}"(으)로 적거나 평가항목의 배점을 고치십시오.',
    "is '{}', which is no id": "‘{0}’은(는) 기호로 쓸 수 없습니다.",
    "use letters, digits, '_', '-' and '.', beginning with a letter or digit": "글자·숫자와 _ - . 만 쓰고 글자나 숫자로 시작하십시오.",
    "stands beside [grades]; evaluators either pick grades or enter points": "[grades]와 함께 있습니다. 등급을 고르게 하거나 점수를 적게 하거나 하나만 할 수 있습니다.",
    "keep one of the two": "둘 가운데 하나만 남기십시오.",
    "needs at least two grades": "등급이 둘 이상 있어야 합니다.",
    'add a line such as "우수" = "0.85"': '"우수" = "0.85" 같은 줄을 더하십시오.',
    "is a number; a score in points could not be told from this grade": "등급 이름이 숫자여서 점수와 가릴 수 없습니다.",
    "name it with a letter": "글자로 된 이름을 붙이십시오.",
    "is worth as much as '{}'": "‘{0}’ 등급과 값이 같습니다.",
    "give every grade a share of its own": "등급마다 다른 비율을 주십시오.",
    "the criterion has no item": "평가항목에 세부항목이 없습니다.",
    "add [[criterion.item]] below it": "그 아래에 [[criterion.item]]을 더하십시오.",
    "is {}, but the items of '{}' add up to {}": "{0}인데 ‘{1}’의 세부항목 배점을 더하면 {2}입니다.",
    'write points = "{}", or change the points of an item': 'points = "{0}"(으)로 적거나 세부항목의 배점을 고치십시오.',
    "goes only with points entered directly or fixed": "점수를 직접 적거나 사무국이 넣는 항목에만 쓸 수 있습니다.",
    "leave it out": "빼십시오.",
    "explains how fixed points come about, but evaluators score this item": "정량 점수의 산식인데 이 항목은 평가위원이 평가합니다.",
    "is {}, which steps of {} do not reach": "{0}은(는) {1}점 단위로 나누어떨어지지 않습니다.",
    'leave it out, or write input = "fixed"': '빼거나 input = "fixed"라고 적으십시오.',
    "is not below the {} points of the item": "항목의 배점 {0}점보다 낮아야 합니다.",
    "write a smaller value": "더 작은 값으로 적으십시오.",
    "change the step or the points": "단위나 배점을 고치십시오.",
    'is "grade", but there is no [grades]': '"grade"인데 [grades]가 없습니다.',
    "add [grades] to the rubric or to the item": "평가표나 항목에 [grades]를 더하십시오.",
    'does not go with input = "{}"': 'input = "{0}"과 함께 쓸 수 없습니다.',
    "leave one of the two out": "둘 가운데 하나를 빼십시오.",
    "is required for points entered directly, and missing": "점수를 직접 적는 항목에 꼭 있어야 하는데 없습니다.",
    'add step = "0.5", or [direct] step = "0.5" for all items': 'step = "0.5"를 더하거나, 모든 항목에 쓰려면 [direct] step = "0.5"를 더하십시오.',
    'leave it out, or write input = "direct"': '빼거나 input = "direct"라고 적으십시오.',
    'do not go with input = "{}"': 'input = "{0}"과 함께 쓸 수 없습니다.',
    "say it in the description": "description에 적으십시오.",
    "is required and missing, since the rubric has neither [grades] nor [direct]": "평가표에 [grades]도 [direct]도 없으므로 꼭 있어야 하는데 없습니다.",
    'add input = "direct", or [grades] to the rubric': 'input = "direct"를 더하거나 평가표에 [grades]를 더하십시오.',
    "describes no grade": "이런 등급이 없습니다.",
    "is no range of shares": "구간으로 읽을 수 없습니다.",
    'write it as "75-89%"': '"75-89%"처럼 적으십시오.',
    "overlaps with '{}'": "‘{0}’ 구간과 겹칩니다.",
    "let every range end below the next one": "구간마다 다음 구간보다 아래에서 끝나게 하십시오.",
    "is {}, no {}": "{0}은(는) {1}이 될 수 없습니다.",
    'write it as points = "{}"': 'points = "{0}"처럼 적으십시오.',
    "'{}' is used before": "‘{0}’은(는) 앞에서 이미 썼습니다.",
    "give it an id of its own": "겹치지 않는 기호를 붙이십시오.",
    # plans
    "is {}, not above min = {}": "{0}인데 min = {1}보다 커야 합니다.",
    "write a larger value": "더 큰 값으로 적으십시오.",
    "stands beside a rubric, which has scales of its own": "평가표가 있으면 쓸 수 없습니다. 평가표에 척도가 있습니다.",
    "leave [scale] out": "[scale]을 빼십시오.",
    "of {} does not reach both ends of the scale": "{0} 단위로는 척도의 양 끝에 닿지 않습니다.",
    "write a step that divides them": "양 끝을 나누는 단위로 적으십시오.",
    "is {}, more than max_members = {}": "{0}인데 max_members = {1}보다 많습니다.",
    "write a smaller number": "더 작은 수로 적으십시오.",
    "is {}, but the committee has {} members": "{0}인데 위원은 {1}명입니다.",
    "is {}, but dropping {} and {} leaves a sheet only from {} up": "{0}인데 최고 {1}개와 최저 {2}개를 빼려면 {3}부 이상이어야 남는 것이 있습니다.",
    'is "criterion", but there is no rubric with criteria': '"criterion"인데 평가항목이 있는 평가표가 없습니다.',
    'write scope = "sheet-total", or name a rubric': 'scope = "sheet-total"로 적거나 평가표를 적으십시오.',
    'is "criterion", which method "{}" cannot use': '"criterion"은 "{0}" 방법과 함께 쓸 수 없습니다.',
    'write scope = "sheet-total"': 'scope = "sheet-total"로 적으십시오.',
    "rounds criterion means, but there is no rubric with criteria": "평가항목의 평균을 반올림하는 자리인데 평가항목이 없습니다.",
    "is a share of a total, but there is neither a rubric nor a [scale]": "총점에 대한 비율인데 평가표도 [scale]도 없습니다.",
    'name a rubric, or add [scale] max = "100"': '평가표를 적거나 [scale] max = "100"을 더하십시오.',
    "is a share of points, but there is no rubric": "배점에 대한 비율인데 평가표가 없습니다.",
    "name a rubric, or leave it out": "평가표를 적거나 빼십시오.",
    "caps bonuses and penalties, but there is no rubric that has them": "가점·감점의 한도인데 가점·감점이 있는 평가표가 없습니다.",
    "name a rubric, or leave [bonus] out": "평가표를 적거나 [bonus]를 빼십시오.",
    "'{}' stands in the list before": "‘{0}’은(는) 앞에 이미 있습니다.",
    "'{}' needs a rubric with criteria": "‘{0}’은(는) 평가항목이 있는 평가표가 있어야 합니다.",
    "name a rubric, or leave the key out": "평가표를 적거나 이 기준을 빼십시오.",
    "'{}' comes after the lot, which leaves nothing to decide": "‘{0}’이(가) 추첨 뒤에 있습니다. 추첨 뒤에는 가릴 것이 없습니다.",
    'put "lot" last': '"lot"을 맨 뒤에 두십시오.',
    "the rubric has no criterion '{}'": "평가표에 ‘{0}’ 평가항목이 없습니다.",
    # the division of money
    "policy bands needs its bands": "구간별 배분인데 구간이 없습니다.",
    'add [[allocate.band]] min = "90" rate = "1"': '[[allocate.band]] min = "90" rate = "1"을 더하십시오.',
    "the objective score-above-line needs the line": "score-above-line에는 통과 점수가 있어야 합니다.",
    'add pass_score = "70"': 'pass_score = "70"을 더하십시오.',
    "pins {} more than once": "{0}을(를) 두 번 이상 지정했습니다.",
    "keep one of the pins": "지정을 하나만 남기십시오.",
    "is where another band begins": "다른 구간과 시작점이 같습니다.",
    "write each lower edge once": "시작점을 한 번씩만 적으십시오.",
    "is that of another level": "다른 지원 수준과 같습니다.",
    "write each rate once": "비율을 한 번씩만 적으십시오.",
    "must name at least two different applications": "서로 다른 신청서를 둘 이상 적어야 합니다.",
    'write ["A1", "A7"]': '["A1", "A7"]처럼 적으십시오.',
    "is {} itself": "{0} 자신입니다.",
    "name another application": "다른 신청서를 적으십시오.",
    # what a plan says but does not do
    "'{}' {}: {} % of the points, but {} % of the spread {}": "‘{0}’ {1}: 배점의 {2}%인데 점수 차이의 {3}%를 만듭니다({4}).",
    "give all items scales of like relative width (grades, min_points)": "모든 항목의 점수 폭(등급, min_points)을 배점에 맞게 비슷하게 하십시오.",
    "no grade gives all points of '{}' and {} more items": "어떤 등급도 ‘{0}’ 등 {1}개 항목의 배점을 다 주지 않습니다.",
    "no grade gives all points of '{}'": "어떤 등급도 ‘{0}’의 배점을 다 주지 않습니다.",
    'let the best grade be "1.0"': '가장 높은 등급을 "1.0"으로 하십시오.',
    "has no descriptor for {}; evaluators will read the same grade differently": "부여 기준이 없는 것: {0}. 위원마다 다르게 읽을 수 있습니다.",
    "describe every grade under [descriptors]": "[descriptors]에 등급마다 기준을 적으십시오.",
    "is {}, but all of them together are {}; it caps nothing": "{0}인데 모두 더해도 {1}이어서 한도가 되지 않습니다.",
    "is {}, but {}_max = {} lets it never count in full": "{0}인데 {1}_max = {2} 때문에 다 반영될 수 없습니다.",
    'write "{}" or less, or leave it out': '"{0}" 이하로 적거나 빼십시오.',
    "lower it, or raise the cap": "낮추거나 한도를 높이십시오.",
    "asks for {} in {}, which the lowest possible score ({}) reaches: it can never bite": "{1}에서 {0}점을 요구하지만 가장 낮은 점수가 {2}점이어서 탈락이 생길 수 없습니다.",
    "asks for {} in {}, of which at most {} can be scored: nobody can pass": "{1}에서 {0}점을 요구하지만 가장 높은 점수가 {2}점이어서 아무도 통과할 수 없습니다.",
    "raise it, lower the lowest grade, or leave it out": "기준을 높이거나 가장 낮은 등급을 낮추거나 빼십시오.",
    "asks for {}, which the lowest possible total ({}) reaches: it can never bite": "{0}점을 요구하지만 가장 낮은 총점이 {1}점이어서 탈락이 생길 수 없습니다.",
    "asks for {}, but at most {} can be scored: nobody can pass": "{0}점을 요구하지만 받을 수 있는 점수는 {1}점까지여서 아무도 통과할 수 없습니다.",
    "lower it": "낮추십시오.",
    "'{}' is no regime that evalcomm knows": "‘{0}’은(는) 모르는 사업 유형입니다.",
    "is {}, more than the quorum of {}: a valid meeting may give no valid result": "{0}인데 의사정족수 {1}명보다 많아서 회의가 성립해도 결과가 나오지 않을 수 있습니다.",
    "is {}, but the committee has at most {} members: nothing is ever dropped": "{0}인데 위원은 {1}명까지여서 제외되는 점수가 없습니다.",
    "lower it, or raise the quorum": "낮추거나 의사정족수를 높이십시오.",
    "lower it, or name another method": "낮추거나 다른 방법을 적으십시오.",
    "is a trimmed mean that drops no sheet": "제외 평균인데 제외하는 점수가 없습니다.",
    'raise drop_high or drop_low, or write "mean"': 'drop_high나 drop_low를 높이거나 "mean"이라고 적으십시오.',
    'has no effect on the result: with scope = "criterion" the mean is made of criterion means': 'scope = "criterion"이면 평가항목의 평균으로 계산하므로 결과에 영향이 없습니다.',
    "is missing; {} needs roots, and 6 digits are taken": "없습니다. {0}에는 제곱근이 들어가 소수 6자리로 계산합니다.",
    "compares points with standard scores ({})": "점수를 표준점수({0})와 견줍니다.",
    'leave it out, or round "criterion"': '빼거나 "criterion"의 자릿수를 정하십시오.',
    "declare the digits, as a plan for official use must": "공식 계획이면 자릿수를 꼭 정하십시오.",
    "cut by criterion_ratio, or use another method": "criterion_ratio로 정하거나 다른 방법을 쓰십시오.",
    "is missing: criterion means are cut with every digit, but printed as the other figures are": "없습니다. 평가항목의 평균은 모든 자릿수로 견주는데 인쇄는 다른 점수처럼 합니다.",
    "ranks by digits that are not printed: equal printed figures may stand on different ranks": "인쇄하지 않는 자릿수로 순위를 정하므로, 인쇄된 점수가 같아도 순위가 다를 수 있습니다.",
    "compares {} of the {}, but the final figure is printed with {}: a printed figure may say passed where the cut says failed": "{1}의 {0}을(를) 견주는데 최종 점수는 {2}자리로 인쇄하므로, 통과로 보이는 점수가 탈락일 수 있습니다.",
    "declare its digits, as for mean": "mean처럼 자릿수를 정하십시오.",
    'write compare_on = "final", and let [ties] keys decide': 'compare_on = "final"로 적고 [ties] keys로 가리십시오.',
    'round mean to {} digits as well, or write on = "final"': 'mean도 {0}자리로 반올림하거나 on = "final"로 적으십시오.',
    "can never bite in {}, whose lowest scores reach it already": "{0}에서는 가장 낮은 점수도 기준을 넘어 탈락이 생길 수 없습니다.",
    "lower the lowest grade, or raise the ratio (min_ratio of the criterion)": "가장 낮은 등급을 낮추거나 비율(평가항목의 min_ratio)을 높이십시오.",
}
_WORDS: dict[str, str] = {
    "true or false": "참·거짓",
    "a whole number": "정수",
    "a number with decimals": "소수",
    "a text": "글자",
    "a table": "표",
    "a list": "목록",
    "a date": "날짜",
    "a time": "시각",
    "a text in quotes": "따옴표로 묶은 글자",
    "a whole number without quotes": "따옴표 없는 정수",
    "true or false, without quotes": "따옴표 없는 true 또는 false",
    'a decimal in quotes, such as "0.5"': '따옴표로 묶은 소수(예: "0.5")',
    "a date without quotes, such as 2026-11-22": "따옴표 없는 날짜(예: 2026-11-22)",
    'a list of texts, such as ["A1", "A2"]': '글자의 목록(예: ["A1", "A2"])',
    "bonus": "가점",
    "penalty": "감점",
    "dominates": "항목이 결과를 좌우합니다",
    "weighs more than stated": "항목이 배점보다 크게 작용합니다",
    "weighs less than stated": "항목이 배점보다 작게 작용합니다",
    "that scores can have": "나올 수 있는 점수에서",
    "every digit": "모든 자릿수",
    "mean": "평균",
    "base": "가점 전 점수",
    "final": "최종 점수",
    "any range of points": "모든 점수 구간",
}
_PREFIXES: dict[str, str] = {
    "at least ": "{} 이상",
    "at most ": "{} 이하",
    "more than ": "{} 초과",
    "one of ": "{} 가운데 하나",
    "a table ": "표 {}",
    "a list of tables ": "표의 목록 {}",
    "less than ": "{} 미만",
}


def spoken(finding: Finding) -> Finding:
    """The finding in the language of the screen: as it is in English, from the table in Korean."""
    locale = get_locale()
    if locale is not None and locale.language != "ko":
        return finding
    return replace(finding, message=sentence(finding.message), suggestion=sentence(finding.suggestion))


def sentence(text: str) -> str:
    for pattern, korean in _patterns():
        match = pattern.fullmatch(text)
        if match is not None:
            return korean.format(*(_word(part) for part in match.groups()))
    return text


def _word(text: str) -> str:
    if text in _WORDS:
        return _WORDS[text]
    for prefix, korean in _PREFIXES.items():
        if text.startswith(prefix):
            return korean.format(text.removeprefix(prefix))
    digits = re.fullmatch(r"(\d+) digits", text)
    return f"소수 {digits[1]}자리" if digits else text


@cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    """The sentences with the most words of their own first, so that a general one never takes the place of a special one."""
    ordered = sorted(_SENTENCES.items(), key=lambda entry: -len(entry[0].replace("{}", "")))
    return [
        (re.compile("(.+?)".join(map(re.escape, english.split("{}"))), re.DOTALL), korean)
        for english, korean in ordered
    ]
