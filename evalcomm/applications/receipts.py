"""접수증: the paper that proves what was taken in and when."""

from datetime import UTC, datetime

from flask_babel import lazy_gettext as _l

from evalcomm.accounts import queries as accounts
from evalcomm.applications import queries
from evalcomm.applications.content import Content
from evalcomm.applications.models import Application, FundingSource, Submission
from evalcomm.applications.policies import may_read_receipt
from evalcomm.documents import kinds
from evalcomm.documents import services as documents
from evalcomm.documents.models import Paper
from evalcomm.documents.papers import ApplicationHead
from evalcomm.foundation.actor import Actor
from evalcomm.programs import queries as programs
from evalcomm.programs.heading import heading
from evalcomm.programs.models import PhaseKind

KIND = "receipt"
SOURCE_NAMES = {
    FundingSource.NATIONAL: "국비",
    FundingSource.PROVINCE: "시·도비",
    FundingSource.MUNICIPALITY: "시·군·구비",
    FundingSource.INSTITUTION: "기관부담",
    FundingSource.PRIVATE: "민간부담",
}

kinds.register(kinds.PaperKind(code=KIND, label=_l("접수증"), series="접수", may_read=may_read_receipt))


def application_head(application: Application) -> ApplicationHead:
    """The box that names an application, the same on every paper."""
    assert application.number is not None
    assert application.period_from is not None
    assert application.period_to is not None
    return {
        "number": application.number,
        "task": application.project.task.title,
        "project": application.title,
        "region": application.project.task.innovation_city,
        "track": application.track.title,
        "lead": application.lead.name,
        "partners": [partner.organisation.name for partner in application.partners],
        "starts_on": application.period_from.isoformat(),
        "ends_on": application.period_to.isoformat(),
        "requested": application.requested_won,
        "total_cost": application.total_won,
    }


def issue_receipt(
    *, application: Application, submission: Submission, content: Content, actor: Actor, at: datetime
) -> Paper:
    call = application.call
    deadline = programs.phase_of(call, PhaseKind.APPLICATION)
    assert deadline is not None
    owner = accounts.get_user(application.owner_id)
    return documents.issue(
        kind=KIND,
        subject=application,
        title="접수증",
        body={
            "application": application_head(application),
            "applicant": f"{application.lead.name} {owner.name}",
            "submission": submission.version,
            "submission_sha256": submission.sha256,
            "received_at": _instant(submission.received_at),
            "deadline": _instant(deadline.closes_at),
            "is_deadline_inclusive": True,
            "funding": [
                {"source": SOURCE_NAMES[source], "won": won} for source, won in content.won_by_source().items() if won
            ],
            "files": [
                {"name": file.filename, "size": file.size, "sha256": file.sha256}
                for file in queries.attachments(application.id)
            ],
            "contact": call.contact or ", ".join(call.program.authority) or call.program.name,
        },
        actor=actor,
        at=at,
        **heading(call),
    )


def _instant(value: datetime) -> str:
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
