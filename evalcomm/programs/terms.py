"""What a call announces, as one value: checked before it is published, compared when it is amended, hashed as its snapshot.

Pure: no database, no clock. `of_call` reads rows that are loaded; services write them back.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

from evalcomm.foundation.clock import in_seoul
from evalcomm.foundation.database import canonical_sha256
from evalcomm.programs.models import Call, CallKind, Phase, PhaseKind, Visibility
from evalcomm.web.faults import Fault

SECTIONS = ("support", "eligibility", "how_to_apply", "documents", "objection", "notes")
"""지원 내용, 신청 자격, 신청 방법, 제출서류, 이의신청, 유의사항."""
SCHEMA = 1


@dataclass(frozen=True, slots=True)
class PlanTerms:
    """A plan by its seal; `row_id` finds it in the database and is no part of what is announced."""

    row_id: int
    plan_id: str
    version: int
    sha256: str
    title: str


@dataclass(frozen=True, slots=True)
class TrackTerms:
    code: str
    title: str
    budget_won: int
    plan: PlanTerms


@dataclass(frozen=True, slots=True)
class RoundTerms:
    """`position` counts from 1; `pass_multiple` None = the last round."""

    position: int
    title: str
    weight_percent: int = 100
    pass_multiple: str | None = None


@dataclass(frozen=True, slots=True)
class PhaseTerms:
    """`round` is the position of its round, or None for the whole call."""

    kind: PhaseKind
    opens_at: datetime
    closes_at: datetime
    round: int | None = None
    may_submit: bool = False
    may_score: bool = False
    members_see_other_scores: Visibility = Visibility.NEVER
    members_see_applicant_names: bool = True
    secretariat_sees_figures: bool = False

    @property
    def key(self) -> str:
        """Names the phase in forms and errors: "application", "scoring-2"."""
        return str(self.kind) if self.round is None else f"{self.kind}-{self.round}"


@dataclass(frozen=True, slots=True)
class CallTerms:
    number: str
    title: str
    kind: CallKind
    is_demonstration: bool
    budget_won: int
    description: str
    authority: str
    contact: str
    texts: Mapping[str, tuple[str, ...]]
    tracks: tuple[TrackTerms, ...]
    rounds: tuple[RoundTerms, ...]
    phases: tuple[PhaseTerms, ...]

    def phase(self, kind: PhaseKind, round_position: int | None = None) -> PhaseTerms | None:
        return next((phase for phase in self.phases if (phase.kind, phase.round) == (kind, round_position)), None)


def of_call(call: Call) -> CallTerms:
    position = {row.id: row.position for row in call.rounds}
    return CallTerms(
        number=call.number,
        title=call.title,
        kind=CallKind(call.kind),
        is_demonstration=call.is_demonstration,
        budget_won=call.budget_won,
        description=call.description,
        authority=call.authority,
        contact=call.contact,
        texts={section: tuple(call.texts.get(section, ())) for section in SECTIONS},
        tracks=tuple(
            TrackTerms(
                code=track.code,
                title=track.title,
                budget_won=track.budget_won,
                plan=PlanTerms(
                    track.plan.id, track.plan.plan_id, track.plan.version, track.plan.sha256, track.plan.title
                ),
            )
            for track in sorted(call.tracks, key=lambda track: track.position)
        ),
        rounds=tuple(
            RoundTerms(row.position, row.title, row.weight_percent, row.pass_multiple)
            for row in sorted(call.rounds, key=lambda row: row.position)
        ),
        phases=in_order(phase_terms(phase, position) for phase in call.phases),
    )


def phase_terms(phase: Phase, position_of_round: Mapping[int, int]) -> PhaseTerms:
    return PhaseTerms(
        kind=PhaseKind(phase.kind),
        opens_at=phase.opens_at,
        closes_at=phase.closes_at,
        round=None if phase.round_id is None else position_of_round[phase.round_id],
        may_submit=phase.may_submit,
        may_score=phase.may_score,
        members_see_other_scores=Visibility(phase.members_see_other_scores),
        members_see_applicant_names=phase.members_see_applicant_names,
        secretariat_sees_figures=phase.secretariat_sees_figures,
    )


def in_order(phases: Iterator[PhaseTerms]) -> tuple[PhaseTerms, ...]:
    kinds = list(PhaseKind)
    return tuple(sorted(phases, key=lambda phase: (kinds.index(phase.kind), phase.round or 0)))


def with_dates(terms: CallTerms, dates: Mapping[str, tuple[datetime, datetime]]) -> CallTerms:
    """The same terms with other windows, by the keys of the phases: how a deadline is extended."""
    return replace(
        terms,
        phases=tuple(
            replace(phase, opens_at=dates[phase.key][0], closes_at=dates[phase.key][1]) if phase.key in dates else phase
            for phase in terms.phases
        ),
    )


def with_budget(terms: CallTerms, budget_won: int) -> CallTerms:
    """Another budget. The ceiling of an only track that has all of it goes along."""
    tracks = terms.tracks
    if len(tracks) == 1 and tracks[0].budget_won == terms.budget_won:
        tracks = (replace(tracks[0], budget_won=budget_won),)
    return replace(terms, budget_won=budget_won, tracks=tracks)


def with_rounds(
    terms: CallTerms, rounds: tuple[RoundTerms, ...], dates: Mapping[int, tuple[datetime, datetime]]
) -> CallTerms:
    """Other rounds. One alone is scored in the call's scoring window; of several each has a window of its own, with the rights of the first."""
    scoring = [phase for phase in terms.phases if phase.kind is PhaseKind.SCORING]
    others = [phase for phase in terms.phases if phase.kind is not PhaseKind.SCORING]
    windows: list[PhaseTerms] = []
    if scoring and len(rounds) == 1:
        windows = [replace(scoring[0], round=None, closes_at=max(phase.closes_at for phase in scoring))]
    elif scoring:
        windows = [
            replace(scoring[0], round=row.position, opens_at=dates[row.position][0], closes_at=dates[row.position][1])
            for row in rounds
            if row.position in dates
        ]
    return replace(terms, rounds=rounds, phases=in_order(iter([*others, *windows])))


