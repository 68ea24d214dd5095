"""HiGHS on one program: JSON on the standard input, JSON in the last line of the standard output. Run as a script by `milp`."""

import json
import sys
from typing import TypedDict


class Program(TypedDict):
    """Maximise value x with rows x <= limits, x in {0, 1}; the rows in compressed form.

    cases : the program is solved once for each, with these columns fixed to 0 or 1.
    """

    value: list[int]
    starts: list[int]
    columns: list[int]
    entries: list[int]
    limits: list[int]
    nodes: int
    cases: list[list[tuple[int, int]]]


class Proposal(TypedDict):
    """taken: choices; None = nothing found. status: of scipy.optimize.milp (0 proved, 1 stopped, 2 infeasible)."""

    taken: list[int] | None
    status: int


def solve(program: Program) -> list[Proposal]:
    import numpy as np
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_matrix

    shape = (len(program["limits"]), len(program["value"]))
    matrix = csr_matrix((np.array(program["entries"], dtype=float), program["columns"], program["starts"]), shape=shape)
    answers: list[Proposal] = []
    for case in program["cases"]:
        low, high = np.zeros(shape[1]), np.ones(shape[1])
        for column, value in case:
            low[column] = high[column] = value
        answer = milp(
            -np.array(program["value"], dtype=float),
            constraints=LinearConstraint(matrix, -np.inf, np.array(program["limits"], dtype=float)),
            integrality=np.ones(shape[1]),
            bounds=Bounds(low, high),
            options={"mip_rel_gap": 0, "node_limit": program["nodes"]},
        )
        taken = None if answer.x is None else np.flatnonzero(answer.x > 0.5).tolist()
        answers.append({"taken": taken, "status": int(answer.status)})
    return answers


if __name__ == "__main__":
    sys.stdout.write("\n" + json.dumps(solve(json.load(sys.stdin))) + "\n")
