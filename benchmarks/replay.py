"""Published results of participatory budgets, run again with ours: `python benchmarks/replay.py FOLDER` with Pabulib's .pb files.

The data belong to pabulib.org (download the files there); none is in this repository, so that without a folder nothing runs.

- rank order: `greedy` (passing over what does not fit), `greedy-no-skip` (stopping at it) and `greedy-threshold` (a least number of votes,
  then passing over) against `allocate` under policy rank-order with shortfall skip or stop and a pass mark.
- equal shares: `equalshares/add1` against `equal_shares(raise_by=1)`.

The engine refuses to break a tie at the line; where it waits for a lot, those that were published as chosen draw the first numbers. A miss
is printed with whether any lot could have led to it, or which project the written rule would have had to take or leave.
"""

from __future__ import annotations

import csv
import sys
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from math import lcm
from pathlib import Path

from evalcomm.engine.allocate import AllocationPlan, Application, Shortfall, allocate
from evalcomm.engine.exact import format_figure, parse_decimal
from evalcomm.engine.shares import Election, Satisfaction, equal_shares

RANK_ORDER = {"greedy": Shortfall.SKIP, "greedy-no-skip": Shortfall.STOP, "greedy-threshold": Shortfall.SKIP}
EQUAL_SHARES = {"equalshares/add1"}
EXPLAINED = 60


@dataclass(frozen=True)
class Published:
    """One file. Money in `scale` parts of the currency, so that it is whole. chosen : None where the file does not say."""

    meta: Mapping[str, str]
    budget: int
    costs: Mapping[str, int]
    scores: Mapping[str, Fraction]
    chosen: frozenset[str] | None
    ballots: list[list[str]]
    scale: int


def read_published(path: Path, *, with_ballots: bool = True) -> Published:
    meta: dict[str, str] = {}
    projects: dict[str, dict[str, str]] = {}
    ballots: list[list[str]] = []
    section, header = "", []
    with path.open(encoding="utf-8-sig", newline="") as text:
        for row in csv.reader(text, delimiter=";"):
            first = row[0].strip() if row else ""
            if not first:
                continue
            if first in {"META", "PROJECTS", "VOTES"}:
                section, header = first, []
                if section == "VOTES" and not with_ballots:
                    break
            elif not header:
                header = [title.strip() for title in row]
                vote = header.index("vote") if section == "VOTES" else 0
            elif section == "VOTES":
                ballots.append(row[vote].split(","))
            elif section == "META":
                meta[first] = row[1].strip()
            else:
                projects[first] = dict(zip(header, map(str.strip, row), strict=False))
    costs = {name: parse_decimal(one["cost"]) for name, one in projects.items()}
    budget = parse_decimal(meta["budget"].replace(",", "."))
    scale = lcm(budget.denominator, *(cost.denominator for cost in costs.values()))
    told = all("selected" in one for one in projects.values())
    return Published(
        meta,
        int(budget * scale),
        {name: int(cost * scale) for name, cost in costs.items()},
        {name: parse_decimal(one.get("score") or one["votes"]) for name, one in projects.items()},
        frozenset(name for name, one in projects.items() if one["selected"] == "1") if told else None,
        ballots,
        scale,
    )


def ranked(one: Published) -> tuple[frozenset[str], int]:
    """Who is chosen by the rule that the file names, and how many lots it took."""
    mark = one.meta.get("min_project_score_threshold")
    plan = AllocationPlan(shortfall=RANK_ORDER[one.meta["rule"]], pass_score=parse_decimal(mark) if mark else None)
    assert one.chosen is not None
    lots: dict[str, int] = {}
    for drawn in range(len(one.costs) + 1):
        applications = [
            Application(name, one.scores[name], cost, lot=lots.get(name)) for name, cost in one.costs.items()
        ]
        found = allocate(applications, one.budget, replace(plan, tie_keys=("lot",)), explain=False)
        if found.needs_lot is None:
            return frozenset(found.awards), drawn
        waiting = sorted(found.needs_lot.applications, key=lambda name: (name not in one.chosen, name))
        lots |= {name: number for number, name in enumerate(waiting, start=len(lots) + 1)}
    raise AssertionError("more lots than projects")


def shared(one: Published) -> frozenset[str]:
    names = list(one.costs)
    place = {name: number for number, name in enumerate(names)}
    ballots = [[place[name] for name in ballot if name in place] for ballot in one.ballots]
    election = Election.of_ballots([one.costs[name] for name in names], ballots)
    found = equal_shares(election, one.budget, satisfaction=Satisfaction.COST, raise_by=one.scale)
    return frozenset(names[winner] for winner in found.winners)


def why(one: Published, ours: frozenset[str]) -> str:
    """The first project, by score, on which the published result leaves the rule that the file names."""
    assert one.chosen is not None
    left = one.budget
    for name in sorted(one.costs, key=lambda name: (-one.scores[name], name not in one.chosen, name)):
        taken = name in one.chosen
        if taken != (name in ours):
            told = f"published {'takes' if taken else 'leaves'} {name} ({format_figure(one.scores[name])} votes)"
            fits = "which fits" if one.costs[name] <= left else "which does not fit"
            return f"{told}, {fits}: it costs {one.costs[name]}, {left} of {one.budget} left"
        left -= one.costs[name] * taken
    return "the same projects"


def main(folder: Path) -> int:
    counts: dict[str, Counter[str]] = {}
    misses: list[str] = []
    start = time.process_time()
    for path in sorted(folder.glob("*.pb")):
        csv.field_size_limit(2**31 - 1)
        one = read_published(path, with_ballots=False)
        rule = one.meta.get("rule", "")
        if one.chosen is None or rule not in {*RANK_ORDER, *EQUAL_SHARES}:
            continue
        if rule in RANK_ORDER:
            ours, lots = ranked(one)
        else:
            ours, lots = shared(read_published(path)), 0
        same = ours == one.chosen
        counts.setdefault(rule, Counter()).update(read=1, same=same, lots=bool(lots))
        if not same:
            misses.append(f"{path.name} ({rule}): {why(one, ours)}")
    if not counts:
        print(f"{folder}: no .pb file with a published result of these rules")
        return 1
    print(f"{'rule':18} {'published':>9} {'same':>6} {'%':>6} {'with a lot':>10}")
    for rule, count in sorted(counts.items()):
        print(
            f"{rule:18} {count['read']:9} {count['same']:6} {100 * count['same'] / count['read']:6.1f} {count['lots']:10}"
        )
    family = [count for rule, count in counts.items() if rule in RANK_ORDER]
    read, same = sum(count["read"] for count in family), sum(count["same"] for count in family)
    print(
        f"rank order: {same} of {read} = {100 * same / read:.1f} % in {time.process_time() - start:.1f} s of processor time"
    )
    print("misses:", *misses[:EXPLAINED], sep="\n  ")
    return 0


if __name__ == "__main__":
    if len(sys.argv) < 2:
        print("replay: no folder of .pb files given (pabulib.org); nothing is measured")
        sys.exit(0)
    sys.exit(main(Path(sys.argv[1])))
