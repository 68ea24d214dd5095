"""How far evaluators agree: intraclass correlations, concordance, Krippendorff's alpha, variance components, panel design.

A statistic that the table does not define is a `Figure` without a value and with the reason; nothing is ever NaN. Gaps are gaps: what
needs a complete table says so, the rest uses the scores there are.
"""

from evalcomm.engine.agreement.alpha import LEVELS, krippendorff_alpha
from evalcomm.engine.agreement.components import NotEstimable, VarianceComponents, reml_deviance, variance_components
from evalcomm.engine.agreement.concordance import Concordance, kendall_w
from evalcomm.engine.agreement.design import PanelDesign, panel_designs
from evalcomm.engine.agreement.figure import Figure
from evalcomm.engine.agreement.intraclass import intraclass_correlations

__all__ = [
    "LEVELS",
    "Concordance",
    "Figure",
    "NotEstimable",
    "PanelDesign",
    "VarianceComponents",
    "intraclass_correlations",
    "kendall_w",
    "krippendorff_alpha",
    "panel_designs",
    "reml_deviance",
    "variance_components",
]
