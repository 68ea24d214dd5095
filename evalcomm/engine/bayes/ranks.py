"""Ranks under uncertainty: expected ranks in closed form, rank distributions from evenly spread draws.

Expected rank of i = 1 + Σ Pr(θ_k > θ_i): a sum of normal probabilities for each setting of the hyperparameters, no sampling. Quantiles
of the rank need the joint distribution: draws whose every coordinate is perfectly stratified (Latin hypercube), with a fixed
order, so that the same table always gives the same answer and nobody can choose a seed. Applications that the model cannot tell
apart share one rank distribution, hence one interval, one probability and one group.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from evalcomm.engine.bayes.hyperparameters import Nodes
from evalcomm.engine.bayes.model import CrossedModel, Effects
from evalcomm.engine.ratings import FloatArray, IntArray

_PAIRS = 100_000
"""Most pairs, over all nodes, that are tabulated at once."""

_BLOCK = 256
"""Rows of a pairwise table worked off at once."""

_SECANT_STEPS = 30
_PROBIT_ERROR = 1e-6

_ROUNDS = 4
"""Of mixing in the permutation of each coordinate's strata."""


@dataclass(frozen=True, eq=False)
class Posterior:
    """One group of effects at every node: effects[j] holds with residual_sd[j, :] and weight[j, :]; marginals are mixtures of normals."""

    effects: list[Effects]
    residual_sd: FloatArray
    weight: FloatArray

    @cached_property
    def _means(self) -> FloatArray:
        """Shape (m, k)."""
        return np.stack([effect.mean for effect in self.effects])

    @cached_property
    def _sds(self) -> FloatArray:
        """Shape (m, nodes of s, k)."""
        unscaled = np.sqrt(np.stack([effect.variance for effect in self.effects]))
        return np.maximum(unscaled[:, None, :] * self.residual_sd[:, :, None], 1e-300)

    @property
    def mean(self) -> FloatArray:
        mean: FloatArray = self.weight.sum(axis=1) @ self._means
        return mean

    @property
    def sd(self) -> FloatArray:
        within: FloatArray = np.einsum("jk,jki->i", self.weight, self._sds**2)
        between: FloatArray = self.weight.sum(axis=1) @ (self._means - self.mean) ** 2
        return np.sqrt(within + between)

    def quantiles(self, shares: Sequence[float]) -> FloatArray:
        """Of each effect's marginal, shape (len(shares), k): secant steps on the probit scale, on which a mixture is nearly straight, kept
        within what is bracketed."""
        z = ndtri(np.asarray(shares))[:, None]
        count = self._means.shape[1]
        sds = self._sds.reshape(-1, count)
        means = np.repeat(self._means, self.weight.shape[1], axis=0)
        weight = self.weight.ravel()
        edges = means[None] + z[:, :, None] * sds[None]
        low, high = edges.min(axis=1), edges.max(axis=1)
        slope: FloatArray = np.broadcast_to(self.sd, low.shape)
        x: FloatArray = np.clip(self.mean + z * slope, low, high)
        before, reached_before = x, np.full_like(x, np.nan)
        for _ in range(_SECANT_STEPS):
            reached = ndtri(
                np.clip(np.einsum("m,qmk->qk", weight, ndtr((x[:, None, :] - means) / sds)), 1e-300, 1 - 1e-16)
            )
            if np.abs(reached - z).max() < _PROBIT_ERROR:
                break
            low, high = np.where(reached < z, x, low), np.where(reached > z, x, high)
            # the first round has nothing to compare with, and a step of nothing says nothing: the slope stays
            gained = reached - reached_before
            slope = np.where(np.abs(gained) > _PROBIT_ERROR / 10, (x - before) / np.where(gained, gained, 1.0), slope)
            before, reached_before = x, reached
            step = x + (z - reached) * slope
            x = np.where((step >= low) & (step <= high), step, (low + high) / 2)
        return x

    def probability_beyond(self, limit: float) -> FloatArray:
        """Pr(|effect| > limit), shape (k,)."""
        means = self._means[:, None, :]
        tails = ndtr((means - limit) / self._sds) + ndtr((-limit - means) / self._sds)
        probability: FloatArray = np.einsum("jk,jki->i", self.weight, tails)
        return probability


@dataclass(frozen=True, eq=False)
class Posteriors:
    """Of applications and of evaluators. Each rating as the others predict it, at the likeliest node: expected (n,), and the SD with
    which it would fall around that, expected_sd (n,)."""

    applications: Posterior
    evaluators: Posterior
    expected: FloatArray
    expected_sd: FloatArray


