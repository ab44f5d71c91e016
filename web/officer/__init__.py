"""Pages for the community-safety unit: where hotspots are, and why."""

from flask import Blueprint, current_app, jsonify, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from geodata import frames, places
from web.auth import requires_role
from web.database import read_session
from web.maps import hotspots as maps
from web.maps.sheet import Sheet
from web.responses import script
from web.services import hotspot_board

officer = Blueprint("officer", __name__, url_prefix="/officer")
officers_only = requires_role("officer", "manager")


@officer.get("/hotspots")
@officers_only
def hotspots() -> ResponseReturnValue:
    session = read_session()
    board = hotspot_board.newest_board(session)
    return render_template("officer/hotspots.html", board=board, sheet=_sheet(session))


@officer.get("/hotspots.js")
@officers_only
def hotspot_map() -> ResponseReturnValue:
    return script(_sheet(read_session()))


@officer.get("/hotspots.geojson")
@officers_only
def hotspot_layer() -> ResponseReturnValue:
    shapes = hotspot_board.hotspot_shapes(read_session())
    links = [f"{url_for('officer.hotspots')}#hotspot-{key}" for key in shapes["identity_id"]]
    return jsonify(maps.hotspot_features(shapes.assign(href=links)))


@officer.get("/incidents.geojson")
@officers_only
def incident_layer() -> ResponseReturnValue:
    return jsonify(maps.incident_features(hotspot_board.run_incidents(read_session())))


@officer.get("/wards.geojson")
@officers_only
def ward_layer() -> ResponseReturnValue:
    return jsonify(maps.ward_features(frames.wards(read_session())))


def _sheet(session: Session) -> Sheet:
    addresses = {
        "wards": url_for("officer.ward_layer"),
        "incidents": url_for("officer.incident_layer"),
        "hotspots": url_for("officer.hotspot_layer"),
    }
    return maps.hotspot_map(current_app.config["HOTSPOTS"], places.borough(session), addresses)
