"""Plots of answers as SVG: the same answer gives the same bytes, and letters are drawn as shapes, so that no font is needed to see them.

Matplotlib is loaded only here, and only when a plot is asked for.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evalcomm.engine.exact import format_fixed
from evalcomm.engine.plan import Figure
from evalcomm.engine.ranking import Ranking, Standing
from evalcomm.engine.ranking.judging import full_total

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Canvas

    from evalcomm.engine.bayes import Uncertainty
    from evalcomm.engine.diagnosis import EvaluatorRecord
    from evalcomm.engine.ratings import Ratings

MAX_LINES = 300
MAX_COLUMNS = 60
MAX_NUMBERED = 1_000
ROW_INCHES = 0.3
INK, PALE, ACCENT, LINE = "#1e2124", "#b1b8be", "#256ef4", "#de3412"


def score_plot(ranking: Ranking) -> bytes:
    """One line per application in rank order: its sheets as dots (hollow where dropped), its mean as a bar, its final figure as a number.

    Evaluators are not named. Beyond MAX_LINES applications only the first are drawn, and the title says so.
    """
    drawn = [standing for standing in ranking.standings if standing.mean is not None][:MAX_LINES]
    with drawing() as new_figure:
        canvas = new_figure(9, 1.2 + ROW_INCHES * max(len(drawn), 1))
        axes = canvas.add_subplot()
        for line, standing in enumerate(drawn):
            _draw(axes, line, standing)
        plan = ranking.plan
        if plan.cut.total_ratio is not None and plan.cut.on is Figure.MEAN:
            axes.axvline(float(plan.cut.total_ratio * full_total(plan)), color=LINE, linewidth=1, linestyle="--")
        axes.set_yticks(range(len(drawn)), [_label(standing) for standing in drawn])
        axes.set_ylim(len(drawn) - 0.5, -0.5)
        axes.set_xlabel("평가표별 점수 / score of a sheet")
        axes.grid(visible=True, axis="x", color="#e6e8ea", linewidth=0.8)
        axes.spines[["top", "right", "left"]].set_visible(False)
        axes.tick_params(axis="y", length=0)
        left_out = len(ranking.standings) - len(drawn)
        note = f", {left_out}건 생략 / {left_out} not drawn" if left_out else ""
        axes.set_title(f"● 반영 / counted   ○ 제외 / dropped   ┃ 평균 / mean{note}", loc="left", fontsize=9)
        return svg_bytes(canvas)


def _label(standing: Standing) -> str:
    place = f"{standing.rank}. " if standing.rank is not None else "- "
    final = f" ({format_fixed(standing.final, 2)})" if standing.final is not None else ""
    return f"{place}{_shortened(standing.application)}{final}"


def _draw(axes: Any, line: int, standing: Standing) -> None:
    color = INK if standing.passed else PALE
    seen: dict[float, int] = {}
    for sheet in standing.sheets:
        if sheet.value is None:
            continue
        # Equal scores stand side by side instead of on top of each other: 0, up, down, further up …
        value = float(sheet.value)
        place = seen[value] = seen.get(value, -1) + 1
        height = line + min((place + 1) // 2 * 0.14, 0.42) * (-1 if place % 2 else 1)
        face = "none" if sheet.dropped else color
        axes.scatter([value], [height], s=22, facecolors=face, edgecolors=color, linewidths=1, alpha=0.8, zorder=3)
    if standing.mean is not None:
        mean = float(standing.mean)
        axes.plot(
            [mean, mean], [line - 0.4, line + 0.4], color=ACCENT if standing.passed else PALE, linewidth=2, zorder=2
        )


@contextmanager
def drawing() -> Iterator[Any]:
    """Gives `new_figure(width, height)` in inches, with Korean letters and without anything that differs between runs."""
    import matplotlib as mpl
    from matplotlib import font_manager
    from matplotlib.figure import Figure as Canvas

    # The package of the fonts sets global state when imported; only its file is wanted.
    spec = find_spec("koreanize_matplotlib")
    assert spec is not None
    assert spec.origin is not None
    path = Path(spec.origin).parent / "fonts" / "NanumGothic.ttf"
    if not any(font.fname == str(path) for font in font_manager.fontManager.ttflist):
        font_manager.fontManager.addfont(str(path))
    settings: Any = {
        "font.family": ["NanumGothic", "DejaVu Sans"],
        "font.size": 9,
        "axes.unicode_minus": False,
        "svg.fonttype": "path",
        "svg.hashsalt": "evalcomm",
        "text.parse_math": False,
    }
    with mpl.rc_context(settings), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a letter that neither font has is drawn as a box; the table has the text

        def new_figure(width: float, height: float) -> Canvas:
            return Canvas(figsize=(width, height), layout="constrained")

        yield new_figure


def svg_bytes(canvas: Canvas) -> bytes:
    """Inside `drawing()`: the figure as SVG, without date and program."""
    target = io.BytesIO()
    canvas.savefig(target, format="svg", metadata={"Date": None, "Creator": None})
    return target.getvalue()


GROUP_COLORS = {"fund": ACCENT, "discuss": "#f0ad00", "decline": PALE}
GROUP_WORDS = {"fund": "지원", "discuss": "논의", "decline": "미지원"}


def uncertainty_plot(found: Uncertainty) -> bytes:
    """Above, one line per application in order of expected rank: 90 % interval thin, 50 % thick, expected rank as a dot, the line dashed. Below,
    one line per evaluator: severity with its 90 % interval; right of 0 is strict.

    Beyond MAX_LINES applications only the first are drawn, and the title says so.
    """
    drawn, evaluators = found.applications[:MAX_LINES], found.evaluators[:MAX_LINES]
    heights = [max(len(drawn), 2) * ROW_INCHES + 0.6, max(len(evaluators), 2) * ROW_INCHES + 0.6]
    with drawing() as new_figure:
        canvas = new_figure(9, sum(heights) + 0.6)
        ranks, severity = canvas.subplots(2, 1, height_ratios=heights)
        for line, item in enumerate(drawn):
            color = ACCENT if item.group is None else GROUP_COLORS[item.group.value]
            ranks.plot(item.rank_90, [line, line], color=color, linewidth=1.2, zorder=2)
            ranks.plot(item.rank_50, [line, line], color=color, linewidth=6, solid_capstyle="butt", zorder=3)
            ranks.scatter([item.expected_rank], [line], s=20, color=INK, linewidths=0, zorder=4)
        if found.line is not None:
            ranks.axvline(found.line, color=LINE, linewidth=1, linestyle="--")
        left_out = len(found.applications) - len(drawn)
        note = f", {left_out}건 생략 / {left_out} not drawn" if left_out else ""
        groups = "" if found.top is None else ", 점선 경계 line (지원 fund, 논의 discuss, 미지원 decline)"
        ranks.set_title(f"● 기대순위 expected rank, 굵은 선 50 %, 가는 선 90 %{groups}{note}", loc="left", fontsize=9)
        ranks.set_xlabel("순위 / rank")
        ranks.set_xlim(0.5, len(found.applications) + 0.5)
        ranks.xaxis.get_major_locator().set_params(integer=True)
        for line, one in enumerate(evaluators):
            severity.plot(one.interval_90, [line, line], color=ACCENT, linewidth=1.2)
            severity.scatter([one.severity], [line], s=20, color=INK, linewidths=0, zorder=3)
        severity.axvline(0, color=LINE, linewidth=1, linestyle="--")
        severity.set_title(
            "● 위원별 엄격도 severity, 선 90 % (오른쪽일수록 엄격 / right = strict)", loc="left", fontsize=9
        )
        severity.set_xlabel("점 / score points")
        marks = ["" if item.group is None else f" ({GROUP_WORDS[item.group.value]})" for item in drawn]
        _label_lines(ranks, [f"{_shortened(item.application)}{mark}" for item, mark in zip(drawn, marks, strict=True)])
        _label_lines(severity, [_shortened(one.evaluator) for one in evaluators])
        return svg_bytes(canvas)


def agreement_plot(ratings: Ratings, records: Sequence[EvaluatorRecord]) -> bytes:
    """Above, the table of scores, one line per application by its mean, the darker the higher, blank where there is no score. Below,
    how strict each evaluator is beside the others on the same applications; up is strict.

    Beyond MAX_LINES applications and MAX_COLUMNS evaluators only the first are drawn, and the title says so.
    """
    import numpy as np
    from matplotlib.colors import LinearSegmentedColormap

    count, width = len(ratings.applications), len(ratings.evaluators)
    cells = ratings.application * width + ratings.evaluator
    times = np.bincount(cells, minlength=count * width)
    sums = np.bincount(cells, ratings.score, count * width)
    table = np.where(times > 0, sums / np.maximum(times, 1), np.nan).reshape(count, width)
    order = np.argsort(-ratings.application_means, kind="stable")[:MAX_LINES]
    table = table[order, :MAX_COLUMNS]
    lines, columns = table.shape
    heights = [lines * ROW_INCHES + 0.6, 1.8]
    with drawing() as new_figure:
        canvas = new_figure(max(6, 2 + 0.6 * columns), sum(heights) + 0.6)
        scores, severity = canvas.subplots(2, 1, height_ratios=heights, sharex=True)
        shades = LinearSegmentedColormap.from_list("scores", ["#f0f4fe", "#86aff9"])
        scores.pcolormesh(table, cmap=shades, edgecolors="white", linewidth=1)
        if lines * columns <= MAX_NUMBERED:
            for line, column in np.argwhere(~np.isnan(table)).tolist():
                value = f"{float(table[line, column]):g}"
                scores.text(column + 0.5, line + 0.5, value, ha="center", va="center", color=INK, fontsize=8)
        scores.set_yticks([line + 0.5 for line in range(lines)], [_shortened(ratings.applications[i]) for i in order])
        scores.set_ylim(lines, 0)
        left_out = (count - lines) + (width - columns)
        note = f", {left_out}개 생략 / {left_out} not drawn" if left_out else ""
        scores.set_title(f"점수표 / table of scores (짙을수록 높음 / darker = higher){note}", loc="left", fontsize=9)
        for column, record in enumerate(records[:columns]):
            if record.severity is not None:
                severity.bar([column + 0.5], [record.severity], width=0.5, color=ACCENT)
        severity.set_axisbelow(True)
        severity.axhline(0, color=INK, linewidth=0.8)
        severity.set_title(
            "위원별 엄격도 / severity, 점 / points (위쪽일수록 엄격 / up = strict)", loc="left", fontsize=9
        )
        names = [_shortened(name) for name in ratings.evaluators[:columns]]
        severity.set_xticks([column + 0.5 for column in range(columns)], names, rotation=90 if columns > 12 else 0)
        severity.grid(visible=True, axis="y", color="#e6e8ea", linewidth=0.8)
        for axes in (scores, severity):
            axes.spines[["top", "right", "left", "bottom"]].set_visible(False)
            axes.tick_params(length=0)
        return svg_bytes(canvas)


def _label_lines(axes: Any, names: list[str]) -> None:
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.grid(visible=True, axis="x", color="#e6e8ea", linewidth=0.8)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(axis="y", length=0)


def _shortened(name: str) -> str:
    return name if len(name) <= 24 else f"{name[:23]}…"
