"""One click signs in as a person of the demonstration. Only in demonstration mode, and only where nobody real has an account."""

from datetime import datetime

from flask import Blueprint, Flask, flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup
from sqlalchemy import select

from evalcomm.accounts import queries as accounts
from evalcomm.accounts import services as account_services
from evalcomm.accounts.models import UserAccount
from evalcomm.accounts.sign_in import load_actor_row, start_session
from evalcomm.accounts.words import ROLES
from evalcomm.demo.people import DOMAIN
from evalcomm.foundation.actor import Actor, Role
from evalcomm.foundation.database import db, transaction
from evalcomm.foundation.verdict import ALLOWED, Verdict, refused
from evalcomm.web import words
from evalcomm.web.access import current_actor, received_at, requires

blueprint = Blueprint("demo", __name__)

words.register({"not_a_demonstration": _l("시연용 계정만 있는 곳에서만 바로 로그인할 수 있습니다.")})


def may_step_in(actor: Actor, user: UserAccount, at: datetime) -> Verdict:
    del actor, at
    real = db.session.scalar(select(UserAccount.id).where(~UserAccount.email.endswith(f"@{DOMAIN}")).limit(1))
    is_demo = user.email.endswith(f"@{DOMAIN}") and user.active
    return ALLOWED if is_demo and real is None else refused("not_a_demonstration")


@blueprint.post("/demo/sign-in/<int:user_id>")
@requires(may_step_in, load=accounts.get_user)
def sign_in(user: UserAccount) -> ResponseReturnValue:
    with transaction():
        account_services.record_sign_in(
            email=user.email, user=accounts.get_user(user.id), succeeded=True, actor=current_actor(), at=received_at()
        )
    person = load_actor_row(user.id)
    assert person is not None
    start_session(person)
    flash(_("%(name)s 님으로 로그인했습니다. (시연용 계정)", name=user.name), "success")
    return redirect("/")


def panel() -> Markup:
    """The buttons, for the sign-in page and the home page."""
    people = db.session.scalars(
        select(UserAccount).where(UserAccount.email.endswith(f"@{DOMAIN}"), UserAccount.active).order_by(UserAccount.id)
    ).all()
    groups = [
        (ROLES[role], [user for user in people if any(held.role == role for held in user.roles)]) for role in Role
    ]
    # the template escapes every name itself; what it returns is markup
    return Markup(render_template("demo/panel.html", groups=groups))  # noqa: S704 - as said above


def init_app(app: Flask) -> None:
    app.register_blueprint(blueprint)
    app.jinja_env.globals["sign_in_extras"] = [panel]
