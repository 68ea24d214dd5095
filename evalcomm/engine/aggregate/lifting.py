"""Exact solution of large least-squares systems by p-adic lifting (Dixon 1982).

The normal equations of the two-way table are kept whole, since their entries are small counts:

    n[p] a[p] + sum of s over p's panel    = sum of y over p's sheets
    sum of a over r's applications + c[r] s[r] = sum of y over r's sheets        (r not grounded; s[grounded] = 0)

Modulo a prime, a is eliminated and the Schur complement for s (evaluators x evaluators) inverted once. Each lifting step then costs a few
passes over the sheets and gives some 21 more bits of the solution. Fractions are reconstructed whenever half as many bits
again are known, and accepted only if they satisfy the equations exactly, so no bound on their size is needed.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isqrt, lcm
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

MAX_PRIME_BITS = 21
FIRST_STEPS = 32


class _Table:
    """The sheets in two orders, by application and by evaluator, for sums along both."""

    def __init__(self, panels: list[list[int]], size: int) -> None:
        import numpy as np
        from scipy.sparse import csr_array

        self.size = size
        self.sheets = [(p, evaluator) for p, panel in enumerate(panels) for evaluator in panel]
        application, evaluator = np.array(self.sheets, dtype=np.int64).T
        self.evaluator = evaluator
        self.n = np.bincount(application, minlength=len(panels))
        self.c = np.bincount(evaluator, minlength=size)
        ones = np.ones(len(self.sheets), dtype=np.int64)
        self._design = csr_array((ones, (application, evaluator)), shape=(len(panels), size))
        self._transposed = self._design.T.tocsr()

    def by_application(self, s: NDArray[Any]) -> NDArray[Any]:
        """For each application the sum of s over its panel; s has shape (evaluators, columns)."""
        summed: NDArray[Any] = self._design @ s
        return summed

    def by_evaluator(self, a: NDArray[Any]) -> NDArray[Any]:
        """For each evaluator the sum of a over their applications; a has shape (applications, columns)."""
        summed: NDArray[Any] = self._transposed @ a
        return summed


def lifted(panels: list[list[int]], columns: list[list[list[int]]], size: int) -> list[tuple[list[int], int]]:
    """Per column s as numerators over one denominator, s[0] = 0; panels must be connected."""
    import numpy as np

    table = _Table(panels, size)
    sums_p = np.array([[sum(values[p]) for values in columns] for p in range(len(panels))], dtype=object)
    sums_r = np.zeros((size, len(columns)), dtype=object)
    for c, values in enumerate(columns):
        for panel, row in zip(panels, values, strict=True):
            for evaluator, value in zip(panel, row, strict=True):
                sums_r[evaluator, c] += value
    modular = _modular(table)
    prime = modular.prime
    digits: list[NDArray[Any]] = []
    # Only the first right-hand side may be larger than a machine word: take its residue, then go on with small residuals.
    residual_p, residual_r = sums_p, sums_r
    steps = FIRST_STEPS
    while True:
        while len(digits) < steps:
            a, s, panel_sums = _solve(table, modular, _mod(residual_p, prime), _mod(residual_r, prime))
            digits.append(s)
            residual_p = (residual_p - (table.n[:, None] * a + panel_sums)) // prime
            residual_r = (residual_r - (table.by_evaluator(a) + table.c[:, None] * s)) // prime
            residual_r[0] = 0  # the grounded evaluator has no equation
            if residual_p.dtype == object and max(abs(residual_p).max(), abs(residual_r).max()) < 2**40:
                residual_p, residual_r = residual_p.astype(np.int64), residual_r.astype(np.int64)
        found = _reconstructed(table, digits, prime, sums_p, sums_r)
        if found is not None:
            return found
        steps += steps // 2


def _mod(values: NDArray[Any], prime: int) -> NDArray[Any]:
    import numpy as np

    reduced: NDArray[Any] = (values % prime).astype(np.int64)
    return reduced


@dataclass(frozen=True)
class _Modular:
    """The equations modulo a prime: 1 / n[p], and the inverse of the grounded Schur complement

    S[j, k] = [j = k] c[j] - sum of 1 / n[p] over the applications that j and k share.
    """

    prime: int
    shares: NDArray[Any]
    inverse: NDArray[Any]


def _modular(table: _Table) -> _Modular:
    import numpy as np

    sizes = table.n.tolist()
    starts = np.concatenate(([0], np.cumsum(table.n)))
    # evaluators x p² stays below 2**53, where sums of products of doubles are exact.
    prime = 2 ** min(MAX_PRIME_BITS, (53 - table.size.bit_length()) // 2)
    while True:
        prime = _prime_below(prime)
        share = {n: pow(n, -1, prime) for n in set(sizes)}
        matrix = np.diag(table.c)
        for p, n in enumerate(sizes):
            panel = table.evaluator[starts[p] : starts[p + 1]]
            matrix[panel[:, None], panel] -= share[n]
        inverse = _inverse(matrix[1:, 1:] % prime, prime)
        if inverse is not None:
            return _Modular(prime, np.array([[share[n]] for n in sizes], dtype=np.int64), inverse)


def _inverse(matrix: NDArray[Any], prime: int) -> NDArray[Any] | None:
    """Gauss-Jordan modulo the prime; None where the matrix is singular modulo it."""
    import numpy as np

    n = len(matrix)
    work = np.concatenate((matrix, np.eye(n, dtype=np.int64)), axis=1)
    for k in range(n):
        # Only what is used is reduced: a word holds 2**20 differences of products below 2**42.
        factors = work[:, k] % prime
        pivots = np.flatnonzero(factors[k:])
        if not len(pivots):
            return None
        if pivots[0]:
            other = k + pivots[0]
            work[[k, other]] = work[[other, k]]
            factors[[k, other]] = factors[[other, k]]
        work[k] = work[k] % prime * pow(int(factors[k]), -1, prime) % prime
        factors[k] = 0
        work -= factors[:, None] * work[k]
    return (work[:, n:] % prime).astype(np.float64)


def _solve(
    table: _Table, modular: _Modular, right_p: NDArray[Any], right_r: NDArray[Any]
) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """a and s modulo the prime, and the sum of s over every panel."""
    import numpy as np

    prime, shares = modular.prime, modular.shares
    right = (right_r - table.by_evaluator(right_p * shares % prime)) % prime
    s = np.zeros_like(right)
    s[1:] = np.mod(modular.inverse @ right[1:].astype(np.float64), prime).astype(np.int64)
    panel_sums = table.by_application(s)
    return (right_p - panel_sums) * shares % prime, s, panel_sums


def _reconstructed(
    table: _Table, digits: list[NDArray[Any]], prime: int, sums_p: NDArray[Any], sums_r: NDArray[Any]
) -> list[tuple[list[int], int]] | None:
    """The fractions that the digits stand for, or None where there are too few digits."""
    modulus = prime ** len(digits)
    # One figure of each column tells soon whether there are enough digits at all.
    samples = _joined([part[-1:] for part in digits], prime)[0]
    if any(_common_fraction([int(sample)], modulus) is None for sample in samples):
        return None
    residues = _joined(digits, prime)
    result = []
    for c in range(residues.shape[1]):
        found = _common_fraction([int(value) for value in residues[:, c]], modulus)
        if found is None or not _satisfies(table, found, sums_p[:, c], sums_r[:, c]):
            return None
        result.append(found)
    return result


def _joined(digits: list[NDArray[Any]], prime: int) -> NDArray[Any]:
    """digits[0] + digits[1] p + …, joined pair by pair so that long numbers meet long ones."""
    parts = [part.astype(object) for part in digits]
    base = prime
    while len(parts) > 1:
        paired = [low + base * high for low, high in zip(parts[::2], parts[1::2], strict=False)]
        if len(parts) % 2:
            paired.append(parts[-1])
        parts = paired
        base *= base
    return parts[0]


def _common_fraction(residues: list[int], modulus: int) -> tuple[list[int], int] | None:
    """Numerators over a common denominator with numerator = residue x denominator modulo `modulus`, both below sqrt(modulus / 2)."""
    bound = isqrt(modulus // 2)
    denominator = 1
    for residue in residues:
        scaled = residue * denominator % modulus
        if min(scaled, modulus - scaled) <= bound:
            continue
        extra = _denominator(scaled, modulus, bound)
        if extra is None or denominator * extra > bound:
            return None
        denominator *= extra
    numerators = []
    for residue in residues:
        numerator = residue * denominator % modulus
        numerators.append(numerator - modulus if 2 * numerator > modulus else numerator)
    return numerators, denominator


def _denominator(residue: int, modulus: int, bound: int) -> int | None:
    """Half-way Euclid: the smallest d > 0 with |residue d mod modulus| <= bound, if it is at most bound."""
    older, old, x, y = modulus, residue, 0, 1
    while old > bound:
        quotient = older // old
        older, old = old, older - quotient * old
        x, y = y, x - quotient * y
    return abs(y) if 0 < abs(y) <= bound else None


def _satisfies(table: _Table, found: tuple[list[int], int], sums_p: NDArray[Any], sums_r: NDArray[Any]) -> bool:
    """c[r] s[r] + sum over r's applications of (sum of y - sum of s) / n = sum of y over r's sheets, for all but the grounded one."""
    numerators, denominator = found
    whole = lcm(*set(table.n.tolist()))
    counts = table.n.tolist()
    panel_sums = [0] * len(counts)
    for p, evaluator in table.sheets:
        panel_sums[p] += numerators[evaluator]
    # a[p] times n[p] is (sum of y) - (sum of s); everything is brought to the denominator `whole` x `denominator`.
    scaled = [
        (total * denominator - panel) * (whole // n) for total, panel, n in zip(sums_p, panel_sums, counts, strict=True)
    ]
    left = [whole * int(count) * numerator for count, numerator in zip(table.c, numerators, strict=True)]
    for p, evaluator in table.sheets:
        left[evaluator] += scaled[p]
    return all(left[r] == whole * denominator * sums_r[r] for r in range(1, table.size))


def _prime_below(number: int) -> int:
    candidate = number - 1
    while any(candidate % divisor == 0 for divisor in range(2, isqrt(candidate) + 1)):
        candidate -= 1
    return candidate
