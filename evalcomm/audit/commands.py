"""`evalcomm audit verify`."""

import sys

import click
from flask import Flask
from flask.cli import AppGroup

from evalcomm.audit import services
from evalcomm.foundation import clock

group = AppGroup("audit", help="The trail of everything that was done.")


@group.command("verify")
def verify() -> None:
    """Recompute the chain and name the first break. Exit 1 if there is one."""
    found = services.verify()
    click.echo(
        f"{found.batches} batches, {found.sealed} sealed entries, {found.unsealed} not sealed yet, head {found.head}"
    )
    if found.broken is not None:
        click.echo(f"BROKEN: {found.broken}")
        sys.exit(1)
    click.echo("intact")


@group.command("seal")
def seal() -> None:
    """Seal what waits now. The worker does this every second."""
    click.echo(f"{services.seal(clock.now())} entries sealed")


def init_app(app: Flask) -> None:
    app.cli.add_command(group)
