"""`evalcomm user invite`: how the first administrator comes in."""

import click
from flask import Flask, current_app, url_for
from flask.cli import AppGroup

from evalcomm.accounts import queries, services
from evalcomm.foundation import clock
from evalcomm.foundation.actor import Role, system_actor
from evalcomm.foundation.database import transaction
from evalcomm.foundation.errors import DomainError
from evalcomm.web import words

group = AppGroup("user", help="Accounts.")


@group.command("invite")
@click.argument("email")
@click.option(
    "--role", type=click.Choice([role.value for role in Role]), default=Role.ADMINISTRATOR.value, show_default=True
)
@click.option("--name", default="")
def invite(email: str, role: str, name: str) -> None:
    """Print a link that works once; whoever opens it sets a password and has the role."""

    base = current_app.extensions["settings"].public_url
    with current_app.test_request_context(base_url=base):
        try:
            with transaction():
                _invitation, token = services.invite(
                    email=email, role=Role(role), name=name, actor=system_actor("command"), at=clock.now()
                )
        except DomainError as error:
            raise click.ClickException(words.explain(error)) from error
        click.echo(url_for("accounts.join", token=token, _external=True))


@group.command("list")
def list_users() -> None:
    """Who has an account, with roles."""
    for user in queries.users():
        roles = ",".join(sorted(role.role for role in user.roles)) or "-"
        click.echo(f"{user.id}\t{user.email}\t{user.name}\t{roles}\t{'active' if user.active else 'closed'}")


def init_app(app: Flask) -> None:
    app.cli.add_command(group)
