"""What can go wrong, as codes with parameters. `web.errors` and the commands choose the words and the page.

A constraint of the database says the same as the verb that should have caught it first: `register_constraint` ties its name (or, for
UNIQUE on SQLite, which does not give the name, its table and columns) to a domain error.
"""

import re
from collections.abc import Mapping

from sqlalchemy.exc import IntegrityError

from evalcomm.foundation.verdict import Verdict


class DomainError(Exception):
    """Somebody asked for what cannot be. `code` finds the sentence, `params` fill it."""

    status = 400

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params: Mapping[str, object] = params

    def __str__(self) -> str:
        return self.code if not self.params else f"{self.code} {dict(self.params)}"


class Invalid(DomainError):
    """The input is wrong. `fields` says which field and why: name → (code, params)."""

    status = 422

    def __init__(
        self, code: str, *, fields: Mapping[str, tuple[str, Mapping[str, object]]] | None = None, **params: object
    ) -> None:
        super().__init__(code, **params)
        self.fields = fields or {}


class NotFound(DomainError):
    status = 404


class Refused(DomainError):
    """A policy said no."""

    status = 403

    @classmethod
    def by(cls, verdict: Verdict) -> "Refused":
        return cls(verdict.code, **verdict.params)


class Conflict(DomainError):
    """The state no longer allows it: somebody else was first, or it is already done."""

    status = 409


class StaleVersion(Conflict):
    """The page was loaded before somebody changed what it shows. Nothing was stored; the typed text stays."""


class TooLarge(DomainError):
    status = 413


class TooManyRequests(DomainError):
    status = 429


_by_name: dict[str, tuple[type[DomainError], str]] = {}
_by_columns: dict[str, tuple[type[DomainError], str]] = {}


def register_constraint(
    name: str, code: str, *, unique: str | None = None, error: type[DomainError] = Conflict
) -> None:
    """`unique` = "table.column, table.other" as SQLite prints a broken UNIQUE constraint."""
    _by_name[name] = (error, code)
    if unique is not None:
        _by_columns[unique] = (error, code)


def registered_constraints() -> frozenset[str]:
    return frozenset(_by_name)


def from_integrity_error(error: IntegrityError) -> DomainError | None:
    """The domain error behind a broken constraint, or None when nobody gave it a sentence."""
    diagnostics = getattr(error.orig, "diag", None)
    name = getattr(diagnostics, "constraint_name", None)
    if name is None:
        text = str(error.orig)
        if found := re.search(r"UNIQUE constraint failed: (.+)$", text):
            known = _by_columns.get(found.group(1).strip())
            return None if known is None else known[0](known[1])
        found = re.search(r"CHECK constraint failed: (\w+)", text)
        name = found.group(1) if found else None
    known = _by_name.get(name) if name else None
    return None if known is None else known[0](known[1])
