"""The figures of the papers. They read in black and white: shape and words carry the meaning, colour only repeats it.

Positions are floats, which is what a drawing needs; every number that is written comes from the model as it is.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from evalcomm.documents import korean
from evalcomm.documents.figures.svg import ACCENT, GRID, INK, MUTED, Sheet, shortened, text_width

WIDTH = 640.0
ROW = 20.0
SMALL = 10.5

MARKS = {
    "missing": "미제출",
    "recused": "회피",
    "excluded": "제척",
    "challenged": "기피",
    "not_applicable": "해당 없음",
}
OUTCOMES = {"funded": "선정", "cut": "감액 선정", "reserve": "예비", "rejected": "미선정", None: "순위"}


@dataclass(frozen=True, slots=True)
class Axis:
    """A horizontal scale of points with round ends."""

    low: float
    high: float
    step: float
    left: float
    right: float

    @classmethod
    def around(cls, values: Iterable[float], *, left: float, right: float) -> "Axis":
        listed = list(values) or [0.0, 100.0]
        span = max(listed) - min(listed)
        step = next(s for s in (1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 10.0 ** (len(str(int(span))))) if span <= 8 * s)
        low = (min(listed) // step) * step
        high = -((-max(listed)) // step) * step
        return cls(
            low - step if min(listed) == low else low, high + step if max(listed) == high else high, step, left, right
        )

    def x(self, value: float) -> float:
        return self.left + (value - self.low) / (self.high - self.low) * (self.right - self.left)

    def draw(self, sheet: Sheet, top: float, bottom: float, unit: str) -> None:
        for index in range(round((self.high - self.low) / self.step) + 1):
            at = self.low + index * self.step
            sheet.line(self.x(at), top, self.x(at), bottom, color=GRID)
            sheet.words(self.x(at), bottom + 14, f"{at:g}", anchor="middle", size=SMALL, color=MUTED)
        sheet.line(self.left, bottom, self.right, bottom, color=MUTED)
        sheet.words(self.right + 8, bottom + 14, f"({unit})", size=SMALL, color=MUTED)


def _float(figure: str) -> float:
    return float(Fraction(figure))


def _line_with_name(
    sheet: Sheet, x: float, top: float, bottom: float, name: str, *, dashed: bool, below: float = 0
) -> None:
    sheet.line(x, top - 4, x, bottom, width=1.5, dashed=dashed, color=INK)
    sheet.words(x, top - 8 - below, name, anchor="middle", size=SMALL)


def _two_lines(sheet: Sheet, axis: Axis, top: float, bottom: float, *, mean: str | None, cut: str | None) -> None:
    """The mean and the cut, named above the plot; one name goes a line up where the two would touch."""
    names = []
    if cut is not None:
        names.append((axis.x(_float(cut)), f"최저기준 {cut}", True))
    if mean is not None:
        names.append((axis.x(_float(mean)), f"평균 {mean}", False))
    touching = (
        len(names) == 2 and abs(names[0][0] - names[1][0]) < sum(text_width(n, SMALL) for _, n, _ in names) / 2 + 8
    )
    for index, (x, name, dashed) in enumerate(names):
        _line_with_name(sheet, x, top, bottom, name, dashed=dashed, below=13 if touching and index == 0 else 0)


def evaluator_dots(totals: Sequence[Mapping[str, Any]], *, mean: str | None, cut: str | None) -> str:
    """One application: a row for each (unnamed) evaluator, the trimmed ones hollow, those without a score in words."""
    scored = [t["score"] for t in totals if t["score"]["mark"] == "scored"]
    left, right, top = 76.0, WIDTH - 96, 36.0
    bottom = top + ROW * len(totals)
    sheet = Sheet(WIDTH, bottom + 46)
    values = [_float(s["value"]) for s in scored] + [_float(v) for v in (mean, cut) if v is not None]
    axis = Axis.around(values, left=left, right=right)
    axis.draw(sheet, top, bottom, "점")
    _two_lines(sheet, axis, top, bottom, mean=mean, cut=cut)
    for index, total in enumerate(totals):
        y = top + ROW * (index + 0.5)
        score = total["score"]
        sheet.words(left - 10, y + 4, shortened(total["evaluator"], left - 14), anchor="end")
        if score["mark"] == "scored":
            sheet.dot(axis.x(_float(score["value"])), y, 5, hollow=score["dropped"] is not None, color=ACCENT)
            why = {"highest": " 최고 제외", "lowest": " 최저 제외", None: ""}[score["dropped"]]
            sheet.words(right + 10, y + 4, score["value"] + why, size=SMALL)
        else:
            sheet.words(right + 10, y + 4, MARKS[score["mark"]], size=SMALL, color=MUTED)
    entries = [("dot", "반영 점수", True), ("hollow", "제외 점수(최고·최저)", _any_dropped(scored))]
    lines = [("line", "평균", mean is not None), ("dashed", "최저기준", cut is not None)]
    _legend(sheet, bottom + 38, left, entries + lines)
    return sheet.svg("평가위원별 총점")


def application_dots(applications: Sequence[Mapping[str, Any]], *, cut: str | None) -> str:
    """All applications of a track: a row each, a dot for each evaluator, the trimmed ones hollow, the mean a bar."""
    scored = [[s for s in a["scores"] if s["mark"] == "scored"] for a in applications]
    left, right, top = 236.0, WIDTH - 70, 30.0
    bottom = top + ROW * len(applications)
    sheet = Sheet(WIDTH, bottom + 46)
    values = [_float(s["value"]) for row in scored for s in row] + ([_float(cut)] if cut is not None else [])
    axis = Axis.around(values, left=left, right=right)
    axis.draw(sheet, top, bottom, "점")
    if cut is not None:
        _line_with_name(sheet, axis.x(_float(cut)), top, bottom, f"최저기준 {cut}", dashed=True)
    sheet.words(right + 10, top - 12, "평균", size=SMALL, color=MUTED)
    for index, (application, row) in enumerate(zip(applications, scored, strict=True)):
        y = top + ROW * (index + 0.5)
        sheet.words(left - 10, y + 4, shortened(application["label"], left - 14), anchor="end")
        sheet.line(left, y, right, y, color=GRID, width=0.5)
        for score, x, dy in _apart([(s, axis.x(_float(s["value"]))) for s in row]):
            sheet.dot(x, y + dy, 3.2, hollow=score["dropped"] is not None, color=ACCENT)
        if application["mean"] is not None:
            x = axis.x(_float(application["mean"]))
            sheet.line(x, y - 9, x, y + 9, width=2.2)
        sheet.words(right + 10, y + 4, application["mean"] or "―", size=SMALL)
    entries = [("dot", "위원 점수", True), ("hollow", "제외 점수", any(map(_any_dropped, scored)))]
    lines = [("tick", "평균", True), ("dashed", "최저기준", cut is not None)]
    _legend(sheet, bottom + 38, left, entries + lines)
    return sheet.svg("과제별 평가점수 분포")


def _apart(dots: list[tuple[Any, float]]) -> list[tuple[Any, float, float]]:
    """Dots that would hide each other step aside, up and down in turn."""
    placed: list[tuple[Any, float, float]] = []
    for score, x in sorted(dots, key=lambda dot: dot[1]):
        taken = {dy for _, other, dy in placed if abs(other - x) < 7}
        dy = next((dy for dy in (0.0, -6.5, 6.5) if dy not in taken), 0.0)
        placed.append((score, x, dy))
    return placed


def ranking(rows: Sequence[Mapping[str, Any]], *, cut: str | None) -> str:
    """The track in rank order; the shape tells the outcome, ▶ and bold the application that the paper is about."""
    left, right, top = 236.0, WIDTH - 110, 8.0 if cut is None else 30.0
    bottom = top + ROW * len(rows)
    sheet = Sheet(WIDTH, bottom + 46)
    values = [_float(r["final"]) for r in rows] + ([_float(cut)] if cut is not None else [])
    axis = Axis.around(values, left=left, right=right)
    axis.draw(sheet, top, bottom, "점")
    if cut is not None:
        _line_with_name(sheet, axis.x(_float(cut)), top, bottom, f"최저기준 {cut}", dashed=True)
    for index, row in enumerate(rows):
        y = top + ROW * (index + 0.5)
        x = axis.x(_float(row["final"]))
        label = shortened(row["label"], left - 28)
        sheet.words(left - 10, y + 4, f"▶ {label}" if row["is_this"] else label, anchor="end", bold=row["is_this"])
        sheet.line(left, y, x, y, color=ACCENT if row["is_this"] else MUTED, width=2.4 if row["is_this"] else 1)
        _outcome_mark(sheet, x, y, row["outcome"], ACCENT if row["is_this"] else INK)
        sheet.words(right + 10, y + 4, f"{row['final']} {OUTCOMES[row['outcome']]}", size=SMALL, bold=row["is_this"])
    present = {row["outcome"] for row in rows}
    _legend(sheet, bottom + 38, left, [(o or "none", name, o in present) for o, name in OUTCOMES.items()])
    return sheet.svg("분야 안의 순위")


def _outcome_mark(sheet: Sheet, x: float, y: float, outcome: str | None, color: str) -> None:
    if outcome == "rejected":
        sheet.line(x - 4, y - 4, x + 4, y + 4, color=color, width=2)
        sheet.line(x - 4, y + 4, x + 4, y - 4, color=color, width=2)
    elif outcome == "reserve":
        sheet.polygon([(x, y - 5), (x + 5, y + 4), (x - 5, y + 4)], hollow=True, color=color)
    elif outcome == "cut":
        sheet.polygon([(x, y - 5.5), (x + 5.5, y), (x, y + 5.5), (x - 5.5, y)], color=color)
    else:
        sheet.dot(x, y, 4.5, hollow=outcome is None, color=color)


def money(rows: Sequence[Mapping[str, Any]], *, title: str) -> str:
    """Requested as an open bar, awarded as a filled one inside it."""
    left, right, top = 236.0, WIDTH - 150, 8.0
    height = 24.0
    bottom = top + height * len(rows)
    sheet = Sheet(WIDTH, bottom + 30)
    most = max((row["requested"] for row in rows), default=0) or 1
    scale = (right - left) / most
    sheet.line(left, top, left, bottom, color=MUTED)
    for index, row in enumerate(rows):
        y = top + height * index
        sheet.words(left - 10, y + height / 2 + 4, shortened(row["label"], left - 14), anchor="end")
        sheet.bar(left, y + 4, row["requested"] * scale, height - 8, fill="#ffffff", stroke=MUTED)
        sheet.bar(left, y + 8, row["awarded"] * scale, height - 16, fill=ACCENT)
        shown = f"{korean.eok(row['awarded'])} / {korean.eok(row['requested'])}"
        sheet.words(left + row["requested"] * scale + 8, y + height / 2 + 4, shown, size=SMALL)
    _legend(sheet, bottom + 22, left, [("bar", "지원액", True), ("open", "신청액", True)])
    return sheet.svg(title)


def _any_dropped(scores: Sequence[Mapping[str, Any]]) -> bool:
    return any(score["dropped"] is not None for score in scores)


def _legend(sheet: Sheet, y: float, x: float, entries: Sequence[tuple[str, str, bool]]) -> None:
    """Shape, name, and whether the figure has it: what is not drawn is not explained."""
    for shape, name in [(shape, name) for shape, name, is_drawn in entries if is_drawn]:
        middle = y - 4
        if shape in ("dot", "hollow"):
            sheet.dot(x + 6, middle, 4, hollow=shape == "hollow", color=ACCENT)
        elif shape in ("line", "dashed"):
            sheet.line(x, middle, x + 14, middle, width=1.5, dashed=shape == "dashed")
        elif shape == "tick":
            sheet.line(x + 6, middle - 6, x + 6, middle + 6, width=2.2)
        elif shape in ("bar", "open"):
            filled = shape == "bar"
            sheet.bar(x, middle - 4, 14, 8, fill=ACCENT if filled else "#ffffff", stroke="none" if filled else MUTED)
        else:
            _outcome_mark(sheet, x + 6, middle, None if shape == "none" else shape, INK)
        sheet.words(x + 19, y, name, size=SMALL, color=MUTED)
        x += 19 + text_width(name, SMALL) + 16
