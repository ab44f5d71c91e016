"""The round: the worklist in driving order, to print, to navigate by."""

from flask import Response, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from geodata import places
from web.clock import utc_now
from web.contractor.blueprint import contractor, crews_only
from web.contractor.jobs import wanted_jobs
from web.database import read_session
from web.maps.rounds import round_features, round_map
from web.responses import query_carried_on, script
from web.services.clearing import rounds

SHIFT_H, LONGEST_SHIFT_H = 8.0, 14.0


@contractor.get("/round")
@crews_only
def drive() -> ResponseReturnValue:
    session = read_session()
    planned = _planned()
    query = request.query_string.decode()
    return render_template(
        "contractor/round.html",
        round=planned,
        hours=_hours(),
        wanted=wanted_jobs(request.args),
        query=query,
        now=utc_now(),
        sheet=round_map(current_app.config["HOTSPOTS"], places.borough(session), _layer_address()),
    )


@contractor.get("/round.js")
@crews_only
def drive_map() -> ResponseReturnValue:
    area = places.borough(read_session())
    return script(round_map(current_app.config["HOTSPOTS"], area, _layer_address()))


@contractor.get("/round.geojson")
@crews_only
def drive_layer() -> ResponseReturnValue:
    planned = _planned()
    links = [url_for(".job", key=stop.job.key) for stop in planned.stops]
    return round_features(planned, links)


@contractor.get("/round.gpx")
@crews_only
def drive_gpx() -> ResponseReturnValue:
    answer = Response(rounds.as_gpx(_planned().stops), mimetype="application/gpx+xml")
    answer.headers["Content-Disposition"] = "attachment; filename=round.gpx"
    return answer


@contractor.get("/round.kml")
@crews_only
def drive_kml() -> ResponseReturnValue:
    kind = "application/vnd.google-earth.kml+xml"
    answer = Response(rounds.as_kml(_planned().stops), mimetype=kind)
    answer.headers["Content-Disposition"] = "attachment; filename=round.kml"
    return answer


def _planned() -> rounds.PlannedRound:
    wanted = wanted_jobs(request.args)
    return rounds.plan(read_session(), wanted, start_at=utc_now(), shift_h=_hours())


def _hours() -> float:
    hours = request.args.get("hours", SHIFT_H, type=float)
    return hours if 0 < hours <= LONGEST_SHIFT_H else SHIFT_H


def _layer_address() -> str:
    return url_for(".drive_layer", **query_carried_on())
