"""What stands, kept as far as can be: of equally good assignments with the same loads, the one that changes fewest pairs.

With every load given, the total is made worth more than all standing pairs together, and the flow is solved again. Applications that
this would bring below the worst sum stay as they are.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from evalcomm.engine.assign.flow import optimal_total
from evalcomm.engine.assign.instance import Instance
from evalcomm.engine.assign.teams import loads, team_sums


def least_changed(
    instance: Instance, team: NDArray[np.int32], stood: NDArray[np.bool_], *, least: int | None = None
) -> NDArray[np.int32]:
    """Teams of the same total and loads as these, which are the best there are, with as many pairs of `stood` as can be."""
    n, m = instance.shape
    load = loads(team, m)
    more = n * instance.most_seats + 1
    value = np.where(instance.permitted, instance.value, 0)
    largest = int(np.abs(value).max(initial=0))
    value = value.astype(np.int64 if largest * more < 1 << 62 else object) * more + stood
    own = np.zeros((n, m), bool)
    i, seat = np.nonzero(team >= 0)
    own[i, team[i, seat]] = True
    permitted = instance.permitted
    while True:
        again = optimal_total(replace(instance.with_values(value, permitted), low=load, high=load)).team
        if least is None:
            return again
        short = team_sums(instance, again) < least
        if not short.any():
            return again
        permitted = np.where(short[:, None], own, permitted)
