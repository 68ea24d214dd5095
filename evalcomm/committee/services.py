"""The verbs: set up a committee, fill it, pledge, declare, file and decide conflicts."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, func, select

from evalcomm.accounts.models import UserAccount
from evalcomm.applications.models import Application
from evalcomm.applications.policies import may_still_change
from evalcomm.audit import services as audit
from evalcomm.committee import letters, papers, pledge, policies, queries
from evalcomm.committee.models import (
    ChairHow,
    Committee,
    CommitteeKind,
    Conflict,
    ConflictAct,
    ConflictState,
    DecisionBody,
    Declaration,
    Membership,
    Pledge,
    Relation,
)
from evalcomm.committee.queries import PanelApplication
from evalcomm.foundation.actor import Actor, Role
from evalcomm.foundation.database import Json, canonical_sha256, db
from evalcomm.foundation.errors import Conflict as Clash
from evalcomm.foundation.errors import Invalid, Refused, StaleVersion
from evalcomm.foundation.verdict import Verdict
from evalcomm.notices import services as notices
from evalcomm.programs.models import Call, Track
from evalcomm.web.faults import Fault, refuse

WHOLE_CALL = 0
"""Stands for no track where a page or a check names one by its id."""


def _must(verdict: Verdict) -> None:
    if not verdict.allowed:
        raise Refused.by(verdict)


def _must_be_open(committee: Committee, application: Application | None = None) -> None:
    """Nothing that enters the figures changes once they are open."""
    tracks = [application.track_id] if application is not None else [track.id for track in queries.tracks_of(committee)]
    for track_id in tracks:
        verdict = may_still_change(track_id, hold=True)
        if not verdict.allowed:
            raise Clash(verdict.code, **verdict.params)


# ---- the committee


def refuse_committee(*, call: Call, name: str | None, kind: str | None, track_id: int | None) -> None:
    """Raises Invalid with everything that stands against it."""
    refuse(_committee_faults(call, name, kind, track_id))


def _committee_faults(call: Call, name: str | None, kind: str | None, track_id: int | None) -> Iterator[Fault]:
    same = select(Committee.id).where(Committee.call_id == call.id)
    if name is not None and db.session.scalar(same.where(Committee.name == name)) is not None:
        yield Fault("name", "committee_name_taken")
    if track_id is None:
        return
    if track_id != WHOLE_CALL and all(track.id != track_id for track in call.tracks):
        yield Fault("track_id", "track_of_another_call")
    place = Committee.track_id.is_(None) if track_id == WHOLE_CALL else Committee.track_id == track_id
    if kind is not None and db.session.scalar(same.where(Committee.kind == kind, place)) is not None:
        yield Fault("kind", "committee_exists")


def create_committee(
    *,
    call: Call,
    name: str,
    actor: Actor,
    at: datetime,
    kind: CommitteeKind = CommitteeKind.EVALUATION,
    track: Track | None = None,
    also_selects: bool = True,
) -> Committee:
    """For one track, or without it for the whole call. One of a kind each."""
    _must(policies.may_create_committee(actor, call, at))
    refuse_committee(call=call, name=name, kind=kind, track_id=WHOLE_CALL if track is None else track.id)
    committee = Committee(
        call_id=call.id,
        track_id=track.id if track is not None else None,
        kind=kind,
        also_selects=also_selects and kind == CommitteeKind.EVALUATION,
        name=name,
        created_at=at,
    )
    db.session.add(committee)
    db.session.flush()
    audit.record(
        verb="committee.create",
        subject=committee,
        actor=actor,
        at=at,
        detail={"call": call.id, "track": committee.track_id, "kind": kind},
    )
    return committee


def appoint(*, committee: Committee, user: UserAccount, actor: Actor, at: datetime) -> Membership:
    """Give an evaluator the next seat and tell them. Ties of the organisation don't forbid it: they become proposals for exclusion."""
    _must(policies.may_manage_committee(actor, committee, at))
    queries.lock_committee(committee.id)
    _must_be_open(committee)
    if not user.active or Role.EVALUATOR not in {role.role for role in user.roles}:
        raise Invalid("not_an_evaluator", name=user.name)
    seated = select(Membership.id).where(Membership.committee_id == committee.id, Membership.user_id == user.id)
    if db.session.scalar(seated) is not None:
        raise Clash("seated_already", name=user.name)
    membership = Membership(
        committee_id=committee.id, user_id=user.id, number=queries.next_number(committee.id), appointed_at=at
    )
    db.session.add(membership)
    db.session.flush()
    subject, body = letters.appointment(committee)
    notices.send(key=f"committee.appoint:{membership.id}", user_id=user.id, subject=subject, body=body, at=at)
    audit.record(
        verb="committee.appoint",
        subject=membership,
        actor=actor,
        at=at,
        detail={"committee": committee.id, "user": user.id},
    )
    return membership