# ---- the snapshot


def content(terms: CallTerms, *, program: str) -> dict[str, Any]:
    """Plain JSON of everything that is announced; `program` is the programme's code. Times are in UTC."""
    return {
        "schema": SCHEMA,
        "program": program,
        "number": terms.number,
        "title": terms.title,
        "kind": str(terms.kind),
        "is_demonstration": terms.is_demonstration,
        "budget_won": terms.budget_won,
        "description": terms.description,
        "authority": terms.authority,
        "contact": terms.contact,
        "texts": {section: list(terms.texts.get(section, ())) for section in SECTIONS},
        "tracks": [
            {
                "code": track.code,
                "title": track.title,
                "budget_won": track.budget_won,
                "plan": {"id": track.plan.plan_id, "version": track.plan.version, "sha256": track.plan.sha256},
            }
            for track in terms.tracks
        ],
        "rounds": [
            {
                "position": row.position,
                "title": row.title,
                "weight_percent": row.weight_percent,
                "pass_multiple": row.pass_multiple,
            }
            for row in terms.rounds
        ],
        "phases": [
            {
                "kind": str(phase.kind),
                "round": phase.round,
                "opens_at": phase.opens_at.astimezone(UTC).isoformat(),
                "closes_at": phase.closes_at.astimezone(UTC).isoformat(),
                "may_submit": phase.may_submit,
                "may_score": phase.may_score,
                "members_see_other_scores": str(phase.members_see_other_scores),
                "members_see_applicant_names": phase.members_see_applicant_names,
                "secretariat_sees_figures": phase.secretariat_sees_figures,
            }
            for phase in in_order(iter(terms.phases))
        ],
    }


def fingerprint(snapshot: Mapping[str, Any]) -> str:
    return canonical_sha256(snapshot)


# ---- the rules


def faults(
    terms: CallTerms, *, program_budget_won: int, at: datetime, before: CallTerms | None = None
) -> Iterator[Fault]:
    """Everything that is wrong. `before` = the terms that are announced now: then what is past must stay as it was."""
    for name in ("number", "title"):
        if not getattr(terms, name).strip():
            yield Fault(name, "call_text_missing")
    yield from _money(terms, program_budget_won)
    yield from _rounds(terms)
    yield from _windows(terms)
    yield from _sequence(terms)
    yield from _past(terms, at) if before is None else _changed_past(terms, before, at)


def certain(least: Iterable[Fault], most: Iterable[Fault]) -> Iterator[Fault]:
    """The faults of a form of which a part can't be read: those that stand whether the unread is as early and small, or as late and large, as can be.
    Every rule compares, so what holds at both ends holds between them."""
    also = {(fault.place, fault.code) for fault in most}
    return (fault for fault in least if (fault.place, fault.code) in also)


def _money(terms: CallTerms, program_budget_won: int) -> Iterator[Fault]:
    if terms.budget_won <= 0:
        yield Fault("budget_won", "call_budget_positive")
    elif terms.budget_won > program_budget_won:
        yield Fault("budget_won", "call_budget_over_program", {"program": f"{program_budget_won:,}"})
    if not terms.tracks:
        yield Fault("tracks", "call_without_track")
    whole = sum(track.budget_won for track in terms.tracks)
    if whole > terms.budget_won:
        yield Fault("tracks", "tracks_over_budget", {"tracks": f"{whole:,}", "over": f"{whole - terms.budget_won:,}"})
    for track in terms.tracks:
        if track.budget_won <= 0:
            yield Fault(f"track-{track.code}_budget_won", "track_budget_positive", {"track": track.title})


