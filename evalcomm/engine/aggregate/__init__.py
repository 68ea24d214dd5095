"""From the values of an application's sheets to one figure, exactly: plain aggregates, standard scores, severity correction.

Everything works on scaled integers (value x scale) and answers with unreduced fractions (numerator, denominator), so that a panel of
thousands costs no more than its additions. What the figures mean, and where they are rounded, `evalcomm.engine.ranking` decides.
"""

from evalcomm.engine.aggregate.plain import Rational, aggregate, dropped
from evalcomm.engine.aggregate.severity import Adjustment, adjust_for_severity
from evalcomm.engine.aggregate.standard import standard_scores

__all__ = ["Adjustment", "Rational", "adjust_for_severity", "aggregate", "dropped", "standard_scores"]
