"""Who may read a proposal, write on a sheet, open scores, sign a table; and, in one place, who may see which figure.

`may_see_figures` is the only rule about figures. Lists, tables, papers, orders and sums ask it through a `Sight`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from evalcomm.applications import policies as application_policies
from evalcomm.applications.models import Application
from evalcomm.committee import policies as committee_policies
from evalcomm.committee import queries as committee
from evalcomm.committee.models import Membership
from evalcomm.documents.models import Paper
from evalcomm.foundation.actor import Actor, Role
from evalcomm.foundation.database import db
from evalcomm.foundation.errors import NotFound
from evalcomm.foundation.verdict import ALLOWED, Verdict, first_refusal, refused
from evalcomm.programs.models import Call, Right, Visibility
from evalcomm.programs.policies import phase_allows
from evalcomm.programs.queries import Timed, rights_at, timetable
from evalcomm.scoring import queries
from evalcomm.scoring.models import ScoreSheet, ScoreTable, SheetState
from evalcomm.scoring.queries import Bench, Desk
from evalcomm.web.access import holds

is_evaluator = holds(Role.EVALUATOR)
may_follow_progress = holds(Role.SECRETARIAT, Role.AUDITOR)
may_run_scoring = holds(Role.SECRETARIAT)


@application_policies.settles
def figures_settled(track_id: int, *, hold: bool) -> Verdict:
    """For the verbs of the rooms below: once scores are open, no verdict and no act about a member may change them.

    `hold` waits for an opening under way and keeps the next one waiting.
    """
    if hold:
        queries.lock_track(track_id)
    return refused("scores_opened_already") if queries.is_opened(track_id) else ALLOWED


# ---- the evaluator's desk


def owns_desk(actor: Actor, desk: Desk) -> Verdict:
    if not actor.is_authenticated:
        return refused("sign_in_first")
    if desk.user_id != actor.user_id:
        return refused("not_your_sheet")
    return refused("seat_dismissed") if desk.is_dismissed else ALLOWED


def may_read_proposal(actor: Actor, desk: Desk, at: datetime) -> Verdict:
    """After pledge and declaration, and never where the member is recused. The only door through which evaluators read."""
    del at
    return first_refusal(
        owns_desk(actor, desk),
        refused("recused_from_application") if desk.is_recused else ALLOWED,
        _has_declared(desk),
        ALLOWED if desk.competes else refused("application_does_not_compete"),
    )


def _has_declared(desk: Desk) -> Verdict:
    if not desk.has_pledged:
        return refused("pledge_first")
    if desk.declared_at is None:
        return refused("declare_first")
    late = desk.submitted_at is not None and desk.submitted_at > desk.declared_at
    return refused("declare_again") if late else ALLOWED


def may_open_sheet(actor: Actor, desk: Desk, at: datetime) -> Verdict:
    reading = may_read_proposal(actor, desk, at)
    return first_refusal(reading, may_write(desk, at)) if reading.allowed else reading


may_read_sheet = may_read_proposal


def may_edit_sheet(actor: Actor, desk: Desk, at: datetime) -> Verdict:
    """Write, save and submit: an unsubmitted sheet, in the scoring phase, before the opening."""
    reading = may_read_proposal(actor, desk, at)
    if not reading.allowed:
        return reading
    if desk.sheet is not None and desk.sheet.state == SheetState.SUBMITTED:
        return refused("sheet_submitted")
    return may_write(desk, at)


may_submit_sheet = may_edit_sheet


def owns_submission(actor: Actor, desk: Desk, at: datetime) -> Verdict:
    """The door of the second act of handing in: a sheet that was handed in a moment ago answers with its receipt, not with a refusal."""
    if desk.sheet is not None and desk.sheet.state == SheetState.SUBMITTED:
        return may_read_proposal(actor, desk, at)
    return may_submit_sheet(actor, desk, at)


def sits(actor: Actor, membership: Membership, at: datetime) -> Verdict:
    del at
    return committee_policies.holds_seat(actor, membership)


def may_write(desk: Desk, at: datetime, *, call: Timed | None = None) -> Verdict:
    """`call`: the timetable, where somebody asks for many desks of one call."""
    if desk.is_opened:
        return refused("scores_opened_already")
    if not desk.scores:
        return refused("chair_does_not_score")
    return phase_allows(call or timetable(desk.call_id), Right.SCORE, at, round_id=desk.round_id)


def hides_names(desk: Desk, at: datetime) -> bool:
    """Whether the phase keeps the applicants' names from the members."""
    call = timetable(desk.call_id)
    return not rights_at(call, at, round_id=desk.round_id).members_see_applicant_names


# ---- figures


@dataclass(frozen=True, slots=True)
class Figures:
    """Whose figures of what: a member's at an application; without member the application's own; without both those of the whole table."""

    bench: Bench
    application_id: int | None = None
    membership_id: int | None = None


