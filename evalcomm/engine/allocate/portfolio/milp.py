"""The last step for hard programs: HiGHS through SciPy, with gap 0 and a node count, in a process of its own.

Its own process, because the solver may print on the standard output and ends with the process if it ends badly. Stopped by proof or
by nodes, never by seconds, so that a loaded machine answers like an idle one. What it returns is only a proposal: the caller checks
every row in integers.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

import numpy as np

from evalcomm.engine.allocate.portfolio.highs import Program, Proposal
from evalcomm.engine.allocate.portfolio.model import Ints, Model

NODES = 2_000_000
"""Divided by the entries of the program: hard small programs get many nodes, large ones few."""


Case: TypeAlias = list[tuple[int, int]]
"""Choices fixed to 0 or 1."""


def proposed(model: Model, cases: Sequence[Case] = ([],)) -> list[tuple[Ints | None, bool]]:
    """For each case a selection (None = the solver found none), and whether the solver says it is optimal, or that there is none."""
    columns = [row.choices for row in model.rows]
    entries = [row.coefficients for row in model.rows]
    limits = [row.limit for row in model.rows]
    for start, end in zip(model.first[:-1].tolist(), model.first[1:].tolist(), strict=True):
        if end - start > 1:
            columns.append(np.arange(start, end))
            entries.append(np.ones(end - start, dtype=np.int64))
            limits.append(1)
    program: Program = {
        "value": model.value.tolist(),
        "starts": np.concatenate([[0], np.cumsum([len(part) for part in columns])]).tolist(),
        "columns": np.concatenate(columns).tolist(),
        "entries": np.concatenate(entries).tolist(),
        "limits": limits,
        "nodes": max(NODES // sum(len(part) for part in columns), 10),
        "cases": [list(case) for case in cases],
    }
    run = subprocess.run(  # noqa: S603 - our own interpreter on our own script
        [sys.executable, str(Path(__file__).with_name("highs.py"))],
        input=json.dumps(program).encode(),
        capture_output=True,
        check=False,
    )
    lines = run.stdout.decode(errors="replace").splitlines()
    if run.returncode or not lines:
        return [(None, False)] * len(cases)
    proposals: list[Proposal] = json.loads(lines[-1])
    return [_believed(model, proposal) for proposal in proposals]


def _believed(model: Model, proposal: Proposal) -> tuple[Ints | None, bool]:
    taken = proposal["taken"]
    if taken is None:
        return None, proposal["status"] == 2
    choices = np.array(taken, dtype=np.int64)
    return (choices, proposal["status"] == 0) if kept(model, choices) else (None, False)


def kept(model: Model, taken: Ints) -> bool:
    """Whether a selection takes at most one choice per application and keeps every row, in integers."""
    owners = model.owner[taken]
    usage = model.columns.usage(taken, len(model.rows))
    limits = np.array([row.limit for row in model.rows], dtype=np.int64)
    return len(np.unique(owners)) == len(owners) and bool((usage <= limits).all())
