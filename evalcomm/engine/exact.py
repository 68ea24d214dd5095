"""Exact figures: how a number is read, rounded and printed, to the last digit.

A figure is a `Fraction`. It is read from `-?digits[.digits]` and nothing else, rounded only where a plan names the stage, and
printed as a finite decimal ("84", "69.995") or, where no finite decimal exists, as the reduced fraction "p/q".
"""

from __future__ import annotations

import re
from decimal import Decimal
from enum import Enum
from fractions import Fraction

MAX_DIGITS = 50
"""Digits that a figure or an amount may have when read. More is a slip of the keyboard, and Python's own limit lies at 4,300."""

_DECIMAL = re.compile(r"(-?)([0-9]+)(?:\.([0-9]+))?")
_WON = re.compile(r"[0-9]+")


class NotExact(ValueError):
    """The text is no exact figure; the message says what is wrong with it and what would be right."""


class Rounding(Enum):
    """Rounding modes; magnitudes are rounded, so that -x rounds to the negative of what x rounds to (as `decimal` does)."""

    HALF_UP = "half-up"  # 반올림
    HALF_EVEN = "half-even"
    DOWN = "down"  # 절사
    UP = "up"  # 절상


def _shown(text: str) -> str:
    return f"'{text}'" if len(text) <= 40 else f"'{text[:37]}…'"


def parse_decimal(text: str) -> Fraction:
    """The exact value of `-?digits[.digits]`; raises NotExact for anything else, exponents and thousands separators included."""
    match = _DECIMAL.fullmatch(text)
    if match is None:
        raise NotExact(_why_not_decimal(text))
    sign, whole, part = match.groups()
    part = part or ""
    if len(whole) + len(part) > MAX_DIGITS:
        raise NotExact(f"{_shown(text)} has more than {MAX_DIGITS} digits")
    value = Fraction(int(whole + part), 10 ** len(part))
    return -value if sign else value


def _why_not_decimal(text: str) -> str:
    shown = _shown(text)
    reasons = (
        (r"\s*", "a number is missing; write digits such as 84 or 69.5"),
        (r"=.*", f"{shown} is a formula; write its value"),
        (r"[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?", f"{shown} has thousands separators; write the digits alone"),
        (r"[+-]?[0-9]+,[0-9]+", f"{shown} has a decimal comma; write {_shown(text.replace(',', '.'))}"),
        (r"[+-]?[0-9.]+[eE][+-]?[0-9]+", f"{shown} is in exponent notation; write the digits out"),
        (r"[+-]?[0-9.]+\s*[%％]", f"{shown} is a percentage; write the plain number"),
        (r"(?i)[+-]?(nan|inf|infinity)", f"{shown} is not a number"),
        (r"[0-9]+\s*/\s*[0-9]+", f"{shown} is a fraction; write a decimal"),
        (r"(?=.*[^\x00-\x7f])[-\d.．]+", f"{shown} is not in plain digits 0-9; write it with them"),
        (r"[+][0-9.]+|\.[0-9]+|[0-9]+\.", f"{shown} is not written as digits[.digits], such as 84 or 0.5"),
    )
    for pattern, reason in reasons:
        if re.fullmatch(pattern, text, re.DOTALL):
            return reason
    return f"{shown} is not a number; write digits such as 84 or 69.5"


def parse_won(text: str) -> int:
    """A whole, non-negative amount of won, digits only; raises NotExact."""
    if _WON.fullmatch(text) is None:
        shown = _shown(text)
        if text.startswith("-"):
            raise NotExact(f"{shown} is negative; an amount is whole won, digits only")
        if not text.strip():
            raise NotExact("an amount is missing; write whole won, digits only")
        if text.startswith("="):
            raise NotExact(f"{shown} is a formula; write its value")
        raise NotExact(f"{shown} is not an amount in whole won; write digits only, such as 1500000000")
    if len(text) > MAX_DIGITS:
        raise NotExact(f"{_shown(text)} has more than {MAX_DIGITS} digits")
    return int(text)


def round_to(value: Fraction, digits: int, mode: Rounding) -> Fraction:
    """`value` rounded to `digits` decimals; exact for any fraction."""
    scale = 10**digits
    return Fraction(round_scaled(value.numerator * scale, value.denominator, mode), scale)


def round_scaled(numerator: int, denominator: int, mode: Rounding) -> int:
    """numerator / denominator (denominator > 0) rounded to an integer."""
    magnitude = abs(numerator)
    quotient, rest = divmod(magnitude, denominator)
    if rest:
        twice = 2 * rest
        if (
            mode is Rounding.UP
            or (mode is Rounding.HALF_UP and twice >= denominator)
            or (mode is Rounding.HALF_EVEN and (twice > denominator or (twice == denominator and quotient % 2 == 1)))
        ):
            quotient += 1
    return -quotient if numerator < 0 else quotient


def decimal_places(value: Fraction) -> int | None:
    """How many decimals `value` needs, or None if it has no finite decimal."""
    rest, twos, fives = value.denominator, 0, 0
    while rest % 2 == 0:
        rest //= 2
        twos += 1
    while rest % 5 == 0:
        rest //= 5
        fives += 1
    return max(twos, fives) if rest == 1 else None


def format_figure(value: Fraction | int) -> str:
    """The figure as printed: "84", "69.995", or "p/q" where there is no finite decimal. Reading it back gives the same figure."""
    value = Fraction(value)
    if value.denominator == 1:
        return _digits(value.numerator)
    places = decimal_places(value)
    if places is None:
        return f"{_digits(value.numerator)}/{_digits(value.denominator)}"
    scaled = _digits(abs(value.numerator) * (10**places // value.denominator)).rjust(places + 1, "0")
    sign = "-" if value < 0 else ""
    return f"{sign}{scaled[:-places]}.{scaled[-places:]}"


def format_fixed(value: Fraction | int, digits: int, mode: Rounding = Rounding.HALF_UP) -> str:
    """The figure with exactly `digits` decimals, for tables on paper and screen: "70.00". For show only: it rounds."""
    scaled = round_scaled(Fraction(value).numerator * 10**digits, Fraction(value).denominator, mode)
    sign = "-" if scaled < 0 else ""
    text = _digits(abs(scaled)).rjust(digits + 1, "0")
    return f"{sign}{text[:-digits]}.{text[-digits:]}" if digits else f"{sign}{text}"


def parse_figure(text: str) -> Fraction:
    """What `format_figure` printed, read back; raises NotExact."""
    decimal = _DECIMAL.fullmatch(text)
    if decimal is not None:
        sign, whole, part = decimal.groups(default="")
        return Fraction(_integer(sign + whole + part), 10 ** len(part))
    top, _slash, bottom = text.partition("/")
    if not re.fullmatch(r"-?[0-9]+", top) or not re.fullmatch(r"0*[1-9][0-9]*", bottom):
        raise NotExact(f"{_shown(text)} is not a figure; write a decimal such as 69.5 or a fraction p/q")
    return Fraction(_integer(top), _integer(bottom))


# Exact solutions may have thousands of digits, and int <-> str refuses more than 4,300 at once; Decimal has no such limit.
def _digits(value: int) -> str:
    return str(value) if value.bit_length() < 14_000 else format(Decimal(value), "f")


def _integer(text: str) -> int:
    return int(text) if len(text) < 4_000 else int(Decimal(text))