def name_chair(*, membership: Membership, actor: Actor, at: datetime, note: str = "") -> Membership:
    """지명: the secretariat names the chair. The one before steps down in the same act."""
    return _seat_chair(membership, ChairHow.NAMED, note, actor=actor, at=at)


def elect_chair(*, membership: Membership, note: str, actor: Actor, at: datetime) -> Membership:
    """호선: the members elected their chair; `note` says when and how."""
    if not note.strip():
        raise Invalid("election_note_missing", fields={"note": ("election_note_missing", {})})
    return _seat_chair(membership, ChairHow.ELECTED, note, actor=actor, at=at)


def _seat_chair(membership: Membership, how: ChairHow, note: str, *, actor: Actor, at: datetime) -> Membership:
    _must(policies.may_manage_membership(actor, membership, at))
    queries.lock_committee(membership.committee_id)
    if membership.dismissed_at is not None:
        raise Clash("seat_dismissed_already")
    before = queries.chair_of(membership.committee_id)
    if before is not None and before.id != membership.id:
        before.is_chair = False
        db.session.flush()
    membership.is_chair, membership.chair_how, membership.chair_since, membership.chair_note = True, how, at, note
    db.session.flush()
    audit.record(
        verb="committee.seat_chair",
        subject=membership,
        actor=actor,
        at=at,
        detail={"how": how, "before": before.id if before is not None else None},
    )
    return membership


def dismiss(*, membership: Membership, reason: str, actor: Actor, at: datetime) -> None:
    """해촉. The seat, its number and everything signed on it stay; a sheet of a dismissed member enters no figure."""
    _must(policies.may_manage_membership(actor, membership, at))
    if not reason.strip():
        raise Invalid("reason_missing", fields={"reason": ("reason_missing", {})})
    if membership.dismissed_at is not None:
        raise Clash("seat_dismissed_already")
    queries.lock_committee(membership.committee_id)
    _must_be_open(membership.committee)
    membership.dismissed_at, membership.dismissed_reason, membership.is_chair = at, reason, False
    db.session.flush()
    subject, body = letters.dismissal(membership.committee, reason)
    notices.send(
        key=f"committee.dismiss:{membership.id}", user_id=membership.user_id, subject=subject, body=body, at=at
    )
    audit.record(verb="committee.dismiss", subject=membership, actor=actor, at=at)


# ---- pledge and declaration


def sign_pledge(*, membership: Membership, actor: Actor, at: datetime) -> Pledge:
    """Sign the text as it stands today. Signed before: the first signature stays, nothing is doubled."""
    _must(policies.may_sign_pledge(actor, membership, at))
    known = db.session.get(Pledge, membership.id)
    if known is not None:
        return known
    text = pledge.full_text(membership.committee.call.title, membership.committee.name)
    signed = Pledge(membership_id=membership.id, text=text, sha256=pledge.sha256(text), signed_at=at)
    membership.pledge = signed
    db.session.flush()
    audit.record(verb="committee.sign_pledge", subject=membership, actor=actor, at=at, detail={"sha256": signed.sha256})
    return signed


