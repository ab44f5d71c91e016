"""What each role gets in a GIS: layers of their own columns, without people, free text or keys.

The public gets what public pages show and nothing of what lies uncleared; a crew its open jobs;
officers the record, without enforcement, which is a permission of its own, and without where
officers and crews were.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Select

from geodata.core.vocabulary import PlaceKind
from geodata.exporters.gis_styles import (
    BOROUGH,
    HOTSPOTS,
    INCIDENTS,
    INTERVENTIONS,
    JOBS,
    ORDERS,
    PLACES,
    POSTERS,
    REPORTS,
    STREETS,
    WARDS,
    Style,
)
from geodata.exporters.layers import HOTSPOT_COLUMNS, Layer
from geodata.models import (
    DetectionRun,
    HotspotIdentity,
    Incident,
    Intervention,
    Order,
    OrderVersion,
    Place,
    PosterSite,
    Report,
    Street,
)

ROLES = ("public", "contractor", "officer")
OPEN_TO_ALL = (PlaceKind.CAR_PARK, PlaceKind.PARK, PlaceKind.STATION, PlaceKind.STREET)
"""Kinds of place that say nothing of who lives there."""


@dataclass(frozen=True)
class GisLayer(Layer):
    """A layer with its look, and the rows that it is about.

    Attributes
    ----------
    style
        How a GIS draws and labels it.
    where
        Conditions of its rows, besides those of ``Layer``.
    """

    style: Style = BOROUGH
    where: tuple[ColumnElement[bool], ...] = ()

    def query(self) -> Select[Any]:
        return super().query().where(*self.where)

    def only(self, *conditions: ColumnElement[bool]) -> "GisLayer":
        """The same of fewer rows."""
        return replace(self, where=(*self.where, *conditions))


_AREA = (Place.geometry, Place.name, Place.code, Place.valid_from, Place.valid_to)
_PLACES = GisLayer(
    (*_AREA, Place.kind, Place.land_type),
    style=PLACES,
).only(Place.kind.not_in((PlaceKind.BOROUGH, PlaceKind.WARD, PlaceKind.NEIGHBOUR)))
_JOB = (
    Incident.geometry,
    Incident.key,
    Incident.state,
    Incident.first_reported_at,
    Incident.due_at,
    Incident.reports,
    Incident.chargers,
    Incident.cylinders,
    Incident.has_needles,
    Incident.has_glass,
    Incident.is_leaking,
)
_ORDERS = (
    OrderVersion.geometry,
    Order.name,
    OrderVersion.number,
    OrderVersion.change,
    OrderVersion.valid_from,
    OrderVersion.valid_to,
)

_GROUND = {
    "borough": GisLayer(_AREA, style=BOROUGH).only(Place.kind == PlaceKind.BOROUGH),
    "wards": GisLayer(_AREA, style=WARDS).only(Place.kind == PlaceKind.WARD),
}
_ORDER_LAYER = {
    "orders": GisLayer(_ORDERS, joins=(Order,), style=ORDERS).only(
        OrderVersion.withdrawn_at.is_(None)
    )
}
_STREET_LAYER = {"streets": GisLayer((Street.geometry, Street.name), style=STREETS)}
_RECORD = {
    "hotspots": GisLayer(
        HOTSPOT_COLUMNS,
        joins=(HotspotIdentity, DetectionRun),
        newest_run_only=True,
        style=HOTSPOTS,
    ),
    "incidents": GisLayer(
        (*_JOB, Incident.last_reported_at, Incident.closed_at), style=INCIDENTS
    ).only(Incident.merged_into_id.is_(None)),
    "reports": GisLayer(
        (
            Report.geometry,
            Report.reference,
            Report.reported_at,
            Report.source,
            Report.channel,
            Report.accuracy_m,
            Report.chargers,
            Report.cylinders,
        ),
        style=REPORTS,
    ),
    "interventions": GisLayer(
        (
            Intervention.geometry,
            Intervention.kind,
            Intervention.name,
            Intervention.valid_from,
            Intervention.valid_to,
        ),
        style=INTERVENTIONS,
    ),
    "poster_sites": GisLayer(
        (PosterSite.geometry, PosterSite.code, PosterSite.name, PosterSite.is_candidate),
        style=POSTERS,
    ),
}

GIS_LAYERS: Mapping[str, Mapping[str, GisLayer]] = {
    "public": _GROUND | {"places": _PLACES.only(Place.kind.in_(OPEN_TO_ALL))} | _ORDER_LAYER,
    "contractor": _GROUND | {"places": _PLACES, "jobs": GisLayer(_JOB, style=JOBS)} | _STREET_LAYER,
    "officer": _GROUND | {"places": _PLACES} | _STREET_LAYER | _ORDER_LAYER | _RECORD,
}
"""By role and name. Of ``jobs`` the caller says which; see ``geodata.incidents.jobs``."""
