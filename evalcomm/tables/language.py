"""The language of errors and warnings: Korean where the terminal's locale is Korean, else English. Keys of JSON are never translated.

EVALCOMM_LANG=ko or EVALCOMM_LANG=en decides before the locale; then LC_ALL, LC_MESSAGES and LANG do, the first that is set. Windows sets none
of them: there the locale of the user's account decides.
"""

from __future__ import annotations

import os
import sys
from typing import IO, Any

import click


def speaks_korean() -> bool:
    for name in ("EVALCOMM_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        if language := os.environ.get(name):
            return language.casefold().startswith("ko")
    if sys.platform == "win32":
        import locale

        return (locale.getlocale()[0] or "").casefold().startswith("ko")  # "ko_KR" or "Korean_Korea"
    return False


def said(text: str) -> str:
    """A sentence of the engine or of a file command in the reader's language. The Korean is loaded only for its readers."""
    if not text or not speaks_korean():
        return text
    from evalcomm.tables.korean import sentence

    return sentence(text)


class WrongUse(click.UsageError):
    """A usage error told in Korean."""

    def show(self, file: IO[Any] | None = None) -> None:
        if self.ctx is not None:
            path = self.ctx.command_path
            usage = " ".join([path, *self.ctx.command.collect_usage_pieces(self.ctx)])
            click.echo(f"사용법: {usage}\n도움말: {path} --help\n", file=file, err=True)
        click.echo(f"오류: {self.message}", file=file, err=True)


def told(error: click.UsageError) -> click.UsageError:
    """The usage error in the reader's language. Whatever raises one speaks English, click too."""
    english = error.format_message()
    here = said(english)
    return error if here == english else WrongUse(here, error.ctx)
