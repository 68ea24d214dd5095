"""Plans and rubrics: the list, one in words, and the page that checks and stores them."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from evalcomm.engine.exact import format_figure
from evalcomm.foundation.database import db
from evalcomm.foundation.errors import DomainError
from evalcomm.rubrics import checking, forms, korean, policies, queries, services, wording
from evalcomm.rubrics import words as room_words
from evalcomm.rubrics.checking import Report
from evalcomm.rubrics.models import PlanVersion, RubricVersion
from evalcomm.web import navigation, words
from evalcomm.web.access import commits, current_actor, received_at, requires

__all__ = ["blueprint", "room_words"]

blueprint = Blueprint("rubrics", __name__)
RUBRIC, PLAN = "rubric.toml", "plan.toml"


@blueprint.context_processor
def vocabulary() -> dict[str, Any]:
    return {"figure": format_figure, "may_store": policies.may_store_plans}


@blueprint.get("/plans")
@requires(policies.may_read_plans)
def plans() -> ResponseReturnValue:
    return render_template("rubrics/plans.html", choices=queries.plan_choices(), stored=queries.list_plans())


@blueprint.get("/plans/<int:plan_version_id>")
@requires(policies.may_read_plan, load=queries.get_plan)
def plan(plan: PlanVersion) -> ResponseReturnValue:
    value = queries.plan_value(plan)
    return render_template("rubrics/plan.html", plan=plan, **wording.view(value))


@blueprint.get("/plans/check")
@requires(policies.may_store_plans)
def check_form() -> ResponseReturnValue:
    return _page(forms.CheckForm(), None)


@blueprint.post("/plans/check")
@requires(policies.may_store_plans)
def check() -> ResponseReturnValue:
    """Says everything that is wrong or doubtful, and stores nothing."""
    form = forms.CheckForm()
    return _page(form, _report(form))


@blueprint.post("/plans")
@commits
@requires(policies.may_store_plans)
def store() -> ResponseReturnValue:
    """Keeps the rubric and the plan as new versions, if nothing is wrong."""
    form = forms.CheckForm()
    report = _report(form)
    if report is None or report.errors:
        return _page(form, report)
    try:
        stored = _store(*form.texts)
    except DomainError as error:
        db.session.rollback()
        form.form_errors = [words.explain(error)]
        return _page(form, report)
    flash(_("%(title)s 제%(version)s판을 저장했습니다.", title=stored.title, version=stored.version), "success")
    if isinstance(stored, PlanVersion):
        return redirect(url_for("rubrics.plan", plan_version_id=stored.id))
    return redirect(url_for("rubrics.plans"))


def _report(form: forms.CheckForm) -> Report | None:
    """None where there is nothing to check; the form then says why."""
    if not form.take_files():
        return None
    rubric, plan = form.texts
    if rubric is None and plan is None:
        form.form_errors = [_("검사할 평가표나 평가계획을 적거나 파일을 골라 주십시오.")]
        return None
    try:
        return checking.report(
            rubric or queries.named_rubric_text(plan or ""), plan, rubric_name=RUBRIC, plan_name=PLAN
        )
    except checking.NotUsable as error:
        return Report(tuple(error.findings))
    except DomainError as error:
        form.form_errors = [words.explain(error)]
        return None


def _store(rubric: str | None, plan: str | None) -> PlanVersion | RubricVersion:
    actor, at = current_actor(), received_at()
    stored = None if rubric is None else services.store_rubric(text=rubric, actor=actor, at=at, name=RUBRIC)
    if plan is None:
        assert stored is not None
        return stored
    return services.store_plan(text=plan, rubric=stored, actor=actor, at=at, name=PLAN)


def _page(form: forms.CheckForm, report: Report | None) -> ResponseReturnValue:
    wrong = bool(form.errors or form.form_errors) or (report is not None and bool(report.errors))
    told = {
        "errors": [korean.spoken(finding) for finding in report.errors] if report else [],
        "warnings": [korean.spoken(finding) for finding in report.warnings] if report else [],
    }
    return render_template("rubrics/check.html", form=form, report=report, **told), 422 if wrong else 200


navigation.register(_l("평가계획"), "rubrics.plans", policies.may_read_plans, order=150)
