"""`evalcomm audit verify`."""

import sys

import click
from flask import Flask
from flask_babel import gettext as _

from evalcomm.audit import services
from evalcomm.foundation import clock
from evalcomm.web import words
from evalcomm.web.terminal import Commands

group = Commands("audit", help="The trail of everything that was done.")


@group.command("verify")
def verify() -> None:
    """Recompute the chain and what its entries name by hash, and name the first break. Exit 1 if there is one."""
    found = services.verify()
    click.echo(
        _(
            "봉인 묶음 %(batches)s개, 봉인된 기록 %(sealed)s건, 봉인 전 기록 %(unsealed)s건, 마지막 해시 %(head)s",
            batches=found.batches,
            sealed=found.sealed,
            unsealed=found.unsealed,
            head=found.head,
        )
    )
    if found.broken is not None:
        click.echo(_("어긋남: %(sentence)s", sentence=words.explain(found.broken)))
        sys.exit(1)
    click.echo(_("이상 없음"))


@group.command("seal")
def seal() -> None:
    """Seal what waits now. The worker does this every second."""
    click.echo(_("기록 %(count)s건을 봉인하였습니다.", count=services.seal(clock.now())))


def init_app(app: Flask) -> None:
    app.cli.add_command(group)
