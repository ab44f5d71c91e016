"""What stands out along the streets, beside the plane's hotspots: a run keeps it in its summary.

Streets are those of a file, else those that the store holds. A base map's roads will not do: its
tiles cut them where they like, so that they do not meet.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import geopandas as gpd
from shapely.geometry import Point
from sqlalchemy.orm import Session

from geodata.core.grid_references import GridReferenceError, format_gridref
from geodata.core.types import SRID
from geodata.files.map_files import read_map
from geodata.files.problems import FileRefusedError
from geodata.places.streets import streets_within
from hotspots.core.errors import HotspotsError
from hotspots.detection import DetectionResult
from web.services.detection.hotspot_names import place_in_words

KEPT_AS = "by_street"
MOST_KEPT = 30


@dataclass(frozen=True)
class StreetSite:
    """One place, in words and with its grid reference.

    Attributes
    ----------
    x, y
        EPSG:27700 metres.
    reach_m, street_m
        It is what lies so far along the streets from its middle, and how much street that is.
    observed, expected
        Separate parties there: counted, and as the surroundings lead one to expect.
    rank
        Of the hotspot on the plane that it belongs to, from 1; None where there is none.
    """

    where: str
    x: float
    y: float
    reach_m: float
    street_m: float
    incidents: int
    nights: int
    observed: int
    expected: float
    rank: int | None
    reason: str


@dataclass(frozen=True)
class AlongStreets:
    """The places, most certain first, and what was left out or why nothing was read."""

    sites: tuple[StreetSite, ...]
    note: str


def read_lines(path: Path) -> gpd.GeoDataFrame:
    """The streets of a map file, EPSG:27700.

    Raises
    ------
    FileRefusedError
        It cannot be read as a map, or has no geometry.
    """
    frame = read_map(path)
    if not isinstance(frame, gpd.GeoDataFrame):
        raise FileRefusedError(f"{path.name} has no geometry: give a map file with lines")
    return frame[[frame.geometry.name]].to_crs(SRID)


def with_streets(
    session: Session, result: DetectionResult, given: gpd.GeoDataFrame | None
) -> DetectionResult | None:
    """The result read along streets; None where the store holds no street.

    Parameters
    ----------
    given
        Lines, EPSG:27700; None: the store's.

    Raises
    ------
    HotspotsError
        The lines that are given are no streets of this place. The store's own are never refused:
        the nightly run goes on, and says why.
    """
    if given is not None:
        return result.with_streets(given)
    streets = streets_within(session, tuple(result.study_area.total_bounds))
    streets = streets.loc[~streets["is_motorway"], ["geometry"]]
    if streets.empty:
        return None
    try:
        return result.with_streets(streets)
    except HotspotsError as error:
        return replace(result, street_note=str(error))


def kept(session: Session, result: DetectionResult) -> dict[str, Any]:
    """As a run's summary holds it: plain JSON."""
    rows = result.street_sites.head(MOST_KEPT).to_dict("records")
    return {"note": result.street_note, "sites": [asdict(_site(session, row)) for row in rows]}


def _site(session: Session, row: dict[str, Any]) -> StreetSite:
    x, y = float(row["centre_x"]), float(row["centre_y"])
    return StreetSite(
        where=_where(session, x, y),
        x=round(x, 1),
        y=round(y, 1),
        reach_m=float(row["radius_m"]),
        street_m=round(float(row["street_m"])),
        incidents=int(row["incidents"]),
        nights=int(row["nights"]),
        observed=int(row["observed"]),
        expected=round(float(row["expected"]), 2),
        rank=int(row["hotspot"]) + 1 if row["hotspot"] >= 0 else None,
        reason=row["reason"],
    )


def _where(session: Session, x: float, y: float) -> str:
    words = place_in_words(session, Point(x, y))
    try:  # to 10 m: two banks of a river have names of their own
        return f"{words} ({format_gridref(x, y, digits=4)})"
    except GridReferenceError:
        return words


def read(summary: Mapping[str, Any]) -> AlongStreets | None:
    """What a run's summary holds; None where it read no streets."""
    document = summary.get(KEPT_AS)
    if document is None:
        return None
    return AlongStreets(tuple(StreetSite(**row) for row in document["sites"]), document["note"])
