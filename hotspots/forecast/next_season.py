"""The time of year in a forecast of counts, and how far a whole borough's month may stray from it.

What moves all places of a borough at once, a season above all, is told by the borough's own months:
by its calendar where the record has a year, and else by how far its months strayed from what those
before them foretold.
"""

from datetime import datetime

import numpy as np
import pandas as pd
from scipy.stats import gamma

from hotspots.core.frames import aware_utc
from hotspots.timing.nights import dump_nights
from hotspots.timing.seasons import EVEN_YEAR, YEAR_DAYS, Seasons, seasons_of

MONTH_DAYS = 30
HALF_LIFE_DAYS = 90.0
STRAYING_MONTHS = 12
NODES = 5
"""Values that stand for what a month of the whole borough may be, each as likely."""
MOST_VARIANCE = 1.0
"""A borough whose months stray more is no guide to its next one: the places' own are."""
LEAST_FORETOLD = 5.0
"""Incidents of a borough's month below which its straying tells nothing."""
_DAY = np.timedelta64(1, "D")


class BoroughYear:
    """The days of a borough's record, as seen from a moment.

    Parameters
    ----------
    record
        Incidents of the whole borough, ``first_reported_at`` (aware); the longer the better.
    as_of
        Later ones are not seen.
    """

    def __init__(self, record: pd.DataFrame, as_of: datetime | pd.Timestamp | str) -> None:
        now = aware_utc(as_of)
        past = record[(record["first_reported_at"] <= now).to_numpy()]
        self._today = np.datetime64(now.tz_convert("Europe/London").date())
        nights = dump_nights(past) if len(past) else pd.Series([], dtype="datetime64[ns]")
        self._nights = nights.sort_values(ignore_index=True)
        self.length = int((self._today - self._first()) / _DAY)
        self._seasons = self._known(0)

    def _first(self) -> np.datetime64:
        if self._nights.empty:
            return self._today
        return np.datetime64(self._nights.iloc[0].date())

    def _known(self, back: int) -> Seasons:
        """The seasons as known so many days ago."""
        days = self._days(back, self.length - back)
        if len(days) < YEAR_DAYS:
            return EVEN_YEAR
        return seasons_of(self._nights[self._nights <= days[-1]], days)

    def _days(self, back: int, length: int) -> pd.DatetimeIndex:
        """So many days up to the one that lies so many days back."""
        return pd.date_range(end=self._today - back * _DAY, periods=max(length, 0))

    def seen(self, back: float, half_life_days: float, length: float) -> float:
        """Days of record before a moment so many days ago, by their season and faded."""
        days = round(length - back)
        if days <= 0:
            return 0.0
        ages = np.arange(days) + 0.5
        factors = self._seasons.factors[self._days(round(back), days).month - 1][::-1]
        return float(factors @ np.exp2(-ages / half_life_days))

    def ahead(self, back: float, days: float) -> float:
        """Days that come after a moment so many days ago, by their season."""
        return days * _mean(self._seasons, _coming(self._today, back, days))

    def level(self) -> float:
        """The season of the last months, which the risk surface's rate is of."""
        return self.seen(0, HALF_LIFE_DAYS, 365) / _even(HALF_LIFE_DAYS, 365)

    def multiples(self, days: float) -> np.ndarray:
        """(NODES,) how many times as much as foretold the borough may have, each as likely."""
        variance = min(self._doubt(days) + self._straying(), MOST_VARIANCE)
        if variance < 1e-6:
            return np.ones(NODES)
        middles = (np.arange(NODES) + 0.5) / NODES
        values = gamma.ppf(middles, 1 / variance, scale=variance)
        return np.asarray(values / values.mean())

    def _doubt(self, days: float) -> float:
        """Relative variance of the season to come over that of the last months."""
        parts = (_coming(self._today, 0, days), self._days(0, 90).month.to_numpy() - 1)
        return sum(_relative_variance(self._seasons, months) for months in parts)

    def _straying(self) -> float:
        """Relative variance, beyond chance, of the borough's months about what was foretold.

        Months that were foretold with as little known of the season as now.
        """
        backs = [MONTH_DAYS * k for k in range(1, STRAYING_MONTHS + 1)]
        backs = [back for back in backs if self.length - back >= 2 * MONTH_DAYS]
        with_year = [back for back in backs if self.length - back >= YEAR_DAYS]
        pairs = [self._foretold(back) for back in (with_year or backs)]
        pairs = [(came, mean, var) for came, mean, var in pairs if mean >= LEAST_FORETOLD]
        if not pairs:
            return 0.0
        came, mean, variance = np.array(pairs).T
        return max(float((((came - mean) ** 2 - variance).sum()) / (mean**2).sum()), 0.0)

    def _foretold(self, back: int) -> tuple[float, float, float]:
        """What came in the month after a moment, what was expected, and the variance of that."""
        known = self._known(back)
        ages = (self._today - self._nights.to_numpy().astype("datetime64[D]")) / _DAY - back
        days = self.length - back
        faded = np.exp2(-(np.arange(days) + 0.5) / HALF_LIFE_DAYS)
        exposure = faded @ known.factors[self._days(back, days).month - 1][::-1]
        shape = np.exp2(-ages[ages >= 0] / HALF_LIFE_DAYS).sum()
        months = _coming(self._today, back, MONTH_DAYS)
        ratio = MONTH_DAYS * _mean(known, months) / exposure
        mean = shape * ratio
        came = float(np.count_nonzero((ages < 0) & (ages >= -MONTH_DAYS)))
        of_season = mean**2 * _relative_variance(known, months)
        return came, mean, mean + mean * ratio + of_season


def _mean(known: Seasons, months: np.ndarray) -> float:
    return float(known.factors[months].mean())


def _relative_variance(known: Seasons, months: np.ndarray) -> float:
    """Of the mean season of some days, by their months."""
    part = np.bincount(months, minlength=12) * known.factors
    part = part / part.sum()
    return float(part**2 @ known.variances)


def _coming(today: np.datetime64, back: float, days: float) -> np.ndarray:
    """Calendar months, 0 to 11, of the days after a moment."""
    first = today - round(back) * _DAY + _DAY
    return np.asarray(pd.date_range(first, periods=max(round(days), 1)).month) - 1


def _even(half_life_days: float, days: int) -> float:
    return float(np.exp2(-(np.arange(days) + 0.5) / half_life_days).sum())
