"""Running file commands in the process of the test."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from evalcomm.cli import main


@dataclass(frozen=True)
class Said:
    """What a command left behind."""

    code: int
    out: bytes
    err: str

    @property
    def document(self) -> Any:
        return json.loads(self.out)


def evalcomm(*arguments: str | Path) -> Said:
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Said(result.exit_code, result.stdout_bytes, result.stderr)
