"""A detection's question as SaTScan takes it: cases by square, and what they fall on."""

from datetime import datetime

import geopandas as gpd
import numpy as np
import pandas as pd

from hotspots.core.errors import TooFewError
from hotspots.core.frames import area_geometry, aware_utc, check_points
from hotspots.core.study_areas import lies_in
from hotspots.geometry.grid import square_grid
from hotspots.scan.ground import ANYWHERE
from hotspots.scan.nulls import exposure_sites
from hotspots.scan.satscan import SatscanFiles, satscan_files
from hotspots.timing.nights import dump_nights
from hotspots.timing.parties import one_a_party

CELL_M = 50.0
PARTY_M = 150.0
TOTAL = 1_000_000
"""Of the population: SaTScan prints it without much behind the point."""


def satscan_question(
    incidents: gpd.GeoDataFrame,
    study_area: gpd.GeoDataFrame | gpd.GeoSeries,
    *,
    as_of: datetime | pd.Timestamp | str,
    months: int = 12,
    exposure: gpd.GeoDataFrame | None = None,
    max_radius_m: float = 150.0,
    cell_m: float = CELL_M,
    name: str = "hotspots",
) -> SatscanFiles:
    """Files that put to SaTScan what `detect_hotspots` is asked, as far as SaTScan can be asked it.

    Parameters
    ----------
    incidents, study_area, as_of, months, exposure
        As for `detect_hotspots`: of one night and place one case is left.
    max_radius_m
        The largest circle.
    cell_m
        Places are squares of so many metres, each by its middle.
    name
        What the files are called, without their endings.

    Returns
    -------
    SatscanFiles
        The population of a square is its share of the exposure, but for a twentieth that lies
        evenly on the land, so that no case falls where nobody is; of all squares a million.

    Raises
    ------
    TooFewError
        No incident lies in the area and the window.
    """
    xy, now = check_points(incidents), aware_utc(as_of)
    area = area_geometry(study_area, crs=incidents.crs)
    reported = incidents["first_reported_at"]
    is_recent = (reported > now - pd.DateOffset(months=months)) & (reported <= now)
    rows = np.flatnonzero(is_recent.to_numpy() & lies_in(area, xy))
    if len(rows) == 0:
        raise TooFewError(f"no incident lies in the area and the {months} months to {now:%Y-%m-%d}")
    nights = dump_nights(incidents.iloc[rows])
    chosen = one_a_party(xy[rows], nights, PARTY_M)
    cases_xy, night = xy[rows][chosen], nights.iloc[chosen]
    grid = square_grid(area, cell_m, events=cases_xy)
    share = grid.inside / grid.inside.sum()
    if exposure is not None:
        sites, weights = exposure_sites(exposure)
        held = grid.count(sites, weights) * grid.inside
        share = (1 - ANYWHERE) * held / held.sum() + ANYWHERE * share
    cell = np.flatnonzero(grid.inside)
    names = [f"{row}_{column}" for row, column in zip(*divmod(cell, grid.shape[1]), strict=True)]
    places = gpd.GeoDataFrame(
        {"population": TOTAL * share.ravel()[cell]},
        index=pd.Index(names),
        geometry=gpd.points_from_xy(*grid.centres().T),
        crs=incidents.crs,
    )
    at = pd.Series(names, index=cell).loc[grid.locate(cases_xy)].to_numpy()
    table = pd.DataFrame({"place": at, "day": night.dt.date.to_numpy()})
    cases = table.groupby(["place", "day"]).size().reset_index(name="cases")
    first, last = cases["day"].min(), cases["day"].max()
    return satscan_files(
        places, cases, name=name, first=first, last=last, max_radius_m=max_radius_m
    )
