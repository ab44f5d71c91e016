"""Features that dumping may be drawn to, as imports hold them: pubs, lamp columns, bus stops."""

import geopandas as gpd
from sqlalchemy import select
from sqlalchemy.orm import Session

from geodata.core.spatial import Box, box_intersects
from geodata.core.types import SRID
from geodata.models import CovariateFeature


def features(session: Session, box: Box) -> gpd.GeoDataFrame:
    """Those whose bounding box meets a box, EPSG:27700, by key, with their ``kind`` in words."""
    query = (
        select(CovariateFeature.geometry, CovariateFeature.kind)
        .where(box_intersects(CovariateFeature.geometry, box))
        .order_by(CovariateFeature.id)
    )
    rows = session.execute(query).all()
    geometry, kinds = zip(*rows, strict=True) if rows else ((), ())
    return gpd.GeoDataFrame({"kind": list(kinds)}, geometry=list(geometry), crs=SRID)
