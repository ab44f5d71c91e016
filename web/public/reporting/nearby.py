"""What is known near the place already: with a small map, and a photo where one may be shown."""

from flask import Response, abort, current_app, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from geodata.media import photos
from web.basemap import has_ground
from web.clock import utc_now
from web.database import read_session
from web.maps.nearby import nearby_features, nearby_map
from web.maps.sheet import Sheet
from web.public.reporting.blueprint import (
    address,
    keep,
    limit_address,
    limit_draft,
    open_draft,
    reporting,
)
from web.public.reporting.refusing import fault_at, refuse_choice
from web.responses import jpeg, script
from web.server.request_bounds import row_key
from web.services.common.placing import Spot
from web.services.common.speaking import N_
from web.services.common.speaking import gettext as _
from web.services.reporting.already_reported import NearbyIncident, already_reported

NOT_CHOSEN = N_("Choose which of these it is, or \u201cNone of these\u201d")


@reporting.route("/<key>/nearby", methods=["GET", "POST"])
@limit_address
@limit_draft
def nearby(key: str) -> ResponseReturnValue:
    """Is it one of those that we know of?"""
    draft, answers = open_draft(key)
    if answers.spot is None:
        return redirect(address(key, "place"))
    incidents = already_reported(read_session(), answers.spot)
    choice = request.form.get("choice", "")
    if not incidents or choice == "none":
        return keep(draft, answers.answered("nearby", joins_incident_id=None))
    if row_key(choice) in {incident.id for incident in incidents}:
        return keep(draft, answers.answered("nearby", joins_incident_id=row_key(choice)))
    if request.method == "POST":
        return refuse_choice(draft, answers, "nearby", _(NOT_CHOSEN))
    return render_template(
        "public/report/nearby.html",
        incidents=incidents,
        chosen=answers.joins_incident_id,
        is_answered="nearby" in answers.done,
        key=key,
        error=fault_at(answers, "nearby"),
        now=utc_now(),
        sheet=_sheet(key, answers.spot, incidents) if has_ground() else None,
        back=address(key, "spot"),
    )


@reporting.get("/<key>/nearby.js")
def nearby_script(key: str) -> ResponseReturnValue:
    spot, incidents = _known(key)
    return script(_sheet(key, spot, incidents))


@reporting.get("/<key>/nearby.geojson")
def nearby_layer(key: str) -> ResponseReturnValue:
    """The place of the report, and those of what is known near it."""
    spot, incidents = _known(key)
    return jsonify(nearby_features(spot.point, [incident.point for incident in incidents]))


@reporting.get("/<key>/nearby/<int:incident_id>.jpg")
def nearby_photo(key: str, incident_id: int) -> Response:
    """An approved photo of a known one, small: to those alone whose place is near it."""
    shown = {incident.id: incident.photo_id for incident in _known(key)[1]}
    photo_id = shown.get(incident_id)
    if photo_id is None:
        abort(404)
    return jpeg(photos.content(read_session(), photo_id, is_thumbnail=True))


def _known(key: str) -> tuple[Spot, list[NearbyIncident]]:
    spot = open_draft(key)[1].spot
    if spot is None:
        abort(404)
    return spot, already_reported(read_session(), spot)


def _sheet(key: str, spot: Spot, incidents: list[NearbyIncident]) -> Sheet:
    points = [spot.point, *(incident.point for incident in incidents)]
    layer = url_for("report.nearby_layer", key=key)
    return nearby_map(current_app.config["HOTSPOTS"], points, layer)
