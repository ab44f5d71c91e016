"""Control of the share of false flags among all flags."""

import numpy as np


def q_values_of_maxima(p_values: np.ndarray) -> np.ndarray:
    """q-values of windows whose p-values are against the maximum of the whole map.

    Such a p-value is the chance of one false window or more; false windows that do not overlap
    come close to a Poisson process, so that -ln(1-p) of them are expected. Benjamini and Hochberg
    (1995) then divide by how many windows are as good or better.

    Parameters
    ----------
    p_values
        (k,) in (0, 1].

    Returns
    -------
    ndarray
        (k,) in (0, 1]: the smallest false-discovery rate at which each would be flagged.

    Examples
    --------
    >>> q_values_of_maxima(np.array([0.04, 0.01])).round(4).tolist()
    [0.0204, 0.0101]
    """
    p = np.asarray(p_values, dtype=float)
    order = np.argsort(p)[::-1]
    with np.errstate(divide="ignore"):
        expected = -np.log1p(-p[order])
    q = np.empty_like(p)
    q[order] = np.minimum(np.minimum.accumulate(expected / np.arange(len(p), 0, -1)), 1.0)
    return q
