"""Boxes, openings and tables. Points of other people's sheets are read here and only of a box that was opened."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from sqlalchemy import and_, func, select
from sqlalchemy.orm import joinedload

from evalcomm.applications.models import Application, Screening, ScreeningVerdict, Submission
from evalcomm.committee import queries as committee
from evalcomm.committee.models import Committee, ConflictAct, Membership
from evalcomm.engine.exact import format_figure, parse_decimal
from evalcomm.engine.ranking import Ranking
from evalcomm.engine.rubric import Item
from evalcomm.foundation.database import db
from evalcomm.foundation.errors import NotFound, Refused
from evalcomm.programs.models import Call, Round, Track
from evalcomm.scoring.box import MISSING, NOT_APPLICABLE, SCORED, Box, Cell, Entrant, Fixed, Member
from evalcomm.scoring.figures import TableRow, figures_sha256, rank_box, signed_figures, table_rows
from evalcomm.scoring.models import (
    FixedPoints,
    Opening,
    OpeningRequest,
    ScoreSheet,
    ScoreTable,
    SheetState,
    SheetVersion,
    TableSignature,
)
from evalcomm.scoring.queries.desks import current_round, plan_of

REQUEST_LASTS = timedelta(hours=24)
"""How long the second person may take. After that somebody asks again."""

_MARKS = {ConflictAct.RECUSAL: "recused", ConflictAct.EXCLUSION: "excluded", ConflictAct.CHALLENGE: "challenged"}


@dataclass(frozen=True, slots=True)
class Bench:
    """A track in its round with the panel that scores it: what opening and table pages are about."""

    track: Track
    round: Round
    panel: Committee

    @property
    def call_id(self) -> int:
        return self.track.call_id


def get_bench(track_id: int, round_id: int) -> Bench:
    """Raises NotFound, also where no committee sits for the track."""
    track = db.session.get(Track, track_id, options=[joinedload(Track.call).joinedload(Call.program)])
    if track is None:
        raise NotFound("not_found")
    round_ = db.session.get(Round, round_id)
    if round_ is None or round_.call_id != track.call_id:
        raise NotFound("not_found")
    return bench_of(track, round_)


def bench_of(track: Track, round_: Round | None = None) -> Bench:
    """The bench of a track, by default in its current round. Raises NotFound where no committee sits for it."""
    panel = committee.panel_of(track)
    if panel is None:
        raise NotFound("no_panel", track=track.title)
    return Bench(track, round_ if round_ is not None else current_round(track), panel)


def benches_of_call(call_id: int) -> list[Bench]:
    """The tracks of a call that have a panel, in order."""
    tracks = db.session.scalars(select(Track).where(Track.call_id == call_id).order_by(Track.position)).all()
    return [
        Bench(track, current_round(track), panel)
        for track in tracks
        if (panel := committee.panel_of(track)) is not None
    ]


def lock_track(track_id: int, *, alone: bool = False) -> None:
    """Held to the end of the transaction: what enters the figures and what opens them can't pass each other."""
    db.session.execute(select(Track.id).where(Track.id == track_id).with_for_update(read=not alone))


# ---- fixed points


@dataclass(frozen=True, slots=True)
class Entered:
    """The last version of what the secretariat entered for one item of one application."""

    application_id: int
    item: str
    version: int
    points: Fraction
    evidence: str
    entered_at: datetime


def fixed_points(application_ids: Collection[int]) -> dict[tuple[int, str], Entered]:
    """(application, item) → what counts now. One query."""
    last = (
        select(FixedPoints.application_id, FixedPoints.item, func.max(FixedPoints.version).label("version"))
        .where(FixedPoints.application_id.in_(application_ids))
        .group_by(FixedPoints.application_id, FixedPoints.item)
        .subquery()
    )
    query = select(FixedPoints).join(
        last,
        and_(
            FixedPoints.application_id == last.c.application_id,
            FixedPoints.item == last.c.item,
            FixedPoints.version == last.c.version,
        ),
    )
    return {
        (row.application_id, row.item): Entered(
            row.application_id, row.item, row.version, Fraction(row.points), row.evidence, row.entered_at
        )
        for row in db.session.scalars(query)
    }


