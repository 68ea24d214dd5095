"""Publish a call, which seals it, and amend it, which is the only way to change it afterwards."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select

from evalcomm.audit import evidence
from evalcomm.audit import services as audit
from evalcomm.config import Settings
from evalcomm.documents import services as documents
from evalcomm.documents.models import Paper
from evalcomm.foundation.actor import Actor
from evalcomm.foundation.clock import in_seoul
from evalcomm.foundation.database import db
from evalcomm.foundation.errors import Conflict, Invalid, StaleVersion
from evalcomm.notices import services as notices
from evalcomm.programs import changes, notice, queries, terms
from evalcomm.programs.heading import heading
from evalcomm.programs.models import Call, CallState, CallVersion
from evalcomm.programs.sealing import amending, deviates
from evalcomm.programs.services.calls import refuse_faults, require_draft, write_terms
from evalcomm.programs.terms import CallTerms
from evalcomm.web.faults import Fault

Audience = Callable[[int], Iterable[int]]
"""The ids of the people to tell about a change of the call with this id."""

_audiences: list[Audience] = []


def tells(audience: Audience) -> Audience:
    """A room above says whom an amendment concerns: applications, its applicants; committee, its members."""
    if audience not in _audiences:
        _audiences.append(audience)
    return audience


def publish_call(*, call: Call, actor: Actor, at: datetime, page_version: int | None = None) -> CallVersion:
    """공고: from now on the terms are sealed. Raises Invalid with every fault that stands against it."""
    require_draft(call, page_version)
    now = terms.of_call(call)
    refuse_faults(terms.faults(now, program_budget_won=call.program.budget_won, at=at))
    with amending(call):
        call.state, call.published_at = CallState.PUBLISHED, at
        version = _announce(call, 1, at, actor)
    paper = _issue(call, version, [], actor, at)
    audit.record(
        verb="programs.publish_call",
        subject=call,
        actor=actor,
        at=at,
        detail={
            "version": 1,
            "sha256": version.sha256,
            "plans": [track.plan.sha256 for track in now.tracks],
            "paper": paper.id,
        },
    )
    return version


def amend_call(
    *,
    call: Call,
    wanted: CallTerms,
    reason: str,
    approver: str,
    approved_on: date,
    actor: Actor,
    at: datetime,
    from_version: int | None = None,
) -> CallVersion:
    """변경공고: new terms with reason and approver, a new version and paper, and a message to everybody whom it concerns.

    `from_version` is the announced version that the page was made from. Raises Invalid with every fault, Conflict when nothing changes.
    """
    before = terms.of_call(call)
    refuse_amendment(
        call=call,
        wanted=wanted,
        reason=reason,
        approver=approver,
        approved_on=approved_on,
        at=at,
        from_version=from_version,
    )
    last = queries.current_version(call)
    assert last is not None
    with force_locale("ko"):
        changed = changes.between(before, wanted)
    with amending(call):
        write_terms(call, wanted)
        version = _announce(
            call, last.version + 1, at, actor, reason=reason, approver=approver, approved_on=approved_on
        )
    paper = _issue(call, version, changed, actor, at)
    _tell(call, version, changed, at)
    audit.record(
        verb="programs.amend_call",
        subject=call,
        actor=actor,
        at=at,
        detail={
            "version": version.version,
            "sha256": version.sha256,
            "plans": [track.plan.sha256 for track in wanted.tracks],
            "paper": paper.id,
        },
    )
    return version


def refuse_amendment(
    *,
    call: Call,
    wanted: CallTerms,
    reason: str,
    approver: str,
    approved_on: date | None,
    at: datetime,
    from_version: int | None = None,
    most: CallTerms | None = None,
) -> None:
    """Everything that stands against an amendment, asked by the page that previews it and by the verb.

    When a part of the page can't be read, `wanted` and `most` hold the ends of what it may be, and what stands at both is told.
    """
    last = queries.current_version(call)
    if call.state != CallState.PUBLISHED or last is None:
        raise Conflict("call_not_published")
    if from_version is not None and from_version != last.version:
        raise StaleVersion("stale_version")
    if deviates(call):
        raise Conflict("call_deviates")
    before = terms.of_call(call)
    both = (
        terms.faults(one, program_budget_won=call.program.budget_won, at=at, before=before)
        for one in (wanted, most or wanted)
    )
    found = list(terms.certain(*both))
    found += [
        Fault(place, "amendment_needs")
        for place, given in (("reason", reason.strip()), ("approver", approver.strip()), ("approved_on", approved_on))
        if not given
    ]
    if approved_on is not None and approved_on > in_seoul(at).date():
        found.append(Fault("approved_on", "approved_in_the_future"))
    announced_on = in_seoul(last.published_at).date()
    if approved_on is not None and approved_on < announced_on:
        found.append(Fault("approved_on", "approved_before_notice", {"notice": announced_on.isoformat()}))
    refuse_faults(found)
    if wanted == before:
        raise Invalid("amendment_changes_nothing")


def _announce(
    call: Call,
    number: int,
    at: datetime,
    actor: Actor,
    *,
    reason: str = "",
    approver: str = "",
    approved_on: date | None = None,
) -> CallVersion:
    snapshot = terms.content(terms.of_call(call), program=call.program.code)
    version = CallVersion(
        version=number,
        reason=reason.strip(),
        approver=approver.strip(),
        approved_on=approved_on,
        content=snapshot,
        sha256=terms.fingerprint(snapshot),
        published_at=at,
        published_by_id=actor.user_id,
    )
    call.versions.append(version)
    call.page_version += 1
    db.session.flush()
    return version


def _issue(call: Call, version: CallVersion, changed: Iterable[changes.Change], actor: Actor, at: datetime) -> Paper:
    return documents.issue(
        kind=notice.KIND,
        subject=call,
        body=notice.body(call, version, changed),
        title="공고문" if version.version == 1 else "변경공고",
        edition="disclosable",
        actor=actor,
        at=at,
        **heading(call),
    )


def _tell(call: Call, version: CallVersion, changed: Iterable[changes.Change], at: datetime) -> None:
    """In Korean, as the notice is; the same person once, however many rooms name them."""
    settings: Settings = current_app.extensions["settings"]
    with force_locale("ko"):
        subject = _("[변경공고] %(call)s", call=call.title)
        lines = [
            _("신청하신 공모의 내용이 변경공고되었습니다."),
            "",
            _("공고번호: %(number)s", number=notice.notice_number(call, version.version)),
            _("변경 사유: %(reason)s", reason=version.reason),
            "",
            *(_("%(what)s: %(before)s → %(after)s", what=c.what, before=c.before, after=c.after) for c in changed),
            "",
            _("변경공고문: %(url)s", url=f"{settings.public_url}/calls/{call.id}"),
        ]
    for user_id in sorted({user_id for audience in _audiences for user_id in audience(call.id)}):
        notices.send(
            key=f"call-amended-{call.id}-{version.version}-{user_id}",
            user_id=user_id,
            subject=subject,
            body="\n".join(lines),
            at=at,
        )


def _kept() -> Iterator[evidence.Kept]:
    for version in db.session.scalars(select(CallVersion).order_by(CallVersion.id)):
        yield evidence.Kept(
            ("call", version.call_id),
            version.sha256,
            terms.fingerprint(version.content),
            thing=("call_version", version.id),
        )


evidence.keeps("programs.publish_call", "programs.amend_call", rows=_kept)
