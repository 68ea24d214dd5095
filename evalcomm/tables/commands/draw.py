"""`evalcomm draw`: draw from a pool in public, so that anyone can repeat it.

The contract leaves open, and it is so here:
- `rfc3797` is the default. `--strata COLUMN` (repeatable) draws within the values of these columns; other columns are not read.
- `--quota VALUE=N` (repeatable) gives the numbers of the strata and their order; several columns are written "부산 / 여". Without it
  the size is divided in proportion (largest remainder) and strata go by name.
- `--reserve M` draws M more of each stratum, or of the pool; `--skip ID` (repeatable) passes over a drawn candidate and goes on.
- Numbers of a source are whole: a price of 2,634.70 is announced as 263470, since "2634.70." would read as 2634 and 70.
- `pool_sha256` is of the pool as text: a candidate a line, its strata after tabs; in the file's order for `rfc3797`, by name for `sha256`.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping

import click

from evalcomm.engine.draw import Candidate, Draw, DrawError, Method, Outcome, draw, unwritable
from evalcomm.tables.answering import file_command
from evalcomm.tables.reading import InputError, Table, read_table
from evalcomm.tables.writing import Answer, Cell, Sheet

MAX_NUMBER_DIGITS = 200


class Numbers(click.ParamType[tuple[int, ...]]):
    """The numbers of one source, separated by spaces or commas."""

    name = "NUMBERS"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, ...]:
        if isinstance(value, tuple):
            return value
        parts = [part for part in re.split(r"[\s,]+", str(value)) if part]
        if not parts:
            self.fail("a source without numbers; write them as announced, such as '9 18 26 34 41 45'", param, ctx)
        for part in parts:
            if re.fullmatch(r"[0-9]+\.[0-9]+", part):
                whole = part.replace(".", "").lstrip("0") or "0"
                self.fail(
                    f"'{part[:40]}' is no whole number; announce it as {whole[:40]}, without the point", param, ctx
                )
            if not re.fullmatch(r"[0-9]+", part):
                self.fail(f"'{part[:40]}' is no whole number; separate digits by spaces or commas", param, ctx)
            if len(part) > MAX_NUMBER_DIGITS:
                self.fail(f"'{part[:20]}…' has more than {MAX_NUMBER_DIGITS} digits", param, ctx)
        return tuple(int(part) for part in parts)


class Quota(click.ParamType[tuple[str, int]]):
    """How many of one stratum."""

    name = "VALUE=N"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, int]:
        if isinstance(value, tuple):
            return value
        stratum, sign, number = str(value).rpartition("=")
        if not sign or not stratum.strip() or not re.fullmatch(r"[0-9]{1,9}", number.strip()):
            self.fail(f"'{value}' is no number of a stratum; write it such as 부산=3", param, ctx)
        return _composed(stratum.strip()), int(number)


def _composed(text: str) -> str:
    """Names are compared with the cells of the table, which are in Unicode's composed form."""
    return unicodedata.normalize("NFC", text)


@click.command("draw")
@click.argument("pool", metavar="POOL")
@click.option("--size", type=click.IntRange(min=1), required=True, help="How many to draw.")
@click.option(
    "--source",
    "sources",
    type=Numbers(),
    multiple=True,
    required=True,
    help="The numbers of one announced source; repeatable, in the announced order.",
)
@click.option("--method", type=click.Choice([one.value for one in Method]), default="rfc3797", show_default=True)
@click.option(
    "--reserve", type=click.IntRange(min=0), default=0, help="How many reserves, of each stratum or the pool."
)
@click.option("--strata", metavar="COLUMN", multiple=True, help="Draw within the values of a column; repeatable.")
@click.option(
    "--quota", "quotas", type=Quota(), multiple=True, help="How many of a stratum; repeatable, in their order."
)
@click.option(
    "--skip", metavar="CANDIDATE", multiple=True, help="Pass over one who cannot serve and go on; repeatable."
)
@click.option("--sheet", metavar="NAME", help="The sheet of POOL in a workbook. [default: the first]")
@file_command
def command(
    *,
    pool: str,
    size: int,
    sources: tuple[tuple[int, ...], ...],
    method: str,
    reserve: int,
    strata: tuple[str, ...],
    quotas: tuple[tuple[str, int], ...],
    skip: tuple[str, ...],
    sheet: str | None,
) -> Answer:
    """Draw from a pool (CSV or XLSX with the column candidate) by numbers that nobody could know when it was announced."""
    strata, skip = tuple(map(_composed, strata)), tuple(map(_composed, skip))
    if quotas and not strata:
        raise click.UsageError("--quota gives the number of a stratum; name its column with --strata")
    for name, given in (("--strata", strata), ("--quota", [stratum for stratum, _ in quotas])):
        if len(set(given)) < len(given):
            raise click.UsageError(f"{name} names the same {'column' if name == '--strata' else 'stratum'} twice")
    table = read_table(pool, sheet=sheet)
    candidates = _candidates(table, strata)
    try:
        drawn = draw(
            candidates,
            sources=sources,
            size=size,
            method=Method(method),
            quotas=dict(quotas) or None,
            reserve=reserve,
            skip=skip,
        )
    except DrawError as error:
        raise InputError(f"{table.name}: {error}") from None
    warnings = [*table.warnings, *(f"{who} was not drawn, so skipping changes nothing" for who in drawn.never_met)]
    return Answer(
        document_of(drawn, sources=sources, strata=strata, skip=skip),
        [_picks(drawn), _pool(drawn, strata)],
        warnings=warnings,
        remarks=_remarks(drawn),
    )


