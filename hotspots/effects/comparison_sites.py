"""Comparison sites, and what happens at them with nothing done.

A site that was chosen for its incidents is compared with sites that would have been chosen by the
same rule at the same date; and its change is seen among the changes of all such sites and dates
(placebos), of which each is what chance and the choice do by themselves.
"""

from dataclasses import dataclass

import numpy as np

from hotspots.core.errors import FrameError, ParameterError

# Added to each count, so that none has no logarithm (Haldane 1956).
HALF = 0.5


def comparison_sites(selection: np.ndarray, treated: np.ndarray, *, n: int) -> np.ndarray:
    """The untreated sites most like the treated ones in the period of the choice.

    Parameters
    ----------
    selection
        (sites,) incidents in the period by which sites were chosen; keep it out of "before".
    treated
        (sites,) whether something was done there.
    n
        Number of comparison sites for each treated one, ≥ 1; each is taken once.

    Returns
    -------
    ndarray
        Positions, ascending; fewer where there are not enough sites.

    Examples
    --------
    >>> comparison_sites(np.array([9, 8, 1, 7, 0]), np.array([1, 0, 0, 0, 0]), n=2).tolist()
    [1, 3]
    """
    counts, is_treated = np.asarray(selection), np.asarray(treated, dtype=bool)
    if counts.shape != is_treated.shape or n < 1:
        raise ParameterError(f"{counts.shape} counts, {is_treated.shape} sites, n {n} (from 1)")
    free = np.flatnonzero(~is_treated)
    taken: list[int] = []
    # The busiest first, since those have the fewest like them; ties by position.
    for site in sorted(np.flatnonzero(is_treated), key=lambda i: -counts[i]):
        nearest = free[np.argsort(np.abs(counts[free] - counts[site]), kind="stable")[:n]]
        taken.extend(nearest.tolist())
        free = np.setdiff1d(free, nearest)
    return np.sort(np.array(taken, dtype=int))


@dataclass(frozen=True, eq=False)
class Placebos:
    """Changes without an intervention, beside the one with it.

    Attributes
    ----------
    ratio
        Of the treated sites: incidents after over before, over the same of the borough.
    ratios
        (m,) the same of every other site and date that the rule would have chosen.
    p_value
        Share of all these that fell at least as much, the treated ones counted in, in (0, 1].
    """

    ratio: float
    ratios: np.ndarray
    p_value: float


def placebo_distribution(
    counts: np.ndarray,
    treated: np.ndarray,
    *,
    start: int,
    length: int,
    selection: int,
    least_selected: int,
) -> Placebos:
    """How often a site like the treated ones falls as much with nothing done.

    At each date, the sites with enough incidents in the period of the choice are taken, as the
    treated ones were, and their change from the period after the choice to the next is measured.
    Several treated sites are taken together, which varies less than one: ask for one at a time
    then.

    Parameters
    ----------
    counts
        (sites, periods) incidents of all sites, the treated ones among them; the sum over sites is
        the borough's.
    treated
        (sites,) whether something was done there.
    start
        First period of "after" at the treated sites.
    length, selection
        Periods of "before", and as many of "after"; periods of the choice, just before "before".
    least_selected
        Incidents in the period of the choice from which a site would have been chosen, ≥ 1.

    Examples
    --------
    >>> counts = np.random.default_rng(1).poisson(3.0, (40, 60))
    >>> counts[0, 30:] = 0
    >>> treated = np.arange(40) == 0
    >>> placebos = placebo_distribution(counts, treated, start=30, length=12, selection=6,
    ...                                 least_selected=10)
    >>> placebos.p_value < 0.05, bool(placebos.ratio < np.median(placebos.ratios))
    (True, True)
    """
    table, is_treated = np.asarray(counts), np.asarray(treated, dtype=bool)
    if table.ndim != 2 or table.shape[0] != len(is_treated) or not is_treated.any():
        raise FrameError("counts must be (sites, periods), with one site or more treated")
    first = selection + length
    if min(length, selection, least_selected) < 1 or not first <= start <= table.shape[1] - length:
        raise ParameterError(
            f"start is {start}, length {length}, selection {selection}, least_selected "
            f"{least_selected}: each period must be in the record, and the others from 1"
        )
    dates = np.arange(first, table.shape[1] - length + 1)
    # The treated sites together, the borough, and then every site.
    sums = _running_sums(np.vstack([table[is_treated].sum(axis=0), table.sum(axis=0), table]))
    before = sums[:, dates] - sums[:, dates - length] + HALF
    after = sums[:, dates + length] - sums[:, dates] + HALF
    change = after / before
    change /= change[1].copy()
    selected = sums[2:, dates - length] - sums[2:, dates - first]
    is_placebo = (selected >= least_selected) & ~is_treated[:, None]
    ratio, ratios = float(change[0, start - first]), change[2:][is_placebo]
    as_low = int((ratios <= ratio * (1 + 1e-9)).sum())
    return Placebos(ratio, ratios, (1 + as_low) / (1 + len(ratios)))


def _running_sums(table: np.ndarray) -> np.ndarray:
    """(rows, periods + 1) sums of all periods before each."""
    sums: np.ndarray = np.pad(table.cumsum(axis=1), ((0, 0), (1, 0)))
    return sums
