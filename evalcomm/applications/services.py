"""The verbs of applications."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from evalcomm.accounts import queries as accounts
from evalcomm.applications import files, policies, queries
from evalcomm.applications.content import Content, problems
from evalcomm.applications.models import (
    Application,
    ApplicationState,
    Attachment,
    BudgetLine,
    Partner,
    Screening,
    ScreeningVerdict,
    Submission,
)
from evalcomm.applications.receipts import issue_receipt
from evalcomm.audit import evidence
from evalcomm.audit import services as audit
from evalcomm.documents import korean
from evalcomm.foundation import hooks
from evalcomm.foundation.actor import Actor
from evalcomm.foundation.clock import in_seoul
from evalcomm.foundation.database import canonical_sha256, db
from evalcomm.foundation.errors import Invalid, Refused, StaleVersion
from evalcomm.foundation.verdict import Verdict
from evalcomm.programs import queries as programs
from evalcomm.programs.models import Call, Project


def start_application(*, call: Call, project: Project, actor: Actor, at: datetime) -> Application:
    """A draft for a project of the programme, with what is known filled in; the one that this person has begun, if there is one."""
    _require(policies.may_start(actor, call, at))
    if project.task.program_id != call.program_id:
        raise Invalid("project_not_in_call")
    assert actor.user_id is not None
    begun = queries.draft_of(call_id=call.id, project_id=project.id, owner_id=actor.user_id)
    if begun is not None:
        return begun
    lead = actor.organisation_id or project.task.lead_organisation_id
    application = Application(
        call_id=call.id,
        track_id=call.tracks[0].id,
        project_id=project.id,
        title=project.title,
        lead_organisation_id=lead,
        owner_id=actor.user_id,
        draft={
            "basics": {
                "tag": 1,
                "fields": {"title": project.title, "lead_organisation_id": str(lead), "manager": actor.name},
            }
        },
        created_at=at,
        changed_at=at,
    )
    db.session.add(application)
    db.session.flush()
    audit.record(
        verb="applications.start",
        subject=application,
        actor=actor,
        at=at,
        detail={"call": call.id, "project": project.id},
    )
    return application


def save_section(
    *, application: Application, section: str, fields: Mapping[str, Any], tag: int, actor: Actor, at: datetime
) -> int:
    """Keep what is typed, whatever it says, if the section is still the one that was loaded. Returns the new tag.

    Raises StaleVersion when another window saved first, and Refused after the deadline. Durable, not audited: a draft is nobody's act yet.
    """
    _require(policies.may_edit(actor, application, at))
    kept = application.draft.get(section, {"tag": 1, "fields": {}})
    if tag != kept["tag"]:
        if kept["fields"] == dict(fields):
            return int(kept["tag"])
        raise StaleVersion("draft_changed_elsewhere")
    if kept["fields"] == dict(fields):
        return tag
    application.draft = {**application.draft, section: {"tag": tag + 1, "fields": dict(fields)}}
    application.changed_at = at
    if section == "basics" and application.state == ApplicationState.DRAFT:
        application.title = str(fields.get("title") or "").strip()[:200] or application.title
    db.session.flush()
    return tag + 1


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file whose bytes are in the store already."""

    filename: str
    media_type: str
    size: int
    sha256: str


def attach(*, application: Application, kind: str, file: StoredFile, actor: Actor, at: datetime) -> Attachment:
    """The same content under the same name again is the same attachment."""
    _require(policies.may_edit(actor, application, at))
    assert actor.user_id is not None
    present = queries.attachments(application.id)
    for known in present:
        if (known.sha256, known.filename, known.kind) == (file.sha256, file.filename, kind):
            return known
    if len(present) >= files.MAX_FILES:
        raise Invalid("attachment_too_many", limit=files.MAX_FILES)
    attachment = Attachment(
        application_id=application.id,
        kind=kind,
        filename=file.filename,
        media_type=file.media_type,
        size=file.size,
        sha256=file.sha256,
        uploaded_at=at,
        uploaded_by_id=actor.user_id,
    )
    db.session.add(attachment)
    application.changed_at = at
    db.session.flush()
    audit.record(verb="applications.attach", subject=attachment, actor=actor, at=at, detail={"sha256": file.sha256})
    return attachment


