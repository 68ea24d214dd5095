"""What `rubric check` and `plan check` answer: errors and warnings with their places, and the seal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from evalcomm.engine.exact import Rounding, round_to
from evalcomm.engine.lint import Weight
from evalcomm.tables.language import said
from evalcomm.tables.plans import Finding
from evalcomm.tables.words import counted
from evalcomm.tables.writing import Answer, Cell, Sheet

HEADER = ("level", "file", "line", "key", "message", "suggestion")
WEIGHT_HEADER = ("item", "stated_percent", "effective_percent", "basis")


def check_answer(
    *,
    errors: Sequence[Finding],
    warnings: Sequence[Finding],
    sha256: str | None,
    weights: Mapping[str, Sequence[Weight]],
    name: str,
) -> Answer:
    """Exit code 1 with errors. `weights`: stated and effective weights by their basis ("possible", "observed")."""
    rows: list[list[Cell]] = [
        [level, finding.file, finding.line, finding.key, said(finding.message), said(finding.suggestion)]
        for level, found in (("error", errors), ("warning", warnings))
        for finding in found
    ]
    tables = [Sheet("", HEADER, rows, detail=not rows)]
    shown: list[list[Cell]] = [
        [weight.item, _percent(weight.stated), _percent(weight.effective), basis]
        for basis, whole in weights.items()
        for weight in whole
    ]
    if shown:
        tables.append(Sheet("weights", WEIGHT_HEADER, shown))
    verdict = f"{name}: 오류 {len(errors)}건, 주의 {len(warnings)}건 / {counted(len(errors), 'error')}, {counted(len(warnings), 'warning')}"
    document: dict[str, object] = {
        "errors": [_document(finding) for finding in errors],
        "warnings": [_document(finding) for finding in warnings],
        "sha256": sha256,
        "weights": {
            basis: [
                {"item": weight.item, "stated": float(weight.stated), "effective": float(weight.effective)}
                for weight in found
            ]
            for basis, found in weights.items()
        },
    }
    return Answer(
        document,
        tables,
        remarks=[verdict, *([f"sha256 {sha256}"] if sha256 else [])],
        exit_code=1 if errors else 0,
    )


def _percent(share: Fraction) -> Fraction:
    return round_to(100 * share, 1, Rounding.HALF_UP)


def _document(finding: Finding) -> dict[str, object]:
    return {
        "file": finding.file,
        "line": finding.line,
        "key": finding.key,
        "message": said(finding.message),
        "suggestion": said(finding.suggestion),
    }