def history_of_fixed_points(application_id: int) -> Sequence[FixedPoints]:
    """Every entry ever made, newest first."""
    query = (
        select(FixedPoints)
        .options(joinedload(FixedPoints.entered_by))
        .where(FixedPoints.application_id == application_id)
        .order_by(FixedPoints.id.desc())
    )
    return db.session.scalars(query).all()


# ---- the box


def assemble_box(bench: Bench) -> Box:
    """The box as it would be opened now. Eight queries whatever the size; reads no points of a sheet."""
    plan = plan_of(bench.track)
    entrants = committee.applications_of_tracks([bench.track.id])
    ids = [one.id for one in entrants]
    members = committee.members(bench.panel.id)
    out = committee.recused_memberships(committee_id=bench.panel.id, application_ids=ids)
    sheets = _submitted_sheets(bench.round.id, ids)
    requested = select(Application.id, Application.requested_won).where(Application.id.in_(ids))
    amounts = {row.id: row.requested_won for row in db.session.execute(requested)}
    submissions = _last_submissions(ids)
    cells = []
    for one in entrants:
        for member in members:
            sheet = sheets.get((one.id, member.id))
            if (member.id, one.id) in out:
                cells.append(Cell(one.id, member.id, _MARKS[out[member.id, one.id]]))
            elif member.is_chair and not plan.committee.chair_scores:
                cells.append(Cell(one.id, member.id, NOT_APPLICABLE))
            elif sheet is not None:
                cells.append(Cell(one.id, member.id, SCORED, *sheet))
            else:
                cells.append(Cell(one.id, member.id, MISSING))
    return Box(
        track=bench.track.id,
        round=bench.round.id,
        plan_sha256=bench.track.plan.sha256,
        entrants=tuple(
            Entrant(one.id, one.number, one.title, one.lead, amounts[one.id], submissions.get(one.id, ""))
            for one in entrants
        ),
        members=tuple(Member(member.id, member.number, member.is_chair) for member in members),
        cells=tuple(cells),
        fixed=tuple(
            Fixed(entry.application_id, entry.item, entry.version, format_figure(entry.points))
            for _, entry in sorted(fixed_points(ids).items())
        ),
    )


def _submitted_sheets(round_id: int, application_ids: Collection[int]) -> dict[tuple[int, int], tuple[int, int, str]]:
    """(application, membership) → (sheet, version, hash) of what was handed in."""
    query = (
        select(
            ScoreSheet.application_id,
            ScoreSheet.membership_id,
            ScoreSheet.id,
            SheetVersion.version,
            SheetVersion.sha256,
        )
        .join(
            SheetVersion,
            and_(SheetVersion.sheet_id == ScoreSheet.id, SheetVersion.version == ScoreSheet.submitted_version),
        )
        .where(
            ScoreSheet.round_id == round_id,
            ScoreSheet.application_id.in_(application_ids),
            ScoreSheet.state == SheetState.SUBMITTED,
        )
    )
    return {(row[0], row[1]): (row[2], row[3], row[4]) for row in db.session.execute(query)}


def _last_submissions(application_ids: Collection[int]) -> dict[int, str]:
    last = (
        select(Submission.application_id, func.max(Submission.version).label("version"))
        .where(Submission.application_id.in_(application_ids))
        .group_by(Submission.application_id)
        .subquery()
    )
    query = select(Submission.application_id, Submission.sha256).join(
        last, and_(Submission.application_id == last.c.application_id, Submission.version == last.c.version)
    )
    return {row.application_id: row.sha256 for row in db.session.execute(query)}