@dataclass(frozen=True, slots=True)
class Sight:
    """What a person may see of a track and round. A person with a seat sees as a member, whatever other role there is."""

    is_opened: bool
    is_reader: bool
    """Secretariat or auditor, when the phase has opened figures to them."""
    seat: int | None
    recused: frozenset[int]
    handed_in: frozenset[int]
    others: Visibility

    def cell(self, application_id: int, membership_id: int) -> Verdict:
        """One member's figure for one application."""
        if self.seat is None:
            return self._reader()
        if application_id in self.recused:
            return refused("recused_from_application")
        if membership_id == self.seat:
            return ALLOWED
        shared = self.others == Visibility.ALWAYS or (
            self.others == Visibility.AFTER_OWN and application_id in self.handed_in
        )
        return ALLOWED if shared else refused("others_figures_closed")

    def row(self, application_id: int) -> Verdict:
        """Mean, final figure and cuts of an application."""
        if self.seat is None or not self.is_opened:
            return self._reader()
        return refused("recused_from_application") if application_id in self.recused else ALLOWED

    def ranks(self) -> Verdict:
        """Ranks and their order: who is kept from a row could tell it from the ranks of the others."""
        if self.seat is None or not self.is_opened:
            return self._reader()
        return refused("ranks_closed_to_recused") if self.recused else ALLOWED

    def table(self) -> Verdict:
        """The table itself, masked as the other answers say."""
        return ALLOWED if self.seat is not None and self.is_opened else self._reader()

    def _reader(self) -> Verdict:
        if not self.is_opened:
            return refused("figures_sealed")
        return ALLOWED if self.is_reader else refused("role_needed")


def sight_of(actor: Actor, bench: Bench, at: datetime) -> Sight:
    """Asked once per page."""
    seat = queries.seat_of(actor.user_id, bench.panel.id) if actor.has(Role.EVALUATOR) else None
    rights = rights_at(timetable(bench.call_id), at, round_id=bench.round.id)
    reads = actor.has(Role.AUDITOR) or (actor.has(Role.SECRETARIAT) and rights.secretariat_sees_figures)
    return Sight(
        is_opened=queries.opening_of(bench.track.id, bench.round.id) is not None,
        is_reader=reads,
        seat=seat.id if seat is not None else None,
        recused=_recused_applications(seat.id) if seat is not None else frozenset(),
        handed_in=_handed_in(seat.id, bench.round.id) if seat is not None else frozenset(),
        others=rights.members_see_other_scores,
    )


def _recused_applications(membership_id: int) -> frozenset[int]:
    return frozenset(application for _, application in committee.recused_memberships(membership_id=membership_id))


def _handed_in(membership_id: int, round_id: int) -> frozenset[int]:
    query = select(ScoreSheet.application_id).where(
        ScoreSheet.membership_id == membership_id,
        ScoreSheet.round_id == round_id,
        ScoreSheet.state == SheetState.SUBMITTED,
    )
    return frozenset(db.session.scalars(query))


def may_see_figures(actor: Actor, figures: Figures, at: datetime) -> Verdict:
    """The one rule. Applicants and administrators see none here, sealed or not."""
    if not actor.is_authenticated:
        return refused("sign_in_first")
    if not actor.has(Role.EVALUATOR, Role.SECRETARIAT, Role.AUDITOR):
        return refused("role_needed")
    sight = sight_of(actor, figures.bench, at)
    if figures.application_id is None:
        return sight.table()
    if figures.membership_id is None:
        return sight.row(figures.application_id)
    return sight.cell(figures.application_id, figures.membership_id)


def may_see_table(actor: Actor, bench: Bench, at: datetime) -> Verdict:
    return may_see_figures(actor, Figures(bench), at)


def may_see_sheet_figures(actor: Actor, desk: Desk, at: datetime) -> Verdict:
    """A single sheet on a page of its own, for those who read after the opening."""
    bench = queries.get_bench(desk.track_id, desk.round_id)
    return may_see_figures(actor, Figures(bench, desk.application_id, desk.membership_id), at)


# ---- the secretariat


def may_see_progress(actor: Actor, call: Call, at: datetime) -> Verdict:
    del call
    return may_follow_progress(actor, at)


def may_remind(actor: Actor, call: Call, at: datetime) -> Verdict:
    del call
    return may_run_scoring(actor, at)


def may_enter_fixed_points(actor: Actor, application: Application, at: datetime) -> Verdict:
    """Until the opening: what is entered after the scores are known could choose the winner."""
    return first_refusal(may_run_scoring(actor, at), _is_sealed(application.track_id))


def may_see_fixed_points(actor: Actor, application: Application, at: datetime) -> Verdict:
    del application
    return may_follow_progress(actor, at)


def _is_sealed(track_id: int) -> Verdict:
    return refused("scores_opened_already") if queries.is_opened(track_id) else ALLOWED


def may_reopen_sheet(actor: Actor, desk: Desk, at: datetime) -> Verdict:
    """재작성 허용: before the opening, while the evaluator can still hand it in again."""
    return first_refusal(may_run_scoring(actor, at), _is_handed_in(desk), may_write(desk, at))


