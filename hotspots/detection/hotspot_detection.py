"""From incidents to hotspots: places where separate incidents recur more than chance explains."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.geometry.base import BaseGeometry

from hotspots.core.errors import CRSError, FrameError, ParameterError
from hotspots.core.frames import area_geometry, aware_utc, check_points, coordinates, numbers
from hotspots.core.row_order import row_order
from hotspots.core.study_areas import lies_in
from hotspots.detection import histories
from hotspots.detection.busy_places import COLUMNS as BUSY
from hotspots.detection.busy_places import busy_places
from hotspots.detection.drawings import explore_result, plot_result
from hotspots.detection.evidence import counts, ground, reason, statistics
from hotspots.detection.regions import join_discs
from hotspots.detection.street_sites import Flag, no_sites, read_streets
from hotspots.forecast.intensity import SurfaceParams, risk_surface
from hotspots.geometry.cell_index import CellIndex
from hotspots.scan import DiscScan, scan_discs
from hotspots.scan.ground import Exposure
from hotspots.scan.nulls import ExposureNull, Null, UniformNull, exposure_sites
from hotspots.scan.surroundings import expected_by_surroundings, scan_surroundings
from hotspots.stats.false_discovery import q_values_of_maxima
from hotspots.timing.nights import dump_nights
from hotspots.timing.parties import one_a_party

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NULLS = ("surroundings", "even")


@dataclass(frozen=True)
class DetectionParams:
    """What counts as a hotspot.

    Attributes
    ----------
    months
        Length of the window that ends at ``as_of``, ≥ 1.
    radii_m
        Radii of the discs that are tried, up to 150 m: what a pair of officers can stand in.
    alpha
        Largest q-value (false-discovery rate) of a flag, in (0, 1).
    min_rate_ratio
        Least ratio of observed to expected, ≥ 1.
    min_nights, min_weeks
        Least number of different dump-nights, and of different weeks, that the incidents span.
    min_incidents
        Fewer than this in the window are too few to test, ≥ 5.
    max_width_m
        Hotspots that one crowd joins are told of as one up to this width, ≥ 50.
    n_simulations
        Simulated maps, ≥ 99.
    simulate_up_to
        With more cases than this a bound takes the place of the simulations, ≥ 0: it costs
        nothing, and can only err towards saying "chance" (``scan.bound_p_values``).
    seed
        Of the simulations: the same seed gives the same result.
    null
        What a place is held against. ``surroundings``: the incidents round about it and how much
        ordinary places differ (`hotspots.scan.surroundings`), without simulation. ``even``: ground,
        or exposure, that is alike everywhere.
    """

    months: int = 12
    radii_m: tuple[float, ...] = (25.0, 50.0, 75.0, 100.0, 150.0)
    alpha: float = 0.05
    min_rate_ratio: float = 3.0
    min_nights: int = 3
    min_weeks: int = 3
    min_incidents: int = 20
    max_width_m: float = 300.0
    n_simulations: int = 999
    simulate_up_to: int = 5_000
    seed: int = 20190501
    null: str = "surroundings"

    def __post_init__(self) -> None:
        limits = {
            "months": (self.months, 1, 1200),
            "min_rate_ratio": (self.min_rate_ratio, 1, np.inf),
            "min_nights": (self.min_nights, 1, np.inf),
            "min_weeks": (self.min_weeks, 1, np.inf),
            "min_incidents": (self.min_incidents, 5, np.inf),
            "max_width_m": (self.max_width_m, 50, np.inf),
            "n_simulations": (self.n_simulations, 99, 99_999),
            "simulate_up_to": (self.simulate_up_to, 0, np.inf),
        }
        for name, (value, least, most) in limits.items():
            if not least <= value <= most:
                raise ParameterError(f"{name} is {value}: it must be from {least} to {most}")
        if self.null not in NULLS:
            raise ParameterError(f"null is {self.null!r}: it must be one of {', '.join(NULLS)}")
        if not 0 < self.alpha < 1:
            raise ParameterError(f"alpha is {self.alpha}: it must be between 0 and 1")
        if not self.radii_m or min(self.radii_m) <= 0 or max(self.radii_m) > 150:
            raise ParameterError(f"radii_m is {self.radii_m}: give radii above 0 and up to 150")


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


__all__ = ["DetectionParams", "DetectionResult", "detect_hotspots"]

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


def detect_hotspots(
    incidents: gpd.GeoDataFrame,
    study_area: gpd.GeoDataFrame | gpd.GeoSeries,
    params: DetectionParams | None = None,
    *,
    as_of: datetime | pd.Timestamp | str,
    exposure: gpd.GeoDataFrame | None = None,
    exposure_name: str = "length of street",
    streets: gpd.GeoDataFrame | None = None,
) -> DetectionResult:
    """Flag the places where separate incidents recur more than chance explains.

    Incidents of one night within the largest radius count once (one party, five piles). The rest
    is scanned with discs, each against what its surroundings lead one to expect; a flag also needs
    an effect and repetition.

    Parameters
    ----------
    incidents
        Points in metres; ``first_reported_at`` (aware). Used where present: ``reports``,
        ``first_seen_at``, ``last_clean_at``, ``cylinders``, ``from_vehicle``. Incidents outside
        the study area are left out.
    study_area
        Polygons in the same CRS.
    as_of
        Nothing after this moment is seen.
    exposure
        Lines, polygons or points in the same CRS that cases fall on in proportion to their
        length, area, number or column ``weight``; every square metre alike where None. What lies
        outside the study area counts for nothing.
    exposure_name
        What it measures, as results name it.
    streets
        Lines in the same CRS: places are also read along them, beside those of the plane, so that
        none leaps a river or a railway (`DetectionResult.with_streets`).

    Raises
    ------
    FrameError, CRSError, ParameterError
        What was given cannot be read as the above. Too few incidents are no error: see ``note``.

    Examples
    --------
    >>> import geopandas as gpd, numpy as np, pandas as pd, shapely
    >>> rng = np.random.default_rng(1)
    >>> xy = np.vstack([rng.uniform(0, 5000, (60, 2)), rng.normal(1000, 3, (12, 2))])
    >>> days = pd.date_range("2026-01-01", periods=72, freq="3D", tz="UTC")
    >>> incidents = gpd.GeoDataFrame(
    ...     {"first_reported_at": days}, geometry=gpd.points_from_xy(*xy.T), crs=27700)
    >>> borough = gpd.GeoSeries([shapely.box(0, 0, 5000, 5000)], crs=27700)
    >>> result = detect_hotspots(incidents, borough, as_of="2026-08-10T00:00Z")
    >>> int(result.hotspots["incidents"].iloc[0])
    12
    """
    params = params or DetectionParams()
    xy = check_points(incidents)
    for name in {"reports", "cylinders"} & set(incidents.columns):
        numbers(incidents[name], name=name)
    now = aware_utc(as_of)
    area = area_geometry(study_area, crs=incidents.crs)
    rows = _window(incidents, xy, area, now, params)
    window = incidents.iloc[rows]
    if len(window) < params.min_incidents:
        note = (
            f"{len(window)} incidents in {params.months} months are too few to test "
            f"(it takes {params.min_incidents})" + _left_out(incidents, window, params, now)
        )
        nothing = _result([], window, params, now, study_area, note)
        return nothing if streets is None else nothing.with_streets(streets)
    chance = _Chance(area, params, _sites_inside(exposure, area, incidents.crs), exposure_name)
    flagged = _hotspots(window, xy[rows], area, chance, params, now)
    note = "" if flagged else f"no place among {len(window)} incidents stands out from chance"
    result = _result(flagged, window, params, now, study_area, note)
    result = replace(result, busy=_busy(result, xy[rows], chance))
    histories_of_hotspots = histories.hotspot_histories(result.hotspots, incidents, as_of=now)
    result = replace(result, hotspots=result.hotspots.assign(**histories_of_hotspots))
    return result if streets is None else result.with_streets(streets)


def _flag(params: DetectionParams) -> Flag:
    return Flag(**{part.name: getattr(params, part.name) for part in fields(Flag)})


def _window(
    incidents: gpd.GeoDataFrame,
    xy: np.ndarray,
    area: BaseGeometry,
    now: pd.Timestamp,
    params: DetectionParams,
) -> np.ndarray:
    """Rows of the window inside the area, in an order of their own: they may come in any."""
    rows = np.flatnonzero(_is_recent(incidents, params, now))
    rows = rows[lies_in(area, xy[rows])]
    time = incidents["first_reported_at"].astype("int64").to_numpy()[rows]
    return np.asarray(rows[row_order(time, *xy[rows].T)])


def _is_recent(
    incidents: gpd.GeoDataFrame, params: DetectionParams, now: pd.Timestamp
) -> np.ndarray:
    first = incidents["first_reported_at"]
    is_recent = (first > now - pd.DateOffset(months=params.months)) & (first <= now)
    return np.asarray(is_recent, dtype=bool)


def _left_out(
    incidents: gpd.GeoDataFrame,
    window: gpd.GeoDataFrame,
    params: DetectionParams,
    now: pd.Timestamp,
) -> str:
    """How many lie outside the study area, where that is why there are too few."""
    outside = int(_is_recent(incidents, params, now).sum()) - len(window)
    if not outside:
        return ""
    return f"; {outside} more of them lie outside the study area, and are not counted"


def _sites_inside(
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


@dataclass(frozen=True)
class _Chance:
    """What a place is held against."""

    area: BaseGeometry
    params: DetectionParams
    exposure: Exposure | None
    exposure_name: str

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


def _hotspots(
    window: gpd.GeoDataFrame,
    xy: np.ndarray,
    area: BaseGeometry,
    chance: _Chance,
    params: DetectionParams,
    now: pd.Timestamp,
) -> list[dict[str, Any]]:
    """Evidence of each hotspot, best first, with its ``members`` (rows of the window)."""
    nights = dump_nights(window)
    cases = xy[one_a_party(xy, nights, max(params.radii_m))]
    scan = chance.scan(cases)
    q_value = q_values_of_maxima(scan.p_value)
    discs = np.flatnonzero(q_value <= params.alpha)
    members = _members(xy, scan, discs)
    rows = []
    regions = join_discs(xy, members, max_width_m=params.max_width_m)
    member_counts = counts(window, nights, [region.rows for region in regions])
    for region, tally in zip(regions, member_counts, strict=True):
        if tally["nights"] < params.min_nights or tally["weeks"] < params.min_weeks:
            continue
        row = tally | statistics(scan, discs[region.discs].tolist(), q_value, len(cases))
        row |= ground(xy[region.crowd], area) | {"members": region.rows, "null": chance.name}
        rows.append(row | {"reason": reason(row, months=params.months, now=now)})
    return sorted(rows, key=lambda row: (-row["llr"], row["centre_y"], row["centre_x"]))


def _busy(result: DetectionResult, xy: np.ndarray, chance: _Chance) -> gpd.GeoDataFrame:
    params, window = result.params, result.incidents
    nights, radii = dump_nights(window), np.sort(params.radii_m)
    return busy_places(
        window,
        xy,
        nights,
        (window["hotspot"] >= 0).to_numpy(),
        chance,
        radius_m=float(radii[len(radii) // 2]),
        party_m=float(radii[-1]),
        min_nights=params.min_nights,
        min_weeks=params.min_weeks,
        months=params.months,
        now=result.as_of,
    )


def _members(xy: np.ndarray, scan: DiscScan, discs: np.ndarray) -> list[np.ndarray]:
    """Rows of the incidents in each disc, its edge included."""
    if len(discs) == 0:
        return []
    radius = scan.radius_m[discs] + 1e-6
    pairs = [np.empty((2, 0), dtype=np.int64)]
    for disc, row, apart in CellIndex(xy, float(radius.max())).about(scan.centre[discs]):
        inside = apart <= radius[disc]
        pairs.append(np.stack([disc[inside], row[inside]]))
    disc, row = np.concatenate(pairs, axis=1)
    order = np.lexsort((row, disc))
    return np.split(row[order], np.searchsorted(disc[order], np.arange(1, len(discs))))


def _result(
    rows: list[dict[str, Any]],
    window: gpd.GeoDataFrame,
    params: DetectionParams,
    now: pd.Timestamp,
    study_area: gpd.GeoDataFrame | gpd.GeoSeries,
    note: str,
) -> DetectionResult:
    membership = np.full(len(window), -1)
    for rank, row in enumerate(rows):
        membership[row.pop("members")] = rank
    hotspots = gpd.GeoDataFrame(rows, columns=["geometry", *COLUMNS], crs=window.crs)
    counted = window.assign(hotspot=membership)
    busy = gpd.GeoDataFrame([], columns=["geometry", *BUSY], crs=window.crs)
    return DetectionResult(hotspots, counted, busy, params, now, study_area, note)
