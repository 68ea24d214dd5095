"""Decision memos through the press, against bare WeasyPrint calls on the same HTML and fonts.

The press starts from the model (check, template, figures, QR code, PDF/A and PDF/UA marks); the bare call gets the finished HTML. Two peers:

- bare: `HTML(string=html).write_pdf(stylesheets=[...])`, as its documentation shows it;
- shared: the same with parsed stylesheets and one font configuration kept for all calls, the best that a careful user does.

Pairs are interleaved; the figure is the median of the pairs' ratios of pages per second. Run from the root of the
checkout: `python -m benchmarks.memos`. Exit code 1 below the goal.
"""

import io
import os
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

from pypdf import PdfReader

from evalcomm import resources
from evalcomm.documents import pdf, rendering
from evalcomm.documents.fonts import fonts_conf
from tests.documents.examples import decision_memo, scored

GOAL = 0.95
PAIRS = 5
MEMOS = 5


def memo(number: int) -> Any:
    """One of a batch: another number, another project, other scores."""
    model: Any = decision_memo()
    model["number"] = f"심의결과-2026-{number:04d}"
    model["application"]["project"] += f" {number}호"
    model["evaluators"] = [
        {"evaluator": f"위원 {n}", "score": scored(f"{70 + (number * 7 + n * 3) % 28}.{number % 4 * 25:02d}")}
        for n in range(1, 8)
    ]
    return model


def pages_per_second(printers: list[Callable[[int], bytes]]) -> list[float]:
    """The printers take turns memo by memo, so that whatever else the machine does falls on both."""
    seconds = [0.0] * len(printers)
    pages = [0] * len(printers)
    for number in range(MEMOS):
        for index, print_one in enumerate(printers):
            start = time.perf_counter()
            file = print_one(number)
            seconds[index] += time.perf_counter() - start
            pages[index] += len(PdfReader(io.BytesIO(file)).pages)
    return [count / spent for count, spent in zip(pages, seconds, strict=True)]


def main() -> int:
    os.environ["FONTCONFIG_FILE"] = str(fonts_conf())
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    models = [memo(number) for number in range(MEMOS)]
    pages = [rendering.render_html("decision_memo", model) for model in models]
    folder = resources.data_folder("templates") / "documents"
    styles = [(folder / name).read_text(encoding="utf-8") for name in pdf.STYLESHEETS] + [pdf.STANDARD.css()]
    fonts = FontConfiguration()
    parsed = [CSS(string=style, font_config=fonts) for style in styles]

    def press(number: int) -> bytes:
        return rendering.print_paper("decision_memo", models[number])

    def bare(number: int) -> bytes:
        stylesheets = [CSS(string=style) for style in styles]
        return bytes(HTML(string=pages[number]).write_pdf(stylesheets=stylesheets, pdf_variant="pdf/a-2a"))

    def shared(number: int) -> bytes:
        return bytes(
            HTML(string=pages[number]).write_pdf(stylesheets=parsed, font_config=fonts, pdf_variant="pdf/a-2a")
        )

    failed = False
    for name, peer, goal in (("bare", bare, GOAL), ("shared", shared, None)):
        ratios = []
        for pair in range(PAIRS + 1):
            ours, theirs = pages_per_second([press, peer])
            if pair:  # the first pair warms up
                ratios.append(ours / theirs)
                print(f"memos vs {name}: {ours:.1f} / {theirs:.1f} pages/s = {ratios[-1]:.2f}")
        ratio = statistics.median(ratios)
        wanted = "" if goal is None else f" (goal {goal:.2f})"
        print(f"memos vs {name}: median ratio {ratio:.2f}{wanted}")
        failed = failed or (goal is not None and ratio < goal)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