def posteriors(model: CrossedModel, nodes: Nodes, scores: FloatArray) -> Posteriors:
    """The conditional posterior at every node."""
    applications: list[Effects] = []
    evaluators: list[Effects] = []
    likeliest = int(nodes.weight.sum(axis=1).argmax())
    for part in model.batches(len(nodes.ratios)):
        solved = model.solve(nodes.ratios[part], scores)
        for place in range(len(solved.kept)):
            applications.append(model.application_effects(solved, place))
            evaluators.append(model.evaluator_effects(solved, place))
        if part.start <= likeliest < part.stop:
            rest = 1 - model.leverages(solved, likeliest - part.start)
            expected = scores - (scores - model.fitted(solved)[likeliest - part.start]) / rest
            expected_sd = float((nodes.weight * nodes.residual_sd).sum()) / np.sqrt(rest)
    by_node = [Posterior(effects, nodes.residual_sd, nodes.weight) for effects in (applications, evaluators)]
    return Posteriors(by_node[0], by_node[1], expected, expected_sd)


def expected_ranks(posterior: Posterior) -> FloatArray:
    """Shape (P,); they sum to P(P + 1)/2."""
    count = len(posterior.effects[0].mean)
    if len(posterior.effects) * count**2 <= _PAIRS:
        return _expected_ranks_at_once(posterior)
    ranks = np.ones(count)
    for effects, sds, weights in zip(posterior.effects, posterior.residual_sd, posterior.weight, strict=True):
        _add_pairs(ranks, effects, sds, weights)
    return ranks


def _expected_ranks_at_once(posterior: Posterior) -> FloatArray:
    """All nodes and pairs in one table, for the few applications of a usual call."""
    means = np.stack([effects.mean for effects in posterior.effects])
    shared = np.stack([effects.shared for effects in posterior.effects])
    variances = np.stack([effects.variance for effects in posterior.effects])
    spread = variances[:, :, None] + variances[:, None, :] - 2 * np.swapaxes(shared, 1, 2) @ shared
    np.einsum("mii->mi", spread)[:] = 1.0
    scaled = (means[:, None, :] - means[:, :, None]) / np.sqrt(np.maximum(spread, 1e-300))
    shares = ndtr(scaled[:, None] / posterior.residual_sd[:, :, None, None])
    # the diagonal holds Φ(0) = ½, which stands for the other half of rank 1
    ranks: FloatArray = 0.5 + np.einsum("mk,mkij->i", posterior.weight, shares)
    return ranks


def _add_pairs(ranks: FloatArray, effects: Effects, sds: FloatArray, weights: FloatArray) -> None:
    """Each pair once, in blocks of rows, for many applications."""
    variance = effects.variance
    count = len(ranks)
    for start in range(0, count, _BLOCK):
        stop = min(start + _BLOCK, count)
        rows, size = slice(start, stop), stop - start
        spread = (
            variance[rows, None] + variance[None, start:] - 2 * effects.shared[:, rows].T @ effects.shared[:, start:]
        )
        spread[np.arange(size), np.arange(size)] = 1.0
        scaled = (effects.mean[None, start:] - effects.mean[rows, None]) / np.sqrt(np.maximum(spread, 1e-300))
        share = np.zeros_like(scaled)
        for weight, sd in zip(weights, sds, strict=True):
            share += weight * ndtr(scaled / sd)
        inside, beyond = share[:, :size], share[:, size:]
        ranks[rows] += inside.sum(axis=1) - np.diagonal(inside) + beyond.sum(axis=1)
        ranks[stop:] += weights.sum() * size - beyond.sum(axis=0)


def drawn_ranks(posterior: Posterior, bits: int) -> IntArray:
    """2**bits joint draws of all ranks, shape (draws, P), 1 = best."""
    behind, _ = _drawn_behind(posterior, bits)
    places = np.arange(1, behind.shape[1] + 1, dtype=np.int32)
    ranks = np.empty((2**bits, behind.shape[1]), np.int32)
    np.put_along_axis(ranks, np.argsort(behind, axis=1), places[None, :], axis=1)
    return ranks


def drawn_effects(posterior: Posterior, bits: int) -> FloatArray:
    """2**bits joint draws of all effects, shape (draws, P)."""
    behind, unit = _drawn_behind(posterior, bits)
    return behind.astype(np.float64) * -unit


