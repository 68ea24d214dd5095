"""Numbers, dates and marks as Korean official documents write them.

Source: 행정업무의 운영 및 혁신에 관한 규정 제7조제5항 and its 시행규칙 제2조 (항목 기호, 금액, 날짜, 시각).
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import NamedTuple

KST = timezone(timedelta(hours=9), "KST")

_DIGITS = "영일이삼사오육칠팔구"
_PLACES = ("", "십", "백", "천")
_GROUPS = ("", "만", "억", "조", "경")
_WEEKDAYS = "월화수목금토일"
_SYLLABLES = "가나다라마바사아자차카타파하"
_LATER_SYLLABLES = "거너더러머버서어저처커터퍼허"
_FINALS_OF_DIGITS = {
    "0": True,
    "1": True,
    "2": False,
    "3": True,
    "4": False,
    "5": False,
    "6": True,
    "7": True,
    "8": True,
    "9": False,
}


# ---- money


def in_words(number: int) -> str:
    """113560 → 일십일만삼천오백육십: every 일 is written, since an amount must not be easy to alter."""
    if not 0 <= number < 10 ** (4 * len(_GROUPS)):
        raise ValueError(f"한글로 적을 수 있는 금액이 아님: {number}")
    words = []
    group = 0
    rest = number
    while rest:
        rest, four = divmod(rest, 10_000)
        if four:
            digits = [int(d) for d in reversed(str(four))]
            spelled = "".join(_DIGITS[d] + _PLACES[place] for place, d in reversed(list(enumerate(digits))) if d)
            words.append(spelled + _GROUPS[group])
        group += 1
    return "".join(reversed(words)) or _DIGITS[0]


def amount(won: int) -> str:
    """금45,000,000,000원(금사백오십억원)"""
    return f"금{won:,}원(금{in_words(won)}원)"


def eok(won: int) -> str:
    """Short notation for headings: 450억원, 12.5억원; 약 where digits are dropped; below one 억 in 만원."""
    if won == 0:
        return "0원"
    if won < 10**8:
        return f"{won // 10**4:,}만원" if won % 10**4 == 0 else f"{won:,}원"
    exact = Decimal(won) / 10**8
    shown = exact.quantize(Decimal("0.01"), ROUND_HALF_UP)
    text = f"{shown:,f}".rstrip("0").rstrip(".")
    return f"{'' if shown == exact else '약 '}{text}억원"


class Unit(NamedTuple):
    """The unit of a table of money: its name and how many won it holds."""

    name: str
    won: int

    def write(self, won: int) -> str:
        return f"{won // self.won:,}"


def unit_for(amounts: Iterable[int]) -> Unit:
    """The largest usual unit in which every amount is a whole number: a table never rounds money."""
    listed = list(amounts)
    for unit in (Unit("백만원", 10**6), Unit("천원", 10**3)):
        if all(won % unit.won == 0 for won in listed):
            return unit
    return Unit("원", 1)


# ---- figures


def exact(figure: str) -> str:
    """An exact figure for reading: "84.50" as it is, "253/3" with its nearest hundredths."""
    if "/" not in figure:
        return figure.replace("-", "−")
    value = Fraction(figure)
    sign = "−" if value < 0 else ""
    hundredths = int(abs(value) * 100 + Fraction(1, 2))
    return f"{figure.replace('-', '−')}(약 {sign}{hundredths // 100}.{hundredths % 100:02d})"


def signed(figure: str) -> str:
    """A bonus or a penalty: "2" → +2, "-3" → −3, "0" → 0."""
    plus = "+" if Fraction(figure) > 0 else ""
    return plus + exact(figure)


def percent(share: str) -> str:
    """A share of something: "0.85" → 85%, "1/3" stays 1/3."""
    if "/" in share:
        return share
    hundredths = format((Decimal(share) * 100).normalize(), "f")
    return f"{hundredths}%"


# ---- dates and times: stored in UTC, printed in KST


def _kst(instant: str) -> datetime:
    moment = datetime.fromisoformat(instant)
    if moment.tzinfo is None:
        raise ValueError(f"시간대가 없는 시각: {instant}")
    return moment.astimezone(UTC).astimezone(KST)


def _written(day: date) -> str:
    return f"{day.year}. {day.month}. {day.day}."


def day(value: str) -> str:
    """ "2026-11-02" or an instant → 2026. 11. 2."""
    return _written(date.fromisoformat(value) if len(value) == 10 else _kst(value).date())


def weekday(value: str) -> str:
    """The same with the day of the week: 2026. 11. 2.(월)"""
    when = date.fromisoformat(value) if len(value) == 10 else _kst(value).date()
    return f"{_written(when)}({_WEEKDAYS[when.weekday()]})"


def minute(instant: str) -> str:
    """2026. 11. 22. 15:20"""
    moment = _kst(instant)
    return f"{_written(moment.date())} {moment:%H:%M}"


def second(instant: str) -> str:
    """2026. 11. 22. 15:20:07"""
    moment = _kst(instant)
    return f"{_written(moment.date())} {moment:%H:%M:%S}"


def deadline(instant: str, *, inclusive: bool) -> str:
    """2026. 11. 22. 18:00까지: says whether the last second is in."""
    return f"{minute(instant)}{'까지(정각 포함)' if inclusive else ' 전까지'}"


def when(value: str) -> str:
    """A line of a timetable: a day, an instant, or words that are already right."""
    try:
        return weekday(value) if len(value) == 10 else minute(value)
    except ValueError:
        return value


# ---- marks and particles


def mark(level: int, index: int) -> str:
    """The 항목 기호 of a level (1 … 8) and a position (0, 1, …): 1. → 가. → 1) → 가) → (1) → (가) → ① → ㉮"""
    if level % 2:
        shown = str(index + 1)
    elif index < len(_SYLLABLES + _LATER_SYLLABLES):
        shown = (_SYLLABLES + _LATER_SYLLABLES)[index]
    else:
        raise ValueError(f"항목이 너무 많음: {level}단계 {index + 1}번째")
    if level in (7, 8):
        first, most = ("①", 15) if level == 7 else ("㉮", 14)
        if index >= most:
            raise ValueError(f"항목이 너무 많음: {level}단계 {index + 1}번째")
        return chr(ord(first) + index)
    return {1: "{}.", 2: "{}.", 3: "{})", 4: "{})", 5: "({})", 6: "({})"}[level].format(shown)


def with_particle(word: str, pair: str) -> str:
    """with_particle("위원", "이/가") → 위원이. The pair names the form after a final consonant first; for (으)로 write "으로/로"."""
    after_final, after_vowel = pair.split("/")
    last = next((c for c in reversed(word) if c.isalnum()), "")
    if "가" <= last <= "힣":
        final = (ord(last) - ord("가")) % 28
        closed = final != 0 and not (after_final == "으로" and final == 8)
    elif last in _FINALS_OF_DIGITS:
        closed = _FINALS_OF_DIGITS[last] and not (after_final == "으로" and last in "178")
    else:
        closed = last.lower() in "lmnr"
    return word + (after_final if closed else after_vowel)
