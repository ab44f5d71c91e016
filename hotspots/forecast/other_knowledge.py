"""What else may tell where incidents come, beside the incidents: other events, places, people."""

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd

from hotspots.forecast.covariates import Covariates, covariates_of, with_levels
from hotspots.forecast.experts import EXPOSURE
from hotspots.forecast.grounds import exposure_ground
from hotspots.forecast.origins import Known, dated_layer
from hotspots.geometry.grid import SquareGrid


@dataclass(frozen=True, eq=False)
class OtherKnowledge:
    """Frames in the incidents' CRS; what is None or empty is not known.

    Attributes
    ----------
    layers
        Other events: points with the incidents' column of times.
    exposure
        What is at risk, as `hotspots.forecast.grounds.exposure_ground`.
    features
        Shapes with a ``kind``, as `hotspots.forecast.covariates.covariates_of`.
    areas
        Polygons with ``level`` and ``amount``, as `hotspots.forecast.covariates.with_levels`; they
        are looked at where there are features.
    """

    layers: Sequence[gpd.GeoDataFrame] = ()
    exposure: gpd.GeoDataFrame | None = None
    features: gpd.GeoDataFrame | None = None
    areas: gpd.GeoDataFrame | None = None

    def on(self, grid: SquareGrid, events: gpd.GeoDataFrame, time: str) -> Known:
        """The same by cell.

        Raises
        ------
        FrameError, CRSError
            One of them is not what it should be, or has nothing in the study area.
        """
        crs = events.crs
        layers = [
            dated_layer(each, number, grid, events, time)
            for number, each in enumerate(self.layers, start=1)
        ]
        grounds = {}
        if self.exposure is not None:
            grounds[EXPOSURE] = exposure_ground(self.exposure, grid, crs=crs)
        return Known(layers, grounds, self._covariates(grid, crs))

    def _covariates(self, grid: SquareGrid, crs: object) -> Covariates | None:
        if self.features is None:
            return None
        covariates = covariates_of(self.features, grid, crs=crs)
        if self.areas is None or self.areas.empty:
            return covariates
        return with_levels(covariates, self.areas, crs=crs)
