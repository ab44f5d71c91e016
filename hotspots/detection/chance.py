"""What a place is held against: its surroundings or even ground, of land or of an exposure."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
from shapely.geometry.base import BaseGeometry

from hotspots.core.errors import CRSError, FrameError
from hotspots.core.executors import IN_TURN, Executor
from hotspots.core.study_areas import lies_in
from hotspots.detection.detection_params import DetectionParams
from hotspots.scan import DiscScan, scan_discs
from hotspots.scan.ground import Exposure
from hotspots.scan.nulls import ExposureNull, Null, UniformNull, exposure_sites
from hotspots.scan.surroundings import expected_by_surroundings, scan_surroundings


@dataclass(frozen=True)
class Chance:
    """What a place is held against."""

    area: BaseGeometry
    params: DetectionParams
    exposure: Exposure | None
    exposure_name: str
    executor: Executor = IN_TURN

    @property
    def name(self) -> str:
        """As results name it."""
        of = "" if self.exposure is None else f"in proportion to {self.exposure_name}"
        if self.params.null == "surroundings":
            return f"its surroundings, {of}" if of else "its surroundings"
        return of or UniformNull.name

    def scan(self, cases: np.ndarray) -> DiscScan:
        """Discs that hold more than it explains, likeliest first."""
        params, rng = self.params, np.random.default_rng(self.params.seed)
        radii = np.sort(np.asarray(params.radii_m, dtype=float))
        if params.null == "surroundings":
            return scan_surroundings(
                cases,
                self.area,
                radii_m=radii,
                exposure=self.exposure,
                min_rate_ratio=params.min_rate_ratio,
                rng=rng,
                executor=self.executor,
            )
        null = self._even(radii)
        is_simulated = len(cases) <= params.simulate_up_to or not isinstance(null, UniformNull)
        return scan_discs(
            cases,
            null,
            radii_m=radii,
            n_simulations=params.n_simulations if is_simulated else 0,
            min_rate_ratio=params.min_rate_ratio,
            rng=rng,
            executor=self.executor,
        )

    def expected(self, cases: np.ndarray, centres: np.ndarray, radius_m: float) -> np.ndarray:
        """(c,) cases that it leads one to expect within a radius of points."""
        if self.params.null == "surroundings":
            return expected_by_surroundings(
                cases,
                self.area,
                centres,
                radius_m=radius_m,
                widest_m=max(self.params.radii_m),
                exposure=self.exposure,
            )
        shares = self._even(np.array([radius_m])).shares(centres)[:, 0]
        return np.broadcast_to(len(cases) * shares, len(centres))

    def _even(self, radii: np.ndarray) -> Null:
        if self.exposure is None:
            return UniformNull(self.area, radii)
        return ExposureNull(*self.exposure, self.area, radii, name=self.name)


def sites_inside(
    exposure: gpd.GeoDataFrame | None, area: BaseGeometry, crs: object
) -> Exposure | None:
    """Exposure as weighted points inside the area: what lies outside draws no case into it."""
    if exposure is None:
        return None
    if exposure.crs != crs:
        raise CRSError("exposure is not in the incidents' CRS: use to_crs on one")
    sites, weights = exposure_sites(exposure)
    inside = lies_in(area, sites)
    if weights[inside].sum() <= 0:
        raise FrameError(
            "exposure: none of it lies in the study area: check that both are one place"
        )
    return Exposure(sites[inside], weights[inside])
