"""Check that nothing beats an optimised division:  python check_optimum.py RESULT.json APPLICATIONS.csv

Standard library only, beside `check_certificate.py`, whose losses it takes: a division loses, against the bound, the losses of its
choices and the price of what it leaves unused of each row. All that lose less than the gap between bound and value are gone
through, application by application; if none keeps the rows to the end, the value is the optimum.
"""

import sys
from typing import Any

from check_certificate import read  # type: ignore[import-not-found]  # the script beside this one

MOST = 200_000


def optimal(found: dict[str, Any]) -> bool | None:
    """None = too many divisions lie between value and bound to go through them."""
    gap, price, states = found["gap"], found["price"], {tuple(found["left"]): 0}
    if gap <= 0:
        return True
    near = [[choice for choice in choices if choice[0] < gap] for choices in found["choices"].values()]
    ends = [
        [[end(use) for use in zip(*(c[1] for c in choices), strict=True)] for end in (min, max)] for choices in near
    ]
    low, high = ([sum(column) for column in zip(*(end[side] for end in ends), strict=True)] for side in (0, 1))
    for choices, (least, most) in zip(near, ends, strict=True):
        low = [
            total - part for total, part in zip(low, least, strict=True)
        ]  # that the later applications use in any case
        high = [total - part for total, part in zip(high, most, strict=True)]  # that they can use at most
        grown: dict[tuple[int, ...], Any] = {}
        for before, lost in states.items():
            for loss, use in choices:
                left = tuple(map(int.__sub__, before, use))
                unused = sum(p * (room - h) for p, room, h in zip(price, left, high, strict=True) if room > h)
                if lost + loss + unused < gap and all(map(int.__ge__, left, low)):
                    grown[left] = min(grown.get(left, lost + loss), lost + loss)
        states = grown
        if len(states) > MOST:
            return None
    return not states


if __name__ == "__main__":
    found = read(sys.argv[1], sys.argv[2])
    answer = {True: "optimal", False: "NOT OPTIMAL", None: "too much lies between value and bound to search"}
    print(
        "rules",
        "kept;" if found["kept"] else "BROKEN;",
        "value {}, bound {};".format(*found["merit"]),
        answer[optimal(found)],
    )
    sys.exit(not found["kept"] or optimal(found) is False)