def remove_attachment(*, attachment: Attachment, actor: Actor, at: datetime) -> None:
    """Leaves earlier submissions as they were."""
    _require(policies.may_edit(actor, attachment.application, at))
    if attachment.removed_at is None:
        attachment.removed_at = at
        attachment.application.changed_at = at
        audit.record(verb="applications.remove_attachment", subject=attachment, actor=actor, at=at)


def draft_fingerprint(application: Application) -> str:
    """SHA-256 of everything that the next submission would hold."""
    facts = {
        "draft": {section: entry["fields"] for section, entry in application.draft.items()},
        "files": [(file.kind, file.filename, file.sha256) for file in queries.attachments(application.id)],
    }
    return canonical_sha256(facts)


def submit_application(*, application: Application, content: Content, actor: Actor, at: datetime) -> Submission:
    """Take the application in: a number, an immutable version, a receipt. `at` is the server's receipt of the complete request.

    Submitting again before the deadline makes the next version; what has not changed makes none.
    """
    _require(policies.may_edit(actor, application, at))
    call = programs.lock_call(application.call_id)
    track = next((track for track in call.tracks if track.id == content.track_id), None)
    if track is None:
        raise Invalid("track_not_in_call")
    if problems(content, ceiling_won=track.budget_won, today=in_seoul(at).date()):
        raise Invalid("application_incomplete")
    fingerprint = draft_fingerprint(application)
    earlier = queries.last_submission(application.id)
    if earlier is not None and application.draft_sha256 == fingerprint:
        return earlier
    if application.number is None:
        application.number = _next_number(call)
    _write_facts(application, content, at)
    application.draft_sha256 = fingerprint
    full = _content_of(application, content)
    assert actor.user_id is not None
    submission = Submission(
        application_id=application.id,
        version=1 if earlier is None else earlier.version + 1,
        received_at=at,
        content=full,
        sha256=canonical_sha256(full),
        submitted_by_id=actor.user_id,
    )
    db.session.add(submission)
    call.page_version += 1
    db.session.flush()
    audit.record(
        verb="applications.submit",
        subject=application,
        actor=actor,
        at=at,
        detail={"version": submission.version, "sha256": submission.sha256},
    )
    issue_receipt(application=application, submission=submission, content=content, actor=actor, at=at)
    hooks.send_message(
        key=f"receipt-{application.id}-{submission.version}",
        user_id=application.owner_id,
        subject=f"[{call.title}] 접수 안내 {application.number}",
        body=f"신청하신 ‘{application.title}’을(를) 접수했습니다.\n접수번호: {application.number}\n"
        f"제출 내용의 해시(SHA-256): {submission.sha256}\n접수증은 신청서 화면에서 내려받을 수 있습니다.",
        at=at,
    )
    return submission


def _next_number(call: Call) -> str:
    """The call's row is locked, so no number is given twice."""
    given = db.session.scalar(
        select(func.count())
        .select_from(Application)
        .where(Application.call_id == call.id, Application.number.is_not(None))
    )
    return f"{call.number}-{(given or 0) + 1:04d}"


def _write_facts(application: Application, content: Content, at: datetime) -> None:
    application.title = content.title
    application.track_id = content.track_id
    application.lead_organisation_id = content.lead_organisation_id
    application.period_from, application.period_to = content.period_from, content.period_to
    application.narrative = dict(content.narrative)
    application.requested_won, application.total_won = content.requested_won, content.total_won
    application.state, application.submitted_at, application.changed_at = ApplicationState.SUBMITTED, at, at
    for rows in (application.partners, application.budget):
        rows.clear()
    db.session.flush()
    application.partners = [
        Partner(organisation_id=organisation, position=place, duty=duty)
        for place, (organisation, duty) in enumerate(content.partners, start=1)
    ]
    application.budget = [
        BudgetLine(position=place, year=line.year, item=line.item, source=line.source, won=line.won)
        for place, line in enumerate((line for line in content.budget if line.won), start=1)
    ]
    db.session.flush()
    db.session.expire(application, ["track", "lead", "partners", "budget"])


