"""How many incidents will there be at a place in the next month, and how sure is that?

A rate that is known as a gamma distribution, and Poisson counts of it, make a negative binomial
count: the doubt about the rate and the chance of the month, both. Old incidents count less than
recent ones, so that the doubt does not vanish with the years.
"""

from datetime import datetime

import geopandas as gpd
import numpy as np
import pandas as pd
from scipy import stats

from hotspots.core.errors import ParameterError
from hotspots.forecast.outline_rates import HALF_LIFE_DAYS, rate_posteriors

CONFIDENCE = 0.9
MONTH_DAYS = 30.0
_REACH = 0.9999
"""Counts beyond this quantile are not looked at."""


def next_counts(
    incidents: gpd.GeoDataFrame,
    labels: pd.Series | np.ndarray,
    outlines: gpd.GeoSeries,
    surface: gpd.GeoDataFrame,
    *,
    as_of: datetime | pd.Timestamp | str,
    days: float = MONTH_DAYS,
    half_life_days: float = HALF_LIFE_DAYS,
) -> pd.DataFrame:
    """Incidents to expect in each outline in the next days, with a 90 % prediction interval.

    Parameters
    ----------
    incidents, labels, outlines, surface, as_of, half_life_days
        As for `hotspots.forecast.outline_rates.outline_rates`.
    days
        Length of what is foretold, > 0.

    Returns
    -------
    DataFrame
        On the index of ``outlines``: ``expected`` (mean count), ``low`` and ``high`` (int): the
        likeliest counts, whose chance together is as near 90 % as whole numbers come.

    References
    ----------
    Harvey and Fernandes (1989), Journal of Business and Economic Statistics 7(4), 407-417: counts
    whose past is discounted, and their negative binomial forecast.

    Examples
    --------
    >>> import shapely
    >>> incidents = pd.DataFrame({"first_reported_at": pd.to_datetime(["2026-03-01T00:00Z"] * 3)})
    >>> cell = gpd.GeoDataFrame({"expected_per_day": [0.01]},
    ...     geometry=[shapely.box(0, 0, 100, 100)], crs=27700)
    >>> place = gpd.GeoSeries([shapely.box(0, 0, 100, 50)], index=[7], crs=27700)
    >>> next_counts(incidents, [7, 7, 7], place, cell, as_of="2026-03-01T00:00Z").round(2)
       expected  low  high
    7       0.6    0     1
    """
    if not 0 < days < np.inf:
        raise ParameterError(f"days is {days}: it must be above 0")
    shape, rate = rate_posteriors(
        incidents, labels, outlines, surface, as_of=as_of, half_life_days=half_life_days
    )
    low, high = likely_counts(shape, rate / days)
    table = {"expected": shape / rate * days, "low": low, "high": high}
    return pd.DataFrame(table, outlines.index)


def likely_counts(shape: np.ndarray, rate: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Ends of the likeliest counts, by the gamma distribution of their mean.

    Counts are taken from the likeliest down while that brings their chance nearer to 90 %.

    >>> low, high = likely_counts(np.array([1000.0]), np.array([10.0]))  # nearly Poisson, 100
    >>> low.tolist(), high.tolist()
    ([83], [116])
    """
    chance = rate / (rate + 1)
    if len(shape) == 0:
        return np.zeros(0, dtype=int), np.zeros(0, dtype=int)
    counts = np.arange(int(stats.nbinom.ppf(_REACH, shape, chance).max()) + 2)
    mass = stats.nbinom.pmf(counts, shape[:, None], chance[:, None])
    order = np.argsort(-mass, axis=1, kind="stable")
    within = np.take_along_axis(mass, order, axis=1).cumsum(axis=1)
    taken = np.abs(within - CONFIDENCE).argmin(axis=1)
    # Chances rise to one peak and fall: the likeliest counts lie side by side.
    is_in = np.arange(len(counts)) <= taken[:, None]
    chosen = np.where(is_in, order, -1)
    return np.where(is_in, order, len(counts)).min(axis=1), chosen.max(axis=1)