def may_reopen_sheets_of(actor: Actor, bench: Bench, at: datetime) -> Verdict:
    """The same of a bench's sheets that were handed in."""
    return first_refusal(may_run_scoring(actor, at), _awaits_opening(bench, Right.SCORE, at))


def _is_handed_in(desk: Desk) -> Verdict:
    handed_in = desk.sheet is not None and desk.sheet.state == SheetState.SUBMITTED
    return ALLOWED if handed_in else refused("sheet_not_submitted")


def may_see_opening(actor: Actor, bench: Bench, at: datetime) -> Verdict:
    """The page of the opening: secretariat and auditor, and the chair who may witness it."""
    if may_follow_progress(actor, at).allowed:
        return ALLOWED
    return ALLOWED if _is_chair(actor, bench) else may_follow_progress(actor, at)


def may_request_opening(actor: Actor, bench: Bench, at: datetime) -> Verdict:
    return first_refusal(may_run_scoring(actor, at), _awaits_opening(bench, Right.SEE_FIGURES, at))


def may_confirm_opening(actor: Actor, bench: Bench, at: datetime) -> Verdict:
    """Another account than the one that asked: of the secretariat, or the chair's."""
    if not (actor.has(Role.SECRETARIAT) or _is_chair(actor, bench)):
        return may_run_scoring(actor, at)
    ready = _awaits_opening(bench, Right.SEE_FIGURES, at)
    if not ready.allowed:
        return ready
    request = queries.waiting_request(bench.track.id, bench.round.id, at)
    if request is None:
        return refused("opening_not_requested")
    return refused("opening_needs_second_person") if request.requested_by_id == actor.user_id else ALLOWED


def _awaits_opening(bench: Bench, right: Right, at: datetime) -> Verdict:
    """Not opened yet, and in a phase that grants the right."""
    if queries.opening_of(bench.track.id, bench.round.id) is not None:
        return refused("scores_opened_already")
    return phase_allows(timetable(bench.call_id), right, at, round_id=bench.round.id)


def _is_chair(actor: Actor, bench: Bench) -> bool:
    seat = queries.seat_of(actor.user_id, bench.panel.id) if actor.has(Role.EVALUATOR) else None
    return seat is not None and seat.is_chair


# ---- the table


def may_sign_table(actor: Actor, bench: Bench, at: datetime) -> Verdict:
    """Every member who sits, after the opening and before the chair closes."""
    if not actor.is_authenticated:
        return refused("sign_in_first")
    if queries.seat_of(actor.user_id, bench.panel.id) is None:
        return refused("not_of_this_committee")
    return first_refusal(may_see_table(actor, bench, at), _table_is_open(bench))


def may_close_table(actor: Actor, bench: Bench, at: datetime) -> Verdict:
    signing = may_sign_table(actor, bench, at)
    if not signing.allowed:
        return signing
    return ALLOWED if _is_chair(actor, bench) else refused("chair_only")


def _table_is_open(bench: Bench) -> Verdict:
    closed = queries.score_table(bench.track.id, bench.round.id)
    return refused("table_closed_already") if closed is not None else ALLOWED


def may_issue_disclosable(actor: Actor, bench: Bench, at: datetime) -> Verdict:
    closed = queries.score_table(bench.track.id, bench.round.id)
    return first_refusal(may_run_scoring(actor, at), ALLOWED if closed is not None else refused("table_not_closed_yet"))


# ---- papers


def may_read_sheet_paper(actor: Actor, paper: Paper, at: datetime) -> Verdict:
    """개별 평가표: as the figures on it may be seen; the evaluator reads the internal edition of the own sheet only."""
    sheet = db.session.get(ScoreSheet, paper.subject_id)
    if sheet is None:
        raise NotFound("not_found")
    return may_see_sheet_figures(actor, queries.get_desk(sheet.id), at)


def readable_sheet_papers(actor: Actor, papers: Sequence[Paper], at: datetime) -> set[int]:
    """The same for many, asked once for each table that they are from."""
    if not actor.has(Role.EVALUATOR, Role.SECRETARIAT, Role.AUDITOR):
        return set()
    places = queries.places_of_sheets([paper.subject_id for paper in papers])
    tables = {(place.track_id, place.round_id) for place in places.values()}
    sights = {table: sight_of(actor, queries.get_bench(*table), at) for table in tables}
    readable = set()
    for paper in papers:
        place = places[paper.subject_id]
        if sights[place.track_id, place.round_id].cell(place.application_id, place.membership_id).allowed:
            readable.add(paper.id)
    return readable


def may_read_table_paper(actor: Actor, paper: Paper, at: datetime) -> Verdict:
    """종합집계표: it shows everybody's figures, so it is for those who read all of them and sit on no side of the table."""
    if not actor.is_authenticated:
        return refused("sign_in_first")
    table = db.session.get(ScoreTable, paper.subject_id)
    if table is None:
        raise NotFound("not_found")
    bench = queries.get_bench(table.track_id, table.round_id)
    if queries.seat_of(actor.user_id, bench.panel.id) is not None:
        return refused("others_figures_closed")
    return first_refusal(may_follow_progress(actor, at), may_see_table(actor, bench, at))
