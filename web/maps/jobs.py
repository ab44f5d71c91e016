"""The contractor's map: open jobs, coloured and worded by urgency."""

from collections.abc import Sequence

import geopandas as gpd
from shapely.geometry.base import BaseGeometry

from geodata.core.types import SRID
from web.config import Config
from web.filters import clock
from web.maps.features import FeatureCollection, feature_collection
from web.maps.layers import RemoteGeoJson
from web.maps.sheet import LegendItem, Sheet, finish, new_map
from web.services.clearing.worklist import Job

URGENCY = {  # colour and words; the outline is dark on all, the words stand in each popup
    "overdue": ("#d4351c", "Overdue"),
    "soon": ("#f47738", "Due within 4 hours"),
    "due": ("#1d70b8", "Due later"),
    "paused": ("#b1b4b6", "Clock stopped"),
    "none": ("#ffffff", "No public report yet"),
}
LEGEND = tuple(LegendItem(words, colour, is_round=True) for colour, words in URGENCY.values())
FACTS = (("urgency", "State"), ("due", "Due"), ("where", "Where"), ("what", "What"))


def job_map(config: Config, area: BaseGeometry | None, address: str) -> Sheet:
    """The map; its one layer is fetched from ``address``."""
    canvas = new_map(config, area)
    RemoteGeoJson(address, name="Jobs", facts=FACTS, link=("href", "Open the job")).add_to(canvas)
    return finish(canvas, LEGEND)


def job_features(jobs: Sequence[Job], links: Sequence[str]) -> FeatureCollection:
    """Jobs of ``web.services.clearing.worklist`` as points, with the address of each job's page."""
    frame = gpd.GeoDataFrame(
        {
            "urgency": [URGENCY[job.urgency][1] for job in jobs],
            "due": [clock(job.due_at) if job.due_at else None for job in jobs],
            "where": [", ".join(filter(None, (job.place, job.landmark))) for job in jobs],
            "what": [f"{job.chargers} chargers, {job.cylinders or 0} cylinders" for job in jobs],
            "href": list(links),
        },
        geometry=gpd.points_from_xy([j.easting for j in jobs], [j.northing for j in jobs]),
        crs=SRID,
    )
    style = {
        row: {"radius": 9, "color": "#0b0c0c", "weight": 2, "fillOpacity": 0.9}
        | {"fillColor": URGENCY[job.urgency][0]}
        for row, job in enumerate(jobs)
    }
    return feature_collection(frame, style=style)
