"""What is at risk: homes, people, streets that dumping may follow, as far as the store knows them.

A source has a key: ``streets``, ``postcodes``, or ``import:7`` for the rows of that batch.
"""

from dataclasses import dataclass

import geopandas as gpd
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from geodata.core.errors import RefusedError
from geodata.core.spatial import box_intersects
from geodata.core.types import SRID
from geodata.models import ExposureFeature, GazetteerEntry, ImportBatch, Street
from geodata.places.named_places import borough
from geodata.places.streets import streets_within

STREETS, POSTCODES, IMPORT = "streets", "postcodes", "import:"
OF = {STREETS: "length of street", POSTCODES: "number of postcodes"}


@dataclass(frozen=True)
class ExposureSource:
    """One that may be chosen.

    Attributes
    ----------
    measure
        What it counts, as a sentence names it: "length of street".
    words
        For a list of choices.
    """

    key: str
    measure: str
    words: str


def sources(session: Session) -> list[ExposureSource]:
    """All that the store holds, its own first, then imports, newest first."""
    held: list[ExposureSource] = []
    for key, query in ((STREETS, select(func.count(Street.id))), (POSTCODES, _postcodes())):
        if count := session.scalar(query):
            words = f"{OF[key].capitalize()} ({count:,} {key} in the store)"
            held.append(ExposureSource(key, OF[key], words))
    batches = (
        select(ImportBatch, func.min(ExposureFeature.measure), func.count(ExposureFeature.id))
        .join(ExposureFeature, ExposureFeature.batch_id == ImportBatch.id)
        .group_by(ImportBatch.id)
        .order_by(ImportBatch.id.desc())
    )
    for batch, measure, count in session.execute(batches):
        words = f"{measure.capitalize()} ({count:,} rows of {batch.file_name}, import {batch.id})"
        held.append(ExposureSource(f"{IMPORT}{batch.id}", measure, words))
    return held


def _postcodes() -> Select[int]:
    return select(func.count(GazetteerEntry.id)).where(GazetteerEntry.kind == "postcode")


def find(session: Session, key: str) -> ExposureSource:
    """One by its key.

    Raises
    ------
    RefusedError
        The store holds no such source (any more).
    """
    held = {source.key: source for source in sources(session)}
    if key not in held:
        known = ", ".join(held) or "none: see  hotspots import exposure"
        raise RefusedError(f"the store holds no exposure {key!r}; it holds {known}")
    return held[key]


def features(session: Session, key: str) -> gpd.GeoDataFrame:
    """Features about the borough, EPSG:27700, by key; ``weight`` where the source says it.

    Raises
    ------
    RefusedError
        The store holds no such source, or knows no borough.
    """
    find(session, key)
    area = borough(session)
    if area is None:
        raise RefusedError("this store knows no borough: make one with  hotspots init --area FILE")
    if key == STREETS:
        streets = streets_within(session, area.bounds)
        return streets.loc[~streets["is_motorway"], ["geometry"]]
    if key == POSTCODES:
        query = select(GazetteerEntry.geometry).where(
            GazetteerEntry.kind == "postcode", box_intersects(GazetteerEntry.geometry, area.bounds)
        )
        points = session.scalars(query.order_by(GazetteerEntry.id)).all()
        return gpd.GeoDataFrame(geometry=list(points), crs=SRID)
    rows = session.execute(
        select(ExposureFeature.geometry, ExposureFeature.weight)
        .where(
            ExposureFeature.batch_id == int(key.removeprefix(IMPORT)),
            box_intersects(ExposureFeature.geometry, area.bounds),
        )
        .order_by(ExposureFeature.id)
    ).all()
    frame = gpd.GeoDataFrame(geometry=[row.geometry for row in rows], crs=SRID)
    weights = [row.weight for row in rows]
    return frame if None in weights else frame.assign(weight=weights)
