"""Ordered reads of applications."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload, selectinload

from evalcomm.accounts.models import Organisation
from evalcomm.applications.models import Application, ApplicationState, Attachment, Screening, Submission
from evalcomm.foundation.database import db
from evalcomm.foundation.errors import NotFound
from evalcomm.programs import queries as programs
from evalcomm.programs.models import Call, Project, Task, Track


def get_application(application_id: int) -> Application:
    """With its call, track, project and lead. Raises NotFound."""
    application = db.session.scalar(_with_what_it_is_for().where(Application.id == application_id))
    if application is None:
        raise NotFound("not_found")
    return application


def get_applications(application_ids: Collection[int]) -> list[Application]:
    """The same for several, by number."""
    query = _with_what_it_is_for().where(Application.id.in_(application_ids)).order_by(Application.number)
    return list(db.session.scalars(query))


def _with_what_it_is_for() -> Select[Application]:
    return select(Application).options(
        joinedload(Application.track),
        joinedload(Application.project).joinedload(Project.task),
        joinedload(Application.lead),
        joinedload(Application.screening),
        joinedload(Application.call).selectinload(Call.phases),
    )


def lock_application(application_id: int) -> Application:
    """For a verb: nobody else changes it until the end of the transaction."""
    db.session.execute(select(Application.id).where(Application.id == application_id).with_for_update())
    return get_application(application_id)


def get_attachment(attachment_id: int) -> Attachment:
    """Raises NotFound."""
    attachment = db.session.scalar(
        select(Attachment).options(joinedload(Attachment.application)).where(Attachment.id == attachment_id)
    )
    if attachment is None:
        raise NotFound("not_found")
    return attachment


def get_place(call_id: int, project_id: int) -> tuple[Call, Project]:
    """A project of a call's programme, to start an application for. Raises NotFound."""
    call, project = programs.get_call(call_id), programs.get_project(project_id)
    if project.task.program_id != call.program_id:
        raise NotFound("project_not_in_call")
    return call, project


def draft_of(*, call_id: int, project_id: int, owner_id: int) -> Application | None:
    """What this person has begun for the project and not handed in."""
    return db.session.scalar(
        select(Application)
        .where(
            Application.call_id == call_id,
            Application.project_id == project_id,
            Application.owner_id == owner_id,
            Application.state == ApplicationState.DRAFT,
        )
        .order_by(Application.id)
        .limit(1)
    )


def applications_of(owner_id: int) -> Sequence[Application]:
    return db.session.scalars(
        select(Application)
        .options(
            joinedload(Application.call).selectinload(Call.phases),
            joinedload(Application.project).joinedload(Project.task),
        )
        .where(Application.owner_id == owner_id)
        .order_by(Application.created_at.desc(), Application.id.desc())
    ).all()


def list_of_call(call_id: int, *, track_id: int | None = None, state: str | None = None) -> Sequence[Any]:
    """Rows for the secretariat's list in the order that its page unpacks, without loading an object: submitted ones by number, drafts are not shown."""
    query = (
        select(
            Application.id,
            Application.number,
            Application.title,
            Application.requested_won,
            Application.total_won,
            Application.state,
            Application.submitted_at,
            Track.title.label("track"),
            Organisation.name.label("lead"),
            Task.innovation_city.label("region"),
            Screening.verdict,
        )
        .join(Track, Track.id == Application.track_id)
        .join(Organisation, Organisation.id == Application.lead_organisation_id)
        .join(Project, Project.id == Application.project_id)
        .join(Task, Task.id == Project.task_id)
        .outerjoin(Screening, Screening.application_id == Application.id)
        .where(Application.call_id == call_id, Application.state != ApplicationState.DRAFT)
        .order_by(Application.number)
    )
    if track_id is not None:
        query = query.where(Application.track_id == track_id)
    if state:
        query = query.where(Application.state == state)
    return db.session.execute(query).all()


def draft_count(call_id: int) -> int:
    query = (
        select(func.count())
        .select_from(Application)
        .where(Application.call_id == call_id, Application.state == ApplicationState.DRAFT)
    )
    return db.session.scalar(query) or 0


def submitted_in(call_id: int, *, track_id: int | None = None) -> Sequence[Application]:
    """The applications that compete: submitted, not withdrawn, not found ineligible; by number."""
    query = (
        select(Application)
        .options(
            joinedload(Application.lead),
            joinedload(Application.project).joinedload(Project.task),
            joinedload(Application.track),
        )
        .outerjoin(Screening, Screening.application_id == Application.id)
        .where(
            Application.call_id == call_id,
            Application.state == ApplicationState.SUBMITTED,
            (Screening.verdict.is_(None)) | (Screening.verdict != "ineligible"),
        )
        .order_by(Application.number)
    )
    if track_id is not None:
        query = query.where(Application.track_id == track_id)
    return db.session.scalars(query).unique().all()


def last_submission(application_id: int) -> Submission | None:
    return db.session.scalar(
        select(Submission)
        .where(Submission.application_id == application_id)
        .order_by(Submission.version.desc())
        .limit(1)
    )


def attachments(application_id: int) -> Sequence[Attachment]:
    """Those that are part of the next submission."""
    query = select(Attachment).where(Attachment.application_id == application_id, Attachment.removed_at.is_(None))
    return db.session.scalars(query.order_by(Attachment.id)).all()


def full(application_id: int) -> Application:
    """With partners, budget and submissions, for the page that shows everything."""
    application = db.session.scalar(
        select(Application)
        .options(
            selectinload(Application.partners), selectinload(Application.budget), selectinload(Application.submissions)
        )
        .where(Application.id == application_id)
    )
    assert application is not None
    return application