def _candidates(table: Table, strata: tuple[str, ...]) -> list[Candidate]:
    table.require("candidate", *strata)
    candidates = []
    for row in table:
        for column in ("candidate", *strata):
            if unwritable(row.text(column)):
                row.problem(column, f"{row.get(column)[:40]!r} goes over a line or holds a tab; write it in one line")
        candidates.append(Candidate(row.get("candidate"), tuple(row.get(column) for column in strata)))
    table.check()
    table.unique("candidate")
    table.check()
    return candidates


def document_of(
    drawn: Draw,
    *,
    sources: tuple[tuple[int, ...], ...],
    strata: tuple[str, ...],
    skip: tuple[str, ...],
) -> dict[str, object]:
    """The JSON document, as open-formats decides, with all that `check_draw.py` needs to repeat it."""
    return {
        "method": drawn.method.value,
        "sources": [" ".join(map(str, source)) for source in sources],
        "key": drawn.key,
        "pool_sha256": drawn.pool_sha256,
        "steps": [
            {
                "i": step.i,
                "key": step.key,
                "digest": step.digest,
                "remaining": step.remaining,
                "position": step.position,
                "pick": step.pick,
                "stratum": step.stratum or None,
                "outcome": step.outcome.value,
            }
            for step in drawn.steps
        ],
        "selected": drawn.picked(Outcome.SELECTED),
        "reserve": drawn.picked(Outcome.RESERVE),
        "skipped": drawn.picked(Outcome.SKIPPED),
        "skip": sorted(set(skip)),
        "strata_columns": list(strata),
        "strata": [
            {"stratum": one.name or None, "members": len(one.members), "quota": one.quota, "reserve": one.reserve}
            for one in drawn.strata
        ],
        "pool": [
            {"candidate": one.id, "strata": list(one.values), "probability": chance}
            for one, chance in zip(drawn.pool, drawn.chances, strict=True)
        ],
        "bits_needed": bits_needed(drawn),
    }


def bits_needed(drawn: Draw) -> float:
    """RFC 3797, §3: the sources must hold more chance than this, or some selections could never come about."""
    return round(sum(math.log2(math.comb(len(one.members), one.quota)) for one in drawn.strata), 1)


HEADER = ("order", "candidate", "outcome", "stratum", "i", "remaining", "position", "digest")


def _picks(drawn: Draw) -> Sheet:
    rows: list[list[Cell]] = [
        [
            place,
            step.pick,
            step.outcome.value,
            step.stratum or None,
            step.i,
            step.remaining,
            step.position,
            step.digest,
        ]
        for place, step in enumerate(drawn.steps, start=1)
    ]
    return Sheet("draw", HEADER, rows)


def _pool(drawn: Draw, strata: tuple[str, ...]) -> Sheet:
    rows: list[list[Cell]] = [
        [position, one.id, *one.values, chance]
        for position, (one, chance) in enumerate(zip(drawn.pool, drawn.chances, strict=True), start=1)
    ]
    return Sheet("pool", ("position", "candidate", *strata, "probability"), rows, detail=True)


WORDS: Mapping[Outcome, str] = {Outcome.SELECTED: "선정", Outcome.RESERVE: "예비", Outcome.SKIPPED: "제외"}


def _remarks(drawn: Draw) -> list[str]:
    counts = {outcome: len(drawn.picked(outcome)) for outcome in Outcome}
    told = ", ".join(f"{word} {counts[outcome]}명" for outcome, word in WORDS.items() if counts[outcome])
    said = ", ".join(f"{counts[outcome]} {outcome.value}" for outcome in WORDS if counts[outcome])
    bits = bits_needed(drawn)
    remarks = [
        f"후보 {len(drawn.pool)}명 중 {told} ({drawn.method.value}); 필요한 난수 {bits}비트 이상",
        f"pool of {len(drawn.pool)}: {said} ({drawn.method.value}); the sources must hold more than {bits} bits of chance",
        f"key {drawn.key}",
        f"pool_sha256 {drawn.pool_sha256}",
    ]
    if drawn.strata[0].name:
        parts = "; ".join(f"{one.name} {one.quota}/{len(one.members)}" for one in drawn.strata)
        remarks += [f"층별 추첨 인원/후보: {parts}", f"drawn of each stratum: {parts}"]
    return remarks
