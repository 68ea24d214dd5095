"""What no database can hold is refused at the door: a NUL or half a character in a text, a number beyond every row.

PostgreSQL refuses NUL, UTF-8 has no lone surrogates, and SQLite's integers end at 63 bits; each would otherwise be a failure far inside.
"""

import re
from collections.abc import Iterator
from typing import Any

from flask import Flask, request
from werkzeug.routing import IntegerConverter

from evalcomm.foundation.errors import Invalid

LARGEST = 2**31 - 1
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class RowNumber(IntegerConverter):
    """`<int:…>` of every address; a larger number is an address that does not exist."""

    def __init__(self, map: Any, **options: Any) -> None:  # noqa: A002 - the name that werkzeug passes
        super().__init__(map, **{"max": LARGEST, **options})


def number(text: str) -> int:
    """For `request.args.get(name, type=number)`: ValueError, and so the default, for what counts nothing here."""
    value = int(text)
    if abs(value) > LARGEST:
        raise ValueError(text)
    return value


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, part in value.items():
            yield name
            yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)


def refuse_unstorable() -> None:
    sent: list[Any] = [request.args.to_dict(flat=False)]
    if request.method == "POST":
        sent += [request.form.to_dict(flat=False), [file.filename for file in request.files.values()]]
        sent.append(request.get_json(silent=True) if request.is_json else None)
    if any(_UNSTORABLE.search(text) for text in _texts(sent)):
        raise Invalid("request_unclear")


def init_app(app: Flask) -> None:
    app.url_map.converters["int"] = RowNumber
    app.before_request(refuse_unstorable)
