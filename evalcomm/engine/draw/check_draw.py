"""Repeat a published draw with the standard library alone:  python check_draw.py RECORD.json [POOL.csv]

RECORD.json: from `evalcomm draw … --format json`. Compare what it prints with what was announced before the draw; POOL.csv is the list
that was published then. Exit code 0: the record holds."""

import csv
import hashlib
import hmac
import json
import sys
import unicodedata
from fractions import Fraction
from pathlib import Path
from typing import Any


def differences(record: Any, published: list[dict[str, str]] | None) -> list[str]:
    rfc, rows = record["method"] == "rfc3797", [[one["candidate"], *one["strata"]] for one in record["pool"]]
    key = "".join("".join(f"{n}." for n in sorted(map(int, one.split()))) + "/" for one in record["sources"])
    pool = hashlib.sha256("".join("\t".join(row) + "\n" for row in rows).encode())
    steps, strata, chance = list[Any](), list[Any](), dict[str, Fraction]()
    for part in record["strata"]:
        left = [place for place, row in enumerate(rows) if (" / ".join(row[1:]) or None) == part["stratum"]]
        able = [rows[place][0] for place in left if rows[place][0] not in record["skip"]]
        chance |= dict.fromkeys(able, Fraction(part["quota"], len(able) or 1))
        strata.append({**part, "members": len(left)})
        own, i = f"{key}{part['stratum']}./" if part["stratum"] else key, 0
        free = ["selected"] * part["quota"] + ["reserve"] * part["reserve"]
        while free and left:
            two, seed, count = i.to_bytes(2 if rfc else 8, "big"), own.encode(), len(left)
            sha = hmac.new(seed, pool.digest() + two, "sha256")
            digest = hashlib.md5(two + seed + two, usedforsecurity=False).digest() if rfc else sha.digest()
            value = int.from_bytes(digest, "big")
            if rfc or value < 2**256 - 2**256 % count:  # above: would favour the first places
                pick = left.pop(value % count)
                step = {"i": i, "key": own, "digest": digest.hex(), "remaining": count, "position": pick + 1}
                outcome = free.pop(0) if rows[pick][0] in able else "skipped"
                steps.append({**step, "pick": rows[pick][0], "stratum": part["stratum"], "outcome": outcome})
            i += 1
    again: dict[str, Any] = {"key": key, "pool_sha256": pool.hexdigest(), "steps": steps, "strata": strata}
    again |= {how: [s["pick"] for s in steps if s["outcome"] == how] for how in ("selected", "reserve", "skipped")}
    found = [name for name, value in again.items() if record[name] != value]
    fair = [chance.get(row[0], Fraction(0)) for row in rows] == [Fraction(one["probability"]) for one in record["pool"]]
    once = len({row[0] for row in rows}) == len(rows) and len({step["pick"] for step in steps}) == len(steps)
    found += ["probability"] * (not fair) + ["pool"] * (not once or rows != (rows if rfc else sorted(rows)))
    columns = ("candidate", *record["strata_columns"])
    listed = [[unicodedata.normalize("NFC", row[name].strip()) for name in columns] for row in published or []]
    return found + ["published pool"] * (published is not None and rows != (listed if rfc else sorted(listed)))


if __name__ == "__main__":
    try:
        given = json.loads(Path(sys.argv[1]).read_text("utf-8"))
        lines = Path(sys.argv[2]).read_text("utf-8-sig").splitlines() if sys.argv[2:] else None
        wrong = differences(given, None if lines is None else list(csv.DictReader(lines)))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        sys.exit(f"this is no record of a draw: {error!r}")
    print(*(f"{name}: {given[name]}" for name in ("method", "sources", "strata", "skip")), sep="\n")
    sys.exit("DIFFERENT: " + ", ".join(wrong) if wrong else print("the record holds"))