def missing_fixed_points(bench: Bench, box: Box) -> list[tuple[Entrant, Item]]:
    """Applications with a fixed item of the rubric that nobody has entered, in their order."""
    rubric = plan_of(bench.track).rubric
    entered = {(one.application, one.item) for one in box.fixed}
    items = rubric.fixed_items if rubric is not None else ()
    return [(one, item) for one in box.entrants for item in items if (one.id, item.id) not in entered]


def unscreened(box: Box) -> list[Entrant]:
    """Those whose eligibility nobody has affirmed yet, in their order."""
    eligible = set(
        db.session.scalars(
            select(Screening.application_id).where(
                Screening.application_id.in_([one.id for one in box.entrants]),
                Screening.verdict == ScreeningVerdict.ELIGIBLE,
            )
        )
    )
    return [one for one in box.entrants if one.id not in eligible]


# ---- opening


def opening_of(track_id: int, round_id: int) -> Opening | None:
    return db.session.scalar(select(Opening).where(Opening.track_id == track_id, Opening.round_id == round_id))


def is_opened(track_id: int) -> bool:
    """Whether the figures of any round of a track were opened."""
    return db.session.scalar(select(Opening.id).where(Opening.track_id == track_id).limit(1)) is not None


def waiting_request(track_id: int, round_id: int, at: datetime) -> OpeningRequest | None:
    """The last request that a second person may still confirm."""
    query = (
        select(OpeningRequest)
        .options(joinedload(OpeningRequest.requested_by))
        .where(OpeningRequest.track_id == track_id, OpeningRequest.round_id == round_id)
        .order_by(OpeningRequest.id.desc())
        .limit(1)
    )
    request = db.session.scalar(query)
    return request if request is not None and request.requested_at + REQUEST_LASTS >= at else None


# ---- the figures


@dataclass(frozen=True, slots=True)
class OpenedTable:
    """The figures of an opened track and round, and the hash that members sign."""

    bench: Bench
    opening: Opening
    box: Box
    ranking: Ranking
    rows: tuple[TableRow, ...]
    sha256: str


def opened_table(bench: Bench, *, lots: Mapping[str, int] | None = None) -> OpenedTable:
    """Raises Refused before the opening: there are no figures then, for whoever asks."""
    opening = opening_of(bench.track.id, bench.round.id)
    if opening is None:
        raise Refused("figures_sealed")
    box = Box.of_json(opening.request.box)
    ranking = rank_box(box, plan_of(bench.track), _points_of(box), lots=lots)
    rows = table_rows(box, ranking)
    return OpenedTable(bench, opening, box, ranking, rows, figures_sha256(signed_figures(box, ranking, rows)))


def ranking_of(track: Track, *, lots: Mapping[str, int] | None = None, round_id: int | None = None) -> Ranking:
    """The official ranking of a track for the rooms above: applications by id as text, evaluators by number. `lots` settle ties.

    Raises Refused before the opening, and RankingError where an official run is not possible under the plan.
    """
    opening = opening_of(track.id, round_id if round_id is not None else current_round(track).id)
    if opening is None:
        raise Refused("figures_sealed")
    box = Box.of_json(opening.request.box)
    closed = score_table(track.id, box.round)
    resolved = closed.content["resolved"] if closed is not None else {}
    return rank_box(
        box, plan_of(track), _points_of(box), lots=lots, resolved=resolved.keys(), official=closed is not None
    )


def official_ranking(table: OpenedTable, resolved: Collection[str]) -> Ranking:
    """The same figures under the rules of an official run. Raises RankingError with everything that forbids it."""
    return rank_box(table.box, plan_of(table.bench.track), _points_of(table.box), resolved=resolved, official=True)


