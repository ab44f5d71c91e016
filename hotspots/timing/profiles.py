"""When canisters are dumped: a profile of the week for each hotspot, honest about its evidence.

Reports peak in the morning and dumping at night, so the profile rests on the interval in which
each incident happened and never on when somebody told of it. A hotspot has nights and hours of its
own, each drawn towards the borough's as far as its incidents are few: thirty incidents can tell 7
nights and 24 hours, but not 168 hours of the week.
"""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd

from hotspots.core.errors import FrameError, ParameterError
from hotspots.core.frames import aware_utc
from hotspots.core.row_order import coded_labels, row_order
from hotspots.stats.shrinkage import SpreadDraws, shrunk_shares
from hotspots.timing.aoristic import HOURS_OF_WEEK, PossibleHours, aoristic_weights, possible_hours

HOUR = np.arange(HOURS_OF_WEEK) % 24
NIGHT = (np.arange(HOURS_OF_WEEK) - 12) % HOURS_OF_WEEK // 24
"""Hour of the day, and night from noon to noon (0 is Monday's), of each hour of the week."""
EVEN = np.full(HOURS_OF_WEEK, 1 / HOURS_OF_WEEK)


@dataclass(frozen=True)
class TimingParams:
    """How profiles are made.

    Attributes
    ----------
    longest_h
        An interval longer than this, in hours, tells nothing of the hour.
    passes
        How often the weights are spread: first evenly, then by the profile of the pass before. Two
        are usual; with five the error in planted boroughs is half of that. 1 or more.
    """

    longest_h: float = 24.0
    passes: int = 5

    def __post_init__(self) -> None:
        if not 0 < self.longest_h <= 168:
            raise ParameterError(f"longest_h is {self.longest_h}: it must be above 0, up to 168")
        if self.passes < 1:
            raise ParameterError(f"passes is {self.passes}: it must be 1 or more")


@dataclass(frozen=True, eq=False)
class HourProfiles:
    """Share of incidents in each hour of the London week (0 is Monday 00:00, 167 Sunday 23:00).

    Attributes
    ----------
    shares
        One row a hotspot, one column an hour; each row sums to 1.
    borough
        (168,) of all incidents, inside hotspots or not; sums to 1.
    evidence
        One row a hotspot: ``incidents``; ``known``, those whose interval tells the hour; and,
        from 0 to 1, ``vague_share`` of those that do not, ``prior_share_nights`` and
        ``prior_share_hours``, how much of its nights and hours is the borough's.
    vague_share
        Of all incidents; null where there are none.
    """

    shares: pd.DataFrame
    borough: np.ndarray
    evidence: pd.DataFrame
    vague_share: float


def hour_profiles(
    incidents: pd.DataFrame,
    hotspots: pd.Series | np.ndarray,
    params: TimingParams | None = None,
    *,
    as_of: datetime | pd.Timestamp | str,
) -> HourProfiles:
    """When each hotspot's incidents happen, drawn to the borough's week as far as data are few.

    The borough's own profile is drawn towards one in which every night has the same hours.

    Parameters
    ----------
    incidents
        n rows: ``first_reported_at`` (aware); where present ``first_seen_at``, ``last_clean_at``.
    hotspots
        (n,) label of the hotspot of each incident, in the order of the rows; -1 or null: none.
    params
        How profiles are made.
    as_of
        Incidents reported later are not seen.

    Raises
    ------
    FrameError
        A column is missing, a time is naive, or the labels are not one a row.

    Examples
    --------
    >>> nights = pd.date_range("2026-01-02T21:00Z", periods=20, freq="7D")  # Fridays
    >>> incidents = pd.DataFrame({"last_clean_at": nights,
    ...                       "first_reported_at": nights + pd.Timedelta(hours=2)})
    >>> profiles = hour_profiles(incidents, np.zeros(20), as_of="2026-06-01T00:00Z")
    >>> int(profiles.evidence.loc[0, "known"]), bool(profiles.shares.loc[0, 117:119].sum() > 0.99)
    (20, True)
    """
    params = params or TimingParams()
    incidents = _with_times(incidents, hotspots)
    is_past = (incidents["first_reported_at"] <= aware_utc(as_of)).to_numpy()
    code, names = coded_labels(np.asarray(hotspots)[is_past])
    order = _own_order(incidents[is_past], code)
    past, code = incidents[is_past].iloc[order], code[order]
    hours = possible_hours(past, longest_h=params.longest_h)
    inside = code >= 0
    own_hours = possible_hours(past[inside], longest_h=params.longest_h)
    borough, shares = EVEN, np.tile(EVEN, (len(names), 1))
    for _ in range(params.passes):
        # Side by side: a hotspot is compared with a borough that has been sharpened as often.
        borough = _borough_profile(hours, borough)
        shares, of_prior = _hotspot_profiles(own_hours, code[inside], shares, borough)
    evidence = _evidence(code, hours.is_known, names).join(of_prior.set_index(names))
    vague = float(1 - hours.is_known.mean()) if len(code) else np.nan
    return HourProfiles(pd.DataFrame(shares, names), borough, evidence, vague)


