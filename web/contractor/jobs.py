"""The worklist: as a page, a map, a spreadsheet; and photos of what is to be cleared."""

from collections.abc import Mapping

from flask import (
    Response,
    abort,
    current_app,
    flash,
    g,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from geodata import places
from geodata.clearances.contracts import EVERYTHING, NOTHING
from geodata.core.errors import NotFoundError
from geodata.core.vocabulary import Moderation
from geodata.incidents import jobs, open_incidents
from geodata.media import photos
from web.auth import actor, requires_role
from web.clock import today, utc_now
from web.contractor.blueprint import contractor, crews_only, own_incident_id, own_scope
from web.database import commits, read_session
from web.maps.jobs import job_features, job_map
from web.maps.sheet import Sheet
from web.responses import query_carried_on, script
from web.services.clearing import worklist
from web.services.clearing.worklist import Filter
from web.services.incidents import hand_over


@contractor.get("/")
@crews_only
def board() -> ResponseReturnValue:
    session, now = read_session(), utc_now()
    wanted = wanted_jobs(request.args)
    if wanted.reference and (own_job := _own_reference(session, wanted.reference)):
        return redirect(url_for(".job", key=own_job))
    everything = worklist.worklist(session, Filter(scope=wanted.scope), now=now)
    return render_template(
        "contractor/board.html",
        jobs=worklist.worklist(session, wanted, now=now),
        everything=everything,
        overdue=sum(job.urgency == "overdue" for job in everything),
        wards=worklist.wards(everything),
        wanted=wanted,
        has_contract=wanted.scope != NOTHING,
        left_over=len(hand_over.left_over(session, today())) if wanted.scope == EVERYTHING else 0,
        query=request.query_string.decode(),
        now=now,
        sheet=_sheet(session),
    )


@contractor.post("/hand-over")
@requires_role("officer", "manager")
@commits
def take_over() -> ResponseReturnValue:
    """Give the open jobs of ended contracts to the contractor of today."""
    handed_over = hand_over.hand_over(g.session, actor())
    flash(f"{handed_over} jobs are handed over to the contractor of today.", "success")
    return redirect(url_for(".board"))


def _own_reference(session: Session, reference: str) -> str | None:
    """Reference of the incident that a report's or an incident's means, of one's own jobs."""
    try:
        incident_id = own_incident_id(session, reference.strip().upper())
    except NotFoundError:
        return None
    return open_incidents.by_id(session, incident_id).key


def wanted_jobs(arguments: Mapping[str, str]) -> Filter:
    """The filter that an address asks for, of one's own jobs; what cannot be read is no wish."""
    return Filter(
        ward=arguments.get("ward", ""),
        urgency=arguments.get("urgency", ""),
        hazard=arguments.get("hazard", ""),
        reference=arguments.get("reference", "")[:40],
        near=position(arguments),
        scope=own_scope(read_session()),
    )


def position(arguments: Mapping[str, str]) -> tuple[float, float] | None:
    """Longitude and latitude of an address, None where they are missing or no place on earth."""
    try:
        lon, lat = float(arguments["lon"]), float(arguments["lat"])
    except (KeyError, ValueError):
        return None
    return (lon, lat) if -180 <= lon <= 180 and -90 <= lat <= 90 else None


@contractor.get("/map.js")
@crews_only
def board_map() -> ResponseReturnValue:
    return script(_sheet(read_session()))


@contractor.get("/jobs.geojson")
@crews_only
def job_layer() -> ResponseReturnValue:
    open_jobs = worklist.worklist(read_session(), wanted_jobs(request.args), now=utc_now())
    links = [url_for(".job", key=job.key) for job in open_jobs]
    return jsonify(job_features(open_jobs, links))


@contractor.get("/worklist.csv")
@crews_only
def spreadsheet() -> ResponseReturnValue:
    open_jobs = worklist.worklist(read_session(), wanted_jobs(request.args), now=utc_now())
    answer = Response(worklist.as_csv(open_jobs), mimetype="text/csv")
    answer.headers["Content-Disposition"] = "attachment; filename=worklist.csv"
    return answer


@contractor.get("/photos/<int:photo_id>")
@crews_only
def photo(photo_id: int) -> ResponseReturnValue:
    session = read_session()
    facts = photos.find(session, photo_id)
    scope = own_scope(session)
    if not scope.is_everything and not jobs.has_photo(session, photo_id, scope):
        abort(404)
    # A crew's own picture needs nobody's leave to be seen by crews; a reporter's does.
    if facts.clearance_id is None and facts.state != Moderation.APPROVED:
        abort(404)
    is_small = "small" in request.args
    answer = Response(
        photos.content(session, photo_id, is_thumbnail=is_small), mimetype="image/jpeg"
    )
    answer.headers["Cache-Control"] = "private, max-age=86400, immutable"
    return answer


def _sheet(session: Session) -> Sheet:
    address = url_for(".job_layer", **query_carried_on())
    return job_map(current_app.config["HOTSPOTS"], places.borough(session), address)
