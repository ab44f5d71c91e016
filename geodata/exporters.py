"""Every layer of the store as a file: GeoPackage, GeoJSON or CSV.

No layer holds how to reach a reporter, what anybody wrote freely, or a penalty's recipient: a file
leaves the house.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio
import shapely
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from geodata.errors import RefusedError
from geodata.geography import to_lonlat
from geodata.models import (
    Base,
    Clearance,
    DetectionRun,
    EnforcementAction,
    Hotspot,
    HotspotIdentity,
    Incident,
    Intervention,
    Order,
    OrderVersion,
    Place,
    PosterSite,
    Report,
)
from geodata.types import SRID, Geometry, UTCDateTime

FORMATS = {".gpkg": "GPKG", ".geojson": "GeoJSON", ".json": "GeoJSON", ".csv": "CSV"}
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Layer:
    """A layer: its columns, the first of which is its geometry, and where they come from."""

    columns: tuple[Any, ...]
    joins: tuple[type[Base], ...] = ()
    newest_run_only: bool = False

    def query(self) -> Select[Any]:
        main = self.columns[0].class_
        query = select(*self.columns).select_from(main)
        for table in self.joins:
            query = query.join(table, isouter=True)
        if self.newest_run_only:
            newest = select(DetectionRun.id).order_by(
                DetectionRun.as_of.desc(), DetectionRun.id.desc()
            )
            query = query.where(Hotspot.run_id == newest.limit(1).scalar_subquery())
        return query.order_by(main.id)


LAYERS = {
    "reports": Layer(
        (
            Report.geometry,
            *(Report.reference, Report.external_ref, Report.reported_at, Report.source),
            *(Report.channel, Report.accuracy_m, Report.charger_band, Report.chargers),
            *(Report.cylinders, Report.has_needles, Report.has_glass, Report.is_leaking),
            *(Report.from_vehicle, Report.first_seen_at, Report.last_clean_at),
        )
    ),
    "incidents": Layer(
        (
            Incident.geometry,
            *(Incident.key, Incident.state, Incident.first_reported_at),
            *(Incident.last_reported_at, Incident.first_public_at, Incident.due_at),
            *(Incident.due_rule, Incident.closed_at, Incident.reports),
            *(Incident.proactive_reports, Incident.chargers, Incident.cylinders),
            *(Incident.has_needles, Incident.has_glass, Incident.is_leaking),
            *(Incident.from_vehicle, Incident.first_seen_at, Incident.last_clean_at),
        )
    ),
    "clearances": Layer(
        (
            Clearance.geometry,
            *(Clearance.id, Clearance.external_ref, Clearance.occurred_at, Clearance.outcome),
            *(Report.reference.label("report_ref"), Clearance.charger_band, Clearance.chargers),
            *(Clearance.cylinders, Clearance.sacks, Clearance.weight_kg, Clearance.disposal),
            *(Clearance.contractor, Clearance.replaces_id, Clearance.voided_at),
        ),
        joins=(Report,),
    ),
    "places": Layer(
        (
            Place.geometry,
            *(Place.external_ref, Place.kind, Place.name, Place.code, Place.valid_from),
            *(Place.valid_to, Place.land_type, Place.landmark, Place.access),
        )
    ),
    "orders": Layer(
        (
            OrderVersion.geometry,
            *(OrderVersion.external_ref, Order.name, OrderVersion.number, OrderVersion.change),
            *(OrderVersion.made_on, OrderVersion.valid_from, OrderVersion.valid_to),
            *(OrderVersion.penalty_pence, OrderVersion.source, OrderVersion.is_verified),
        ),
        joins=(Order,),
    ),
    "actions": Layer(
        (
            EnforcementAction.geometry,
            *(EnforcementAction.reference, EnforcementAction.external_ref),
            *(EnforcementAction.kind, EnforcementAction.offence_code),
            *(EnforcementAction.offence_at, EnforcementAction.issued_on),
            *(EnforcementAction.amount_pence, EnforcementAction.is_nitrous_oxide),
        )
    ),
    "interventions": Layer(
        (
            Intervention.geometry,
            *(Intervention.external_ref, Intervention.kind, Intervention.name),
            *(Intervention.valid_from, Intervention.valid_to, Intervention.cost_pence),
        )
    ),
    "poster_sites": Layer(
        (
            PosterSite.geometry,
            *(PosterSite.code, PosterSite.name, PosterSite.is_candidate, PosterSite.retired_at),
        )
    ),
    "hotspots": Layer(
        (
            Hotspot.geometry,
            *(HotspotIdentity.code, HotspotIdentity.name, Hotspot.rank, DetectionRun.as_of),
            *(Hotspot.incidents, Hotspot.reports, Hotspot.nights, Hotspot.expected),
            *(Hotspot.p_value, Hotspot.q_value, Hotspot.hotspot_class, Hotspot.last_incident_at),
            *(Hotspot.centre_x, Hotspot.centre_y, Hotspot.radius_m, Hotspot.area_m2),
            Hotspot.reason,
        ),
        joins=(HotspotIdentity, DetectionRun),
        newest_run_only=True,
    ),
}
"""Every layer that can be exported, by name. ``hotspots`` are those of the newest run."""


def layer_frame(session: Session, name: str) -> gpd.GeoDataFrame:
    """A layer as a frame, EPSG:27700, times in UTC; one row a database row, ordered by key."""
    layer = LAYERS[name]
    rows = session.execute(layer.query()).all()
    values = list(zip(*rows, strict=True)) or [()] * len(layer.columns)
    frame = gpd.GeoDataFrame(geometry=list(values[0]), crs=SRID)
    for column, cells in zip(layer.columns[1:], values[1:], strict=True):
        frame[column.key] = _series(column, cells, frame.index)
    return frame


def _series(column: Any, cells: Sequence[Any], index: pd.Index) -> pd.Series:
    type_ = column.type
    if isinstance(type_, UTCDateTime):
        return pd.Series(pd.to_datetime(list(cells), utc=True).as_unit("ms"), index=index)
    if type_.python_type in (int, float) and not isinstance(type_, Geometry):
        kind = "Int64" if type_.python_type is int else "Float64"
        return pd.Series(list(cells), index=index, dtype=kind)
    return pd.Series(list(cells), index=index, dtype=object)


def export_layer(session: Session, name: str, path: Path) -> int:
    """Write a layer to a file whose ending names the format; how many rows there are.

    GeoPackage keeps EPSG:27700, GeoJSON is WGS 84 as its standard wants. CSV has ``easting``,
    ``northing``, ``longitude`` and ``latitude`` of points, else the shape as ``wkt``; a text that
    a spreadsheet would run as a formula gets an apostrophe before it.

    Raises
    ------
    RefusedError
        The layer or the ending is unknown, the file is there already, or cannot be written.
    """
    if name not in LAYERS:
        raise RefusedError(f"there is no layer {name!r}: choose from {', '.join(LAYERS)}")
    driver = FORMATS.get(path.suffix.lower())
    if driver is None:
        raise RefusedError(f"{path.name!r} ends in no known format: use {', '.join(FORMATS)}")
    if path.exists():
        raise RefusedError(f"{path} is there already: choose another name, or remove it")
    frame = layer_frame(session, name)
    half = path.with_name(f".{path.name}.part{path.suffix}")
    try:
        _write(frame, half, driver, name)
        half.replace(path)
    except (OSError, pyogrio.errors.DataSourceError) as error:
        raise RefusedError(f"{path} cannot be written: {error}") from None
    finally:
        half.unlink(missing_ok=True)
    return len(frame)


def _write(frame: gpd.GeoDataFrame, path: Path, driver: str, layer: str) -> None:
    if driver == "CSV":
        _csv_table(frame).to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\r\n")
    elif driver == "GeoJSON":
        frame = _dates_as_text(frame).to_crs(4326)
        pyogrio.write_dataframe(frame, path, driver=driver, layer=layer, RFC7946=True)
    else:
        pyogrio.write_dataframe(_dates_as_text(frame), path, driver=driver, layer=layer)


def _dates_as_text(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """OGR takes a column of dates and nulls only as texts."""
    frame = frame.copy()
    for name in frame.columns.drop("geometry"):
        if frame[name].dtype == object:
            frame[name] = [
                value.isoformat() if hasattr(value, "isoformat") else value for value in frame[name]
            ]
    return frame


def _csv_table(frame: gpd.GeoDataFrame) -> pd.DataFrame:
    table = pd.DataFrame(frame.drop(columns="geometry"))
    for name in table.columns:
        if isinstance(table[name].dtype, pd.DatetimeTZDtype):
            table[name] = table[name].dt.strftime("%Y-%m-%dT%H:%M:%SZ")
        elif table[name].dtype == object:
            table[name] = table[name].map(harmless, na_action="ignore")
    shapes = frame.geometry.to_numpy()
    present = ~shapely.is_missing(shapes)
    if (shapely.get_type_id(shapes[present]) == 0).all():
        x, y = shapely.get_x(shapes), shapely.get_y(shapes)
        lon, lat = to_lonlat(x, y)
        table = table.assign(
            easting=x.round(2), northing=y.round(2), longitude=lon.round(6), latitude=lat.round(6)
        )
    else:
        table = table.assign(wkt=shapely.to_wkt(shapes, rounding_precision=2))
    return table


def harmless(value: Any) -> Any:
    """What a spreadsheet shows and does not run."""
    is_formula = isinstance(value, str) and value.startswith(FORMULA_STARTS)
    return f"'{value}" if is_formula else value