def _content_of(application: Application, content: Content) -> dict[str, Any]:
    """The whole of it by value: what evaluators read, whatever happens to names and files later."""
    return {
        "number": application.number,
        "title": content.title,
        "track": application.track.title,
        "task": application.project.task.title,
        "project": application.project.title,
        "region": application.project.task.innovation_city,
        "lead": {
            "id": content.lead_organisation_id,
            "name": accounts.get_organisation(content.lead_organisation_id).name,
        },
        "manager": content.manager,
        "partners": [
            {"id": organisation, "name": accounts.get_organisation(organisation).name, "duty": duty}
            for organisation, duty in content.partners
        ],
        "period": [content.period_from.isoformat(), content.period_to.isoformat()],
        "narrative": dict(content.narrative),
        "budget": [
            {"year": line.year, "item": line.item, "source": line.source.value, "won": line.won}
            for line in content.budget
            if line.won
        ],
        "requested_won": content.requested_won,
        "total_won": content.total_won,
        "files": [
            {
                "id": file.id,
                "kind": file.kind,
                "name": file.filename,
                "media_type": file.media_type,
                "size": file.size,
                "sha256": file.sha256,
            }
            for file in queries.attachments(application.id)
        ],
    }


def withdraw(*, application: Application, actor: Actor, at: datetime) -> None:
    """접수 취소: until the deadline, by the owner. What was submitted stays on record and competes no more."""
    _require(policies.may_withdraw(actor, application, at))
    application.state, application.withdrawn_at, application.changed_at = ApplicationState.WITHDRAWN, at, at
    db.session.flush()
    audit.record(verb="applications.withdraw", subject=application, actor=actor, at=at)
    hooks.send_message(
        key=f"withdrawal-{application.id}",
        user_id=application.owner_id,
        subject=f"[{application.call.title}] 접수 취소 안내 {application.number}",
        body=f"‘{application.title}’의 접수를 {korean.second(at.isoformat())}에 취소했습니다.\n접수번호: {application.number}\n"
        "이 신청서는 평가하지 않습니다. 마감 전에는 새 신청서를 작성하여 제출할 수 있습니다.",
        at=at,
    )


def screen(
    *, application: Application, verdict: ScreeningVerdict, reason: str, actor: Actor, at: datetime
) -> Screening:
    """요건검토. A later verdict replaces the earlier; the trail keeps both."""
    _require(policies.may_screen(actor, application, at))
    _require(policies.may_still_change(application.track_id, hold=True))
    if verdict is not ScreeningVerdict.ELIGIBLE and not reason.strip():
        raise Invalid("screening_reason_missing", fields={"reason": ("screening_reason_missing", {})})
    assert actor.user_id is not None
    found = db.session.get(Screening, application.id)
    if found is None:
        found = Screening(
            application_id=application.id,
            verdict=verdict,
            reason=reason.strip(),
            decided_at=at,
            decided_by_id=actor.user_id,
        )
        db.session.add(found)
    else:
        found.verdict, found.reason, found.decided_at, found.decided_by_id = verdict, reason.strip(), at, actor.user_id
    db.session.flush()
    audit.record(verb="applications.screen", subject=application, actor=actor, at=at, detail={"verdict": verdict})
    return found


def _require(verdict: Verdict) -> None:
    if not verdict.allowed:
        raise Refused.by(verdict)


def _kept() -> Iterator[evidence.Kept]:
    rows = select(Submission.id, Submission.application_id, Submission.sha256, Submission.content)
    for row in db.session.execute(rows.order_by(Submission.id)).yield_per(evidence.AT_ONCE):
        yield evidence.Kept(
            ("application", row.application_id),
            row.sha256,
            canonical_sha256(row.content),
            thing=("submission", row.id),
        )


evidence.keeps("applications.submit", rows=_kept)
