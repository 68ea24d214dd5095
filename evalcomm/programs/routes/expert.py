"""전문 기능: tracks, rounds, the rights of phases, the words of the notice."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from evalcomm.foundation.errors import DomainError
from evalcomm.programs import forms, policies, queries, services, terms
from evalcomm.programs.models import Call, Right, Track, Visibility
from evalcomm.programs.routes.frame import blueprint, plan_options, show_fresh, verb
from evalcomm.rubrics import queries as rubrics
from evalcomm.rubrics import services as storing
from evalcomm.web.access import commits, received_at, requires
from evalcomm.web.telling import read, tell

# The words of the notice


@blueprint.get("/calls/<int:call_id>/texts")
@requires(policies.may_edit_call, load=queries.get_call)
def texts(call: Call) -> ResponseReturnValue:
    form = forms.TextsForm(formdata=None)
    form.take(terms.of_call(call))
    form.page_version.data = str(call.page_version)
    return render_template("programs/texts.html", call=call, form=form)


@blueprint.post("/calls/<int:call_id>/texts")
@commits
@requires(policies.may_edit_call, load=queries.lock_call)
def change_texts(call: Call) -> ResponseReturnValue:
    form, status = forms.TextsForm(), 422
    ready = form.validate()
    plain: dict[str, Any] = {
        name: form[name].data or "" for name in ("number", "title", "description", "authority", "contact")
    }
    try:
        if ready:
            services.change_texts(
                call=call,
                texts=form.texts,
                is_demonstration=form.is_demonstration.data,
                page_version=form.made_from,
                **plain,
                **verb(),
            )
            flash(_("공고문 문안을 저장했습니다."), "success")
            return redirect(url_for("programs.preview", call_id=call.id))
        if plain["number"] != call.number:
            services.refuse_taken_number(call.program, plain["number"])
    except DomainError as error:
        status = tell(form, error)
        show_fresh(form, call, error)
    return render_template("programs/texts.html", call=call, form=form), status


# Tracks


@blueprint.get("/calls/<int:call_id>/tracks")
@requires(policies.may_edit_call, load=queries.get_call)
def tracks(call: Call) -> ResponseReturnValue:
    form = _track_form(formdata=None)
    form.page_version.data = str(call.page_version)
    return render_template("programs/tracks.html", call=call, form=form)


@blueprint.post("/calls/<int:call_id>/tracks")
@commits
@requires(policies.may_edit_call, load=queries.lock_call)
def add_track(call: Call) -> ResponseReturnValue:
    form, status = _track_form(), 422
    ready = form.validate()
    try:
        if ready:
            services.add_track(call=call, code=form.code.data, **_typed_track(form), **verb())
            flash(_("%(title)s 분야를 더했습니다.", title=form.title.data), "success")
            return redirect(url_for("programs.tracks", call_id=call.id))
        services.refuse_track(call=call, **read(form, "code", "budget_won"))
    except DomainError as error:
        status = tell(form, error)
    return render_template("programs/tracks.html", call=call, form=form), status


@blueprint.get("/tracks/<int:track_id>/change")
@requires(policies.may_edit_track, load=queries.get_track)
def edit_track(track: Track) -> ResponseReturnValue:
    form = _track_form(formdata=None)
    form.page_version.data = str(track.call.page_version)
    form.code.data, form.title.data, form.budget_won.data = track.code, track.title, track.budget_won
    form.plan.data = rubrics.choice_of(track.plan)
    return render_template("programs/track_form.html", track=track, call=track.call, form=form)


@blueprint.post("/tracks/<int:track_id>/change")
@commits
@requires(policies.may_edit_track, load=queries.lock_track)
def change_track(track: Track) -> ResponseReturnValue:
    form, status = _track_form(), 422
    form.code.data = track.code
    ready = form.validate()
    try:
        if ready:
            services.change_track(track=track, page_version=form.made_from, **_typed_track(form), **verb())
            return redirect(url_for("programs.tracks", call_id=track.call_id))
        services.refuse_track(call=track.call, but=track, **read(form, "budget_won"))
    except DomainError as error:
        status = tell(form, error)
        show_fresh(form, track.call, error)
    return render_template("programs/track_form.html", track=track, call=track.call, form=form), status


@blueprint.post("/tracks/<int:track_id>/remove")
@commits
@requires(policies.may_edit_track, load=queries.lock_track)
def remove_track(track: Track) -> ResponseReturnValue:
    call_id, title = track.call_id, track.title
    services.remove_track(track=track, **verb())
    flash(_("%(title)s 분야를 뺐습니다.", title=title))
    return redirect(url_for("programs.tracks", call_id=call_id))


def _track_form(**given: Any) -> forms.TrackForm:
    form = forms.TrackForm(**given)
    form.plan.choices = plan_options()
    return form


def _typed_track(form: forms.TrackForm) -> dict[str, Any]:
    return {
        "title": form.title.data,
        "budget_won": form.budget_won.data,
        "plan": storing.store_choice(choice=form.plan.data, **verb()),
    }


# Rounds


@blueprint.get("/calls/<int:call_id>/rounds")
@requires(policies.may_edit_call, load=queries.get_call)
def rounds(call: Call) -> ResponseReturnValue:
    form = forms.RoundsForm(formdata=None)
    form.page_version.data = str(call.page_version)
    form.show(terms.of_call(call))
    return render_template("programs/rounds.html", call=call, form=form)


@blueprint.post("/calls/<int:call_id>/rounds")
@commits
@requires(policies.may_edit_call, load=queries.lock_call)
def change_rounds(call: Call) -> ResponseReturnValue:
    form, status = forms.RoundsForm(), 422
    ready = form.validate()
    typed, windows = form.typed()
    try:
        if ready:
            services.change_rounds(call=call, rounds=typed, dates=windows, page_version=form.made_from, **verb())
            flash(_("평가 차수를 저장했습니다."), "success")
            return redirect(url_for("programs.preview", call_id=call.id))
        services.refuse_rounds(call=call, rounds=typed, dates=windows, at=received_at())
    except DomainError as error:
        status = tell(form, error)
        show_fresh(form, call, error)
    return render_template("programs/rounds.html", call=call, form=form), status


# Rights


@blueprint.get("/calls/<int:call_id>/rights")
@requires(policies.may_edit_call, load=queries.get_call)
def rights(call: Call) -> ResponseReturnValue:
    now = terms.of_call(call)
    form = forms.rights_form(now.phases)(formdata=None)
    form.page_version.data = str(call.page_version)
    for phase in now.phases:
        for right in Right:
            form[f"{phase.key}_{right.value}"].data = getattr(phase, right.value)
        form[f"{phase.key}_members_see_other_scores"].data = str(phase.members_see_other_scores)
    return render_template("programs/rights.html", call=call, terms=now, form=form)


@blueprint.post("/calls/<int:call_id>/rights")
@commits
@requires(policies.may_edit_call, load=queries.lock_call)
def change_rights(call: Call) -> ResponseReturnValue:
    now = terms.of_call(call)
    form = forms.rights_form(now.phases)()
    status = 422
    if form.validate():
        granted = {phase.key: _typed_rights(form, phase.key) for phase in now.phases}
        try:
            services.change_rights(call=call, rights=granted, page_version=form.made_from, **verb())
        except DomainError as error:
            status = tell(form, error)
            show_fresh(form, call, error)
        else:
            flash(_("단계의 권한을 저장했습니다."), "success")
            return redirect(url_for("programs.preview", call_id=call.id))
    return render_template("programs/rights.html", call=call, terms=now, form=form), status


def _typed_rights(form: Any, key: str) -> dict[str, Any]:
    chosen: dict[str, Any] = {right.value: bool(form[f"{key}_{right.value}"].data) for right in Right}
    chosen["members_see_other_scores"] = Visibility(form[f"{key}_members_see_other_scores"].data)
    return chosen
