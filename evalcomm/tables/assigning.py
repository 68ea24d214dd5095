"""The tables that `assign` and `agenda` read: applications, evaluators, and pairs of both.

Applications: application; optional organisation. Evaluators: evaluator; optional organisation, min_load, max_load. Pairs: application,
evaluator; affinities one column more. Other columns are left alone.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from evalcomm.engine.assign import Application, Evaluator, Objective, Pair, Request, contradictions
from evalcomm.tables.reading import InputError, Row, Table, read_table

MOST_PAIRS = 40_000_000
"""Applications × evaluators that fit into the memory of an ordinary machine."""


@dataclass(frozen=True)
class PairFiles:
    """The files of pairs that a person named."""

    conflicts: str | None = None
    affinity: str | None = None
    fixed: str | None = None
    standing: str | None = None


@dataclass(frozen=True)
class Asked:
    """A request that contradicts itself nowhere; `standing` is None where no file was named."""

    request: Request
    standing: tuple[Pair, ...] | None
    warnings: tuple[str, ...]


def read_request(
    applications_file: str,
    evaluators_file: str,
    files: PairFiles,
    *,
    per_application: int | None,
    objective: Objective,
    apart: bool,
) -> Asked:
    """Reads and checks every file; raises InputError with everything that is wrong."""
    applications = read_applications(applications_file)
    evaluators = _evaluators(evaluators_file)
    if (pairs := len(applications.rows) * len(evaluators.rows)) > MOST_PAIRS:
        raise InputError(
            f"{applications.name} and {evaluators.name}: {pairs:,} pairs are more than {MOST_PAIRS:,}; assign field by field"
        )
    known = Known.of(applications, evaluators)
    warnings = [*applications.warnings, *evaluators.warnings]
    conflicts: Collection[Pair] = ()
    affinity: Mapping[Pair, Fraction] = {}
    fixed: Mapping[Pair, Row] = {}
    standing = None
    if files.conflicts is not None:
        table = pairs_table(files.conflicts)
        conflicts = known.pairs(table)
        warnings += table.warnings
    if files.affinity is not None:
        table = pairs_table(files.affinity, "affinity")
        table.unique("application", "evaluator")
        affinity = {pair: row.decimal("affinity") for pair, row in known.pairs(table).items()}
        table.check()
        warnings += table.warnings
    if files.fixed is not None:
        table = pairs_table(files.fixed)
        table.unique("application", "evaluator")
        fixed = known.pairs(table)
        warnings += table.warnings
    if files.standing is not None:
        table = pairs_table(files.standing)
        standing = tuple(sorted({(row.text("application"), row.text("evaluator")) for row in table}))
        table.check()
        warnings += [*table.warnings, *known.strangers(table.name, standing)]
    request = Request(
        [Application(row.get("application"), row.get("organisation") or None) for row in applications],
        [_evaluator(row) for row in evaluators],
        per_application,
        affinity,
        conflicts,
        objective=objective,
        apart=apart,
        standing=standing or (),
    )
    return Asked(_with_fixed(request, fixed), standing, tuple(warnings))


def read_applications(file: str) -> Table:
    """A table with the column application, each once, and perhaps organisation."""
    table = read_table(file)
    table.require("application")
    table.unique("application")
    for row in table:
        row.text("application")
        row.optional_text("organisation")
    table.check()
    return table


def _evaluators(file: str) -> Table:
    table = read_table(file)
    table.require("evaluator")
    table.unique("evaluator")
    for row in table:
        row.text("evaluator")
        row.optional_text("organisation")
        least, most = row.optional_count("min_load"), row.optional_count("max_load")
        if most is not None and most < (least or 0):
            row.problem("max_load", f"{most} is less than the min_load of {least}")
    table.check()
    return table


def _evaluator(row: Row) -> Evaluator:
    least = row.optional_count("min_load") or 0
    return Evaluator(row.get("evaluator"), row.get("organisation") or None, least, row.optional_count("max_load"))


def pairs_table(file: str, *columns: str) -> Table:
    """A table of pairs; it may have no rows."""
    table = read_table(file)
    table.require("application", "evaluator", *columns, rows=False)
    return table


@dataclass(frozen=True)
class Known:
    """Which ids there are, and in which files."""

    applications: frozenset[str]
    evaluators: frozenset[str] | None
    applications_file: str
    evaluators_file: str

    @classmethod
    def of(cls, applications: Table, evaluators: Table | None) -> Known:
        return cls(
            frozenset(row.get("application") for row in applications),
            None if evaluators is None else frozenset(row.get("evaluator") for row in evaluators),
            applications.name,
            "" if evaluators is None else evaluators.name,
        )

    def pairs(self, table: Table) -> dict[Pair, Row]:
        """The pairs with the first row of each; raises InputError where a cell is blank or an id unknown."""
        found: dict[Pair, Row] = {}
        for row in table:
            application, evaluator = row.text("application"), row.text("evaluator")
            if application and application not in self.applications:
                row.problem("application", f"'{application[:40]}' is no application of {self.applications_file}")
            if evaluator and self.evaluators is not None and evaluator not in self.evaluators:
                row.problem("evaluator", f"'{evaluator[:40]}' is no evaluator of {self.evaluators_file}")
            found.setdefault((application, evaluator), row)
        table.check()
        return found

    def strangers(self, name: str, pairs: Collection[Pair]) -> list[str]:
        """A warning for pairs of the past whose application or evaluator is gone."""
        gone = sum(1 for a, e in pairs if a not in self.applications or e not in (self.evaluators or ()))
        said = "1 pair names" if gone == 1 else f"{gone} pairs name"
        return [f"{name}: {said} an application or evaluator that is not there any more"] if gone else []


def _with_fixed(request: Request, fixed: Mapping[Pair, Row]) -> Request:
    """Adds the fixed pairs; raises InputError with the row of each that cannot be."""
    wrong = contradictions(request, tuple(fixed))
    for pair, sentence in wrong:
        fixed[pair].problem("evaluator", sentence)
    if wrong:
        fixed[wrong[0][0]].table.check()
    return replace(request, fixed=tuple(fixed))


@dataclass(frozen=True)
class Recusals:
    """Who is recused from each application, and the reason of each pair ("" where none is given)."""

    by_application: Mapping[str, Collection[str]]
    reasons: Mapping[Pair, str]
    warnings: tuple[str, ...]


def read_recusals(applications_file: str, conflicts_file: str, evaluators_file: str | None) -> Recusals:
    """Reads and checks every file; raises InputError with everything that is wrong."""
    applications = read_applications(applications_file)
    evaluators = None if evaluators_file is None else _evaluators(evaluators_file)
    table = pairs_table(conflicts_file)
    declared = Known.of(applications, evaluators).pairs(table)
    given: dict[Pair, set[str]] = {pair: set() for pair in declared}
    for row in table:
        if reason := row.optional_text("reason"):
            given[row.get("application"), row.get("evaluator")].add(reason)
    table.check()
    for person in evaluators or ():
        for row in applications:
            if person.get("organisation") and person.get("organisation") == row.get("organisation"):
                given.setdefault((row.get("application"), person.get("evaluator")), set()).add(row.get("organisation"))
    by_application: dict[str, list[str]] = {row.get("application"): [] for row in applications}
    for application, evaluator in sorted(given):
        by_application[application].append(evaluator)
    warnings = [*applications.warnings, *(evaluators.warnings if evaluators else ()), *table.warnings]
    reasons = {pair: ", ".join(sorted(some)) for pair, some in given.items()}
    return Recusals(by_application, reasons, tuple(warnings))
