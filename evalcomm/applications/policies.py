"""Who may start, read, change, submit, screen. The deadline is the phase's; the reason says when it was."""

from datetime import datetime
from typing import Protocol

from evalcomm.applications.models import Application, ApplicationState, Attachment
from evalcomm.documents.models import Paper
from evalcomm.foundation.actor import Actor, Role
from evalcomm.foundation.verdict import ALLOWED, Verdict, first_refusal, refused
from evalcomm.programs.models import Call, Project, Right
from evalcomm.programs.policies import phase_allows
from evalcomm.web.access import holds


class Settlement(Protocol):
    """Track id → whether what enters its figures may still change; with `hold` it stays so to the end of the transaction."""

    def __call__(self, track_id: int, *, hold: bool) -> Verdict: ...


_settlements: list[Settlement] = []


def settles(rule: Settlement) -> Settlement:
    """Register when a track's figures are settled. The room that opens scores stands above this one and says so here."""
    if rule not in _settlements:
        _settlements.append(rule)
    return rule


def may_still_change(track_id: int, *, hold: bool) -> Verdict:
    """Verdicts, members and conflicts of a track change until its scores are opened; after that they would change the result."""
    return first_refusal(*(rule(track_id, hold=hold) for rule in _settlements))


is_applicant = holds(Role.APPLICANT)
may_list_applications = holds(Role.SECRETARIAT, Role.AUDITOR)


def may_list_of_call(actor: Actor, call: Call, at: datetime) -> Verdict:
    del call
    return may_list_applications(actor, at)


def may_start(actor: Actor, call: Call, at: datetime) -> Verdict:
    if not actor.is_authenticated:
        return refused("sign_in_first")
    return phase_allows(call, Right.SUBMIT, at) if actor.has(Role.APPLICANT) else refused("not_an_applicant")


def may_start_from(actor: Actor, place: tuple[Call, Project], at: datetime) -> Verdict:
    return may_start(actor, place[0], at)


def owns(actor: Actor, application: Application, at: datetime) -> Verdict:
    del at
    if not actor.is_authenticated:
        return refused("sign_in_first")
    return ALLOWED if actor.user_id == application.owner_id else refused("not_your_application")


def may_read(actor: Actor, application: Application, at: datetime) -> Verdict:
    """The owner, the secretariat and the auditor. Evaluators read proposals only through scoring."""
    if not actor.is_authenticated:
        return refused("sign_in_first")
    if actor.user_id == application.owner_id:
        return ALLOWED
    if actor.has(Role.SECRETARIAT, Role.AUDITOR):
        # a draft is the applicant's own until it is handed in
        return ALLOWED if application.state != ApplicationState.DRAFT else refused("application_not_submitted")
    return refused("evaluators_read_through_scoring") if actor.has(Role.EVALUATOR) else owns(actor, application, at)


def may_read_attachment(actor: Actor, attachment: Attachment, at: datetime) -> Verdict:
    return may_read(actor, attachment.application, at)


def may_edit(actor: Actor, application: Application, at: datetime) -> Verdict:
    return first_refusal(owns(actor, application, at), is_open_for_changes(application, at))


def is_open_for_changes(application: Application, at: datetime) -> Verdict:
    if application.state == ApplicationState.WITHDRAWN:
        return refused("application_withdrawn")
    return phase_allows(application.call, Right.SUBMIT, at)


def may_withdraw(actor: Actor, application: Application, at: datetime) -> Verdict:
    if application.state == ApplicationState.DRAFT:
        return first_refusal(owns(actor, application, at), refused("application_not_submitted"))
    return may_edit(actor, application, at)


def may_screen(actor: Actor, application: Application, at: datetime) -> Verdict:
    del at
    if not actor.is_authenticated:
        return refused("sign_in_first")
    if not actor.has(Role.SECRETARIAT):
        return refused("role_needed")
    if application.state == ApplicationState.WITHDRAWN:
        return refused("application_withdrawn")
    if application.state != ApplicationState.SUBMITTED:
        return refused("application_not_submitted")
    return may_still_change(application.track_id, hold=False)


def may_read_receipt(actor: Actor, paper: Paper, at: datetime) -> Verdict:
    from evalcomm.applications.queries import get_application

    if actor.has(Role.SECRETARIAT, Role.AUDITOR):
        return ALLOWED  # a receipt is of something that was handed in
    return may_read(actor, get_application(paper.subject_id), at)
