"""`evalcomm user invite`: how the first administrator comes in."""

import click
from flask import Flask, current_app, url_for
from flask_babel import gettext as _

from evalcomm.accounts import queries, services
from evalcomm.accounts.words import ROLES
from evalcomm.foundation import clock
from evalcomm.foundation.actor import Role, system_actor
from evalcomm.foundation.database import transaction
from evalcomm.foundation.errors import DomainError
from evalcomm.web.filters import kst
from evalcomm.web.terminal import Commands, Failed

group = Commands("user", help="Accounts.")


@group.command("invite")
@click.argument("email")
@click.option(
    "--role", type=click.Choice([role.value for role in Role]), default=Role.ADMINISTRATOR.value, show_default=True
)
@click.option("--name", default="")
def invite(email: str, role: str, name: str) -> None:
    """Print a link that works once; whoever opens it sets a password and has the role."""
    try:
        with transaction():
            invitation, token = services.invite(
                email=email, role=Role(role), name=name, actor=system_actor("command"), at=clock.now()
            )
    except DomainError as error:
        raise Failed.by(error) from None
    with current_app.test_request_context(base_url=current_app.extensions["settings"].public_url):
        link = url_for("accounts.join", token=token, _external=True)
    click.echo(link)
    click.echo(
        _(
            "%(email)s에게 이 링크를 전하십시오(%(role)s). %(until)s까지 한 번만 쓸 수 있습니다.",
            email=invitation.email,
            role=ROLES[Role(role)],
            until=kst(invitation.expires_at),
        ),
        err=True,
    )


@group.command("list")
def list_users() -> None:
    """Who has an account, with roles."""
    users = queries.users()
    for user in users:
        roles = ",".join(sorted(role.role for role in user.roles)) or "-"
        click.echo(f"{user.id}\t{user.email}\t{user.name}\t{roles}\t{'active' if user.active else 'closed'}")
    if not users:
        click.echo(
            _("아직 계정이 없습니다. 첫 관리자는 evalcomm user invite 주소 --role administrator로 초대합니다."),
            err=True,
        )


def init_app(app: Flask) -> None:
    app.cli.add_command(group)
