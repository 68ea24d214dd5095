"""Check an optimised division with the standard library alone:  python check_certificate.py RESULT.json APPLICATIONS.csv

RESULT.json: from `evalcomm allocate … --format json`. Awards on offer, rows kept (compare them with the plan), the bound: all anew."""

import csv
import json
import sys
from fractions import Fraction
from math import gcd
from pathlib import Path
from typing import Any


def check(result: Any, table: dict[str, Any]) -> dict[str, Any]:
    claim, awards, rows = result["certificate"], result["awards"], result["certificate"]["rows"]
    fixed, each, scale, ratio = claim["fixed"], claim["unit_won"], claim["denominator"], Fraction(claim["matching"])
    lines = {line["application"]: line for line in result["lines"] if line["status"] != "rejected"}

    def offers(name: str) -> dict[int, Fraction]:  # the awards that one application can get, and what each is worth
        line, asked, found = table[name], int(table[name]["requested"]), dict[int, Fraction]()
        full = (Fraction(lines[name]["score"]) - Fraction(claim["line"])) * (asked if claim["times_won"] else 1)
        for rate, merit in claim["levels"]:
            won = min(int(asked * Fraction(rate)), int(line.get("maximum") or asked)) // each * each
            if won >= max(int(line.get("minimum") or 0), 1) and int(line.get("own_funds") or 0) >= ratio * won:
                found[won] = max(found.get(won, full * Fraction(merit)), full * Fraction(merit))
        return found

    def uses(row: Any, name: str, won: int) -> int:
        if row["year"]:  # of an award its share of that year, rounded up
            return -(-int(table[name]["requested_" + row["year"]] or 0) * won // max(int(table[name]["requested"]), 1))
        inside = row["tag"] is None or table[name][row["tag"]].strip() == row["value"]
        return int(row["of"].get(name, 0) if row["of"] else row["sign"] * inside) * (won if row["money"] else won > 0)

    free = {name: offers(name) for name in [*claim["order"], *lines] if name not in fixed}
    kept = all(won in free.get(name, ()) or fixed.get(name) == won for name, won in awards.items())
    kept &= all(sum(uses(row, *award) for award in awards.items()) <= row["limit"] for row in rows)
    price, unit = [abs(row["multiplier"]) for row in rows], gcd(*(won for found in free.values() for won in found)) or 1
    left = [row["limit"] - sum(uses(row, *award) for award in fixed.items()) for row in rows]
    left = [room - room % unit if row["money"] else room for row, room in zip(rows, left, strict=True)]
    value = scale * sum((found.get(awards.get(name, 0), Fraction(0)) for name, found in free.items()), Fraction(0))
    bound, choices = Fraction(sum(map(int.__mul__, price, left))), {}
    for name, found in free.items():  # of every award (0 = none): what it loses at these prices, and what it uses
        use = {won: [uses(row, name, won) for row in rows] for won in (0, *found)}
        paid = {won: scale * found.get(won, 0) - sum(map(int.__mul__, price, use[won])) for won in use}
        bound += max(paid.values())
        choices[name] = [(max(paid.values()) - paid[won], use[won]) for won in use]
    merit = [part / scale + Fraction(claim["fixed_merit"]) for part in (value, bound)]
    return {"kept": kept, "merit": merit, "gap": bound - value, "price": price, "left": left, "choices": choices}


def read(result: str, table: str) -> dict[str, Any]:
    rows = csv.DictReader(Path(table).open(encoding="utf-8-sig", newline=""))  # noqa: SIM115 - read to its end at once
    return check(json.loads(Path(result).read_text("utf-8")), {row["application"].strip(): row for row in rows})


if __name__ == "__main__":
    found = read(sys.argv[1], sys.argv[2])
    print("rules", "kept;" if found["kept"] else "BROKEN;", "value {}, bound {}".format(*found["merit"]))
    sys.exit(not found["kept"])
