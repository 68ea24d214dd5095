"""The closed chain of fonts, against the font files themselves."""

import os
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
import yaml
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st

from evalcomm import resources
from evalcomm.documents import fonts


def test_every_hangul_syllable_and_official_mark_prints() -> None:
    syllables = "".join(map(chr, range(ord("가"), ord("힣") + 1)))
    marks = "․‧ㆍ·☐☑✓◎□○―-※⇨→「」『』《》①②⑮㉮㉻★⊙〈〉~∼′″㎡％℃×÷≥≤−國土金億"

    assert fonts.missing_glyphs(syllables + marks + "\r\n") == []


def test_the_programme_prints_as_it_stands_in_its_source() -> None:
    for path in resources.data_folder("programs").glob("*.yaml"):
        text = yaml.dump(yaml.safe_load(path.read_text(encoding="utf-8")), allow_unicode=True)
        assert fonts.missing_glyphs(text) == [], path.name


def test_missing_characters_are_named_once_and_in_order() -> None:
    assert fonts.missing_glyphs("나🙂가🙂𠀀\u0007") == ["🙂", "𠀀", "\u0007"]


def test_a_composed_syllable_is_not_missing_because_it_came_in_pieces() -> None:
    assert fonts.missing_glyphs(unicodedata.normalize("NFD", "각설탕")) == []
    assert fonts.printable(unicodedata.normalize("NFD", "각설탕.pdf")) == "각설탕.pdf"


@given(st.text(max_size=40))
def test_whatever_is_printed_has_glyphs(text: str) -> None:
    shown = fonts.printable(text)

    assert fonts.missing_glyphs(shown) == []
    assert [f"[U+{ord(c):04X}]" in shown for c in fonts.missing_glyphs(text)] == [True] * len(
        fonts.missing_glyphs(text)
    )


@given(st.text(alphabet=st.sampled_from("가힣각 ㆍ․☑0aA.「」\n")))
def test_what_has_glyphs_stays_as_it_is(text: str) -> None:
    assert fonts.printable(text) == text


def test_marks_without_shape_are_left_out_and_those_that_turn_the_writing_are_shown() -> None:
    assert fonts.printable("\ufeff제\u200b안\u00ad서\ufe0f") == "제안서"
    assert fonts.missing_glyphs("\ufeff제\u200b안\u00ad서\ufe0f") == []
    assert fonts.printable("fdp.\u202e서약서") == "fdp.[U+202E]서약서"


def test_a_character_without_glyph_is_shown_by_its_number() -> None:
    assert fonts.printable("축하🙂합니다") == "축하[U+1F642]합니다"


def test_the_chain_is_the_packaged_fonts_and_nothing_else() -> None:
    listed = subprocess.run(
        ["fc-list", "--format", "%{family}|%{style}\n"],
        env={**os.environ, "FONTCONFIG_FILE": str(fonts.fonts_conf())},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    families = {line.split("|")[0].split(",")[0] for line in listed}

    assert len(fonts.font_files()) == 4
    assert families <= {"NanumGothic", "DejaVu", "Sans"}


def widths_of_digits(path: Path) -> set[int]:
    with TTFont(path, lazy=True) as font:
        metrics, mapping = font["hmtx"], font.getBestCmap()
        return {metrics[mapping[ord(digit)]][0] for digit in "0123456789"}


@pytest.mark.parametrize("path", fonts.font_files(), ids=lambda path: path.name)
def test_digits_are_of_one_width_so_that_columns_of_money_align(path: Path) -> None:
    assert len(widths_of_digits(path)) == 1


def test_asking_for_glyphs_loads_no_plotting_library() -> None:
    code = (
        "import sys; from evalcomm.documents.fonts import missing_glyphs; missing_glyphs('가🙂');"
        "print(sorted({'matplotlib', 'weasyprint', 'numpy', 'koreanize_matplotlib'} & set(sys.modules)))"
    )

    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
    )