def _points_of(box: Box) -> dict[int, dict[str, Fraction]]:
    """Sheet → points by item, of exactly the versions in the box."""
    wanted = {(cell.sheet, cell.version) for cell in box.cells if cell.sheet is not None}
    query = select(SheetVersion.sheet_id, SheetVersion.version, SheetVersion.content).where(
        SheetVersion.sheet_id.in_([sheet for sheet, _ in wanted])
    )
    return {
        row.sheet_id: {item: parse_decimal(points) for item, points in row.content["points"].items()}
        for row in db.session.execute(query)
        if (row.sheet_id, row.version) in wanted
    }


def version_contents(box: Box) -> dict[int, SheetVersion]:
    """Sheet → the version in the box, for papers and pages after the opening."""
    wanted = {(cell.sheet, cell.version) for cell in box.cells if cell.sheet is not None}
    query = select(SheetVersion).where(SheetVersion.sheet_id.in_([sheet for sheet, _ in wanted]))
    return {row.sheet_id: row for row in db.session.scalars(query) if (row.sheet_id, row.version) in wanted}


# ---- the table


def score_table(track_id: int, round_id: int) -> ScoreTable | None:
    """The closed table of a round."""
    return db.session.scalar(select(ScoreTable).where(ScoreTable.track_id == track_id, ScoreTable.round_id == round_id))


def closed_table(track: Track) -> ScoreTable | None:
    """The closed table of the track's last round, which selection needs; None while there is none."""
    last = db.session.scalar(
        select(Round.id).where(Round.call_id == track.call_id).order_by(Round.position.desc()).limit(1)
    )
    return score_table(track.id, last) if last is not None else None


def signatures(track_id: int, round_id: int, sha256: str) -> dict[int, datetime]:
    """Membership → when it signed exactly these figures."""
    query = select(TableSignature.membership_id, TableSignature.signed_at).where(
        TableSignature.track_id == track_id,
        TableSignature.round_id == round_id,
        TableSignature.content_sha256 == sha256,
    )
    return {row.membership_id: row.signed_at for row in db.session.execute(query)}


def signature_of(track_id: int, round_id: int, membership_id: int, sha256: str) -> TableSignature | None:
    query = select(TableSignature).where(
        TableSignature.track_id == track_id,
        TableSignature.round_id == round_id,
        TableSignature.membership_id == membership_id,
        TableSignature.content_sha256 == sha256,
    )
    return db.session.scalar(query)


@dataclass(frozen=True, slots=True)
class OwnTable:
    """A table as the list of one seat names it. `signed`: this seat's name stands under it."""

    track_id: int
    round_id: int
    track: str
    closed: bool
    signed: bool


def own_tables(places: Mapping[int, Collection[tuple[int, int]]]) -> dict[int, list[OwnTable]]:
    """For each seat the tables at its (track, round), in this order; three queries however many there are."""
    tracks = {track for pairs in places.values() for track, _round in pairs}
    named = db.session.execute(select(Track.id, Track.title).where(Track.id.in_(tracks)))
    titles = {row.id: row.title for row in named}
    shut = db.session.execute(select(ScoreTable.track_id, ScoreTable.round_id).where(ScoreTable.track_id.in_(tracks)))
    closed = {(row.track_id, row.round_id) for row in shut}
    names = db.session.execute(
        select(TableSignature.membership_id, TableSignature.track_id, TableSignature.round_id).where(
            TableSignature.membership_id.in_(places)
        )
    )
    signed = {(row.membership_id, row.track_id, row.round_id) for row in names}
    return {
        seat: [
            OwnTable(
                track_id=track,
                round_id=round_id,
                track=titles[track],
                closed=(track, round_id) in closed,
                signed=(seat, track, round_id) in signed,
            )
            for track, round_id in pairs
        ]
        for seat, pairs in places.items()
    }


def seat_of(user_id: int | None, committee_id: int) -> Membership | None:
    """The living seat of a person in a committee."""
    if user_id is None:
        return None
    query = select(Membership).where(
        Membership.user_id == user_id, Membership.committee_id == committee_id, Membership.dismissed_at.is_(None)
    )
    return db.session.scalar(query)
