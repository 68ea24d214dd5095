"""A small sheet to draw on: lines, bars, dots and words, written out as SVG with presentation attributes only.

Why not a plotting library: measured, matplotlib takes 80 ms for one of these figures and WeasyPrint another 300 ms to draw its glyph
outlines, which is three memos' worth; here a figure takes under a millisecond, its words stay words, and its bytes depend on nothing
but the model.
"""

from html import escape
from unicodedata import east_asian_width

FONTS = "NanumGothic,Malgun Gothic,Apple SD Gothic Neo,sans-serif"
SIZE = 12.0
INK = "#1e2124"
ACCENT = "#0b50a0"
MUTED = "#58616a"
GRID = "#d6d9de"


def text_width(text: str, size: float = SIZE) -> float:
    """How wide `text` will be, near enough to place it: the advances of NanumGothic by class of character, in ems."""
    return sum(_advance(c) for c in text) * size


def _advance(character: str) -> float:
    if east_asian_width(character) in "WF":
        return 0.94
    if character.isdecimal():
        return 0.61
    return 0.72 if character.isupper() else 0.55 if character.isalpha() else 0.38


def shortened(text: str, width: float, size: float = SIZE) -> str:
    """`text`, cut with … where it would be wider than `width`."""
    if text_width(text, size) <= width:
        return text
    while text and text_width(text + "…", size) > width:
        text = text[:-1]
    return text.rstrip() + "…"


def _n(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


class Sheet:
    """Width and height in user units; (0, 0) is the top left corner."""

    def __init__(self, width: float, height: float) -> None:
        self.width = width
        self.height = height
        self._parts: list[str] = []

    def line(
        self, x1: float, y1: float, x2: float, y2: float, *, color: str = INK, width: float = 1, dashed: bool = False
    ) -> None:
        dashes = ' stroke-dasharray="5 3"' if dashed else ""
        self._parts.append(
            f'<line x1="{_n(x1)}" y1="{_n(y1)}" x2="{_n(x2)}" y2="{_n(y2)}" stroke="{color}" stroke-width="{_n(width)}"{dashes}/>'
        )

    def bar(self, x: float, y: float, width: float, height: float, *, fill: str, stroke: str = "none") -> None:
        self._parts.append(
            f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" height="{_n(height)}" fill="{fill}" stroke="{stroke}"/>'
        )

    def dot(self, x: float, y: float, radius: float, *, hollow: bool = False, color: str = INK) -> None:
        fill = "#ffffff" if hollow else color
        self._parts.append(
            f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(radius)}" fill="{fill}" stroke="{color}" stroke-width="1.5"/>'
        )

    def polygon(self, points: list[tuple[float, float]], *, hollow: bool = False, color: str = INK) -> None:
        listed = " ".join(f"{_n(x)},{_n(y)}" for x, y in points)
        fill = "#ffffff" if hollow else color
        self._parts.append(f'<polygon points="{listed}" fill="{fill}" stroke="{color}" stroke-width="1.5"/>')

    def words(
        self,
        x: float,
        y: float,
        text: str,
        *,
        anchor: str = "start",
        size: float = SIZE,
        color: str = INK,
        bold: bool = False,
    ) -> None:
        """`anchor` is start, middle or end; `y` is the base line."""
        weight = ' font-weight="700"' if bold else ""
        self._parts.append(
            f'<text x="{_n(x)}" y="{_n(y)}" font-size="{_n(size)}" text-anchor="{anchor}" fill="{color}"{weight}>{escape(text)}</text>'
        )

    def svg(self, title: str) -> str:
        """The finished figure; `title` is what a screen reader says."""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_n(self.width)} {_n(self.height)}"'
            f' width="{_n(self.width)}" height="{_n(self.height)}" role="img" font-family="{FONTS}">'
            f"<title>{escape(title)}</title>{''.join(self._parts)}</svg>"
        )