def _with_times(incidents: pd.DataFrame, hotspots: pd.Series | np.ndarray) -> pd.DataFrame:
    """The columns of times that hold any."""
    if "first_reported_at" not in incidents:
        raise FrameError("incidents: column 'first_reported_at' is missing")
    if len(hotspots) != len(incidents):
        raise FrameError(f"{len(hotspots)} labels for {len(incidents)} incidents: give one a row")
    optional = [name for name in ("first_seen_at", "last_clean_at") if name in incidents]
    known = [name for name in optional if incidents[name].notna().any()]
    for name in ("first_reported_at", *known):
        if not isinstance(incidents[name].dtype, pd.DatetimeTZDtype):
            raise FrameError(f"incidents: column {name!r} must hold aware times")
    return incidents[["first_reported_at", *known]]


def _own_order(incidents: pd.DataFrame, code: np.ndarray) -> np.ndarray:
    """Rows in an order that is theirs, whatever order they came in."""
    times = [incidents[name].to_numpy(dtype="datetime64[us]") for name in incidents]
    return row_order(*times, code)


def _borough_profile(hours: PossibleHours, before: np.ndarray) -> np.ndarray:
    """(168,) shares, drawn towards the product of nights and hours."""
    weight = aoristic_weights(hours, before[hours.hour])
    # One incident more, spread over the whole week: no hour is out of the question.
    counts = np.bincount(hours.hour, weight, HOURS_OF_WEEK) + EVEN
    nights, clock = np.bincount(NIGHT, counts), np.bincount(HOUR, counts)
    alike = nights[NIGHT] * clock[HOUR] / counts.sum() ** 2
    one_group = np.zeros(len(hours.row), dtype=int)
    draws = SpreadDraws(hours.row, one_group, hours.hour, weight, hours.overlap)
    profile: np.ndarray = shrunk_shares(draws, alike, groups=1)[0][0]
    return profile


def _hotspot_profiles(
    hours: PossibleHours, code: np.ndarray, before: np.ndarray, borough: np.ndarray
) -> tuple[np.ndarray, pd.DataFrame]:
    """(k, 168) the borough's profile, with nights and hours made more or less likely."""
    group, k = code[hours.row], len(before)
    weight = aoristic_weights(hours, before[group, hours.hour])
    profiles, of_prior = np.tile(borough, (k, 1)), pd.DataFrame(index=range(k))
    for name, cell in (("prior_share_nights", NIGHT), ("prior_share_hours", HOUR)):
        prior = np.bincount(cell, borough)
        chance = hours.overlap * (borough / prior[cell])[hours.hour]
        draws = SpreadDraws(hours.row, group, cell[hours.hour], weight, chance)
        shares, of_prior[name] = shrunk_shares(draws, prior, groups=k)
        profiles *= (shares / prior)[:, cell]
    return profiles / profiles.sum(axis=1, keepdims=True), of_prior


def _evidence(code: np.ndarray, is_known: np.ndarray, names: pd.Index) -> pd.DataFrame:
    inside = code >= 0
    incidents = np.bincount(code[inside], minlength=len(names))
    known = np.bincount(code[inside & is_known], minlength=len(names))
    frame = pd.DataFrame({"incidents": incidents, "known": known}, index=names)
    return frame.assign(vague_share=1 - frame["known"] / frame["incidents"])
