"""The secretariat's list of a call, and screening."""

from flask import (
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from evalcomm.applications import forms, policies, queries, services, words
from evalcomm.applications.models import Application, ScreeningVerdict
from evalcomm.applications.routes.blueprint import blueprint
from evalcomm.applications.routes.views import submitted_page
from evalcomm.foundation.errors import DomainError
from evalcomm.programs import queries as programs
from evalcomm.programs.models import Call
from evalcomm.web.access import commits, current_actor, received_at, requires
from evalcomm.web.intake import number
from evalcomm.web.telling import tell


@blueprint.get("/calls/<int:call_id>/applications")
@requires(policies.may_list_of_call, load=programs.get_call)
def list_applications(call: Call) -> ResponseReturnValue:
    track_id, state = request.args.get("track", type=number), request.args.get("state", "")
    return render_template(
        "applications/list.html",
        call=call,
        rows=queries.list_of_call(call.id, track_id=track_id, state=state),
        drafts=queries.draft_count(call.id),
        track_id=track_id,
        state=state,
        states={key.value: str(value) for key, value in words.STATES.items()},
        verdicts={key.value: str(value) for key, value in words.VERDICTS.items()},
    )


@blueprint.post("/applications/<int:application_id>/screening")
@commits
@requires(policies.may_screen, load=queries.lock_application)
def screen(application: Application) -> ResponseReturnValue:
    form = forms.ScreeningForm()
    if form.validate():
        try:
            services.screen(
                application=application,
                verdict=ScreeningVerdict(form.verdict.data),
                reason=form.reason.data or "",
                actor=current_actor(),
                at=received_at(),
            )
        except DomainError as error:
            return submitted_page(application, form, tell(form, error))
        else:
            flash(_("요건검토 결과를 저장했습니다."), "success")
            return redirect(url_for("applications.list_applications", call_id=application.call_id))
    return submitted_page(application, form, 422)
