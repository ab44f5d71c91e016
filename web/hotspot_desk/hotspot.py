"""The page of one hotspot, and what an officer writes there."""

from flask import (
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
from flask_login import current_user

from geodata import detections
from geodata.detections import hotspot_records
from geodata.media import area_photos
from geodata.rules.days import date_in_words
from hotspots.detection.classes import CLASS_DEFINITIONS
from web.auth import actor
from web.charts.timeline import timeline
from web.charts.week import parts_of_day, week_grid
from web.clock import today, utc_now
from web.database import commits, commits_when_sent, read_session
from web.forms.refusals import accepted
from web.hotspot_desk.blueprint import desk, officers_only
from web.hotspot_desk.form_pages import form_page
from web.hotspot_desk.forms import DismissForm, NameForm, NoteForm
from web.maps import hotspot as maps
from web.maps.sheet import Sheet
from web.responses import script
from web.services.common.written_places import in_words
from web.services.hotspots.dark_hours import daylight
from web.services.hotspots.hotspot_dossier import dossier
from web.services.hotspots.hotspot_surroundings import Surroundings, surroundings
from web.services.hotspots.owners import owner_name

PHOTOS_SHOWN, PHOTOS_A_PAGE = 4, 24
INCIDENTS_SHOWN = 25


@desk.get("/hotspots/<code>")
@officers_only
def hotspot(code: str) -> ResponseReturnValue:
    return _page(code, NoteForm(formdata=None))


def _page(code: str, note_form: NoteForm) -> ResponseReturnValue:
    session = read_session()
    spot = dossier(session, code, now=utc_now())
    around = surroundings(session, code, now=utc_now())
    shares = spot.evidence.hour_shares
    page = render_template(
        "hotspot_desk/hotspot.html",
        spot=spot,
        where=in_words(session, spot.geometry),
        note_form=note_form,
        owner=owner_name(session, spot.owner_id),
        is_watched=current_user.account.id in {watcher.user_id for watcher in spot.watchers},
        timeline=timeline(spot.months, spot.intervention_records),
        week=week_grid(shares, daylight(session, today().year)) if shares else None,
        parts=parts_of_day(shares) if shares else [],
        classes=CLASS_DEFINITIONS,
        today=today(),
        photos=area_photos.photos_within(session, spot.geometry),
        photos_shown=PHOTOS_SHOWN,
        around=around,
        incidents_shown=around.incidents.head(INCIDENTS_SHOWN),
        sheet=_map(code, around),
    )
    return page, 400 if note_form.errors else 200


@desk.get("/hotspots/<code>.js")
@officers_only
def hotspot_script(code: str) -> ResponseReturnValue:
    return script(_map(code, surroundings(read_session(), code, now=utc_now())))


@desk.get("/hotspots/<code>/<layer>.geojson")
@officers_only
def hotspot_surroundings(code: str, layer: str) -> ResponseReturnValue:
    if layer not in maps.LAYERS:
        abort(404)
    around = surroundings(read_session(), code, now=utc_now())
    return jsonify(maps.layer_features(around, layer, _incident_address))


def _incident_address(key: str) -> str:
    return url_for("casework.incident", key=key)


def _map(code: str, around: Surroundings) -> Sheet:
    addresses = {
        layer: url_for(".hotspot_surroundings", code=code, layer=layer) for layer in maps.LAYERS
    }
    return maps.hotspot_map(current_app.config["HOTSPOTS"], around.area, addresses)


@desk.get("/hotspots/<code>/photos")
@officers_only
def hotspot_photos(code: str) -> ResponseReturnValue:
    """All photos of the ground, so many a page, the newest first."""
    session = read_session()
    spot = dossier(session, code, now=utc_now())
    pictures = area_photos.photos_within(session, spot.geometry)
    pages = max(1, -(-len(pictures) // PHOTOS_A_PAGE))
    page = min(max(request.args.get("page", 1, type=int), 1), pages)
    first = (page - 1) * PHOTOS_A_PAGE
    return render_template(
        "hotspot_desk/photos.html",
        spot=spot,
        photos=pictures[first : first + PHOTOS_A_PAGE],
        total=len(pictures),
        page=page,
        pages=pages,
    )


@desk.post("/hotspots/<code>/notes")
@officers_only
def add_note(code: str) -> ResponseReturnValue:
    form = NoteForm()
    if form.validate_on_submit() and _added(code, form):
        flash("The note is saved.", "success")
        return redirect(url_for(".hotspot", code=code, _anchor="notes"))
    return _page(code, form)


@commits
def _added(code: str, form: NoteForm) -> bool:
    key = detections.find_by_code(g.session, code).id
    return accepted(
        form, "text", lambda: hotspot_records.add_note(g.session, actor(), key, form.text.data)
    )


@desk.route("/hotspots/<code>/name", methods=["GET", "POST"])
@officers_only
@commits_when_sent
def rename_hotspot(code: str) -> ResponseReturnValue:
    identity = detections.find_by_code(g.session, code)
    form = NameForm(obj=identity)
    if form.validate_on_submit() and accepted(
        form,
        "name",
        lambda: hotspot_records.rename(g.session, actor(), identity.id, form.name.data),
    ):
        flash("The name is saved.", "success")
        return redirect(url_for(".hotspot", code=code))
    return form_page(form, f"Name of {identity.code}", back=url_for(".hotspot", code=code))


@desk.route("/hotspots/<code>/dismiss", methods=["GET", "POST"])
@officers_only
@commits_when_sent
def dismiss_hotspot(code: str) -> ResponseReturnValue:
    identity = detections.find_by_code(g.session, code)
    form = DismissForm()
    if form.validate_on_submit() and accepted(
        form,
        "until",
        lambda: hotspot_records.dismiss(
            g.session, actor(), identity.id, until=form.until.data, reason=form.reason.data
        ),
    ):
        flash(f"{identity.name} is dismissed up to {date_in_words(form.until.data)}.", "success")
        return redirect(url_for(".hotspot", code=code))
    return form_page(form, f"Dismiss {identity.name}", back=url_for(".hotspot", code=code))


@desk.post("/hotspots/<code>/restore")
@officers_only
@commits
def restore_hotspot(code: str) -> ResponseReturnValue:
    identity = detections.find_by_code(g.session, code)
    hotspot_records.restore(g.session, actor(), identity.id)
    flash(f"{identity.name} is on the board again.", "success")
    return redirect(url_for(".hotspot", code=code))


@desk.post("/hotspots/<code>/watch")
@officers_only
@commits
def watch_hotspot(code: str) -> ResponseReturnValue:
    identity = detections.find_by_code(g.session, code)
    is_wanted = request.form.get("wanted") == "yes"
    hotspot_records.watch(g.session, actor(), identity.id, is_wanted=is_wanted)
    message = "You watch this hotspot." if is_wanted else "You do not watch this hotspot any more."
    flash(message, "success")
    return redirect(url_for(".hotspot", code=code))
