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


class PerApplication(click.ParamType[int]):
    """How many evaluators an application gets; `all` (0 for the program) means whoever may."""

    name = "N"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if isinstance(value, int):
            return value
        if value == "all":
            return 0
        if not re.fullmatch(r"0*[1-9][0-9]{0,8}", str(value)):
            self.fail(f"'{value}' is no number of evaluators; write 1, 2, 3 … or all", param, ctx)
        return int(str(value))
