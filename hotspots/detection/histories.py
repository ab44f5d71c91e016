"""What each hotspot was before: its class, whether it changes, and when to be there."""

from collections.abc import Callable
from datetime import datetime

import geopandas as gpd
import numpy as np
import pandas as pd

from hotspots.core.frames import aware_utc, coordinates
from hotspots.detection.classes import DIMINISHING, INTENSIFYING, NEW, classify
from hotspots.detection.night_rates import night_rates
from hotspots.detection.reporting_bias import held_to_steady
from hotspots.detection.trend import DOWN, SPIKE, UP, assess_changes
from hotspots.geometry.outlines import first_holding
from hotspots.timing import hour_profiles
from hotspots.timing.channels import reporting_change
from hotspots.timing.hot_hours import hot_hours_sentence
from hotspots.timing.judged_hours import gains, hours_verdict, judge_hours
from hotspots.timing.nights import dump_nights
from hotspots.timing.periods import PERIOD_DAYS, four_week_counts, nights_by_month
from hotspots.timing.seasons import month_weights

COLUMNS = (
    "class",
    "class_sentence",
    "nights_a_month",
    "nights_a_month_low",
    "nights_a_month_high",
    "rate_sentence",
    "change",
    "change_sentence",
    "hot_hours",
    "hour_shares",
    "hours_known",
    "hours_verdict",
    "vague_share",
    "prior_share",
)
CLASS_MONTHS = 15
CHANGED = (NEW, INTENSIFYING, DIMINISHING)
MOST_PERIODS = 6 * 13 + 1
"""Six years and the running period: older incidents say little of today."""


def hotspot_histories(
    hotspots: gpd.GeoDataFrame,
    incidents: gpd.GeoDataFrame,
    *,
    as_of: datetime | pd.Timestamp | str,
) -> pd.DataFrame:
    """What the whole record says of the ground that each hotspot covers.

    Everything that ever fell inside an outline counts, by one rule for new and old: were the new
    counted by the disc and the old by the outline, every hotspot would seem to grow.

    Parameters
    ----------
    hotspots
        Outlines, best first, in the incidents' CRS; an incident in two belongs to the better.
    incidents
        All of the borough's: Points; ``first_reported_at`` (aware); where present
        ``first_seen_at``, ``last_clean_at``, and ``channels`` (`hotspots.timing.channels`): then
        a change that only new ways of reporting show is called none.
    as_of
        Incidents reported later are not seen.

    Returns
    -------
    DataFrame
        On the index of ``hotspots``: ``class`` and its sentence (`detection.classes`),
        ``nights_a_month`` now with ``nights_a_month_low`` and ``_high`` (90 %) and
        ``rate_sentence`` (`detection.night_rates`), ``change`` and its sentence
        (`detection.trend`), ``hot_hours`` (a sentence), ``hour_shares`` (168 floats, Monday 00:00
        in London first), ``hours_known`` (incidents), ``vague_share``, ``prior_share`` (of the
        hours, how much is the borough's).

    Examples
    --------
    >>> import shapely
    >>> days = pd.date_range("2024-01-01T07:00Z", "2026-01-01T07:00Z", freq="5D")
    >>> incidents = gpd.GeoDataFrame({"first_reported_at": days},
    ...     geometry=[shapely.Point(10 * (i % 3), 0) for i in range(len(days))], crs=27700)
    >>> spot = gpd.GeoDataFrame(geometry=[shapely.Point(10, 0).buffer(50)], crs=27700)
    >>> hotspot_histories(spot, incidents, as_of="2026-01-01T12:00Z")["class"].tolist()
    ['persistent']
    """
    now = aware_utc(as_of)
    past = incidents[incidents["first_reported_at"] <= now]
    label = first_holding(np.asarray(hotspots.geometry), coordinates(past))
    table = pd.DataFrame(index=range(len(hotspots)), columns=list(COLUMNS), dtype=object)
    if len(hotspots) and len(past):
        months = nights_by_month(past, label, as_of=now).reindex(table.index, fill_value=0)
        weights = month_weights(past, as_of=now)
        classes = _classes(past, label, table.index, now)
        table["class"], table["class_sentence"] = classes["class"], classes["sentence"]
        _add_rates(table, months, weights)
        changes = _changes(past, label, table.index, now)
        table["change"], table["change_sentence"] = changes["verdict"], changes["sentence"]
        _add_hot_hours(table, past, label, now)
    return table.set_axis(hotspots.index)


