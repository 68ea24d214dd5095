"""Equal shares on a made-up election of the size of Warsaw's Praga-Południe (134 projects, 14,897 voters) against pabutools.

pabutools (GPLv3, never a part of the product) runs in a process of its own, exact like ours, on the same .pb file. Printed: processor
seconds of reading the file, of the bare rule and of completion by one more a voter ("add1"), and whether both choose the same. The peer's
completion is stopped after `PATIENCE` seconds.
"""

# ruff: noqa: E402 (the number of threads has to be set before NumPy is loaded)

from __future__ import annotations

import os

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import numpy as np
from replay import Published, read_published

from evalcomm.engine.shares import Election, Shares, equal_shares

PROJECTS, VOTERS, MOST, BUDGET = 134, 14_897, 15, 5_900_907
ROUNDS = 5
PATIENCE = 45

PEER = """
import json, sys, time
from pabutools.election import Cost_Sat, parse_pabulib
from pabutools.rules import method_of_equal_shares

def timed(run):
    start = time.process_time()
    answer = run()
    return time.process_time() - start, answer

read, (instance, profile) = timed(lambda: parse_pabulib(sys.argv[1]))
print(json.dumps(["read", read, []]), flush=True)
for name, more in (("rule", {}), ("add1", {"voter_budget_increment": 1})):
    took, found = timed(lambda: method_of_equal_shares(instance, profile, Cost_Sat, **more))
    print(json.dumps([name, took, sorted(str(project) for project in found)]), flush=True)
"""


def made_up() -> str:
    """A .pb file: costs over three orders of magnitude, support that falls off slowly, districts that vote alike."""
    source = np.random.default_rng(20200925)
    costs = (np.exp(source.normal(11.6, 1.1, PROJECTS)) // 10 * 10 + 10).astype(int)
    district = source.integers(0, 6, PROJECTS)
    popular = 1 / np.arange(3, PROJECTS + 3) ** 0.7
    weights = [popular * np.where(district == home, 4.0, 1.0) for home in range(6)]
    lines = ["META", "key;value", f"num_projects;{PROJECTS}", f"num_votes;{VOTERS}", f"budget;{BUDGET}"]
    lines += ["vote_type;approval", "rule;none", "PROJECTS", "project_id;cost;votes"]
    ballots = []
    for _ in range(VOTERS):
        weight = weights[source.integers(0, 6)]
        ballots.append(source.choice(PROJECTS, source.integers(1, MOST + 1), replace=False, p=weight / weight.sum()))
    votes = np.bincount(np.concatenate(ballots), minlength=PROJECTS)
    lines += [f"{project};{costs[project]};{votes[project]}" for project in range(PROJECTS)]
    lines += ["VOTES", "voter_id;vote"]
    lines += [f"{voter};{','.join(map(str, ballot))}" for voter, ballot in enumerate(ballots)]
    return "\n".join(lines) + "\n"


def elected(published: Published) -> Election:
    place = {name: number for number, name in enumerate(published.costs)}
    return Election.of_ballots(
        list(published.costs.values()), [[place[name] for name in ballot] for ballot in published.ballots]
    )


def seconds(run: Callable[[], object]) -> float:
    took = []
    for _ in range(ROUNDS):
        start = time.process_time()
        run()
        took.append(time.process_time() - start)
    return median(took)


def names(found: Shares, published: Published) -> list[str]:
    every = list(published.costs)
    return sorted(every[winner] for winner in found.winners)


def peer(path: Path) -> dict[str, tuple[float, list[str]]]:
    """What pabutools has answered within its time."""
    try:
        done = subprocess.run(
            [sys.executable, "-c", PEER, path], capture_output=True, text=True, check=True, timeout=PATIENCE
        ).stdout
    except subprocess.TimeoutExpired as late:
        done = (late.stdout or b"").decode()
    return {name: (took, found) for name, took, found in map(json.loads, done.splitlines())}


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "made_up.pb"
        path.write_text(made_up(), encoding="utf-8")
        published = read_published(path)
        election = elected(published)
        bare, complete = equal_shares(election, BUDGET), equal_shares(election, BUDGET, raise_by=1)
        ours = {
            "read": (seconds(lambda: elected(read_published(path))), []),
            "rule": (seconds(lambda: equal_shares(election, BUDGET)), names(bare, published)),
            "add1": (
                seconds(lambda: equal_shares(election, BUDGET, raise_by=1)),
                names(complete, published),
            ),
        }
        theirs = peer(path)
    print(f"{PROJECTS} projects, {VOTERS} voters: {len(bare.winners)} bought for {bare.spent:,} of {BUDGET:,},")
    print(f"completed by {complete.raised} more a voter: {len(complete.winners)} for {complete.spent:,}")
    print(f"{'':6} {'ours s':>8} {'pabutools s':>12} {'ratio':>8}  same choice")
    wrong = False
    for name, (took, found) in ours.items():
        if name not in theirs:
            print(f"{name:6} {took:8.4f} {f'> {PATIENCE}':>12} {f'> {PATIENCE / took:.0f}':>8}  stopped")
            continue
        other, chosen = theirs[name]
        same = found == chosen
        wrong |= not same
        print(f"{name:6} {took:8.4f} {other:12.3f} {other / took:8.1f}  {'yes' if same else 'NO'}")
    return int(wrong)


if __name__ == "__main__":
    sys.exit(main())
