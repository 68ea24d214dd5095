"""Equal shares: every voter spends an equal part of the budget on what it supports. Front door: `equal_shares`.

Fast in floats, decided in integers: a float only says where to look, with a bound on its error; whatever lies within the bound is
compared exactly.
"""

from evalcomm.engine.shares.election import Election, Satisfaction, SharesError
from evalcomm.engine.shares.rule import Purchase, Shares, equal_shares

__all__ = ["Election", "Purchase", "Satisfaction", "Shares", "SharesError", "equal_shares"]