@dataclass(frozen=True, slots=True)
class Recusal:
    """What a member says about one application: the relation and the reason."""

    relation: Relation
    reason: str


def declare(
    *,
    membership: Membership,
    actor: Actor,
    at: datetime,
    recusals: Mapping[int, Recusal] | None = None,
    asked: Collection[int] | None = None,
) -> Declaration:
    """One declaration for every application of the panel: those in `recusals` (by application id) are recused at once, of all others the
    member says 해당 없음; a recusal filed before stands. `asked` are the applications that the page asked about: StaleVersion when others
    are there now.
    """
    _must(policies.may_declare(actor, membership, at))
    panel = queries.panel_applications(membership.committee)
    ids = {application.id for application in panel}
    before = {
        conflict.application_id: Recusal(Relation(conflict.relation), conflict.reason)
        for conflict in queries.conflicts_of_member(membership.id)
        if conflict.act == ConflictAct.RECUSAL
    }
    new = {number: said for number, said in (recusals or {}).items() if number not in before}
    if asked is not None and set(asked) != ids - set(before):
        raise StaleVersion("panel_changed")
    if unknown := set(new) - ids:
        raise Invalid("not_of_this_panel", applications=", ".join(str(number) for number in sorted(unknown)))
    _check_recusals(new)
    declaration = _keep_declaration(membership, panel, {**before, **new}, at)
    membership.declared_at = at
    for application_id, said in new.items():
        _file(
            membership,
            application_id,
            act=ConflictAct.RECUSAL,
            relation=said.relation,
            reason=said.reason,
            actor=actor,
            at=at,
        )
    db.session.flush()
    audit.record(
        verb="committee.declare",
        subject=membership,
        actor=actor,
        at=at,
        detail={"version": declaration.version, "sha256": declaration.sha256},
    )
    if not queries.has_pending(membership.id):
        papers.issue_conflict_record(membership, actor=actor, at=at)
    return declaration


def _check_recusals(recusals: Mapping[int, Recusal]) -> None:
    empty = [application_id for application_id, recusal in recusals.items() if not recusal.reason.strip()]
    if empty:
        raise Invalid("reason_missing", fields={f"reason-{number}": ("reason_missing", {}) for number in empty})


def _keep_declaration(
    membership: Membership, panel: Collection[PanelApplication], recusals: Mapping[int, Recusal], at: datetime
) -> Declaration:
    content: Json = {
        "membership": membership.id,
        "signed_at": at.isoformat(timespec="seconds"),
        "applications": [
            {
                "id": application.id,
                "number": application.number,
                "answer": "recusal" if (said := recusals.get(application.id)) else "none",
                "relation": said.relation if said else None,
                "reason": said.reason if said else None,
            }
            for application in panel
        ],
    }
    last = db.session.scalar(select(func.max(Declaration.version)).where(Declaration.membership_id == membership.id))
    declaration = Declaration(
        membership_id=membership.id,
        version=(last or 0) + 1,
        content=content,
        sha256=canonical_sha256(content),
        signed_at=at,
    )
    db.session.add(declaration)
    db.session.flush()
    return declaration


# ---- conflicts


def refuse_filing(
    *, membership: Membership | None, application_id: int | None, act: ConflictAct | None, reason: str | None
) -> None:
    """Raises Invalid with everything that stands against it."""
    refuse(_filing_faults(membership, application_id, act, reason))


