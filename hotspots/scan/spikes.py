"""Is something new going on, somewhere, in the last few weeks?

A prospective space-time permutation scan: the days of the incidents are shuffled, so that neither
a place that is always busy nor a borough-wide rise in reporting raises an alarm; only more here
and now than this place's and these weeks' own shares explain (METHOD.md section 3).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from hotspots.core.errors import ParameterError
from hotspots.core.frames import aware_utc, check_points, coordinates
from hotspots.core.row_order import row_order
from hotspots.scan.space_time import periods_up_to, permutation_scan
from hotspots.scan.windows import circular_windows
from hotspots.stats.likelihood_ratios import FEWEST_CASES
from hotspots.stats.monte_carlo import recurrence_interval_days
from hotspots.timing.channels import reporting_change
from hotspots.timing.nights import dump_nights
from hotspots.timing.parties import one_a_party

COLUMNS = (
    "radius_m",
    "since",
    "incidents",
    "expected",
    "rate_ratio",
    "llr",
    "p_value",
    "gumbel_p",
    "recurrence_interval_days",
    "false_alerts_a_year",
    "reason",
)

P_VALUES_A_YEAR = 50.0
"""New alerts a borough-year for each unit of p. Looks overlap, and an alert that lasts for weeks is
one, so that 365 nights are no 365 looks: counted in simulated years (`tests/benchmarks/alerts.py`,
docs/significance.md)."""


def false_alerts_a_year(p_value: float) -> float:
    """New alerts that chance alone raises in a borough's year of nightly looks, up to a p-value."""
    return p_value * P_VALUES_A_YEAR


@dataclass(frozen=True)
class SpikeParams:
    """What is looked for.

    Attributes
    ----------
    months
        Length of the past that the last weeks are compared with, ≥ 2.
    longest_weeks
        A spike may have begun so many weeks ago, ≥ 1 and at most half of ``months``.
    max_radius_m
        Largest circle, > 0.
    party_radius_m
        Piles of one night at most so far apart count once, > 0.
    false_alerts_a_year
        A spike is told of when chance alone would raise a new alert no more often in a borough's
        year of nightly looks, in (0, 18]: see `false_alerts_a_year`.
    n_simulations, seed
        Shuffled histories, ≥ 99; the same seed gives the same result.
    """

    months: int = 12
    longest_weeks: int = 4
    max_radius_m: float = 500.0
    party_radius_m: float = 150.0
    false_alerts_a_year: float = 0.5
    n_simulations: int = 999
    seed: int = 20190501

    def __post_init__(self) -> None:
        if not (self.months >= 2 and 1 <= self.longest_weeks <= 2 * self.months):
            raise ParameterError(
                f"months is {self.months} and longest_weeks {self.longest_weeks}: give at least 2, "
                "and from 1 to half of the months"
            )
        for name in ("max_radius_m", "party_radius_m"):
            if not 0 < getattr(self, name) < np.inf:
                raise ParameterError(f"{name} is {getattr(self, name)}: it must be above 0")
        if self.n_simulations < 99 or not 0 < self.false_alerts_a_year <= 18:
            raise ParameterError(
                f"n_simulations is {self.n_simulations} and false_alerts_a_year "
                f"{self.false_alerts_a_year}: give at least 99, and above 0 up to 18"
            )
        if self.max_p_value < 1 / (self.n_simulations + 1):
            raise ParameterError(
                f"{self.n_simulations} simulations cannot tell {self.false_alerts_a_year} false "
                f"alerts a year: it takes {int(np.ceil(1 / self.max_p_value)) - 1}"
            )

    @property
    def max_p_value(self) -> float:
        """The largest p-value of a spike that is told of."""
        return self.false_alerts_a_year / P_VALUES_A_YEAR