def _drawn_behind(posterior: Posterior, bits: int) -> tuple[NDArray[np.float32], float]:
    """Joint draws of the effects, negated, in a unit of their own; and that unit."""
    count, draws = len(posterior.effects[0].mean), 2**bits
    width = len(posterior.effects[0].shared)
    with_own = bool(posterior.effects[0].own.any())
    normals = stratified_normals(bits, width + (count if with_own else 0))
    node = np.searchsorted(np.cumsum(posterior.weight.ravel()), (np.arange(draws) + 0.5) / draws)
    node = np.minimum(node, posterior.weight.size - 1)
    # ranks have no unit: in one that keeps short floats far from both their ends, whatever the scale of the scores
    unit = float(posterior.residual_sd.max()) + max(float(np.abs(effects.mean).max()) for effects in posterior.effects)
    sd = (posterior.residual_sd.ravel()[node] / unit).astype(np.float32)
    ends = np.searchsorted(node, np.arange(1, len(posterior.effects) + 1) * posterior.weight.shape[1])
    behind = np.empty((draws, count), np.float32)
    start = 0
    for effects, stop in zip(posterior.effects, ends, strict=True):
        part = slice(start, stop)
        values = normals[part, :width] @ effects.shared.astype(np.float32)
        if with_own:
            values += normals[part, width:] * np.sqrt(effects.own).astype(np.float32)
        np.multiply(values, -sd[part, None], out=values)
        np.subtract(values, (effects.mean / unit).astype(np.float32), out=behind[part])
        start = stop
    return behind, unit


@lru_cache(maxsize=2)
def stratified_normals(bits: int, width: int) -> NDArray[np.float32]:
    """Shape (2**bits, width), read-only, the same for every table of that size; each column holds the normal scores of (i + ½)/2**bits, in an order of its own.

    The order is a permutation by arithmetic alone (multiply, add, exclusive-or with a shift: each step can be undone), so that the same table
    gives the same draws on any machine and with any release of any library.
    """
    draws = 2**bits
    scores: NDArray[np.float32] = ndtri((np.arange(draws) + 0.5) / draws).astype(np.float32)
    keys = _mixed(np.arange(1, 2 * _ROUNDS * width + 1, dtype=np.uint32)).reshape(2 * _ROUNDS, width)
    mask, shift = np.uint32(draws - 1), np.uint32((bits + 1) // 2)
    order = np.broadcast_to(np.arange(draws, dtype=np.uint32)[:, None], (draws, width))
    for multiplier, addend in zip(keys[:_ROUNDS] | np.uint32(1), keys[_ROUNDS:], strict=True):
        order = (order * multiplier + addend) & mask
        order ^= order >> shift
    arranged: NDArray[np.float32] = scores[order]
    arranged.flags.writeable = False
    return arranged


def _mixed(numbers: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Numbers without pattern from consecutive ones (the finaliser of MurmurHash3)."""
    x = numbers * np.uint32(0x9E3779B9)
    for shift, multiplier in ((16, 0x85EBCA6B), (13, 0xC2B2AE35)):
        x = (x ^ (x >> np.uint32(shift))) * np.uint32(multiplier)
    return x ^ (x >> np.uint32(16))


@dataclass(frozen=True, eq=False)
class RankDistributions:
    """Of each application, from the draws of all that share its class. sorted_ranks (P, draws) : each application's ranks, sorted."""

    sorted_ranks: NDArray[np.int16] | NDArray[np.int32]
    members: list[IntArray]

    @classmethod
    def of(cls, ranks: IntArray, members: list[IntArray]) -> RankDistributions:
        """members : the classes, each a list of indices that the model cannot tell apart."""
        narrow = np.int16 if ranks.shape[1] < 2**15 else np.int32
        by_application = np.ascontiguousarray(ranks.T.astype(narrow))
        by_application.sort(axis=1)
        return cls(by_application, members)

    def quantile(self, share: float) -> IntArray:
        """Smallest rank whose cumulative probability reaches `share`; shape (P,)."""
        quantiles = self.sorted_ranks[:, _place(share, self.sorted_ranks.shape[1])].astype(np.int64)
        for group in self.members:
            if len(group) > 1:
                pooled = np.sort(self.sorted_ranks[group], axis=None)
                quantiles[group] = pooled[_place(share, len(pooled))]
        return quantiles

    def within(self, top: int) -> FloatArray:
        """Probability of a rank ≤ top; shape (P,)."""
        return pooled_mean((self.sorted_ranks <= top).mean(axis=1), self.members)


def _place(share: float, count: int) -> int:
    return min(max(int(np.ceil(share * count)) - 1, 0), count - 1)


def pooled_mean(values: FloatArray, members: list[IntArray]) -> FloatArray:
    """Each value replaced by the mean over its class, so that equals are equal to the last bit."""
    pooled = values.copy()
    for group in members:
        if len(group) > 1:
            pooled[group] = values[group].mean()
    return pooled
