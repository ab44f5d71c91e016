"""Pages for everybody."""

from flask import Blueprint, current_app, jsonify, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from geodata import places
from web.clock import utc_now
from web.database import read_session
from web.maps.sheet import Sheet
from web.maps.wards import ward_features, ward_map
from web.responses import script
from web.services.publishing.public_figures import figures

public = Blueprint("public", __name__)


@public.get("/")
def home() -> ResponseReturnValue:
    session = read_session()
    return render_template(
        "public/home.html", figures=figures(session, now=utc_now()), sheet=_sheet(session)
    )


@public.get("/map.js")
def home_map() -> ResponseReturnValue:
    return script(_sheet(read_session()))


@public.get("/wards.geojson")
def wards() -> ResponseReturnValue:
    return jsonify(ward_features(figures(read_session(), now=utc_now()).areas))


def _sheet(session: Session) -> Sheet:
    config = current_app.config["HOTSPOTS"]
    return ward_map(config, places.borough(session), url_for("public.wards"))
