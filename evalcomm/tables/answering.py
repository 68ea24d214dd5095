"""The frame of every file command: its common options, its exit codes, and where its answer goes.

    @click.command("rank")
    @click.argument("scores")
    @file_command
    def command(*, scores: str, …) -> Answer: …

Exit codes: 0 answered; 1 refused by the data or the plan (`InputError`: one line per problem on stderr); 2 wrong usage, by click.
Warnings go to stderr and into `warnings` of the JSON document. Both speak the reader's language (`evalcomm.tables.language`); the functions
that raise and warn speak English.
"""

from __future__ import annotations

import functools
import gc
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import click

from evalcomm.tables.language import said, speaks_korean
from evalcomm.tables.reading import MAX_SHOWN, InputError
from evalcomm.tables.writing import FORMATS, Answer, rendered, visible


def file_command(function: Callable[..., Answer]) -> Callable[..., None]:
    """Adds `--format` and `--output`, prints the answer, and turns InputError into exit code 1."""

    @click.option(
        "--format",
        "form",
        type=click.Choice(FORMATS),
        help="Form of the answer. [default: table, or by the name of --output]",
    )
    @click.option("--output", "-o", metavar="FILE", help="Write the answer to FILE instead of the standard output.")
    @functools.wraps(function)
    def framed(*, form: str | None, output: str | None, **options: object) -> None:
        form = form or _form_of(output)
        error_word, warning_word = ("오류", "주의") if speaks_korean() else ("error", "warning")
        if form == "xlsx" and output is None and sys.stdout.isatty():
            raise click.UsageError("XLSX is no text for a terminal; add --output FILE")
        try:
            _keep_inputs(output, options)
            with _uncollected():
                answer = function(**options)
            answer = replace(answer, warnings=[said(warning) for warning in answer.warnings])
            for warning in answer.warnings:
                click.echo(f"{warning_word}: {visible(warning)}", err=True)
            _deliver(rendered(answer, form), output)
        except InputError as error:
            for problem in error.problems[:MAX_SHOWN]:
                click.echo(f"{error_word}: {visible(said(problem))}", err=True)
            if len(error.problems) > MAX_SHOWN:
                more = said(f"… and {len(error.problems) - MAX_SHOWN} more problems")
                click.echo(f"{error_word}: {more}", err=True)
            sys.exit(1)
        if answer.exit_code:
            sys.exit(answer.exit_code)

    return framed


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the cyclic garbage collector: a command builds thousands of small values, all of which its answer needs."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _form_of(output: str | None) -> str:
    suffix = Path(output).suffix.lstrip(".").lower() if output else ""
    return suffix if suffix in FORMATS else "table"


def _keep_inputs(output: str | None, options: dict[str, object]) -> None:
    """Refuses to write the answer, or a plot, over a file that the command reads."""
    read = [value for name, value in options.items() if name != "plot" and isinstance(value, str) and _exists(value)]
    for target in (output, options.get("plot")):
        if isinstance(target, str) and _exists(target) and any(Path(path).samefile(target) for path in read):
            raise InputError(f"{target}: is read by this command; write to another file")


def _exists(path: str) -> bool:
    try:
        return Path(path).exists()
    except (OSError, ValueError):
        return False


def _deliver(data: bytes, output: str | None) -> None:
    if output is None:
        sys.stdout.flush()
        try:
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()
        except BrokenPipeError:  # whoever read has seen enough; click ends quietly
            raise
        except OSError as error:
            with Path(os.devnull).open("wb") as nowhere:  # what is still buffered would fail once more at the exit
                os.dup2(nowhere.fileno(), sys.stdout.fileno())
            raise InputError(f"the answer cannot be written ({error.strerror})") from None
    else:
        write_file(output, data)


def check_plot(path: str | None) -> None:
    """Before any work: plots are SVG; UsageError."""
    if path is not None and not path.lower().endswith(".svg"):
        raise click.UsageError("--plot writes SVG; name a file that ends in .svg")


def write_file(path: str, data: bytes) -> None:
    """Writes a file that a person named; InputError instead of OSError."""
    try:
        Path(path).write_bytes(data)
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: cannot be written ({getattr(error, 'strerror', None) or error})") from None
