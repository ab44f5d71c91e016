"""What a detection found."""

from dataclasses import dataclass
from functools import cached_property

import geopandas as gpd
import pandas as pd

from hotspots.detection_params import DetectionParams
from hotspots.intensity import SurfaceParams, risk_surface


@dataclass(frozen=True, eq=False)
class DetectionResult:
    """What a detection found.

    Attributes
    ----------
    hotspots
        One row a hotspot, best first, outlines in the incidents' CRS. Counted there:
        ``incidents``, ``reports``, ``nights``, ``weeks``, ``cylinders``, ``vehicle_share`` (NaN
        unknown), ``last_incident``. Tested: ``observed`` (cases: one a party) and ``expected`` in
        the disc of ``radius_m`` (the sum over ``discs`` that were joined), ``rate_ratio``,
        ``llr``, ``p_value``, ``gumbel_p``, ``q_value``, ``null``. Drawn: ``geometry``,
        ``centre_x``, ``centre_y``, ``area_m2``. Said: ``reason``. Of the whole record, the columns
        of `hotspots.histories.hotspot_histories`.
    incidents
        The incidents of the window with ``hotspot``: the row of ``hotspots`` they belong to, or
        -1.
    params, as_of, study_area
        What was asked.
    note
        Why there is nothing, where there is nothing; else empty.

    Examples
    --------
    >>> import shapely
    >>> from hotspots import detect_hotspots
    >>> none = gpd.GeoDataFrame(
    ...     {"first_reported_at": pd.DatetimeIndex([], tz="UTC")}, geometry=[], crs=27700)
    >>> town = gpd.GeoSeries([shapely.box(0, 0, 3000, 3000)], crs=27700)
    >>> print(detect_hotspots(none, town, as_of="2026-11-01T00:00Z").summary())
    0 incidents in the 12 months to 2026-11-01: too few to test (it takes 20)
    """

    hotspots: gpd.GeoDataFrame
    incidents: gpd.GeoDataFrame
    params: DetectionParams
    as_of: pd.Timestamp
    study_area: gpd.GeoDataFrame | gpd.GeoSeries
    note: str = ""

    @cached_property
    def surface(self) -> gpd.GeoDataFrame:
        """Expected dumps a day in every cell, learnt from the window when it is first asked for."""
        params = SurfaceParams(months=max(self.params.months, 2))
        return risk_surface(self.incidents, self.study_area, as_of=self.as_of, params=params)

    def summary(self) -> str:
        """One sentence."""
        if self.note:
            return self.note
        return (
            f"{len(self.hotspots)} hotspots among {len(self.incidents)} incidents in the "
            f"{self.params.months} months to {self.as_of:%Y-%m-%d}"
        )
