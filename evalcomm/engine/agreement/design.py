"""How large a panel must be: what reliability 3, 5, 7 or 9 evaluators would give (a D-study)."""

from __future__ import annotations

from dataclasses import dataclass

from evalcomm.engine.agreement.components import VarianceComponents

PANELS = (3, 5, 7, 9)


@dataclass(frozen=True)
class PanelDesign:
    """Reliability of the mean of `evaluators`: agreement if each application has its own panel, consistency if all have the same."""

    evaluators: int
    agreement: float
    consistency: float


def panel_designs(components: VarianceComponents) -> tuple[PanelDesign, ...]:
    return tuple(PanelDesign(size, components.agreement(size), components.consistency(size)) for size in PANELS)
