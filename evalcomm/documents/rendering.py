"""From a model to HTML, and on to PDF. No Flask, no database, no clock: what is printed depends on the model alone."""

import base64
import hashlib
import json
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from evalcomm import resources
from evalcomm.documents import figures, korean, papers, pdf, qr
from evalcomm.documents.fonts import printable

FigureUrl = Callable[[str], str]
"""The address of a figure, by its name: where a page shows `figures.draw(kind, name, model)` as an image."""


def canonical(model: Mapping[str, Any]) -> bytes:
    """Sorted keys, no spaces, UTF-8: the bytes whose SHA-256 is printed on the paper."""
    return json.dumps(model, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def fingerprint(model: Mapping[str, Any]) -> str:
    """The SHA-256 of the canonical model, in hex: printed on every page of the paper, since a file cannot print its own hash."""
    return hashlib.sha256(canonical(model)).hexdigest()


def render_html(
    kind: str, model: Mapping[str, Any], *, for_screen: bool = False, figure_url: FigureUrl | None = None
) -> str:
    """The paper as HTML: a whole page for the press, or an <article> to put into a web page.

    On screen a figure is an image from its own address (`figure_url`), and style comes from `screen_css()`: nothing is inline, so a
    strict content policy holds. Raises `papers.BadModel` with every place where the model does not fit its paper.
    """
    papers.check(kind, model)
    if for_screen and figure_url is None and figures.names(kind, model):
        raise ValueError(f"{kind}: 화면에 그림을 보이려면 figure_url이 필요함")
    shown: Any = model if for_screen else _printable(model)
    return (
        _environment()
        .get_template(f"{kind}.html")
        .render(
            paper=shown,
            kind=kind,
            layout="screen.html" if for_screen else "page.html",
            digest=fingerprint(model),
            figure_names=figures.names(kind, model),
            figure_source=figure_url or (lambda name: _data_uri(figures.draw(kind, name, shown))),
            qr_source=lambda: _data_uri(qr.svg(model["verify_url"])),
        )
    )


def print_paper(kind: str, model: Mapping[str, Any], *, layout: pdf.Layout = pdf.STANDARD) -> bytes:
    """The paper as a PDF file: the same model and the same pinned versions give the same bytes."""
    return pdf.render_pdf(
        render_html(kind, model),
        number=model["number"],
        title=model["title"],
        issued_at=model["issued_at"],
        layout=layout,
    )


def screen_css() -> str:
    """The stylesheet of papers on screen, to be served as a file."""
    folder = resources.data_folder("templates") / "documents"
    return "".join((folder / name).read_text(encoding="utf-8") for name in ("paper.css", "screen.css"))


def _printable(value: Any) -> Any:
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, Mapping):
        return {key: _printable(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [_printable(entry) for entry in value]
    return value


def _data_uri(svg: str) -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


def _unbroken(write: Callable[[Any], str]) -> Callable[[Any], Markup]:
    """An official amount or a date is not broken over two lines; between a date and its time there may be a break."""

    def filtered(value: Any) -> Markup:
        written = write(value)
        whole, _, time = written.rpartition(" ") if ":" in written else (written, "", "")
        return Markup('<span class="unbroken">{}</span>{}').format(whole, f" {time}" if time else "")

    return filtered


def _unnamed(count: int) -> list[str]:
    return [f"위원 {number}" for number in range(1, count + 1)]


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(resources.data_folder("templates") / "documents"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        amount=_unbroken(korean.amount),
        day=_unbroken(korean.day),
        deadline=korean.deadline,
        eok=korean.eok,
        exact=korean.exact,
        minute=_unbroken(korean.minute),
        percent=korean.percent,
        particle=korean.with_particle,
        second=_unbroken(korean.second),
        signed=korean.signed,
        weekday=_unbroken(korean.weekday),
        when=korean.when,
    )
    environment.globals.update(item_mark=korean.mark, unit_for=korean.unit_for, unnamed=_unnamed, zip=zip)
    return environment
