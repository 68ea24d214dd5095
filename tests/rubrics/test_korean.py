"""A report on a rubric and its plan, in the language of the screen."""

from flask import Flask
from flask_babel import force_locale

from evalcomm.rubrics import korean
from evalcomm.rubrics.checking import Finding, report
from tests.rubrics.texts import PLAN, RUBRIC


def test_the_page_of_an_english_reader_keeps_the_engines_words(app: Flask) -> None:
    finding = Finding("plan.toml", 3, "method", "is blank", "write a text")
    with app.test_request_context(), force_locale("en"):
        assert korean.spoken(finding) == finding
    with app.test_request_context(), force_locale("ko"):
        assert korean.spoken(finding).message == "비어 있습니다."


def test_a_report_names_every_error_of_both_files() -> None:
    found = report(
        RUBRIC.replace('points = "45"', 'points = "46"'),
        PLAN.replace("quorum = 5", 'quorum = "5"').replace('"lot"]', '"lot", "base"]'),
        rubric_name="r.toml",
        plan_name="p.toml",
    )

    assert [(error.file, error.key) for error in found.errors] == [
        ("r.toml", "criterion[2].points"),
        ("p.toml", "committee.quorum"),
        ("p.toml", "ties.keys[6]"),
    ]
    assert found.seal is None


def test_a_report_warns_of_a_cut_that_cannot_bite() -> None:
    found = report(RUBRIC.replace('"미흡" = "0.2"', '"미흡" = "0.5"'), PLAN, rubric_name="r.toml", plan_name="p.toml")

    assert found.errors == ()
    assert any(warning.key == "cut.criterion_ratio" for warning in found.warnings)
    assert found.seal is not None
