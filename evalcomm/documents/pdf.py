"""HTML to PDF/A-2a and PDF/UA-1 bytes: our own fonts, nothing fetched, no warning let through, same input same bytes."""

import gc
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from threading import Lock
from typing import TYPE_CHECKING, Any, Literal

from evalcomm import resources
from evalcomm.documents.fonts import fonts_conf

if TYPE_CHECKING:
    from weasyprint import CSS, Document
    from weasyprint.text.fonts import FontConfiguration

STYLESHEETS = ("paper.css", "print.css")
_VARIANT = "pdf/a-2a"

# WeasyPrint and Pango are not made for two threads in one font map, and the log of warnings belongs to one document at a time.
_one_at_a_time = Lock()


class PrintFailure(Exception):
    """The press refused: what WeasyPrint warned about, one line each."""

    def __init__(self, complaints: list[str]) -> None:
        self.complaints = complaints
        super().__init__("; ".join(complaints))


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Page margins in millimetres (the customary 30·15·20·15 of Korean papers) and the style of the page number."""

    top: int = 30
    bottom: int = 15
    left: int = 20
    right: int = 15
    numbering: Literal["of-total", "dashes"] = "of-total"
    """`of-total` prints 전체쪽수-일련번호 (5-1), which 시행규칙 제18조 asks of important papers; `dashes` prints - 1 -."""

    def css(self) -> str:
        number = 'counter(pages) "-" counter(page)' if self.numbering == "of-total" else '"- " counter(page) " -"'
        return (
            f"@page {{ margin: {self.top}mm {self.right}mm {self.bottom}mm {self.left}mm;"
            f" @bottom-center {{ content: {number}; }} }}"
        )


STANDARD = Layout()


def render_pdf(html: str, *, number: str, title: str, issued_at: str, layout: Layout = STANDARD) -> bytes:
    """Print one paper.

    `issued_at` is an ISO 8601 time in UTC; it becomes the file's date, so that the same paper gives the same bytes on any day.
    Raises `PrintFailure` where WeasyPrint would have gone on with a warning.
    """
    with _press():
        # The document is gone when this returns, so that what it leaves can be cleared away before the next.
        return _print(html, number=number, title=title, issued_at=issued_at, layout=layout)


def _print(html: str, *, number: str, title: str, issued_at: str, layout: Layout) -> bytes:
    document = _lay_out(html, layout)
    document.metadata.title = title
    document.metadata.description = number
    document.metadata.created = document.metadata.modified = issued_at
    document.color_profiles["srgb"] = _srgb()
    printed: bytes = document.write_pdf(
        pdf_variant=_VARIANT,
        # Any name but "srgb", for which WeasyPrint opens the profile anew for every file and does not close it.
        output_intent="sRGB2014",
        pdf_identifier=number.encode(),
        finisher=_say_also_ua_1,
    )
    return printed


def _lay_out(html: str, layout: Layout) -> "Document":
    from weasyprint import HTML

    source = HTML(string=html, url_fetcher=_fetcher())
    return source.render(stylesheets=_stylesheets(layout), font_config=_font_configuration(), pdf_variant=_VARIANT)


@contextmanager
def _press() -> Iterator[None]:
    with _one_at_a_time, _private_fontconfig(), _no_garbage_collection(), _strict_log():
        yield


# ---- what is shared by all papers of a process


@cache
def _font_configuration() -> "FontConfiguration":
    from weasyprint.text.fonts import FontConfiguration

    return FontConfiguration()


@cache
def _stylesheets(layout: Layout) -> list["CSS"]:
    """Parsed once: a stylesheet is the same for every paper."""
    from weasyprint import CSS

    folder = resources.data_folder("templates") / "documents"
    texts = [(folder / name).read_text(encoding="utf-8") for name in STYLESHEETS] + [layout.css()]
    return [CSS(string=text, font_config=_font_configuration(), url_fetcher=_fetcher()) for text in texts]


@dataclass(slots=True)
class _ColorProfile:
    """What WeasyPrint asks of a colour profile. Its own class has the profile written anew by a library, in bytes that differ
    from the second use on; an archive gets the profile as it was published."""

    name: str
    content: bytes
    components: tuple[str, ...] = ("r", "g", "b")
    pdf_reference: bytes | None = None


def _srgb() -> _ColorProfile:
    return _ColorProfile("sRGB", files("weasyprint.pdf").joinpath("sRGB2014.icc").read_bytes())


@cache
def _fetcher() -> Any:
    """Lets a paper read data URIs and nothing else: no network, no file of the machine."""
    from weasyprint.urls import URLFetcher

    return URLFetcher(allowed_protocols={"data"}, allow_redirects=False)


@contextmanager
def _private_fontconfig() -> Iterator[None]:
    """fontconfig reads this variable when WeasyPrint is imported and when a font configuration is made; a browser that a test
    starts later must not inherit it."""
    before = os.environ.get("FONTCONFIG_FILE")
    os.environ["FONTCONFIG_FILE"] = str(fonts_conf())
    try:
        yield
    finally:
        if before is None:
            del os.environ["FONTCONFIG_FILE"]
        else:
            os.environ["FONTCONFIG_FILE"] = before


@contextmanager
def _no_garbage_collection() -> Iterator[None]:
    """A paper makes a great many boxes that live until it is done: looking for garbage among them costs a fifth of the time.

    Afterwards all of it is in the youngest generation, where one look finds it: a worker that prints a thousand papers stays small.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
            gc.collect(0)


class _Complaints(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


@contextmanager
def _strict_log() -> Iterator[None]:
    """Turn whatever WeasyPrint logs as a warning into a refusal."""
    logger = logging.getLogger("weasyprint")
    complaints = _Complaints()
    logger.addHandler(complaints)
    try:
        yield
    finally:
        logger.removeHandler(complaints)
    if complaints.lines:
        raise PrintFailure(complaints.lines)


# ---- one file, two standards

# PDF/UA-1 asks for its mark in the XMP metadata, and PDF/A for a description of any schema that it does not know itself
# (PDF/A Competence Center, TechNote 0009).
_UA_1 = b"""<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1" />
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>The part of ISO 14289 that the file follows</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
"""


def _say_also_ua_1(_document: Any, pdf: Any) -> None:
    """WeasyPrint writes one variant's mark; the file keeps both standards, so its metadata must say both."""
    metadata = pdf.objects[int(pdf.catalog["Metadata"].split()[0])]
    xmp = b"".join(metadata.stream)
    metadata.stream = [xmp.replace(b"</rdf:RDF>", _UA_1 + b"</rdf:RDF>")]
