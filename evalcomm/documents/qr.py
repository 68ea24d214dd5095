"""QR codes as SVG: one path, black on white, with the quiet zone that scanners need."""

import io

import segno


def svg(text: str) -> str:
    """An SVG of the QR code of `text`, at level M (a corner may be stamped over and it still reads)."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        out, kind="svg", border=2, xmldecl=False, svgns=True, omitsize=True, nl=False
    )
    return out.getvalue().decode()
