"""The first page: every room adds what it has for the person who looks, as a section with a policy and an order."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from evalcomm.foundation.actor import Actor
from evalcomm.web.access import Policy, current_actor, may, received_at

Render = Callable[[Actor, datetime], str | None]
"""A section as markup with its own h2, or nothing when there is nothing to do. It asks few queries: it is on everybody's first page."""


@dataclass(frozen=True, slots=True)
class Section:
    name: str
    policy: Policy
    render: Render
    order: int


_sections: dict[str, Section] = {}


def register(*, name: str, policy: Policy, render: Render, order: int) -> None:
    """Below 100: what waits for the person. From 100: what everybody may read. The same name again replaces the section."""
    _sections[name] = Section(name, policy, render, order)


def sections() -> list[Markup]:
    """What this person is shown, in order."""
    shown = sorted(
        (section for section in _sections.values() if may(section.policy)), key=lambda section: section.order
    )
    rendered = (section.render(current_actor(), received_at()) for section in shown)
    return [Markup(text) for text in rendered if text]  # noqa: S704 - rendered by the rooms' own templates, which escape
