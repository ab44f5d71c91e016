"""Streets of the store, for those who reckon ways along them."""

import geopandas as gpd
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from geodata.core.spatial import Box, box_intersects
from geodata.core.types import SRID
from geodata.models import Street

MOTORWAYS = ("motorway", "motorway_link")


def streets_within(session: Session, box: Box) -> gpd.GeoDataFrame:
    """Streets whose bounding box meets a box, EPSG:27700, by key.

    Columns ``is_one_way`` (in the line's direction; False where nobody said) and ``is_motorway``.
    """
    query = (
        select(
            Street.geometry,
            func.coalesce(Street.is_one_way, False),
            func.lower(func.coalesce(Street.road_class, "")).in_(MOTORWAYS),
        )
        .where(box_intersects(Street.geometry, box))
        .order_by(Street.id)
    )
    rows = session.execute(query).all()
    geometry, is_one_way, is_motorway = zip(*rows, strict=True) if rows else ((), (), ())
    frame = gpd.GeoDataFrame(
        {"is_one_way": is_one_way, "is_motorway": is_motorway}, geometry=list(geometry), crs=SRID
    )
    return frame.astype({"is_one_way": bool, "is_motorway": bool})


def classed_streets(session: Session, box: Box) -> gpd.GeoDataFrame:
    """Streets whose bounding box meets a box, EPSG:27700, by key, with their ``road_class`` in
    lower case; those without one are left out."""
    query = (
        select(Street.geometry, func.lower(Street.road_class))
        .where(Street.road_class.is_not(None), box_intersects(Street.geometry, box))
        .order_by(Street.id)
    )
    rows = session.execute(query).all()
    geometry, road_class = zip(*rows, strict=True) if rows else ((), ())
    return gpd.GeoDataFrame({"road_class": list(road_class)}, geometry=list(geometry), crs=SRID)
