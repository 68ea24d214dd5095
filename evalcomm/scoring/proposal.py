"""A proposal as evaluators read it: the submitted version, by value, with names left out where the phase hides them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from evalcomm.applications.content import ITEMS, NARRATIVE
from evalcomm.applications.models import FundingSource


@dataclass(frozen=True, slots=True)
class ProposalFile:
    name: str
    kind: str
    media_type: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class BudgetRow:
    """One 비목 over all years: won by source, in the order of FundingSource."""

    item: str
    won: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.won)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the version does not say is None or empty, never made up."""

    version: int
    received_at: datetime
    sha256: str
    number: str
    title: str
    track: str | None
    task: str | None
    project: str | None
    region: str | None
    lead: str | None
    manager: str | None
    partners: tuple[tuple[str, str], ...]
    """(name, duty)"""
    names_hidden: bool
    period: tuple[date, date] | None
    narrative: tuple[tuple[str, str], ...]
    """(section, text) in the order of the form, sections without a text left out."""
    budget: tuple[BudgetRow, ...]
    requested_won: int | None
    total_won: int | None
    files: tuple[ProposalFile, ...]

    def won_by_source(self) -> tuple[int, ...]:
        return tuple(sum(row.won[place] for row in self.budget) for place in range(len(FundingSource)))

    def file(self, sha256: str) -> ProposalFile | None:
        return next((file for file in self.files if file.sha256 == sha256), None)


def read(
    content: Mapping[str, Any],
    *,
    version: int,
    received_at: datetime,
    sha256: str,
    number: str,
    title: str,
    hide_names: bool,
) -> Proposal:
    """From a submission's content; `number` and `title` are those of the application, for a version that doesn't say them."""
    period = content.get("period")
    narrative = content.get("narrative", {})
    return Proposal(
        version=version,
        received_at=received_at,
        sha256=sha256,
        number=content.get("number") or number,
        title=content.get("title") or title,
        track=content.get("track"),
        task=content.get("task"),
        project=content.get("project"),
        region=content.get("region"),
        lead=None if hide_names else content.get("lead", {}).get("name"),
        manager=None if hide_names else content.get("manager"),
        partners=()
        if hide_names
        else tuple((partner["name"], partner.get("duty", "")) for partner in content.get("partners", ())),
        names_hidden=hide_names,
        period=(date.fromisoformat(period[0]), date.fromisoformat(period[1])) if period else None,
        narrative=tuple((name, narrative[name]) for name, _ in NARRATIVE if narrative.get(name, "").strip()),
        budget=_budget(content.get("budget", ())),
        requested_won=content.get("requested_won"),
        total_won=content.get("total_won"),
        files=tuple(
            ProposalFile(
                name=file["name"],
                kind=file.get("kind", ""),
                media_type=file.get("media_type", "application/octet-stream"),
                size=file["size"],
                sha256=file["sha256"],
            )
            for file in content.get("files", ())
        ),
    )


def _budget(lines: Any) -> tuple[BudgetRow, ...]:
    sources = list(FundingSource)
    sums: dict[str, list[int]] = {}
    for line in lines:
        row = sums.setdefault(line["item"], [0] * len(sources))
        row[sources.index(FundingSource(line["source"]))] += line["won"]
    order = {item: place for place, item in enumerate(ITEMS)}
    return tuple(
        BudgetRow(item, tuple(won))
        for item, won in sorted(sums.items(), key=lambda row: (order.get(row[0], 99), row[0]))
    )