def _filing_faults(
    membership: Membership | None, application_id: int | None, act: ConflictAct | None, reason: str | None
) -> Iterator[Fault]:
    if reason is not None and not reason.strip():
        yield Fault("reason", "reason_missing")
    application = None if application_id is None else db.session.get(Application, application_id)
    if membership is None or application is None:
        return
    if all(track.id != application.track_id for track in queries.tracks_of(membership.committee)):
        number = application.number or str(application.id)
        yield Fault("application_id", "not_of_this_panel", {"applications": number})
    known = exists().where(
        Conflict.membership_id == membership.id, Conflict.application_id == application.id, Conflict.act == act
    )
    if act is not None and db.session.scalar(select(known)):
        yield Fault("application_id", "conflict_filed_already")


def file_conflict(
    *,
    membership: Membership,
    application: Application,
    act: ConflictAct,
    reason: str,
    actor: Actor,
    at: datetime,
    relation: Relation = Relation.OTHER,
) -> Conflict:
    """Recusal by the member; exclusion by the secretariat; a challenge by the secretariat on behalf of the applicant."""
    own_act = act == ConflictAct.RECUSAL
    _must(policies.holds_seat(actor, membership) if own_act else policies.may_manage_membership(actor, membership, at))
    refuse_filing(membership=membership, application_id=application.id, act=act, reason=reason)
    _must_be_open(membership.committee, application)
    conflict = _file(membership, application.id, act=act, relation=relation, reason=reason, actor=actor, at=at)
    db.session.flush()
    return conflict


def _file(
    membership: Membership,
    application_id: int,
    *,
    act: ConflictAct,
    relation: Relation,
    reason: str,
    actor: Actor,
    at: datetime,
) -> Conflict:
    assert actor.user_id is not None
    conflict = Conflict(
        membership_id=membership.id,
        application_id=application_id,
        act=act,
        relation=relation,
        reason=reason,
        filed_at=at,
        filed_by_id=actor.user_id,
    )
    db.session.add(conflict)
    db.session.flush()
    audit.record(
        verb="committee.file_conflict",
        subject=conflict,
        actor=actor,
        at=at,
        detail={"act": act, "membership": membership.id, "application": application_id},
    )
    return conflict


def decide_conflict(
    *,
    conflict: Conflict,
    state: ConflictState,
    reason: str,
    actor: Actor,
    at: datetime,
    body: DecisionBody = DecisionBody.SECRETARIAT,
) -> Conflict:
    """인용, 기각 or, for an exclusion, 예외 승인; with the reason, and told to the member and to the applicant who asked."""
    _must(policies.may_decide(actor, conflict, at))
    if not reason.strip():
        raise Invalid("reason_missing", fields={"reason": ("reason_missing", {})})
    if state == ConflictState.PENDING:
        raise Invalid("decision_missing", fields={"state": ("decision_missing", {})})
    if state == ConflictState.EXCEPTION and conflict.act != ConflictAct.EXCLUSION:
        raise Invalid("exception_only_for_exclusion", fields={"state": ("exception_only_for_exclusion", {})})
    undecided = policies.is_undecided(conflict)
    if not undecided.allowed:
        raise Clash(undecided.code)
    _must_be_open(conflict.membership.committee, conflict.application)
    conflict.state, conflict.decision_reason, conflict.decision_body = state, reason, body
    conflict.decided_at, conflict.decided_by_id = at, actor.user_id
    _tell_decision(conflict, at)
    conflict.notified_at = at
    db.session.flush()
    audit.record(
        verb="committee.decide_conflict", subject=conflict, actor=actor, at=at, detail={"state": state, "body": body}
    )
    if not queries.has_pending(conflict.membership_id):
        papers.issue_conflict_record(conflict.membership, actor=actor, at=at)
    return conflict


def _tell_decision(conflict: Conflict, at: datetime) -> None:
    told = [("member", conflict.membership.user_id, letters.decision_to_member(conflict))]
    if conflict.act == ConflictAct.CHALLENGE:
        told.append(("applicant", conflict.application.owner_id, letters.decision_to_applicant(conflict)))
    for who, user_id, (subject, body) in told:
        notices.send(key=f"committee.decide:{conflict.id}:{who}", user_id=user_id, subject=subject, body=body, at=at)
