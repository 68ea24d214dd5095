"""The `evalcomm` command.

The file commands (rank, allocate, …) are imported one at a time, when asked for, and never load Flask. Every other name is looked up
in the web application, whose commands (serve, db, audit, …) need a configuration and a database.
"""

from __future__ import annotations

import importlib
import importlib.util

import click

from evalcomm import __version__
from evalcomm.tables.language import told

FILE_COMMANDS = {
    "rank": "Rank applications from their scores, exactly, under a plan.",
    "agreement": "How far the evaluators agree, and what a larger panel would give.",
    "allocate": "Divide a budget among ranked applications, with reasons and proof.",
    "sweep": "Who enters and leaves as the budget grows.",
    "assign": "Assign evaluators to applications.",
    "agenda": "Order a meeting so that the fewest people leave for recusals.",
    "draw": "Draw evaluators from a pool in public, so that anyone can repeat it.",
    "rubric": "Check a rubric.",
    "plan": "Check a plan.",
    "verify": "Recompute a decision pack and compare.",
}
APP_COMMANDS = {
    "serve": "Serve the site.",
    "worker": "Run background jobs.",
    "db": "Create and upgrade the database.",
    "user": "Accounts.",
    "program": "Programmes.",
    "allocation": "Allocation runs of a call.",
    "audit": "The trail of everything that was done.",
    "demo": "The demonstration.",
}


class Commands(click.Group):
    """Knows its commands by name and imports them when they are asked for."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except click.UsageError as error:
            raise told(error) from None

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name for name in FILE_COMMANDS if _module_of(name)] + (list(APP_COMMANDS) if _has_app() else [])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in FILE_COMMANDS:
            module = _module_of(cmd_name)
            if module is None:
                return None
            found = importlib.import_module(module).command
            assert isinstance(found, click.Command)
            return found
        return _app_command(ctx, cmd_name) if _has_app() else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Lists every command with its line of help, importing none."""
        listed = self.list_commands(ctx)
        for title, lines in (("Commands on files", FILE_COMMANDS), ("Commands of the server", APP_COMMANDS)):
            rows = [(name, line) for name, line in lines.items() if name in listed]
            if rows:
                with formatter.section(title):
                    formatter.write_dl(rows)


def _module_of(name: str) -> str | None:
    module = f"evalcomm.tables.commands.{name}"
    return module if importlib.util.find_spec(module) else None


def _has_app() -> bool:
    return importlib.util.find_spec("evalcomm.app") is not None


def _app_command(ctx: click.Context, name: str) -> click.Command | None:
    """A command of the web application, run inside its context."""
    from flask.cli import FlaskGroup, ScriptInfo

    from evalcomm.app import create_app

    if not isinstance(ctx.obj, ScriptInfo):
        ctx.obj = ScriptInfo(create_app=create_app)
    return FlaskGroup(create_app=create_app, add_default_commands=False, load_dotenv=False).get_command(ctx, name)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="evalcomm")
def main() -> None:
    """evalcomm: how a ministry spends a fund fairly, from the call to the signed memo."""