def scan_spikes(
    incidents: gpd.GeoDataFrame,
    params: SpikeParams | None = None,
    *,
    as_of: datetime | pd.Timestamp | str,
) -> gpd.GeoDataFrame:
    """Circles in which the last weeks hold more incidents than their own past explains.

    Parameters
    ----------
    incidents
        Points in metres; ``first_reported_at`` (aware); where present ``first_seen_at`` and
        ``last_clean_at``, and ``channels`` (`hotspots.timing.channels`): a rise that only a way of
        reporting shows which began in these months, such as a new poster's, is none.
    as_of
        Nothing after this moment is seen; weeks are counted back from it.

    Returns
    -------
    GeoDataFrame
        One row a spike, likeliest first, up to ``max_p_value``: ``geometry``
        (Point, the centre), ``radius_m`` (0: one place), ``since`` (naive first night),
        ``incidents`` and ``expected`` in that time, ``rate_ratio``, ``llr``, ``p_value``,
        ``gumbel_p`` (for p below what the simulations tell), ``recurrence_interval_days``
        (of single looks), ``false_alerts_a_year`` (new alerts as strong, by chance) and
        ``reason``.

    Raises
    ------
    FrameError, CRSError, ParameterError
        What was given cannot be read as the above.

    Examples
    --------
    >>> days = pd.date_range("2026-01-02T08:00Z", periods=60, freq="5D").tolist()
    >>> new = pd.date_range("2026-10-15T08:00Z", periods=6, freq="2D").tolist()
    >>> xy = [(1000 * (i % 10), 0) for i in range(60)] + [(4500, 4500)] * 6
    >>> incidents = gpd.GeoDataFrame({"first_reported_at": days + new},
    ...     geometry=gpd.points_from_xy(*zip(*xy)), crs=27700)
    >>> spike = scan_spikes(incidents, as_of="2026-10-27T08:00Z").iloc[0]
    >>> int(spike["incidents"]), round(float(spike["expected"]), 2), spike["since"].isoformat()
    (6, 0.82, '2026-10-13T00:00:00')
    """
    params = params or SpikeParams()
    check_points(incidents)
    now = aware_utc(as_of)
    reported = incidents["first_reported_at"]
    since = now - pd.DateOffset(months=params.months)
    recent = incidents[(reported > since) & (reported <= now)]
    spikes = _spikes(recent, now, params)
    change = reporting_change(recent, since=since, as_of=now)
    if spikes.empty or change is None or not change.is_enough:
        return spikes
    steady = _spikes(recent[change.is_steady], now, params)
    return _shared(spikes, steady, params.party_radius_m)


def _spikes(recent: gpd.GeoDataFrame, now: pd.Timestamp, params: SpikeParams) -> gpd.GeoDataFrame:
    tonight = dump_nights(pd.DataFrame({"first_reported_at": [now]})).iloc[0]
    cases, week = _cases(recent, tonight, params)
    if len(cases) < FEWEST_CASES:
        return _frame([], recent.crs)
    places, place = np.unique(cases, axis=0, return_inverse=True)
    weights = np.bincount(place).astype(float)
    windows = circular_windows(places, places, max_radius=params.max_radius_m, weights=weights)
    weeks = int(week.max()) + 1
    scan = permutation_scan(
        windows,
        place,
        week,
        (len(places), weeks),
        periods_up_to(weeks, params.longest_weeks, is_prospective=True),
        n_simulations=params.n_simulations,
        rng=np.random.default_rng(params.seed),
    )
    rows = [_row(cluster, places, weeks, tonight) for cluster in scan.clusters.to_dict("records")]
    rare = [row for row in rows if row["p_value"] <= params.max_p_value * (1 + 1e-9)]
    return _frame(rare, recent.crs)


def _shared(spikes: gpd.GeoDataFrame, others: gpd.GeoDataFrame, gap_m: float) -> gpd.GeoDataFrame:
    """Spikes that touch one of the others, both no smaller than a party."""
    reach = np.maximum(spikes["radius_m"].to_numpy(dtype=float), gap_m)
    other_reach = np.maximum(others["radius_m"].to_numpy(dtype=float), gap_m)
    apart = np.hypot(*(coordinates(spikes)[:, None] - coordinates(others)[None]).transpose(2, 0, 1))
    return spikes[(apart <= reach[:, None] + other_reach).any(axis=1)].reset_index(drop=True)


def _cases(
    recent: gpd.GeoDataFrame, tonight: pd.Timestamp, params: SpikeParams
) -> tuple[np.ndarray, np.ndarray]:
    """Where each party was, and in which week: the running one has the largest number."""
    xy = coordinates(recent)
    order = row_order(recent["first_reported_at"].astype("int64").to_numpy(), *xy.T)
    night = dump_nights(recent.iloc[order])
    rows = one_a_party(xy[order], night, params.party_radius_m)
    weeks_ago = ((tonight - night.iloc[rows]).dt.days // 7).to_numpy()
    return xy[order][rows], weeks_ago.max(initial=0) - weeks_ago


def _row(
    spike: dict[str, Any], places: np.ndarray, weeks: int, tonight: pd.Timestamp
) -> dict[str, Any]:
    lasting = weeks - int(spike["first_day"])
    since = tonight - pd.Timedelta(days=7 * lasting - 1)
    interval = float(recurrence_interval_days(spike["p_value"]))
    rate = false_alerts_a_year(spike["p_value"])
    return {
        "geometry": shapely.Point(places[spike["centre"]]),
        "radius_m": spike["radius"],
        "since": since,
        "incidents": int(spike["observed"]),
        "rate_ratio": spike["observed"] / spike["expected"],
        "recurrence_interval_days": interval,
        "false_alerts_a_year": rate,
        "reason": (
            f"{spike['observed']} separate incidents since {since.day} {since:%B} where "
            f"{spike['expected']:.1f} would be expected: chance alone raises {rate:.2g} new "
            "alerts as strong in a borough's year of nightly looks"
        ),
        **{name: spike[name] for name in ("expected", "llr", "p_value", "gumbel_p")},
    }


def _frame(rows: list[dict[str, Any]], crs: object) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(rows, columns=["geometry", *COLUMNS], geometry="geometry", crs=crs)
