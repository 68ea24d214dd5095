"""Kinds of option values that several file commands share."""

from __future__ import annotations

import re

import click


class Won(click.ParamType[int]):
    """Whole won, digits only."""

    name = "WON"

    def __init__(self, least: int = 0) -> None:
        self.least = least

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if isinstance(value, int):
            return value
        if not re.fullmatch(r"[0-9]{1,50}", str(value)):
            self.fail(f"'{value}' is no amount; write whole won, digits only, such as 45000000000", param, ctx)
        won = int(str(value))
        if won < self.least:
            self.fail(f"must be at least {self.least}", param, ctx)
        return won
