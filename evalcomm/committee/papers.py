"""이해관계 신고·결정: the paper of one member, issued when nothing about the member waits for a decision."""

from datetime import UTC, datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from evalcomm.committee import pledge, queries
from evalcomm.committee.models import Conflict, DecisionBody, Membership, Relation
from evalcomm.committee.queries import PanelApplication
from evalcomm.committee.words import BODIES, RELATIONS, korean
from evalcomm.documents import kinds
from evalcomm.documents.models import Paper
from evalcomm.documents.services import issue
from evalcomm.foundation.actor import Actor, Role
from evalcomm.foundation.database import db
from evalcomm.foundation.verdict import ALLOWED, Verdict, refused
from evalcomm.programs.heading import heading

CONFLICT_RECORD = "conflict_record"
EDITIONS = ("internal", "disclosable")


def utc(instant: datetime) -> str:
    """An instant as papers keep it."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def evaluator_name(membership: Membership, edition: str) -> str:
    """Named in the internal edition only."""
    return membership.user.name if edition == "internal" else f"위원 {membership.number}"


def affiliation(membership: Membership, edition: str) -> str | None:
    organisation = membership.user.organisation
    return organisation.name if edition == "internal" and organisation is not None else None


def issue_conflict_record(membership: Membership, *, actor: Actor, at: datetime) -> list[Paper]:
    """Both editions; a later decision issues new versions."""
    panel = queries.panel_applications(membership.committee)
    conflicts = queries.conflicts_of_member(membership.id)
    return [
        issue(
            kind=CONFLICT_RECORD,
            subject=membership,
            body=_conflict_record(membership, panel, list(conflicts), edition),
            title="이해관계 신고·결정서",
            edition=edition,
            actor=actor,
            at=at,
            **heading(membership.committee.call),
        )
        for edition in EDITIONS
    ]


def _conflict_record(
    membership: Membership, panel: list[PanelApplication], conflicts: list[Conflict], edition: str
) -> dict[str, Any]:
    signed = membership.pledge
    names = {application.id: f"{application.number} {application.title}" for application in panel}
    named = edition == "internal"
    entries = [
        _entry(conflict, f"{conflict.application.number} {conflict.application.title}", masked=not named)
        for conflict in conflicts
    ]
    concerned = {conflict.application_id for conflict in conflicts}
    declared = utc(membership.declared_at) if membership.declared_at is not None else None
    entries += [_none(name, declared) for number, name in names.items() if number not in concerned]
    return {
        "committee": membership.committee.name,
        "evaluator": evaluator_name(membership, edition),
        "affiliation": affiliation(membership, edition),
        "pledged_at": utc(signed.signed_at) if signed is not None else None,
        "pledge": pledge.articles(),
        "entries": entries,
        "signatures": [
            {
                "role": "위원",
                "name": evaluator_name(membership, edition),
                "affiliation": None,
                "signed_at": declared,
                "remark": None,
            }
        ],
    }


def _entry(conflict: Conflict, application: str, *, masked: bool) -> dict[str, Any]:
    decided = conflict.decided_at is not None
    return {
        "application": application,
        "act": conflict.act,
        "relation": korean(RELATIONS[Relation(conflict.relation)]),
        "details": None if masked else conflict.reason,
        "declared_at": utc(conflict.filed_at),
        "decision": conflict.state if decided else "pending",
        "decided_by": korean(BODIES[DecisionBody(conflict.decision_body)]) if conflict.decision_body else None,
        "decided_at": utc(conflict.decided_at) if conflict.decided_at is not None else None,
        "reason": None if masked else conflict.decision_reason or None,
        "notified_at": utc(conflict.notified_at) if conflict.notified_at is not None else None,
    }


def _none(application: str, declared_at: str | None) -> dict[str, Any]:
    return {
        "application": application,
        "act": "none",
        "relation": None,
        "details": None,
        "declared_at": declared_at,
        "decision": None,
        "decided_by": None,
        "decided_at": None,
        "reason": None,
        "notified_at": None,
    }


def may_read_conflict_record(actor: Actor, paper: Paper, at: datetime) -> Verdict:
    """The secretariat, the auditor, and the member whom it is about."""
    del at
    if actor.has(Role.SECRETARIAT, Role.AUDITOR):
        return ALLOWED
    if not actor.is_authenticated:
        return refused("sign_in_first")
    membership = db.session.get(Membership, paper.subject_id)
    own = membership is not None and membership.user_id == actor.user_id
    return ALLOWED if own else refused("role_needed")


kinds.register(
    kinds.PaperKind(
        code=CONFLICT_RECORD, label=_l("이해관계 신고·결정서"), series="이해관계", may_read=may_read_conflict_record
    )
)
