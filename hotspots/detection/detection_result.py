"""What a detection found: its hotspots, and what can be asked of them."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd

from hotspots.core.frames import area_geometry, coordinates
from hotspots.detection import histories
from hotspots.detection.busy_places import COLUMNS as BUSY
from hotspots.detection.detection_params import DetectionParams
from hotspots.detection.drawings import explore_result, plot_result
from hotspots.detection.street_sites import Flag, no_sites, read_streets
from hotspots.forecast.intensity import SurfaceParams, risk_surface
from hotspots.timing.nights import dump_nights
from hotspots.timing.parties import one_a_party

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLUMNS = (
    "incidents",
    "reports",
    "nights",
    "weeks",
    "observed",
    "expected",
    "rate_ratio",
    "rate_ratio_low",
    "rate_ratio_high",
    "llr",
    "p_value",
    "gumbel_p",
    "q_value",
    "null",
    "radius_m",
    "discs",
    "centre_x",
    "centre_y",
    "area_m2",
    "cylinders",
    "vehicle_share",
    "last_incident",
    "reason",
    *histories.COLUMNS,
)


@dataclass(frozen=True, eq=False)
class DetectionResult:
    """What a detection found.

    Attributes
    ----------
    hotspots
        One row a hotspot, best first, outlines in the incidents' CRS. Counted there:
        ``incidents``, ``reports``, ``nights``, ``weeks``, ``cylinders``, ``vehicle_share`` (NaN
        unknown), ``last_incident``. Tested: ``observed`` (cases: one a party) and ``expected`` in
        the disc of ``radius_m`` (the sum over ``discs`` that were joined), ``rate_ratio``
        with ``rate_ratio_low`` and ``rate_ratio_high`` (exact, 95 %), ``llr``, ``p_value``,
        ``gumbel_p``, ``q_value``, ``null``. Drawn: ``geometry``,
        ``centre_x``, ``centre_y``, ``area_m2``. Said: ``reason``. Of the whole record, the columns
        of `hotspots.detection.histories.hotspot_histories`.
    incidents
        The incidents of the window with ``hotspot``: the row of ``hotspots`` they belong to, or
        -1.
    busy
        Places where dumping recurs as it may by chance: no hotspots (`busy_places`).
    params, as_of, study_area
        What was asked.
    note
        Why there is nothing, where there is nothing; else empty.
    street_sites
        Places that stand out along the streets, best first; none where no streets were given.
        Evidence as of ``hotspots``, and besides ``street_m``, the metres of street within
        ``radius_m`` of its middle along the streets, and ``hotspot``, the row of ``hotspots`` that
        shares the most incidents, or -1.
    street_note
        What of incidents or streets that reading left out; else empty.

    Examples
    --------
    >>> import shapely
    >>> from hotspots import detect_hotspots
    >>> none = gpd.GeoDataFrame(
    ...     {"first_reported_at": pd.DatetimeIndex([], tz="UTC")}, geometry=[], crs=27700)
    >>> town = gpd.GeoSeries([shapely.box(0, 0, 3000, 3000)], crs=27700)
    >>> print(detect_hotspots(none, town, as_of="2026-11-01T00:00Z").summary())
    0 incidents in 12 months are too few to test (it takes 20)
    """

    hotspots: gpd.GeoDataFrame
    incidents: gpd.GeoDataFrame
    busy: gpd.GeoDataFrame
    params: DetectionParams
    as_of: pd.Timestamp
    study_area: gpd.GeoDataFrame | gpd.GeoSeries
    note: str = ""
    street_sites: gpd.GeoDataFrame = field(default_factory=lambda: no_sites(None))
    street_note: str = ""

    @cached_property
    def surface(self) -> gpd.GeoDataFrame:
        """Expected incidents a day in every cell, learnt from the window when first asked for."""
        params = SurfaceParams(months=max(self.params.months, 2))
        return risk_surface(self.incidents, self.study_area, as_of=self.as_of, params=params)

    def with_streets(self, streets: gpd.GeoDataFrame) -> DetectionResult:
        """The same, with what stands out along the streets (``street_sites``).

        Parameters
        ----------
        streets
            Lines in the incidents' CRS that meet where they share an end or a vertex. Incidents
            farther than 50 m from all of them are left out of this reading.

        Raises
        ------
        FrameError, CRSError
            They are no lines, lie elsewhere, are too many, or hardly any of them meet.
        """
        window, nights = self.incidents, dump_nights(self.incidents)
        if len(window) < self.params.min_incidents:
            return replace(self, street_note=self.note)
        xy = coordinates(window)
        is_case = np.zeros(len(window), dtype=bool)
        is_case[one_a_party(xy, nights, max(self.params.radii_m))] = True
        reading = read_streets(
            window,
            xy,
            nights,
            is_case,
            area_geometry(self.study_area, crs=window.crs),
            streets,
            _flag(self.params),
            now=self.as_of,
            rng=np.random.default_rng(self.params.seed),
        )
        return replace(self, street_sites=reading.sites, street_note=reading.note)

    def plot(self, ax: Axes | None = None, *, busy: bool = True, surface: bool = False) -> Axes:
        """Draw the result with matplotlib, readable without colour.

        Parameters
        ----------
        ax
            Axes to draw on; new ones where None.
        busy
            Whether places that are busy like their surroundings are drawn as squares.
        surface
            Whether the risk surface lies beneath, darker where more is expected.

        Returns
        -------
        Axes
            The study area, incidents as grey dots, hotspots hatched and numbered by rank, best
            first; in metres of the incidents' CRS.
        """
        return plot_result(self, ax, busy=busy, surface=surface)

    def explore(self, m: Any = None, *, busy: bool = True, **options: Any) -> Any:
        """Draw the result on a Folium map, with the evidence of what is pointed at.

        Parameters
        ----------
        m
            A ``folium.Map`` to draw on; a new one, moved to the study area, where None.
        busy
            As in `plot`.
        options
            Of ``folium.Map`` where a new one is made; ``tiles=None`` asks no server for a
            background.

        Returns
        -------
        folium.Map
            ``m``, or the new one.
        """
        return explore_result(self, m, busy=busy, **options)

    def summary(self) -> str:
        """One sentence."""
        if self.note:
            return self.note
        return (
            f"{len(self.hotspots)} hotspots among {len(self.incidents)} incidents in the "
            f"{self.params.months} months to {self.as_of:%Y-%m-%d}"
        )


def _flag(params: DetectionParams) -> Flag:
    return Flag(**{part.name: getattr(params, part.name) for part in fields(Flag)})


def result_of(
    rows: list[dict[str, Any]],
    window: gpd.GeoDataFrame,
    params: DetectionParams,
    now: pd.Timestamp,
    study_area: gpd.GeoDataFrame | gpd.GeoSeries,
    note: str,
) -> DetectionResult:
    """The result of these hotspots, best first, each a row with its ``members``."""
    membership = np.full(len(window), -1)
    for rank, row in enumerate(rows):
        membership[row.pop("members")] = rank
    hotspots = gpd.GeoDataFrame(rows, columns=["geometry", *COLUMNS], crs=window.crs)
    counted = window.assign(hotspot=membership)
    busy = gpd.GeoDataFrame([], columns=["geometry", *BUSY], crs=window.crs)
    return DetectionResult(hotspots, counted, busy, params, now, study_area, note)
