"""The menu: every room adds its entries with the policy of the page behind them, so that nobody is shown a door that stays shut."""

from dataclasses import dataclass

from flask import request, url_for
from flask_babel import LazyString

from evalcomm.web.access import Policy, may


@dataclass(frozen=True, slots=True)
class Entry:
    label: LazyString
    endpoint: str
    policy: Policy
    order: int


@dataclass(frozen=True, slots=True)
class Item:
    label: str
    url: str
    current: bool
    children: tuple["Item", ...] = ()


_entries: list[Entry] = []


def register(label: LazyString, endpoint: str, policy: Policy, *, order: int) -> None:
    if all(entry.endpoint != endpoint for entry in _entries):
        _entries.append(Entry(label, endpoint, policy, order))


def items() -> list[Item]:
    shown = sorted((entry for entry in _entries if may(entry.policy)), key=lambda entry: entry.order)
    here = request.endpoint or ""
    return [Item(str(entry.label), url_for(entry.endpoint), here == entry.endpoint) for entry in shown]
