"""The closed chain of fonts: NanumGothic for Korean, DejaVu Sans for the marks that it lacks, both from packages.

Fonts of the machine are shut out, so every machine prints the same, and a character that the chain lacks is known before it is
printed: `missing_glyphs` when a text is saved, `printable` when it is printed.
"""

import atexit
import unicodedata
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

FAMILIES = ("NanumGothic", "DejaVu Sans")

# In the order of the chain: package, path inside it.
_FILES = (
    ("koreanize_matplotlib", "fonts/NanumGothic.ttf"),
    ("koreanize_matplotlib", "fonts/NanumGothicBold.ttf"),
    ("matplotlib", "mpl-data/fonts/ttf/DejaVuSans.ttf"),
    ("matplotlib", "mpl-data/fonts/ttf/DejaVuSans-Bold.ttf"),
)

_FONTS_CONF = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <dir>{folder}/fonts</dir>
  <cachedir>{folder}/cache</cachedir>
  <config><rescan><int>0</int></rescan></config>
</fontconfig>
"""


class MissingFont(Exception):
    """A packaged font is not where it belongs; the text names the package to install."""


@cache
def font_files() -> tuple[Path, ...]:
    """The four font files, found without importing the packages that carry them (one of them loads matplotlib)."""
    found = []
    for package, inside in _FILES:
        spec = find_spec(package)
        path = Path(spec.origin).parent / inside if spec and spec.origin else None
        if path is None or not path.is_file():
            raise MissingFont(f"글꼴 {inside}이(가) 없음: 파이썬 꾸러미 {package}을(를) 설치해야 함")
        found.append(path)
    return tuple(found)


# Marks without shape that come along with pasted text and change nothing: soft hyphen, zero-width spaces and joiners, byte order
# mark, variation selectors. They are left out. Marks that turn the direction of writing are not among them: they are shown.
_SHAPELESS = dict.fromkeys([0x00AD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, *range(0xFE00, 0xFE10)])


@cache
def covered() -> frozenset[int]:
    """Code points that the chain can print in regular and in bold: with a shape, or a space, or the end of a line."""
    nanum, nanum_bold, dejavu, dejavu_bold = map(_code_points, font_files())
    known = (nanum | dejavu) & (nanum_bold | dejavu_bold)
    return frozenset(c for c in known if unicodedata.category(chr(c))[0] != "C") - {0x2028, 0x2029} | {
        ord("\n"),
        ord("\t"),
    }


def _code_points(path: Path) -> set[int]:
    from fontTools.ttLib import TTFont

    with TTFont(path, lazy=True) as font:
        return set(font.getBestCmap())


def missing_glyphs(text: str) -> list[str]:
    """The characters of `text` that no packaged font can print, each once, in order."""
    return list(dict.fromkeys(c for c in _composed(text) if ord(c) not in covered()))


def printable(text: str) -> str:
    """`text` composed (NFC), with every character that no font has shown by its number, [U+1F642]: visible, never a blank box."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(c if ord(c) in covered() else f"[U+{ord(c):04X}]" for c in _composed(text))


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text).replace("\r\n", "\n").translate(_SHAPELESS)


@cache
def fonts_conf() -> Path:
    """A fontconfig file that knows our four fonts and nothing of the machine; private to this process, gone when it ends."""
    folder = Path(mkdtemp(prefix="evalcomm-fonts-"))
    atexit.register(rmtree, folder, ignore_errors=True)
    (folder / "fonts").mkdir()
    (folder / "cache").mkdir()
    for path in font_files():
        (folder / "fonts" / path.name).symlink_to(path)
    conf = folder / "fonts.conf"
    conf.write_text(_FONTS_CONF.format(folder=folder), encoding="utf-8")
    return conf
