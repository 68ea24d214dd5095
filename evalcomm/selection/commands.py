"""`evalcomm allocation …`: the runs of a call, and whether a run says again what it said."""

import sys

import click
from flask import Flask
from flask_babel import gettext as _

from evalcomm.foundation.errors import DomainError
from evalcomm.programs import queries as programs
from evalcomm.programs.models import Call
from evalcomm.selection import queries, services
from evalcomm.web import words
from evalcomm.web.terminal import Commands, Failed

group = Commands("allocation", help="Allocation runs of a call.")


def _call(number: str) -> Call:
    found = [call for call in programs.list_calls() if number in {call.number, str(call.id)}]
    if len(found) != 1:
        known = ", ".join(call.number for call in programs.list_calls())
        if not known:
            raise Failed(_("공고가 아직 없습니다."))
        raise Failed(_("공고번호 ‘%(number)s’인 공고가 없습니다. 있는 공고: %(known)s", number=number, known=known))
    return found[0]


@group.command("list")
@click.argument("call")
def list_runs(call: str) -> None:
    """The runs of a call, newest first, and the lines of the adopted one."""
    chosen = _call(call)
    for run in queries.runs_of(chosen.id):
        state = "adopted" if run.adopted_at else "needs a lot" if run.needs_lot else "proposal"
        click.echo(f"run {run.id}\t{run.made_at:%Y-%m-%dT%H:%M:%SZ}\t{run.awarded_won}\t{state}\t{run.result_sha256}")
    adopted = queries.adopted_run(chosen.id)
    for line in adopted.lines if adopted is not None else ():
        rank = "-" if line.rank is None else str(line.rank)
        click.echo(
            f"{line.track.title}\t{rank}\t{line.application.number}\t{line.score}\t{line.requested_won}\t{line.awarded_won}\t{line.status}"
        )


@group.command("verify")
@click.argument("call")
def verify(call: str) -> None:
    """Compute every run of a call again from its stored inputs. Exit 1 where a run no longer says what it said."""
    broken = 0
    for run in queries.runs_of(_call(call).id):
        try:
            fault = services.recompute(queries.get_run(run.id))
        except DomainError as error:
            fault = words.explain(error)
        broken += fault is not None
        told = fault or _("원 단위까지 같습니다.")
        click.echo(f"run {run.id}: {told}")
    sys.exit(1 if broken else 0)


def init_app(app: Flask) -> None:
    app.cli.add_command(group)
