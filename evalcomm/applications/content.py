"""What an application says, once it is complete: the value that is checked, submitted and kept.

`problems` is the one rule for what is complete; the page before submission, the verb and the demonstration all ask it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from evalcomm.applications.models import FundingSource

NARRATIVE: tuple[tuple[str, bool], ...] = (
    ("summary", True),
    ("background", True),
    ("goals", True),
    ("plan", True),
    ("system", True),
    ("permits", False),
    ("sustainability", False),
    ("effects", True),
)
"""Sections of the proposal in their order, and whether each must be filled in."""
NARRATIVE_LIMIT = 4000
ITEMS: tuple[str, ...] = ("personnel", "operations", "travel", "research", "facility", "assets", "transfer")
"""비목, in the order of the budget table."""
MAX_YEARS = 5
MAX_PARTNERS = 10


@dataclass(frozen=True, slots=True)
class Line:
    year: int
    item: str
    source: FundingSource
    won: int


@dataclass(frozen=True, slots=True)
class Content:
    title: str
    track_id: int
    lead_organisation_id: int
    manager: str
    period_from: date
    period_to: date
    narrative: Mapping[str, str]
    partners: tuple[tuple[int, str], ...]
    """(organisation, duty) in order."""
    budget: tuple[Line, ...] = field(default=())

    @property
    def requested_won(self) -> int:
        return sum(line.won for line in self.budget if line.source is FundingSource.NATIONAL)

    @property
    def total_won(self) -> int:
        return sum(line.won for line in self.budget)

    def won_by_source(self) -> dict[FundingSource, int]:
        return {source: sum(line.won for line in self.budget if line.source is source) for source in FundingSource}


@dataclass(frozen=True, slots=True)
class Problem:
    """What is missing or wrong in which section; `code` finds the sentence."""

    section: str
    code: str
    params: Mapping[str, Any] = field(default_factory=dict)


def years_of(period_from: date, period_to: date) -> range:
    return range(period_from.year, period_to.year + 1)


def period_problem(period_from: date, period_to: date, today: date) -> Problem | None:
    if period_to < period_from:
        return Problem("basics", "period_order")
    if period_to < today:
        return Problem("basics", "period_past", {"today": today.isoformat()})
    if len(years_of(period_from, period_to)) > MAX_YEARS:
        return Problem("basics", "period_long", {"years": MAX_YEARS})
    return None


def problems(content: Content, *, ceiling_won: int, today: date) -> list[Problem]:
    """Everything that keeps the application from being submitted. `ceiling_won` is the track's budget."""
    found: list[Problem] = []
    if not content.title.strip():
        found.append(Problem("basics", "title_missing"))
    period = period_problem(content.period_from, content.period_to, today)
    if period is not None:
        found.append(period)
    for name, required in NARRATIVE:
        text = content.narrative.get(name, "").strip()
        if required and not text:
            found.append(Problem("plan", f"narrative_missing_{name}"))
        if len(text) > NARRATIVE_LIMIT:
            found.append(Problem("plan", "narrative_long", {"limit": f"{NARRATIVE_LIMIT:,}"}))
    found += partner_problems(content.lead_organisation_id, content.partners)
    return found + _budget_problems(content, ceiling_won)


def partner_problems(lead_organisation_id: int | None, partners: Sequence[tuple[int, str]]) -> list[Problem]:
    organisations = [organisation for organisation, _duty in partners]
    found = [Problem("partners", "partner_is_lead")] if lead_organisation_id in organisations else []
    if len(set(organisations)) < len(organisations):
        found.append(Problem("partners", "partner_twice"))
    return found


def _budget_problems(content: Content, ceiling_won: int) -> list[Problem]:
    found: list[Problem] = []
    if content.requested_won <= 0:
        found.append(Problem("budget", "nothing_requested"))
    if content.requested_won > ceiling_won:
        found.append(Problem("budget", "over_ceiling", {"won": f"{ceiling_won:,}"}))
    if any(line.won < 0 for line in content.budget):
        found.append(Problem("budget", "amount_negative"))
    outside = sorted(
        {line.year for line in content.budget if line.won} - set(years_of(content.period_from, content.period_to))
    )
    if outside:
        found.append(Problem("budget", "year_outside_period", {"years": ", ".join(map(str, outside))}))
    return found
