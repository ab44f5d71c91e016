"""How many incidents will there be at a place in the next month, and how sure is that?

A rate that is known as a gamma distribution, and Poisson counts of it, make a negative binomial
count: the doubt about the rate and the chance of the month, both. Old incidents count less than
recent ones, so that the doubt does not vanish with the years. How much less, each place's own
months say: what was dumped month after month for years is another matter than what began in spring.
"""

from datetime import datetime

import geopandas as gpd
import numpy as np
import pandas as pd
from scipy import stats

from hotspots.core.errors import ParameterError
from hotspots.core.frames import aware_utc
from hotspots.core.row_order import coded_labels
from hotspots.forecast.next_season import BoroughYear
from hotspots.forecast.outline_rates import LEAST_PER_DAY, over_outlines

CONFIDENCE = 0.9
MONTH_DAYS = 30.0
HALF_LIVES_DAYS = (30.0, 90.0, 365.0)
JUDGED_MONTHS = 12
PRIOR_INCIDENTS = 0.25
"""Shape of the prior. Chosen by the coverage of `tests/benchmarks/interval_coverage.py` with other
seeds than those of its table."""
_REACH = 0.9999
"""Counts beyond this quantile are not looked at."""
_DAY = pd.Timedelta(days=1)


def next_counts(
    incidents: gpd.GeoDataFrame,
    labels: pd.Series | np.ndarray,
    outlines: gpd.GeoSeries,
    surface: gpd.GeoDataFrame,
    *,
    as_of: datetime | pd.Timestamp | str,
    days: float = MONTH_DAYS,
    record: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Incidents to expect in each outline in the next days, with a 90 % prediction interval.

    Parameters
    ----------
    incidents, labels, outlines, surface, as_of
        As for `hotspots.forecast.outline_rates.outline_rates`.
    days
        Length of what is foretold, > 0.
    record
        Incidents of the whole borough, which tell its seasons; ``incidents`` where None.

    Returns
    -------
    DataFrame
        On the index of ``outlines``: ``expected`` (mean count), ``low`` and ``high`` (int): the
        likeliest counts, whose chance together is as near 90 % as whole numbers come.

    References
    ----------
    Harvey and Fernandes (1989), Journal of Business and Economic Statistics 7(4), 407-417: counts
    whose past is discounted, and their negative binomial forecast. Raftery, Kárný and Ettler
    (2010), Technometrics 52(1), 52-66: averages over how fast it is discounted.

    Examples
    --------
    >>> import shapely
    >>> incidents = pd.DataFrame({"first_reported_at": pd.to_datetime(["2026-03-01T00:00Z"] * 3)})
    >>> cell = gpd.GeoDataFrame({"expected_per_day": [0.01]},
    ...     geometry=[shapely.box(0, 0, 100, 100)], crs=27700)
    >>> place = gpd.GeoSeries([shapely.box(0, 0, 100, 50)], index=[7], crs=27700)
    >>> next_counts(incidents, [7, 7, 7], place, cell, as_of="2026-03-01T00:00Z").round(2)
       expected  low  high
    7       3.9    0     7
    """
    if not 0 < days < np.inf:
        raise ParameterError(f"days is {days}: it must be above 0")
    year = BoroughYear(incidents if record is None else record, as_of)
    prior = over_outlines(surface, outlines, at_least_a_cell=True) / year.level()
    prior = np.maximum(prior, LEAST_PER_DAY)
    past = _Record(incidents, labels, outlines.index, as_of, year)
    states = [past.state(0.0, life, prior) for life in HALF_LIVES_DAYS]
    shape, rate = (np.column_stack(each) for each in zip(*states, strict=True))
    weights = _trusted(past, prior)
    ahead, multiples = year.ahead(0.0, days), year.multiples(days)
    expected = (weights * shape / rate).sum(axis=1) * ahead
    each = len(multiples)
    low, high = likely_counts(
        np.repeat(shape, each, axis=1),
        np.repeat(rate / ahead, each, axis=1) / np.tile(multiples, rate.shape[1]),
        np.repeat(weights, each, axis=1) / each,
    )
    return pd.DataFrame({"expected": expected, "low": low, "high": high}, outlines.index)


class _Record:
    """The ages of places' incidents, in days."""

    def __init__(
        self,
        incidents: pd.DataFrame,
        labels: pd.Series | np.ndarray,
        places: pd.Index,
        as_of: datetime | pd.Timestamp | str,
        year: BoroughYear,
    ) -> None:
        ages = ((aware_utc(as_of) - incidents["first_reported_at"]) / _DAY).to_numpy(dtype=float)
        code, names = coded_labels(np.asarray(labels))
        position = np.append(places.get_indexer(names), -1)[code]
        self.length = float(ages[ages >= 0].max(initial=0.0))
        is_used = (ages >= 0) & (position >= 0)
        self.year = year
        self._ages, self._place, self._n = ages[is_used], position[is_used], len(places)

    def state(
        self, back: float, half_life_days: float, prior: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """(k,) shape and rate of the incidents a day of average season, as known so many days
        ago."""
        is_past = self._ages >= back
        weight = np.exp2(-(self._ages[is_past] - back) / half_life_days)
        counted = np.bincount(self._place[is_past], weight, self._n)
        seen = self.year.seen(back, half_life_days, self.length)
        return counted + PRIOR_INCIDENTS, seen + PRIOR_INCIDENTS / prior

    def counts(self, back: float) -> np.ndarray:
        """(k,) incidents of the month that began so many days ago."""
        is_in = (self._ages < back) & (self._ages >= back - MONTH_DAYS)
        return np.bincount(self._place[is_in], minlength=self._n)


def _trusted(record: _Record, prior: np.ndarray) -> np.ndarray:
    """(k, half-lives) chance of each, by how it foretold the months of the place's own past."""
    months = int(min(JUDGED_MONTHS, record.length // MONTH_DAYS))
    log_likelihood = np.zeros((len(prior), len(HALF_LIVES_DAYS)))
    for back in MONTH_DAYS * np.arange(1, months + 1):
        for column, life in enumerate(HALF_LIVES_DAYS):
            shape, rate = record.state(back, life, prior)
            chance = rate / (rate + record.year.ahead(back, MONTH_DAYS))
            log_likelihood[:, column] += stats.nbinom.logpmf(record.counts(back), shape, chance)
    weights = np.exp(log_likelihood - log_likelihood.max(axis=1, keepdims=True))
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))


def likely_counts(
    shape: np.ndarray, rate: np.ndarray, weights: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Ends of the likeliest counts, by (k, j) gamma distributions of their mean and their weights.

    Counts are taken from the likeliest down while that brings their chance nearer to 90 %.

    >>> one = np.ones((1, 1))
    >>> low, high = likely_counts(1000 * one, 10 * one, one)  # nearly Poisson, 100
    >>> low.tolist(), high.tolist()
    ([83], [116])
    """
    if len(shape) == 0:
        return np.zeros(0, dtype=int), np.zeros(0, dtype=int)
    chance = rate / (rate + 1)
    counts = np.arange(int(stats.nbinom.ppf(_REACH, shape, chance).max()) + 2)
    parts = stats.nbinom.pmf(counts, shape[..., None], chance[..., None])
    mass = (weights[..., None] * parts).sum(axis=1)
    order = np.argsort(-mass, axis=1, kind="stable")
    within = np.take_along_axis(mass, order, axis=1).cumsum(axis=1)
    taken = np.abs(within - CONFIDENCE).argmin(axis=1)
    is_in = np.arange(len(counts)) <= taken[:, None]
    low = np.where(is_in, order, len(counts)).min(axis=1)
    return low, np.where(is_in, order, -1).max(axis=1)
