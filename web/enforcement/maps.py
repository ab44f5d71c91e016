"""Layers that several maps of enforcement share, and where the browser finds them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import geopandas as gpd
from flask import current_app, jsonify, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from geodata import frames, places
from geodata.core.types import SRID
from geodata.enforcement import orders
from geodata.rules.days import local_day
from web.clock import utc_now
from web.database import read_session
from web.enforcement.blueprint import enforcement, enforcers_only
from web.filters import short_date
from web.maps import enforcement as maps
from web.maps.sheet import Sheet
from web.responses import script

if TYPE_CHECKING:
    from geodata.models import Order, OrderVersion


@enforcement.get("/wards.geojson")
@enforcers_only
def ward_layer() -> ResponseReturnValue:
    return jsonify(maps.ward_features(frames.wards(read_session())))


@enforcement.get("/orders-in-force.geojson")
@enforcers_only
def orders_layer() -> ResponseReturnValue:
    versions = orders.in_force(read_session(), local_day(utc_now()))
    return jsonify(maps.order_features(order_areas(versions)))


@enforcement.get("/draw.js")
@enforcers_only
def draw_map() -> ResponseReturnValue:
    return script(area_sheet(read_session(), None, draws_in="corners"))


def order_areas(versions: Iterable[OrderVersion]) -> gpd.GeoDataFrame:
    """Restricted areas, EPSG:27700: ``name``, ``days``."""
    return gpd.GeoDataFrame(
        {
            "name": [f"{v.order.name}, version {v.number}" for v in versions],
            "days": [_days(v) for v in versions],
        },
        geometry=[v.geometry for v in versions],
        crs=SRID,
    )


def _days(version: OrderVersion) -> str:
    last = short_date(version.valid_to) if version.valid_to else "further notice"
    return f"{short_date(version.valid_from)} to {last}"


def area_sheet(session: Session, order: Order | None, *, draws_in: str = "") -> Sheet:
    """A map of one order's newest area, or of all in force where it is None."""
    layer = url_for(".orders_layer") if order is None else url_for(".order_layer", key=order.id)
    extent = places.borough(session)
    if order is not None and order.versions:
        extent = orders.newest_version(session, order.id).geometry.buffer(200)
    addresses = {"wards": url_for(".ward_layer"), "orders": layer}
    config = current_app.config["HOTSPOTS"]
    return maps.area_map(config, extent, addresses, draws_in=draws_in)
