"""The seal of a rubric or plan: SHA-256 of its canonical JSON, never of file bytes.

Canonical: keys sorted, defaults written out, decimals as figures ("0.6", however it was written), no spaces, UTF-8. Comments, order of
keys and layout of the file do not change it; any value that can change a result or a printed word does.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from fractions import Fraction

from evalcomm.engine.exact import format_figure

SCHEMA_VERSION = 1


def canonical(value: object) -> object:
    """Plain JSON values of a plan, rubric or part of one; dataclass fields with metadata {"sealed": False} stay out."""
    if is_dataclass(value) and not isinstance(value, type):
        kept = (field.name for field in fields(value) if field.metadata.get("sealed", True))
        return {name: canonical(getattr(value, name)) for name in kept}
    if isinstance(value, tuple | list):
        return [_member(part) for part in value]
    return _scalar(value)


def _scalar(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Fraction):
        return format_figure(value)
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, str | int):
        return value
    raise TypeError(f"{type(value).__name__} cannot be sealed")


def _member(value: object) -> object:
    """Members of a list may be of several kinds (rules of an allocation), which their fields alone do not tell apart."""
    plain = canonical(value)
    if is_dataclass(value) and isinstance(plain, dict):
        kind = re.sub(r"(?<!^)(?=[A-Z])", "-", type(value).__name__).lower()
        return {"kind": kind, **plain}
    return plain


def canonical_json(value: object) -> bytes:
    """The bytes that are sealed: `{"content": …, "schema": 1}`."""
    document = {"schema": SCHEMA_VERSION, "content": canonical(value)}
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def seal(value: object) -> str:
    """64 hex digits."""
    return hashlib.sha256(canonical_json(value)).hexdigest()
