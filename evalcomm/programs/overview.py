"""The facts of a programme's page, each with where it comes from: printed in the source, worked out from it, or from elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from evalcomm.documents.korean import amount
from evalcomm.programs.models import Program

Provenance = Literal["printed", "derived", "external"]
PROVENANCE: dict[Provenance, LazyString] = {
    "printed": _l("보도자료에 적힌 그대로"),
    "derived": _l("원문에서 셈한 값"),
    "external": _l("원문 밖 자료"),
}


@dataclass(frozen=True, slots=True)
class Fact:
    label: str
    value: str
    provenance: Provenance


def outline(program: Program) -> list[Fact]:
    head = _part(program.source, "program")
    budget = _part(head, "budget")
    year = program.fiscal_year or None
    return _given(
        (_("정책"), head.get("policy_name"), "printed"),
        (_("목적"), program.purpose, "printed"),
        (_("주관 부처"), ", ".join(program.authority), "printed"),
        (_("예산"), program.budget_as_printed, "printed"),
        (_("재원"), budget.get("kind"), "printed"),
        (_("예산 단계"), budget.get("stage"), "printed"),
        (_("예산(공문서 표기)"), amount(program.budget_won), "derived"),
        (_("회계연도"), year and _("%(year)s년", year=year), "derived"),
        (_("근거"), program.legal_basis, "printed"),
    )


def task_force(program: Program) -> list[Fact]:
    force = _part(program.source, "task_force")
    local, institutions = _part(force, "local_governments"), _part(force, "public_institutions")
    return _given(
        (_("중앙행정기관 등"), ", ".join(force.get("central", [])), "printed"),
        (_("지방자치단체"), local.get("printed"), "printed"),
        (_("지방자치단체의 시·도"), ", ".join(local.get("derived_candidates", [])), "derived"),
        (_("공공기관"), institutions.get("printed"), "printed"),
    )


def source(program: Program) -> list[Fact]:
    head = _part(program.source, "program")
    document, outside = _part(head, "source_document"), _part(head, "external")
    year = outside.get("press_year")
    return _given(
        (_("문서"), document.get("title"), "printed"),
        (_("부제"), document.get("subtitle"), "printed"),
        (_("낸 곳"), ", ".join(document.get("issuers", [])), "printed"),
        (_("연도"), year and _("%(year)s년", year=year), "external"),
        (_("읽어 들인 파일의 SHA-256"), program.source_sha256, "derived"),
    )


def _given(*facts: tuple[str, str | None, Provenance]) -> list[Fact]:
    return [Fact(label, value, provenance) for label, value, provenance in facts if value]


def _part(table: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = table.get(key) or {}
    return found
