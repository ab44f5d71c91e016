"""The board of hotspots and its map. The whole view stands in the address, to share it."""

from typing import Any

from flask import abort, current_app, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from geodata import detections, frames, places
from geodata.core.vocabulary import InterventionKind
from geodata.rules.days import LONDON
from hotspots.detection.classes import CLASS_DEFINITIONS
from hotspots.detection.trend import CHANGE_DEFINITIONS
from web.charts.sparkline import sparkline
from web.clock import today, utc_now
from web.database import read_session
from web.hotspot_desk.blueprint import desk, officers_only
from web.maps import hotspots as maps
from web.maps.sheet import Sheet
from web.maps.surface import error_features, surface_features
from web.maps.view import box_in_view
from web.responses import script
from web.services.hotspots import board_layers, hotspot_board
from web.services.hotspots.hotspot_board import SORTS, BoardView
from web.services.patrols import tonight

QUERY = ("run", "against", "sort", "class", "text", "at_least", "dismissed")
LAYERS = {  # of interventions: the address's word, and what it shows
    "orders": ("order",),
    "cctv": (InterventionKind.CCTV.value,),
    "posters": (InterventionKind.POSTER.value,),
    "other": tuple(
        kind.value
        for kind in InterventionKind
        if kind not in {InterventionKind.CCTV, InterventionKind.POSTER}
    ),
}


def view_of(args: MultiDict[str, str]) -> BoardView:
    """What an address asks for; what cannot be read counts as not asked."""
    return BoardView(
        run_id=args.get("run", type=int),
        against_id=args.get("against", type=int),
        sort=args.get("sort", "evidence"),
        classes=frozenset(args.getlist("class")) & frozenset(CLASS_DEFINITIONS),
        text=args.get("text", "")[:100],
        at_least=args.get("at_least", 0, type=int),
        shows_dismissed="dismissed" in args,
    )


@desk.get("/hotspots")
@officers_only
def hotspots() -> ResponseReturnValue:
    session, view = read_session(), view_of(request.args)
    is_print = request.args.get("view") == "print"
    return render_template(
        "hotspot_desk/board.html",
        board=hotspot_board.board(session, view, today=today()),
        view=view,
        sheet=_sheet(session),
        sparkline=sparkline,
        script_address=url_for(".hotspot_map", **_query()),
        runs=detections.runs(session),
        sorts=SORTS,
        classes=CLASS_DEFINITIONS,
        changes=CHANGE_DEFINITIONS,
        print_address=None if is_print else url_for(".hotspots", **_query(view="print")),
        today=today(),
        tonight=None if is_print else tonight.tonight(session, now=utc_now()),
    )


@desk.get("/hotspots.js")
@officers_only
def hotspot_map() -> ResponseReturnValue:
    return script(_sheet(read_session()))


@desk.get("/hotspots.geojson")
@officers_only
def hotspot_layer() -> ResponseReturnValue:
    board = hotspot_board.board(read_session(), view_of(request.args), today=today())
    shapes = board_layers.hotspot_shapes(board.rows if board else [])
    links = [url_for(".hotspot", code=code) for code in shapes["code"]]
    return jsonify(maps.hotspot_features(shapes.assign(href=links)))


@desk.get("/incidents.geojson")
@officers_only
def incident_layer() -> ResponseReturnValue:
    run_id, view = request.args.get("run", type=int), box_in_view(request.args.get("view", ""))
    incidents = board_layers.run_incidents(read_session(), run_id, view)
    return jsonify(maps.incident_features(incidents))


@desk.get("/measures/<layer>.geojson")
@officers_only
def intervention_layer(layer: str) -> ResponseReturnValue:
    if layer not in LAYERS:
        abort(404)
    session, run_id = read_session(), request.args.get("run", type=int)
    run = detections.find_run(session, run_id) if run_id else detections.latest_run(session)
    day = run.as_of.astimezone(LONDON).date() if run else today()
    shapes = board_layers.intervention_shapes(session, LAYERS[layer], day)
    return jsonify(maps.intervention_features(shapes))


@desk.get("/surface.geojson")
@officers_only
def surface_layer() -> ResponseReturnValue:
    cells = board_layers.expected_incidents(read_session(), request.args.get("run", type=int))
    return jsonify(surface_features(cells))


@desk.get("/surface-error.geojson")
@officers_only
def surface_error_layer() -> ResponseReturnValue:
    cells = board_layers.expected_incidents(read_session(), request.args.get("run", type=int))
    return jsonify(error_features(cells))


@desk.get("/wards.geojson")
@officers_only
def ward_layer() -> ResponseReturnValue:
    return jsonify(maps.ward_features(frames.wards(read_session())))


def _query(**changed: str) -> dict[str, Any]:
    """The address's own query, with some of it changed; nothing of it may name a route's part."""
    query = {name: values for name, values in request.args.lists() if name in QUERY}
    return query | changed


def _sheet(session: Session) -> Sheet:
    query = _query()
    run = {"run": query["run"]} if "run" in query else {}
    addresses = {
        "wards": url_for(".ward_layer"),
        "incidents": url_for(".incident_layer", **run),
        "hotspots": url_for(".hotspot_layer", **query),
        "surface": url_for(".surface_layer", **run),
        "surface_error": url_for(".surface_error_layer", **run),
        **{name: url_for(".intervention_layer", layer=name, **run) for name in LAYERS},
    }
    return maps.hotspot_map(current_app.config["HOTSPOTS"], places.borough(session), addresses)
