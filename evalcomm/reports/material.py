"""What the papers of a call are made of, read once: the adopted run, the opened tables, the people and the texts."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from flask_babel import force_locale

from evalcomm.applications import queries as applications
from evalcomm.applications.models import Application
from evalcomm.documents.papers import Score
from evalcomm.engine.exact import format_figure, format_fixed, parse_figure
from evalcomm.engine.plan import Figure, Plan
from evalcomm.engine.ranking import Standing
from evalcomm.foundation.errors import Conflict
from evalcomm.programs.models import Call, Track
from evalcomm.rubrics import queries as rubrics
from evalcomm.rubrics import wording
from evalcomm.scoring import queries as scoring
from evalcomm.scoring.figures import TableCell, TableRow
from evalcomm.scoring.models import ScoreTable, SheetVersion
from evalcomm.scoring.queries import OpenedTable
from evalcomm.selection import queries as selection
from evalcomm.selection.models import AllocationLine, AllocationRun

Stage = Literal["sheet", "criterion", "mean", "final"]


@dataclass(frozen=True, slots=True)
class TrackMaterial:
    track: Track
    plan: Plan
    opened: OpenedTable
    closed: ScoreTable
    versions: Mapping[int, SheetVersion]
    """Sheet id → the version that counts."""

    @property
    def rows(self) -> Mapping[int, TableRow]:
        return {row.application: row for row in self.opened.rows}

    def standing(self, application_id: int) -> Standing:
        return self.opened.ranking.standing(str(application_id))

    @property
    def member_labels(self) -> list[str]:
        """위원 1 …, in the order of the cells."""
        return [f"위원 {member.number}" for member in self.opened.box.members]

    def rule(self, heading: str) -> tuple[str, ...]:
        """The sentences under a heading of the plan as the notice printed it."""
        with force_locale("ko"):
            return next((rule.sentences for rule in wording.rules(self.plan) if rule.heading == heading), ())

    @property
    def method(self) -> str:
        return " ".join(f"{sentence}." for sentence in self.rule("점수 집계")) or "평가계획에서 정한 방법"

    def written(self, value: Fraction, stage: Stage) -> str:
        """With the digits that the plan declares for the stage ("84.00"), exact where it declares none."""
        rounding = self.plan.rounding
        digits = {
            "sheet": rounding.sheet_total,
            "criterion": rounding.criterion,
            "mean": rounding.mean,
            "final": rounding.final,
        }[stage]
        return format_figure(value) if digits is None else format_fixed(value, digits, rounding.mode)

    def written_or_none(self, value: Fraction | None, stage: Stage) -> str | None:
        return None if value is None else self.written(value, stage)

    def total(self, cell: TableCell) -> Score:
        """An evaluator's figure; missing, recused and not applicable are marks, never numbers."""
        value = None if cell.value is None else self.written(parse_figure(cell.value), "sheet")
        return {"mark": cell.mark, "value": value, "dropped": cell.dropped}  # type: ignore[typeddict-item]  # marks of `scoring.box`

    @property
    def cut_on_mean(self) -> str | None:
        return self._cut(Figure.MEAN)

    @property
    def cut_on_final(self) -> str | None:
        return self._cut(Figure.FINAL)

    def _cut(self, figure: Figure) -> str | None:
        minimum = wording.total_minimum(self.plan)
        return None if minimum is None or self.plan.cut.on is not figure else format_figure(minimum)


@dataclass(frozen=True, slots=True)
class Material:
    call: Call
    run: AllocationRun
    tracks: Mapping[int, TrackMaterial]
    applications: Mapping[int, Application]

    @property
    def lines(self) -> list[AllocationLine]:
        return list(self.run.lines)

    def lines_of(self, track_id: int) -> list[AllocationLine]:
        return [line for line in self.run.lines if line.track_id == track_id]


def gather(call: Call) -> Material:
    """Raises Conflict before a run is adopted: papers are printed from the adopted run only."""
    run = selection.adopted_run(call.id)
    if run is None:
        raise Conflict("run_not_adopted")
    tracks = {track.id: _track(track) for track in run.call.tracks if str(track.id) in run.inputs["tracks"]}
    return Material(
        call=run.call,
        run=run,
        tracks=tracks,
        applications={line.application_id: applications.full(line.application_id) for line in run.lines},
    )


def _track(track: Track) -> TrackMaterial:
    bench = scoring.bench_of(track)
    lots = {str(application): lot for application, lot in selection.drawn(track.id).items()}
    opened = scoring.opened_table(bench, lots=lots)
    closed = scoring.closed_table(track)
    assert closed is not None
    return TrackMaterial(
        track=track,
        plan=rubrics.plan_value(track.plan),
        opened=opened,
        closed=closed,
        versions=scoring.version_contents(opened.box),
    )