def _rounds(terms: CallTerms) -> Iterator[Fault]:
    if not terms.rounds:
        yield Fault("rounds", "call_without_round")
        return
    whole = sum(row.weight_percent for row in terms.rounds)
    if whole != 100:
        yield Fault("rounds", "round_weights", {"sum": whole})
    for row in terms.rounds[:-1]:
        if row.pass_multiple is None:
            yield Fault("rounds", "round_multiple_missing", {"round": row.title})


def _windows(terms: CallTerms) -> Iterator[Fault]:
    present = {phase.kind for phase in terms.phases}
    for kind in PhaseKind:
        if kind not in present:
            yield Fault(f"{kind}_opens_at", "phase_dates_missing")
    for phase in terms.phases:
        if phase.opens_at >= phase.closes_at:
            yield Fault(f"{phase.key}_closes_at", "phase_closes_before_opening", {"opens_at": phase.opens_at})
    scored = {phase.round for phase in terms.phases if phase.kind is PhaseKind.SCORING}
    if len(terms.rounds) > 1 and None not in scored:
        for row in terms.rounds:
            if row.position not in scored:
                yield Fault("rounds", "round_without_dates", {"round": row.title})


_AFTER: tuple[tuple[PhaseKind, PhaseKind, str], ...] = (
    (PhaseKind.SCREENING, PhaseKind.APPLICATION, "screening_after_application"),
    (PhaseKind.DECLARATION, PhaseKind.APPLICATION, "declaration_after_application"),
    (PhaseKind.SCORING, PhaseKind.APPLICATION, "scoring_after_application"),
    (PhaseKind.SCORING, PhaseKind.DECLARATION, "scoring_after_declaration"),
    (PhaseKind.DELIBERATION, PhaseKind.SCORING, "deliberation_after_scoring"),
)
"""(later, earlier, code): the later phase opens when the earlier one is over. Conflicts are declared on what came in; figures open when nobody scores any more."""


def _sequence(terms: CallTerms) -> Iterator[Fault]:
    for later_kind, earlier_kind, code in _AFTER:
        ends = [phase.closes_at for phase in terms.phases if phase.kind is earlier_kind]
        for phase in terms.phases:
            if phase.kind is later_kind and ends and phase.opens_at <= max(ends):
                yield Fault(f"{phase.key}_opens_at", code, {"closes_at": max(ends)})
    rounds = [
        phase for phase in in_order(iter(terms.phases)) if phase.kind is PhaseKind.SCORING and phase.round is not None
    ]
    for earlier, later in pairwise(rounds):
        if later.opens_at <= earlier.closes_at:
            yield Fault(f"{later.key}_opens_at", "rounds_out_of_order", {"closes_at": earlier.closes_at})


def _past(terms: CallTerms, at: datetime) -> Iterator[Fault]:
    for phase in terms.phases:
        if in_seoul(phase.opens_at).date() < in_seoul(at).date():
            yield Fault(f"{phase.key}_opens_at", "date_in_the_past", {"today": at})
        if phase.closes_at <= at:
            yield Fault(f"{phase.key}_closes_at", "date_in_the_past", {"today": at})


def _changed_past(terms: CallTerms, before: CallTerms, at: datetime) -> Iterator[Fault]:
    """An opening that has happened can't be moved, and nothing is moved into the past. A window that is over may be opened again."""
    old = {phase.key: phase for phase in before.phases}
    for phase in terms.phases:
        was = old.get(phase.key)
        if was is None:
            continue
        if phase.opens_at != was.opens_at and (was.opens_at <= at or phase.opens_at <= at):
            code = "opening_has_happened" if was.opens_at <= at else "date_in_the_past"
            yield Fault(f"{phase.key}_opens_at", code, {"today": at, "opens_at": was.opens_at})
        if phase.closes_at != was.closes_at and phase.closes_at <= at:
            yield Fault(f"{phase.key}_closes_at", "date_in_the_past", {"today": at})
    if [track.code for track in terms.tracks] != [track.code for track in before.tracks]:
        yield Fault("tracks", "tracks_stay")
    if [row.position for row in terms.rounds] != [row.position for row in before.rounds]:
        yield Fault("rounds", "rounds_stay")
    if (terms.number, terms.kind, terms.is_demonstration) != (before.number, before.kind, before.is_demonstration):
        yield Fault("number", "number_stays")
    yield from _changed_plans(terms, before, at)


def _changed_plans(terms: CallTerms, before: CallTerms, at: datetime) -> Iterator[Fault]:
    """Once scoring has opened, what is scored and how it counts is out of anybody's reach."""
    opened = [phase.opens_at for phase in before.phases if phase.kind is PhaseKind.SCORING]
    if not opened or min(opened) > at:
        return
    old = {track.code: track.plan.sha256 for track in before.tracks}
    for track in terms.tracks:
        if old.get(track.code, track.plan.sha256) != track.plan.sha256:
            yield Fault(f"track-{track.code}_plan", "plan_after_scoring", {"opens_at": min(opened)})
    if terms.rounds != before.rounds:
        yield Fault("rounds", "plan_after_scoring", {"opens_at": min(opened)})
