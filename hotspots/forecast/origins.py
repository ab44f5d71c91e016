"""What was known before each month of a record that is forecast."""

from collections.abc import Iterator
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd

from hotspots.core.errors import CRSError, FrameError
from hotspots.core.frames import check_points
from hotspots.core.row_order import row_order
from hotspots.forecast.baselines import Layer, Past
from hotspots.forecast.covariates import Covariates
from hotspots.geometry.grid import SquareGrid

DAY = pd.Timedelta(days=1)


class Known(NamedTuple):
    """What else is known: other events as (positions, times), grounds, distances to features."""

    layers: list[tuple[np.ndarray, pd.Series]]
    grounds: dict[str, np.ndarray]
    covariates: Covariates | None


class Month(NamedTuple):
    """A month that is forecast: what was known before it, and where its incidents came."""

    past: Past
    xy: np.ndarray


def dated_layer(
    layer: gpd.GeoDataFrame, number: int, grid: SquareGrid, events: gpd.GeoDataFrame, time: str
) -> tuple[np.ndarray, pd.Series]:
    """Positions in inside cells, and times, in an order of their own."""
    name = f"layer {number}"
    xy = check_points(layer, name=name, times=(time,))
    if layer.crs != events.crs:
        raise CRSError(f"{name} is not in the events' CRS: use to_crs on one")
    cell = grid.locate(xy)
    inside = (cell >= 0) & grid.inside.ravel()[cell]
    if not inside.any():
        raise FrameError(
            f"{name}: none of its {len(layer)} events lies in the study area: check that both are "
            "one place"
        )
    times = layer[time].dt.tz_convert("UTC")
    order = row_order(times.astype("int64").to_numpy()[inside], *xy[inside].T)
    return xy[inside][order], times[inside].iloc[order]


def whole_past(xy: np.ndarray, local_times: pd.Series) -> Past:
    """All of a record, as seen from its last event."""
    last = local_times.max()
    starts = pd.date_range(_month_of(local_times.min()), last, freq="MS")
    return Past(xy, _days(local_times, last), tuple(_days(starts.to_series(), last)))


def forecast_months(
    xy: np.ndarray, local_times: pd.Series, train_months: int, known: Known
) -> Iterator[Month]:
    """Every month that has a whole training window before it, and incidents in both."""
    first, last = _month_of(local_times.min()), _month_of(local_times.max())
    for month in pd.date_range(first + pd.DateOffset(months=train_months), last, freq="MS"):
        starts = [month - pd.DateOffset(months=k) for k in range(train_months, 0, -1)]
        is_past = _between(local_times, starts[0], month)
        is_now = _between(local_times, month, month + pd.DateOffset(months=1))
        if is_past.any() and is_now.any():
            layers = layers_between(known, starts[0], month)
            past = Past(
                xy[is_past],
                _days(local_times[is_past], month),
                tuple((start - month) / DAY for start in starts),
                layers,
                known.grounds,
                known.covariates,
            )
            yield Month(past, xy[is_now])


def _layer(xy: np.ndarray, times: pd.Series, start: pd.Timestamp, month: pd.Timestamp) -> Layer:
    """Other events of the same time."""
    is_past = _between(times, start, month)
    return Layer(xy[is_past], _days(times[is_past], month))


def layers_between(known: Known, start: pd.Timestamp, moment: pd.Timestamp) -> tuple[Layer, ...]:
    """The other events of a time, as seen from its end."""
    return tuple(_layer(*each, start, moment) for each in known.layers)


def _between(times: pd.Series, start: pd.Timestamp, end: pd.Timestamp) -> np.ndarray:
    return np.asarray((times >= start) & (times < end), dtype=bool)


def _days(times: pd.Series, moment: pd.Timestamp) -> np.ndarray:
    """(n,) days from a moment."""
    return np.asarray((times - moment) / DAY, dtype=float)


def _month_of(time: pd.Timestamp) -> pd.Timestamp:
    """When its month began."""
    return time.normalize().replace(day=1)