def _classes(
    past: gpd.GeoDataFrame, label: np.ndarray, spots: pd.Index, now: pd.Timestamp
) -> pd.DataFrame:
    def classes(some: gpd.GeoDataFrame, of: np.ndarray) -> pd.DataFrame:
        months = nights_by_month(some, of, as_of=now).reindex(spots, fill_value=0)
        return classify(months, month_weights(some, as_of=now))

    since = now - pd.DateOffset(months=CLASS_MONTHS)
    return _held_to_steady(past, label, classes, since, now, column="class", changes=CHANGED)


def _changes(
    past: gpd.GeoDataFrame, label: np.ndarray, spots: pd.Index, now: pd.Timestamp
) -> pd.DataFrame:
    periods = _periods(past, now)

    def changes(some: gpd.GeoDataFrame, of: np.ndarray) -> pd.DataFrame:
        counts, borough = four_week_counts(some, of, as_of=now, periods=periods)
        return assess_changes(counts.reindex(spots, fill_value=0), borough)

    since = now - pd.Timedelta(days=periods * PERIOD_DAYS)
    verdicts = (UP, DOWN, SPIKE)
    return _held_to_steady(past, label, changes, since, now, column="verdict", changes=verdicts)


def _held_to_steady(
    past: gpd.GeoDataFrame,
    label: np.ndarray,
    judged: Callable[[gpd.GeoDataFrame, np.ndarray], pd.DataFrame],
    since: pd.Timestamp,
    now: pd.Timestamp,
    *,
    column: str,
    changes: tuple[str, ...],
) -> pd.DataFrame:
    """What is judged of all incidents, where those by channels in use all along agree."""
    verdicts = judged(past, label)
    change = reporting_change(past, since=since, as_of=now)
    if change is None or not change.is_steady.any():
        return held_to_steady(verdicts, verdicts, change, column=column, changes=changes)
    by_steady = judged(past[change.is_steady], label[change.is_steady])
    return held_to_steady(verdicts, by_steady, change, column=column, changes=changes)


def _periods(incidents: gpd.GeoDataFrame, now: pd.Timestamp) -> int:
    """Periods of four weeks for which there is a record."""
    nights = dump_nights(incidents)
    tonight = dump_nights(pd.DataFrame({"first_reported_at": [now]})).iloc[0]
    return int(np.clip((tonight - nights.min()).days // PERIOD_DAYS, 1, MOST_PERIODS))


def _add_rates(table: pd.DataFrame, months: pd.DataFrame, weights: np.ndarray) -> None:
    rates = night_rates(months, weights)
    table["nights_a_month"], table["rate_sentence"] = rates["rate"], rates["sentence"]
    table["nights_a_month_low"], table["nights_a_month_high"] = rates["low"], rates["high"]


def _add_hot_hours(
    table: pd.DataFrame, past: gpd.GeoDataFrame, label: np.ndarray, now: pd.Timestamp
) -> None:
    profiles = hour_profiles(past, label, as_of=now)
    hours, at = profiles.evidence, profiles.evidence.index
    prior, shares = hours["prior_share_hours"], list(profiles.shares.to_numpy())
    table["hour_shares"] = pd.Series(shares, at, dtype=object)
    evidence = zip(shares, hours["known"].tolist(), hours["vague_share"], prior, strict=True)
    sentences = [
        hot_hours_sentence(own, known=known, vague_share=vague, prior_share=of_prior)
        for own, known, vague, of_prior in evidence
    ]
    table["hot_hours"] = pd.Series(sentences, at, dtype=object)
    judged = gains(judge_hours(past, label, as_of=now)).reindex(at)
    verdicts = [
        hours_verdict(0 if np.isnan(row.n) else int(row.n), row.low, row.high)
        for row in judged.itertuples()
    ]
    table["hours_verdict"] = pd.Series(verdicts, at, dtype=object)
    table["hours_known"] = hours["known"]
    table["vague_share"], table["prior_share"] = hours["vague_share"], prior
