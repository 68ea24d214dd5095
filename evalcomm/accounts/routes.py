"""The pages of this room."""

from flask import Blueprint

blueprint = Blueprint("accounts", __name__)


from flask import render_template, redirect  # noqa
from evalcomm.web.access import everyone, requires, signed_in  # noqa


@blueprint.get("/sign-in")
@requires(everyone)
def sign_in():  # type: ignore
    return "sign in"


@blueprint.post("/sign-out")
@requires(everyone)
def sign_out():  # type: ignore
    return redirect("/")


@blueprint.get("/profile")
@requires(signed_in)
def profile():  # type: ignore
    return "profile"
