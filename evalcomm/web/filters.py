"""How values are written on screens. Papers have their own in `documents`."""

from datetime import date, datetime
from decimal import Decimal

from flask import Flask
from flask_babel import get_locale
from flask_babel import gettext as _
from markupsafe import Markup

from evalcomm.foundation.clock import in_seoul


def won(value: int | None) -> str:
    return "" if value is None else str(_("%(won)s원", won=f"{value:,}"))


def commas(value: int) -> str:
    """12,345, for columns whose unit stands above the table."""
    return f"{value:,}"


def eok(value: int) -> str:
    """Amounts for headings: 450억원, 12억 3,400만원. English has no such units and gets the whole figure."""
    locale = get_locale()
    if locale is not None and locale.language != "ko":
        return won(value)
    whole, rest = divmod(value, 100_000_000)
    man = rest // 10_000
    if not whole:
        return f"{man:,}만원" if man and not rest % 10_000 else won(value)
    return f"{whole:,}억원" if not rest else f"{whole:,}억 {man:,}만원" if not rest % 10_000 else won(value)


def kst(value: datetime | None) -> str:
    """2026. 11. 22. 15:20"""
    if value is None:
        return ""
    local = in_seoul(value)
    return f"{local.year}. {local.month}. {local.day}. {local:%H:%M}"


def kst_seconds(value: datetime | None) -> str:
    """2026. 11. 22. 15:20:31"""
    return "" if value is None else f"{kst(value)}:{in_seoul(value):%S}"


def kst_date(value: datetime | date | None) -> str:
    if value is None:
        return ""
    local = in_seoul(value) if isinstance(value, datetime) else value
    return f"{local.year}. {local.month}. {local.day}."


def score(value: Decimal | str | None) -> str | Markup:
    """An exact figure as it is; none is a dash, which is not a zero."""
    if value is None or value == "":
        return Markup('<span class="not-scored" title="{}">–</span>').format(_("점수 없음"))
    return format(value, "f") if isinstance(value, Decimal) else value


def filesize(value: int) -> str:
    if value < 1024:
        return f"{value} B"
    return f"{value / 1024:.0f} KB" if value < 1024 * 1024 else f"{value / 1024 / 1024:.1f} MB"


def init_app(app: Flask) -> None:
    for function in (won, commas, eok, kst, kst_seconds, kst_date, score, filesize):
        app.add_template_filter(function)
