"""How much a rate that is summed from incidents varies, as other incidents come by chance.

An incident i adds to the rate of a cell x in three ways: what its kernels put there, R b_si K_s;
one more to the area's rate R, which lifts the density λ everywhere by g_i / R; and as weights are
shares of all incidents', it leaves the others less, of each half-life h by its own share p_hi:

    c_i(x) / R  =  Σ_s b_si K_s(x, x_i) + g_i / R · λ(x) - Σ_h p_hi M_h(x),   λ = Σ_h M_h + flat

Where incidents come by chance, like a Poisson process, the variance is estimated by Σ_i c_i(x)²
(Campbell's theorem; Kingman 1993, Poisson Processes, section 3.2; what an incident adds is its
influence: Davison and Hinkley 1997, Bootstrap Methods, section 2.7). The square is multiplied out,
and a product of two Gaussians is filtered like one:

    Σ_i b_si K_s b_s'i K_s'  is what the cells hold of b_s b_s', filtered by K_s K_s'.
"""

import itertools
from collections.abc import Mapping

import numpy as np
from scipy.ndimage import correlate1d

from hotspots.forecast.kernel_maps import REACH, faded


def sampling_variance(
    inside: np.ndarray,
    cell: np.ndarray,
    age_days: np.ndarray,
    share_of_rate: np.ndarray,
    weights: Mapping[tuple[float, float], float],
    size_m: float,
    given: np.ndarray | None = None,
) -> np.ndarray:
    """(rows, columns) variance of each cell's rate, as a part of the area's rate squared.

    Parameters
    ----------
    inside
        (rows, columns) 1 in the area, 0 elsewhere.
    cell, age_days, share_of_rate
        (n,) of each incident, n > 0: its flat cell inside, its age, and g_i / R.
    weights
        (Scale in metres, half-life in days) → share; an infinite scale is flat ground.
    size_m
        Side of a cell.
    given
        (rows, columns) what no incident adds to, summing to the share that ``weights`` leave; flat
        ground where None.
    """
    kernels = {key: share for key, share in weights.items() if np.isfinite(key[0])}
    scales, lives = (list(dict.fromkeys(key[part] for key in kernels)) for part in (0, 1))
    share = np.array([kernels.get(key, 0.0) for key in itertools.product(scales, lives)])
    share = share.reshape(len(scales), len(lives))
    aged = np.array([_aged(age_days, life) for life in lives]).reshape(len(lives), len(cell))
    put = share @ aged
    spread = _Spread(inside, cell, [scale / size_m for scale in scales])
    of_lives = [spread.mixed(np.outer(one, p)) for one, p in zip(share.T, aged, strict=True)]
    if given is None:
        given = (1 - share.sum()) / inside.sum() * inside
    levels = [sum(of_lives, given), *(-each for each in of_lives)]
    level_shares = np.vstack([share_of_rate, aged])
    variance = spread.squared(put)
    for level, mine in zip(levels, level_shares, strict=True):
        among = zip(levels, level_shares @ mine, strict=True)
        lifted = sum((shared * other for other, shared in among), 2 * spread.mixed(put * mine))
        variance += level * lifted
    return variance


def _aged(age_days: np.ndarray, half_life_days: float) -> np.ndarray:
    weight = faded(age_days, half_life_days)
    return np.asarray(weight / weight.sum())


class _Spread:
    """Weights of incidents, spread from their cells by each width; an edge gives back what would
    fall outside."""

    def __init__(self, inside: np.ndarray, cell: np.ndarray, sigmas: list[float]) -> None:
        self._shape, self._cell = inside.shape, cell
        self._taps = [_taps(sigma) for sigma in sigmas]
        mass = [_filtered(inside, taps).ravel()[cell] for taps in self._taps]
        self._mass = np.array(mass).reshape(len(sigmas), len(cell))

    def mixed(self, weight: np.ndarray) -> np.ndarray:
        """Σ_s Σ_i w_si K_s(x, x_i), ``weight`` being (widths, n)."""
        kept = zip(weight / self._mass, self._taps, strict=True)
        filtered = (_filtered(self._held(one), taps) for one, taps in kept)
        return np.asarray(sum(filtered, np.zeros(self._shape)))

    def squared(self, weight: np.ndarray) -> np.ndarray:
        """Σ_i (Σ_s w_si K_s(x, x_i))²."""
        kept = list(zip(weight / self._mass, self._taps, strict=True))
        total = np.zeros(self._shape)
        for number, (one, taps) in enumerate(kept):
            for other, others_taps in kept[number:]:
                times = 1 if other is one else 2  # each pair of widths comes twice
                total += times * _filtered(self._held(one * other), _product(taps, others_taps))
        return total

    def _held(self, weight: np.ndarray) -> np.ndarray:
        return np.bincount(self._cell, weight, np.prod(self._shape)).reshape(self._shape)


def _taps(sigma: float) -> np.ndarray:
    """A Gaussian along a line of cells, summing to 1; its middle is the cell itself."""
    reach = int(REACH * sigma + 0.5)
    across = np.arange(-reach, reach + 1)
    weight = np.exp(-(across**2) / (2 * sigma**2)) if sigma > 0 else np.ones(1)
    return np.asarray(weight / weight.sum())


def _product(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Two Gaussians multiplied cell by cell, as far as the narrower one reaches."""
    reach = min(len(one), len(other)) // 2
    middle = [taps[len(taps) // 2 - reach : len(taps) // 2 + reach + 1] for taps in (one, other)]
    return np.asarray(middle[0] * middle[1])


def _filtered(values: np.ndarray, taps: np.ndarray) -> np.ndarray:
    along = correlate1d(values, taps, axis=0, mode="constant")
    return np.asarray(correlate1d(along, taps, axis=1, mode="constant"))
