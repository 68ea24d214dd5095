"""Ordered reads of runs and decisions."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from evalcomm.applications.models import Application
from evalcomm.committee import queries as committees
from evalcomm.committee.models import Committee, ConflictAct, Membership
from evalcomm.foundation.database import db
from evalcomm.foundation.errors import NotFound
from evalcomm.programs.models import Call, Project
from evalcomm.selection.models import AllocationLine, AllocationRun, Announcement, Approval, LotRecord, Resolution


def get_run(run_id: int) -> AllocationRun:
    """With its lines and their applications. Raises NotFound."""
    run = db.session.scalar(select(AllocationRun).options(*_lines()).where(AllocationRun.id == run_id))
    if run is None:
        raise NotFound("not_found")
    return run


def _lines() -> tuple[ExecutableOption, ...]:
    application = selectinload(AllocationRun.lines).joinedload(AllocationLine.application)
    return (
        application.joinedload(Application.lead),
        application.joinedload(Application.project).joinedload(Project.task),
        selectinload(AllocationRun.lines).joinedload(AllocationLine.track),
        joinedload(AllocationRun.call).selectinload(Call.tracks),
    )


def runs_of(call_id: int) -> Sequence[AllocationRun]:
    """Newest first, without their lines."""
    return db.session.scalars(
        select(AllocationRun).where(AllocationRun.call_id == call_id).order_by(AllocationRun.id.desc())
    ).all()


def adopted_run(call_id: int) -> AllocationRun | None:
    """The one run that counts, with its lines."""
    query = (
        select(AllocationRun)
        .options(*_lines())
        .where(AllocationRun.call_id == call_id, AllocationRun.adopted_at.is_not(None))
    )
    return db.session.scalar(query)


def line_of(application_id: int) -> AllocationLine | None:
    """What the adopted run gives an application."""
    return db.session.scalar(
        select(AllocationLine)
        .join(AllocationRun, AllocationRun.id == AllocationLine.run_id)
        .options(joinedload(AllocationLine.application), joinedload(AllocationLine.run))
        .where(AllocationLine.application_id == application_id, AllocationRun.adopted_at.is_not(None))
    )


def lots_of(track_id: int) -> Sequence[LotRecord]:
    return db.session.scalars(select(LotRecord).where(LotRecord.track_id == track_id).order_by(LotRecord.id)).all()


def drawn(track_id: int) -> Mapping[int, int]:
    """Application id → the number that was drawn for it."""
    return {int(application): number for record in lots_of(track_id) for application, number in record.numbers.items()}


def resolution_of(call_id: int) -> Resolution | None:
    return db.session.scalar(select(Resolution).where(Resolution.call_id == call_id))


def approval_of(call_id: int) -> Approval | None:
    return db.session.scalar(select(Approval).where(Approval.call_id == call_id))


def announcement_of(call_id: int) -> Announcement | None:
    return db.session.scalar(select(Announcement).where(Announcement.call_id == call_id))


def selecting_committees(call_id: int) -> Sequence[Committee]:
    """The bodies that resolve for the call."""
    query = select(Committee).where(Committee.call_id == call_id, Committee.also_selects)
    return db.session.scalars(query.order_by(Committee.id)).all()


def selecting_members(call_id: int) -> Sequence[Membership]:
    """Who sits now on the bodies that resolve, each person once, the chair first."""
    people: dict[int, Membership] = {}
    for committee in selecting_committees(call_id):
        for membership in committees.members(committee.id):
            people.setdefault(membership.user_id, membership)
    return sorted(people.values(), key=lambda membership: (not membership.is_chair, membership.number))


def recusals_of_call(call_id: int) -> list[tuple[Membership, str, ConflictAct]]:
    """(member, number of the application, act), by application."""
    found = []
    for committee in db.session.scalars(select(Committee).where(Committee.call_id == call_id).order_by(Committee.id)):
        members = {membership.id: membership for membership in committees.members(committee.id, with_dismissed=True)}
        recused = committees.recused_memberships(committee_id=committee.id)
        numbers = db.session.execute(
            select(Application.id, Application.number).where(
                Application.id.in_({application for _member, application in recused})
            )
        )
        number_of = {row.id: row.number for row in numbers}
        found += [
            (members[member], number_of[application], act)
            for (member, application), act in recused.items()
            if number_of.get(application) is not None
        ]
    return sorted(found, key=lambda entry: (entry[1], entry[0].number))


def announced_calls() -> Sequence[Call]:
    """Newest first."""
    return db.session.scalars(
        select(Call).join(Announcement, Announcement.call_id == Call.id).order_by(Announcement.announced_at.desc())
    ).all()
