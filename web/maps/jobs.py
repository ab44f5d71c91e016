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
from web.services.common.speaking import N_
from web.services.common.speaking import gettext as _

URGENCY = {  # colour and words; the outline is dark on all, the words stand in each popup
    "overdue": ("#d4351c", N_("Overdue")),
    "soon": ("#f47738", N_("Due within 4 hours")),
    "due": ("#1d70b8", N_("Due later")),
    "paused": ("#b1b4b6", N_("Clock stopped")),
    "none": ("#ffffff", N_("No public report yet")),
}


def job_map(config: Config, area: BaseGeometry | None, address: str) -> Sheet:
    """The map; its one layer is fetched from ``address``."""
    canvas = new_map(config, area)
    facts = (("urgency", _("State")), ("due", _("Due")), ("where", _("Where")), ("what", _("What")))
    link = ("href", _("Open the job"))
    RemoteGeoJson(address, name=_("Jobs"), facts=facts, link=link, fits=True).add_to(canvas)
    return finish(
        canvas,
        tuple(LegendItem(_(words), colour, is_round=True) for colour, words in URGENCY.values()),
    )


def job_features(jobs: Sequence[Job], links: Sequence[str]) -> FeatureCollection:
    """Jobs of ``web.services.clearing.worklist`` as points, with the address of each job's page."""
    frame = gpd.GeoDataFrame(
        {
            "urgency": [_(URGENCY[job.urgency][1]) for job in jobs],
            "due": [clock(job.due_at) if job.due_at else None for job in jobs],
            "where": [", ".join(filter(None, (job.place, job.landmark))) for job in jobs],
            "what": [_what(job) for job in jobs],
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


def _what(job: Job) -> str:
    return _(
        "Chargers: %(chargers)s. Large cylinders: %(cylinders)s.",
        chargers=job.chargers,
        cylinders=job.cylinders or 0,
    )
