"""Has a hotspot's share of its borough changed? The arithmetic, for many hotspots at once.

Rows are hotspots, columns periods of four weeks, oldest first; a whole row is the borough's.
"""

import numpy as np
from scipy import stats

from hotspots.stats.mann_kendall import mann_kendall, sens_slope
from hotspots.timing.periods import PERIODS_A_YEAR


def predictions(
    past: np.ndarray, past_totals: np.ndarray, borough_totals: float, alpha: float
) -> tuple[np.ndarray, np.ndarray]:
    """Expected in the latest period, and the most that is no spike; null without a year before.

    Given the sum of both, the latest count is binomial (Nelson 1982, Applied Life Data Analysis):
    exact however few they are. That x or more of year + x are late is that x or more late ones
    come before the year's next early one, so that the limit is a negative binomial's quantile.
    """
    year = past[:, -PERIODS_A_YEAR:].sum(axis=1)
    year_total = past_totals[-PERIODS_A_YEAR:].sum()
    if past.shape[1] < PERIODS_A_YEAR or year_total == 0:
        return np.full(len(past), np.nan), np.full(len(past), np.nan)
    limit = stats.nbinom.isf(alpha, year + 1, year_total / (borough_totals + year_total))
    return year * borough_totals / year_total, np.minimum(limit, borough_totals)


def yearly(past: np.ndarray) -> np.ndarray:
    """Sums of whole years back from the end, oldest first: the last axis gets as many."""
    n = past.shape[-1] // PERIODS_A_YEAR
    blocks = past[..., past.shape[-1] - n * PERIODS_A_YEAR :]
    return np.asarray(blocks.reshape(*past.shape[:-1], n, PERIODS_A_YEAR).sum(axis=-1))


def share_slopes(
    past: np.ndarray, past_totals: np.ndarray, share: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """p-value of a trend of each share, and incidents a year by which the yearly number changes.

    Periods in which the borough was silent say nothing of a share. Shares are above 0.
    """
    known = past_totals > 0
    expected = share[:, None] * past_totals[known]
    excess = past[:, known] - expected
    test = mann_kendall(excess / np.sqrt(expected))
    return test.p_value, sens_slope(excess) * PERIODS_A_YEAR**2


def annual_directions(years: np.ndarray, expected_years: np.ndarray, alpha: float) -> np.ndarray:
    """1 or -1 where the last three comparisons of years agree and chance does not explain it.

    Four years that differ by chance alone agree in one of twelve cases, so the last year must
    differ from the first of them too.
    """
    direction = np.zeros(len(years), dtype=np.int64)
    four, expected = years[:, -4:], expected_years[:, -4:]
    if four.shape[1] < 4:
        return direction
    is_decided = (expected > 0).all(axis=1)
    steps = np.sign(np.diff(four[is_decided] / expected[is_decided], axis=1)).sum(axis=1)
    direction[is_decided] = np.where(np.abs(steps) == 3, np.sign(steps), 0)
    for row in np.flatnonzero(direction):
        first, last = four[row, 0], four[row, -1]
        chance = expected[row, -1] / (expected[row, 0] + expected[row, -1])
        if stats.binomtest(last, first + last, chance).pvalue > alpha:
            direction[row] = 0
    return direction
