"""The applications before a panel: what a member has to know to tell whether there is a conflict."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from evalcomm.accounts.models import Organisation
from evalcomm.applications.models import Application, ApplicationState, Partner, Screening, ScreeningVerdict
from evalcomm.committee.models import (
    Committee,
    Membership,
)
from evalcomm.committee.queries.people import existing, tracks_of
from evalcomm.foundation.database import db
from evalcomm.programs.models import Project, Task, Track


@dataclass(frozen=True, slots=True)
class PanelApplication:
    """What a member has to know of an application to tell whether there is a conflict: no word of the proposal itself."""

    id: int
    number: str
    title: str
    track_id: int
    track: str
    task_number: int
    task: str
    city: str
    lead_id: int
    lead: str
    partners: tuple[tuple[int, str], ...]
    submitted_at: datetime

    @property
    def organisations(self) -> str:
        return ", ".join([self.lead, *(name for _, name in self.partners)])

    def organisation(self, organisation_id: int) -> str:
        return self.lead if organisation_id == self.lead_id else dict(self.partners)[organisation_id]


def panel_applications(committee: Committee) -> list[PanelApplication]:
    """Submitted applications of the committee's tracks that were not found ineligible, by track and number. Three queries."""
    return applications_of_tracks([track.id for track in tracks_of(committee)])


def applications_of_tracks(track_ids: Collection[int]) -> list[PanelApplication]:
    """The same for tracks. Two queries."""
    ineligible = select(Screening.application_id).where(Screening.verdict == ScreeningVerdict.INELIGIBLE)
    query = (
        select(
            Application.id,
            Application.number,
            Application.title,
            Application.track_id,
            Track.title.label("track"),
            Task.number.label("task_number"),
            Task.title.label("task"),
            Task.innovation_city.label("city"),
            Application.lead_organisation_id,
            Organisation.name.label("lead"),
            Application.submitted_at,
        )
        .join(Track, Track.id == Application.track_id)
        .join(Project, Project.id == Application.project_id)
        .join(Task, Task.id == Project.task_id)
        .join(Organisation, Organisation.id == Application.lead_organisation_id)
        .where(
            Application.track_id.in_(track_ids),
            Application.state == ApplicationState.SUBMITTED,
            Application.id.not_in(ineligible),
        )
        .order_by(Track.position, Application.number)
    )
    rows = db.session.execute(query).all()
    partners = _partners([row.id for row in rows])
    return [
        PanelApplication(
            id=row.id,
            number=row.number,
            title=row.title,
            track_id=row.track_id,
            track=row.track,
            task_number=row.task_number,
            task=row.task,
            city=row.city,
            lead_id=row.lead_organisation_id,
            lead=row.lead,
            partners=tuple(partners.get(row.id, ())),
            submitted_at=row.submitted_at,
        )
        for row in rows
    ]


def _partners(application_ids: Collection[int]) -> Mapping[int, list[tuple[int, str]]]:
    partners: dict[int, list[tuple[int, str]]] = defaultdict(list)
    query = (
        select(Partner.application_id, Partner.organisation_id, Organisation.name)
        .join(Organisation, Organisation.id == Partner.organisation_id)
        .where(Partner.application_id.in_(application_ids))
        .order_by(Partner.application_id, Partner.position)
    )
    for application_id, organisation_id, name in db.session.execute(query):
        partners[application_id].append((organisation_id, name))
    return partners


def get_application_of(membership: Membership, application_id: int) -> Application:
    """An application of the member's panel, with its lead. Raises NotFound."""
    tracks = [track.id for track in tracks_of(membership.committee)]
    query = (
        select(Application)
        .options(joinedload(Application.lead), joinedload(Application.track))
        .where(
            Application.id == application_id,
            Application.track_id.in_(tracks),
            Application.state == ApplicationState.SUBMITTED,
        )
    )
    return existing(db.session.scalar(query))
