"""Of selections of equal value, one that the ranks prefer: awards change hands one against one, where values are equal.

The solver names any of its optima. Afterwards no single exchange helps a better rank, and of applications that nothing tells apart
those with the smaller lot or id have the awards. It is no search of all optima, which only the assembly and the tables make.
"""

import numpy as np

from evalcomm.engine.allocate.portfolio.model import Ints, Model


def exchanged(model: Model, taken: Ints) -> Ints:
    """`taken` must keep every row, and so does the answer, with the same value."""
    limits = np.array([row.limit for row in model.rows], dtype=np.int64)
    room = (limits - model.columns.usage(taken, len(model.rows))).tolist()
    awards = set(taken.tolist())
    while _pass(model, awards, room):
        pass
    return np.array(sorted(awards), dtype=np.int64)


def _pass(model: Model, awards: set[int], room: list[int]) -> bool:
    """Whether any award changed hands; `awards` and `room` follow. Each exchange is for the better, so the passes come to an end."""
    order = np.lexsort((np.arange(len(model.cost)), model.cost, model.rank_group[model.owner])).tolist()
    place = {choice: number for number, choice in enumerate(order)}
    owners = {int(model.owner[choice]) for choice in awards}
    worst_first: dict[int, list[int]] = {}
    for choice in reversed(order):
        if choice in awards:
            worst_first.setdefault(int(model.value[choice]), []).append(choice)
    changed = False
    for choice in order:
        owner, holders = int(model.owner[choice]), worst_first.get(int(model.value[choice]), [])
        if owner in owners:
            continue
        mine = model.columns.used_by(choice)
        for number, holder in enumerate(holders):
            if place[holder] < place[choice]:
                break
            theirs = model.columns.used_by(holder)
            more = {row: mine.get(row, 0) - theirs.get(row, 0) for row in mine.keys() | theirs.keys()}
            if all(used <= room[row] for row, used in more.items()):
                for row, used in more.items():
                    room[row] -= used
                awards.symmetric_difference_update({choice, holder})
                owners.symmetric_difference_update({owner, int(model.owner[holder])})
                del holders[number]
                changed = True
                break
    return changed
