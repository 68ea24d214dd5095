"""Committees for the secretariat; pledge, declaration and recusal for their members."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.fields import SelectChoice

from evalcomm.accounts.queries import get_user
from evalcomm.committee import forms, pledge, policies, queries, services
from evalcomm.committee.models import (
    ChairHow,
    Committee,
    CommitteeKind,
    Conflict,
    ConflictAct,
    ConflictState,
    DecisionBody,
    Membership,
    Relation,
)
from evalcomm.committee.words import ACTS, BODIES, CHAIRS, KINDS, PARTS, RELATIONS, STATE_TONES, STATES, TIES
from evalcomm.documents.queries import papers_of
from evalcomm.foundation.database import db
from evalcomm.foundation.errors import Conflict as Clash
from evalcomm.foundation.errors import DomainError, Invalid, StaleVersion
from evalcomm.programs.models import Call, Track
from evalcomm.programs.queries import get_call
from evalcomm.web import navigation, words
from evalcomm.web.access import commits, current_actor, received_at, requires
from evalcomm.web.telling import read, tell

blueprint = Blueprint("committee", __name__)


@blueprint.context_processor
def vocabulary() -> dict[str, Any]:
    return {
        "KINDS": KINDS,
        "CHAIRS": CHAIRS,
        "ACTS": ACTS,
        "STATES": STATES,
        "STATE_TONES": STATE_TONES,
        "BODIES": BODIES,
        "RELATIONS": RELATIONS,
        "tie_words": tie_words,
        "may_manage": policies.may_manage_committees,
    }


def tie_words(tie: Any, organisation: str) -> str:
    """소속기관이 참여기관(도로공사)입니다"""
    return str(TIES[tie.kind]) % {"part": f"{PARTS[tie.part]}({organisation})"}


# Committees


@blueprint.get("/committees")
@requires(policies.may_see_committees)
def index() -> ResponseReturnValue:
    return render_template("committee/index.html", committees=queries.overviews(), calls=queries.calls_without_panel())


@blueprint.get("/calls/<int:call_id>/committees/new")
@requires(policies.may_create_committee, load=get_call)
def new(call: Call) -> ResponseReturnValue:
    return render_template("committee/new.html", call=call, form=_committee_form(call))


@blueprint.post("/calls/<int:call_id>/committees/new")
@commits
@requires(policies.may_create_committee, load=get_call)
def create(call: Call) -> ResponseReturnValue:
    form, status = _committee_form(call), 422
    ready = form.validate()
    try:
        if ready:
            committee = services.create_committee(
                call=call,
                name=form.name.data,
                kind=CommitteeKind(form.kind.data),
                track=db.session.get(Track, form.track_id.data),
                also_selects=form.also_selects.data,
                actor=current_actor(),
                at=received_at(),
            )
            flash(_("위원회를 만들었습니다. 이제 위원을 위촉해 주십시오."), "success")
            return redirect(url_for("committee.show", committee_id=committee.id))
        services.refuse_committee(call=call, **read(form, "name", "kind", "track_id"))
    except DomainError as error:
        status = tell(form, error)
    return render_template("committee/new.html", call=call, form=form), status


def _committee_form(call: Call) -> forms.CommitteeForm:
    form = forms.CommitteeForm()
    form.track_id.choices = [
        SelectChoice(services.WHOLE_CALL, _l("모든 분야")),
        *(SelectChoice(track.id, track.title) for track in call.tracks),
    ]
    return form


@blueprint.get("/committees/<int:committee_id>")
@requires(policies.may_see_committee, load=queries.get_committee)
def show(committee: Committee) -> ResponseReturnValue:
    return render_template(
        "committee/show.html",
        committee=committee,
        memberships=queries.members(committee.id, with_dismissed=True),
        recused=queries.recused_memberships(committee_id=committee.id),
        panel=queries.panel_applications(committee),
        conflicts=queries.conflicts_of(committee.id),
        proposals=queries.proposed_exclusions(committee),
        papers=queries.conflict_records(committee.id),
    )


@blueprint.get("/committees/<int:committee_id>/appoint")
@requires(policies.may_manage_committee, load=queries.get_committee)
def choose(committee: Committee) -> ResponseReturnValue:
    search = request.args.get("q", "").strip()[:80]
    found, total = queries.candidates(committee, search=search)
    return render_template("committee/appoint.html", committee=committee, candidates=found, total=total, search=search)


@blueprint.post("/committees/<int:committee_id>/appoint/<int:user_id>")
@commits
@requires(policies.may_manage_committee, load=queries.get_committee)
def appoint(committee: Committee, user_id: int) -> ResponseReturnValue:
    try:
        member = services.appoint(committee=committee, user=get_user(user_id), actor=current_actor(), at=received_at())
    except (Clash, Invalid) as error:
        flash(words.explain(error), "warning")
    else:
        flash(_("%(name)s 위원을 위촉하고 안내를 보냈습니다.", name=member.user.name), "success")
    return redirect(url_for("committee.choose", committee_id=committee.id))


# Members


@blueprint.get("/memberships/<int:membership_id>/chair")
@requires(policies.may_manage_membership, load=queries.get_membership)
def chair(membership: Membership) -> ResponseReturnValue:
    return render_template(
        "committee/chair.html",
        membership=membership,
        form=forms.ChairForm(),
        before=queries.chair_of(membership.committee_id),
    )


@blueprint.post("/memberships/<int:membership_id>/chair")
@commits
@requires(policies.may_manage_membership, load=queries.get_membership)
def seat_chair(membership: Membership) -> ResponseReturnValue:
    form, status = forms.ChairForm(), 422
    if form.validate():
        verb = services.elect_chair if form.how.data == ChairHow.ELECTED.value else services.name_chair
        try:
            verb(membership=membership, note=form.note.data or "", actor=current_actor(), at=received_at())
        except DomainError as error:
            status = tell(form, error)
        else:
            flash(_("%(name)s 위원을 위원장으로 기록하였습니다.", name=membership.user.name), "success")
            return redirect(url_for("committee.show", committee_id=membership.committee_id))
    before = queries.chair_of(membership.committee_id)
    return render_template("committee/chair.html", membership=membership, form=form, before=before), status


@blueprint.get("/memberships/<int:membership_id>/dismissal")
@requires(policies.may_manage_membership, load=queries.get_membership)
def dismissal(membership: Membership) -> ResponseReturnValue:
    return render_template("committee/dismissal.html", membership=membership, form=forms.DismissalForm())


@blueprint.post("/memberships/<int:membership_id>/dismissal")
@commits
@requires(policies.may_manage_membership, load=queries.get_membership)
def dismiss(membership: Membership) -> ResponseReturnValue:
    form, status = forms.DismissalForm(), 422
    if form.validate():
        try:
            services.dismiss(membership=membership, reason=form.reason.data, actor=current_actor(), at=received_at())
        except DomainError as error:
            status = tell(form, error)
        else:
            flash(_("%(name)s 위원을 해촉하고 알렸습니다.", name=membership.user.name), "success")
            return redirect(url_for("committee.show", committee_id=membership.committee_id))
    return render_template("committee/dismissal.html", membership=membership, form=form), status


# Pledge, declaration, recusal: the member's own


@blueprint.get("/memberships/<int:membership_id>/pledge")
@requires(policies.may_read_pledge, load=queries.get_membership)
def show_pledge(membership: Membership) -> ResponseReturnValue:
    return _pledge_page(membership, forms.PledgeForm())


@blueprint.post("/memberships/<int:membership_id>/pledge")
@commits
@requires(policies.may_sign_pledge, load=queries.get_membership)
def sign_pledge(membership: Membership) -> ResponseReturnValue:
    form = forms.PledgeForm()
    if not form.validate():
        return _pledge_page(membership, form), 422
    services.sign_pledge(membership=membership, actor=current_actor(), at=received_at())
    flash(_("서약하였습니다. 이어서 이해관계를 신고해 주십시오."), "success")
    return redirect(url_for("committee.show_declaration", membership_id=membership.id))


def _pledge_page(membership: Membership, form: Any) -> str:
    committee = membership.committee
    return render_template(
        "committee/pledge.html",
        membership=membership,
        form=form,
        opening=pledge.opening(committee.call.title, committee.name),
        articles=pledge.articles(),
        consent=pledge.consent(),
        pledge_title=pledge.TITLE,
        consent_title=pledge.CONSENT_TITLE,
    )


@blueprint.get("/memberships/<int:membership_id>/declaration")
@requires(policies.may_read_declaration, load=queries.get_membership)
def show_declaration(membership: Membership) -> ResponseReturnValue:
    return _declaration_page(membership)


@blueprint.post("/memberships/<int:membership_id>/declaration")
@commits
@requires(policies.may_declare, load=queries.get_membership)
def declare(membership: Membership) -> ResponseReturnValue:
    asked = _asked(membership)
    form = forms.declaration_form(asked)
    if not form.validate():
        return _declaration_page(membership, form), 422
    try:
        services.declare(
            membership=membership,
            recusals={
                number: services.Recusal(relation, reason)
                for number, (relation, reason) in forms.recusals_of(form, asked).items()
            },
            asked=[int(part) for part in (form.asked.data or "").split(",") if part.isdigit()],
            actor=current_actor(),
            at=received_at(),
        )
    except StaleVersion as error:
        form.form_errors = [words.explain(error)]
        form.asked.data = ",".join(str(one.id) for one in asked)
        return _declaration_page(membership, form), error.status
    flash(_("이해관계를 신고하였습니다. 이제 신청서를 평가하실 수 있습니다."), "success")
    return redirect(url_for("scoring.index"))


def _asked(membership: Membership) -> list[queries.PanelApplication]:
    """What the declaration still asks about: all but those that the member has recused from before."""
    before = {
        one.application_id for one in queries.conflicts_of_member(membership.id) if one.act == ConflictAct.RECUSAL
    }
    return [one for one in queries.panel_applications(membership.committee) if one.id not in before]


def _declaration_page(membership: Membership, form: Any = None) -> str:
    panel = queries.panel_applications(membership.committee)
    return render_template(
        "committee/declaration.html",
        membership=membership,
        panel=panel,
        form=form if form is not None else forms.declaration_form(_asked(membership)),
        ties=queries.ties_of_member(membership, panel),
        conflicts=queries.conflicts_of_member(membership.id),
        verdict=policies.may_declare(current_actor(), membership, received_at()),
        explain=words.explain,
        papers=papers_of("membership", membership.id, kind="conflict_record"),
    )


@blueprint.get("/memberships/<int:membership_id>/recusals/<int:application_id>")
@requires(policies.may_recuse, load=queries.get_membership)
def recusal(membership: Membership, application_id: int) -> ResponseReturnValue:
    application = queries.get_application_of(membership, application_id)
    return render_template(
        "committee/recusal.html", membership=membership, application=application, form=forms.RecusalForm()
    )


@blueprint.post("/memberships/<int:membership_id>/recusals/<int:application_id>")
@commits
@requires(policies.may_recuse, load=queries.get_membership)
def recuse(membership: Membership, application_id: int) -> ResponseReturnValue:
    application, form = queries.get_application_of(membership, application_id), forms.RecusalForm()
    status = 422
    ready = form.validate()
    try:
        if ready:
            services.file_conflict(
                membership=membership,
                application=application,
                act=ConflictAct.RECUSAL,
                relation=Relation(form.relation.data),
                reason=form.reason.data,
                actor=current_actor(),
                at=received_at(),
            )
            flash(_("회피를 신고하였습니다. 이 신청서는 더 이상 열리지 않습니다."), "success")
            return redirect(url_for("scoring.index"))
        services.refuse_filing(
            membership=membership, application_id=application.id, act=ConflictAct.RECUSAL, reason=None
        )
    except DomainError as error:
        status = tell(form, error)
    return render_template("committee/recusal.html", membership=membership, application=application, form=form), status


# Exclusions, challenges, decisions


@blueprint.get("/committees/<int:committee_id>/conflicts/new")
@requires(policies.may_manage_committee, load=queries.get_committee)
def new_conflict(committee: Committee) -> ResponseReturnValue:
    form = _filing_form(committee)
    for name in ("membership_id", "application_id"):
        if request.args.get(name, "").isdigit():
            form[name].data = int(request.args[name])
    form.act.data = request.args.get("act")
    return render_template("committee/new_conflict.html", committee=committee, form=form)


@blueprint.post("/committees/<int:committee_id>/conflicts/new")
@commits
@requires(policies.may_manage_committee, load=queries.get_committee)
def file_conflict(committee: Committee) -> ResponseReturnValue:
    form, status = _filing_form(committee), 422
    ready = form.validate()
    typed = read(form, "act", "membership_id", "application_id")
    membership = queries.get_membership(typed["membership_id"]) if typed["membership_id"] else None
    act = ConflictAct(typed["act"]) if typed["act"] else None
    try:
        if ready and membership is not None and act is not None:
            conflict = services.file_conflict(
                membership=membership,
                application=queries.get_application_of(membership, typed["application_id"]),
                act=act,
                relation=Relation(form.relation.data),
                reason=form.reason.data,
                actor=current_actor(),
                at=received_at(),
            )
            flash(_("접수하였습니다. 이어서 결정을 기록할 수 있습니다."), "success")
            return redirect(url_for("committee.conflict", conflict_id=conflict.id))
        services.refuse_filing(membership=membership, application_id=typed["application_id"], act=act, reason=None)
    except DomainError as error:
        status = tell(form, error)
    return render_template("committee/new_conflict.html", committee=committee, form=form), status


def _filing_form(committee: Committee) -> forms.FilingForm:
    form = forms.FilingForm()
    form.membership_id.choices = [
        SelectChoice(member.id, _("위원 %(number)s %(name)s", number=member.number, name=member.user.name))
        for member in queries.members(committee.id)
    ]
    form.application_id.choices = [
        SelectChoice(one.id, f"{one.number} {one.title} ({one.lead})") for one in queries.panel_applications(committee)
    ]
    return form


@blueprint.get("/conflicts/<int:conflict_id>")
@requires(policies.may_see_conflict, load=queries.get_conflict)
def conflict(conflict: Conflict) -> ResponseReturnValue:
    return render_template("committee/conflict.html", conflict=conflict, form=forms.DecisionForm.for_act(conflict.act))


@blueprint.post("/conflicts/<int:conflict_id>")
@commits
@requires(policies.may_decide, load=queries.get_conflict)
def decide(conflict: Conflict) -> ResponseReturnValue:
    form, status = forms.DecisionForm.for_act(conflict.act), 422
    if form.validate():
        try:
            services.decide_conflict(
                conflict=conflict,
                state=ConflictState(form.state.data),
                body=DecisionBody(form.body.data),
                reason=form.reason.data,
                actor=current_actor(),
                at=received_at(),
            )
        except DomainError as error:
            status = tell(form, error)
        else:
            flash(_("결정을 기록하고 알렸습니다."), "success")
            return redirect(url_for("committee.show", committee_id=conflict.membership.committee_id))
    return render_template("committee/conflict.html", conflict=conflict, form=form), status


navigation.register(_l("평가위원회"), "committee.index", policies.may_see_committees, order=300)
