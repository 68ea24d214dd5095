"""Organisations, their parents and affiliates."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from evalcomm.accounts import forms, policies, queries, services
from evalcomm.accounts.models import Organisation, OrganisationKind
from evalcomm.accounts.routes.blueprint import blueprint
from evalcomm.accounts.words import ORGANISATION_KINDS
from evalcomm.foundation.errors import DomainError
from evalcomm.web import words
from evalcomm.web.access import commits, current_actor, received_at, requires

NO_ORGANISATION = 0


@blueprint.get("/organisations")
@requires(policies.may_keep_organisations)
def organisations() -> ResponseReturnValue:
    rows = queries.organisations()
    names = {row.id: row.name for row in rows}
    return render_template("accounts/organisations.html", organisations=rows, names=names, kinds=ORGANISATION_KINDS)


@blueprint.get("/organisations/new")
@requires(policies.may_keep_organisations)
def new_organisation() -> ResponseReturnValue:
    return render_template(
        "accounts/organisation.html", form=_organisation_form(None), organisation=None, affiliation=None
    )


@blueprint.post("/organisations/new")
@commits
@requires(policies.may_keep_organisations)
def create_organisation() -> ResponseReturnValue:
    form = _organisation_form(None)
    if form.validate():
        try:
            services.create_organisation(
                code=form.code.data,
                **_typed(form),
                actor=current_actor(),
                at=received_at(),
            )
        except DomainError as error:
            form.code.errors = [words.explain(error)]
        else:
            flash(_("기관을 등록했습니다."), "success")
            return redirect(url_for("accounts.organisations"))
    return render_template("accounts/organisation.html", form=form, organisation=None, affiliation=None), 422


@blueprint.get("/organisations/<int:organisation_id>")
@requires(lambda actor, organisation, at: policies.may_keep_organisations(actor, at), load=queries.get_organisation)
def organisation(organisation: Organisation) -> ResponseReturnValue:
    return _organisation_page(organisation, _organisation_form(organisation), _affiliation_form())


def _organisation_page(
    organisation: Organisation, form: forms.OrganisationForm, affiliation: forms.AffiliationForm, status: int = 200
) -> ResponseReturnValue:
    related_ids = queries.related_organisations(organisation.id) - {organisation.id}
    related = [other for other in queries.organisations() if other.id in related_ids]
    return render_template(
        "accounts/organisation.html", form=form, organisation=organisation, affiliation=affiliation, related=related
    ), status


@blueprint.post("/organisations/<int:organisation_id>")
@commits
@requires(lambda actor, organisation, at: policies.may_keep_organisations(actor, at), load=queries.get_organisation)
def change_organisation(organisation: Organisation) -> ResponseReturnValue:
    form = _organisation_form(organisation)
    if form.validate():
        try:
            services.change_organisation(
                organisation=organisation,
                **_typed(form),
                actor=current_actor(),
                at=received_at(),
            )
        except DomainError as error:
            form.parent_id.errors = [words.explain(error)]
        else:
            flash(_("저장했습니다."), "success")
            return redirect(url_for("accounts.organisation", organisation_id=organisation.id))
    return _organisation_page(organisation, form, _affiliation_form(), 422)


@blueprint.post("/organisations/<int:organisation_id>/affiliates")
@commits
@requires(lambda actor, organisation, at: policies.may_keep_organisations(actor, at), load=queries.get_organisation)
def affiliate(organisation: Organisation) -> ResponseReturnValue:
    form = _affiliation_form()
    if form.validate():
        try:
            services.affiliate(
                first=organisation,
                second=queries.get_organisation(form.affiliate_id.data),
                note=form.note.data or "",
                actor=current_actor(),
                at=received_at(),
            )
        except DomainError as error:
            form.affiliate_id.errors = [words.explain(error)]
        else:
            flash(_("관계 기관을 등록했습니다."), "success")
            return redirect(url_for("accounts.organisation", organisation_id=organisation.id))
    return _organisation_page(organisation, _organisation_form(organisation), form, 422)


def organisation_choices() -> list[tuple[int, str]]:
    return [(NO_ORGANISATION, _("기관 없음")), *((row.id, row.name) for row in queries.organisations())]


def _organisation_form(organisation: Organisation | None) -> forms.OrganisationForm:
    form = forms.OrganisationForm(obj=organisation)
    form.kind.choices = list(ORGANISATION_KINDS.items())
    form.parent_id.choices = [
        choice for choice in organisation_choices() if organisation is None or choice[0] != organisation.id
    ]
    if organisation is not None:
        form.code.data = organisation.code
        form.code.render_kw = {"readonly": True}
        if request.method == "GET":
            form.parent_id.data = organisation.parent_id or NO_ORGANISATION
    return form


def _typed(form: forms.OrganisationForm) -> dict[str, Any]:
    return {
        "name": form.name.data,
        "kind": OrganisationKind(form.kind.data),
        "region": form.region.data or "",
        "parent_id": form.parent_id.data or None,
    }


def _affiliation_form() -> forms.AffiliationForm:
    form = forms.AffiliationForm(formdata=request.form if request.endpoint == "accounts.affiliate" else None)
    form.affiliate_id.choices = [(row.id, row.name) for row in queries.organisations()]
    return form
