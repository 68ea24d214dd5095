"""The commands of the server in the language of the terminal, as those on files choose it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import wraps
from typing import IO, Any

import click
from flask.cli import AppGroup
from flask_babel import force_locale
from flask_babel import gettext as _

from evalcomm.foundation.errors import DomainError
from evalcomm.tables.language import speaks_korean
from evalcomm.web import words


def spoken() -> AbstractContextManager[Any]:
    language: AbstractContextManager[Any] = force_locale("ko" if speaks_korean() else "en")
    return language


class Commands(AppGroup):
    """Every command of the group speaks the terminal's language; the work that a command hands on chooses its own."""

    def command(self, *args: Any, **kwargs: Any) -> Callable[[Callable[..., Any]], click.Command]:  # type: ignore[override]  # click has overloads of it
        add = super().command(*args, **kwargs)

        def decorate(command: Callable[..., Any]) -> click.Command:
            @wraps(command)
            def speaking(*given: Any, **named: Any) -> Any:
                with spoken():
                    return command(*given, **named)

            return add(speaking)

        return decorate


class Failed(click.ClickException):
    """Exit code 1 and one sentence, or one for each fault."""

    def __init__(self, *sentences: str) -> None:
        super().__init__("\n".join(_("오류: %(sentence)s", sentence=sentence) for sentence in sentences))

    @classmethod
    def by(cls, error: DomainError) -> "Failed":
        return cls(words.explain(error))

    def show(self, file: IO[Any] | None = None) -> None:
        click.echo(self.message, file=file, err=True)
