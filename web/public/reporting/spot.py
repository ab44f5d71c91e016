"""The place confirmed or moved on the map, or told whose it is."""

from dataclasses import replace

from flask import current_app, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from geodata import frames, places
from geodata.reports.drafts import Draft
from web.basemap import has_ground
from web.clock import today, utc_now
from web.database import read_session
from web.maps.hotspots import ward_features
from web.maps.pin import COARSEST_PIN_M, pin_map, place_features
from web.maps.sheet import Sheet
from web.public.reporting.blueprint import (
    address,
    keep,
    limit_address,
    limit_draft,
    open_draft,
    reporting,
)
from web.public.reporting.forms import SpotForm
from web.public.reporting.refusing import form_of, refuse
from web.responses import script
from web.services.common import placing
from web.services.common.placing import Spot
from web.services.common.speaking import N_
from web.services.common.speaking import gettext as _
from web.services.reporting.already_reported import already_reported
from web.services.reporting.answers import Answers

PIN_ACCURACY_M = 10.0
NO_MAP = N_(
    "There is no map here to tap. Use where you are now, or write a postcode, street, place or "
    "grid reference"
)
FAR_OUT = N_(
    "The map was too far out to point at a place: bring it nearer, and point again where the "
    "canisters are"
)
NOT_TAPPED = N_("Tap the map where the canisters are, or go back and write where they are")
TOO_SMALL = ("lamp_column", "street")


@reporting.route("/<key>/spot", methods=["GET", "POST"])
@limit_address
@limit_draft
def spot(key: str) -> ResponseReturnValue:
    """Is this the place? A pin may be moved on the map; a landmark helps the crew."""
    draft, answers = open_draft(key)
    if answers.spot is None and not has_ground():  # nothing to tap on: the other ways remain
        flash(_(NO_MAP))
        return redirect(address(key, "place"))
    form = form_of(SpotForm, answers, "spot", landmark=answers.landmark)
    if request.method == "GET":
        return _spot_page(key, answers, form)
    if form.validate():
        moved = _moved(form, answers.spot)
        if moved is not None and not _is_far_out(form):
            return _confirm(draft, answers, moved, form.landmark.data or "")
        form.landmark.errors = [_(FAR_OUT if moved else NOT_TAPPED)]
    return refuse(draft, answers, "spot", form)


def _spot_page(key: str, answers: Answers, form: SpotForm) -> str:
    words = answers.spot and placing.in_words(read_session(), answers.spot, now=utc_now())
    return render_template(
        "public/report/spot.html",
        form=form,
        key=key,
        spot=answers.spot,
        words=words,
        sheet=_sheet(answers),
        back=address(key, "place"),
    )


def _moved(form: SpotForm, spot: Spot | None) -> Spot | None:
    """The pin, where it was moved; else the spot as it was."""
    if not (form.lon.data and form.lat.data):
        return spot
    try:
        lon, lat = float(form.lon.data), float(form.lat.data)
    except ValueError:
        return spot
    label = spot.label if spot else ""
    return placing.spot_at(lon, lat, _accuracy_m(form), "pin", label) or spot


def _accuracy_m(form: SpotForm) -> float:
    """How exact a pin is by the map's zoom; as good as a pin can be, where no script says it."""
    try:
        return max(float(form.accuracy_m.data or 0), PIN_ACCURACY_M)
    except ValueError:
        return PIN_ACCURACY_M


def _is_far_out(form: SpotForm) -> bool:
    is_moved = bool(form.lon.data and form.lat.data)
    return is_moved and not _accuracy_m(form) <= COARSEST_PIN_M  # false for NaN too


def _confirm(draft: Draft, answers: Answers, spot: Spot, landmark: str) -> ResponseReturnValue:
    session = read_session()
    answers = replace(answers, landmark=landmark.strip())
    if placing.elsewhere(session, spot, now=utc_now()) is not None:
        return keep(draft, answers.with_spot(spot), "elsewhere")
    if spot != answers.spot:
        answers = answers.with_spot(spot)
    is_near_known = bool(already_reported(session, spot))
    answers = answers.answered("spot", is_near_known=is_near_known)
    if not is_near_known:
        answers = answers.answered("nearby", joins_incident_id=None)
    return keep(draft, answers)


@reporting.get("/<key>/map.js")
def spot_map(key: str) -> ResponseReturnValue:
    return script(_sheet(open_draft(key)[1]))


@reporting.get("/wards.geojson")
def wards() -> ResponseReturnValue:
    return jsonify(ward_features(frames.wards(read_session())))


@reporting.get("/places.geojson")
def landmarks() -> ResponseReturnValue:
    """Places big enough to know the ground by."""
    day = today()
    named = frames.named_places(read_session(), day)
    return jsonify(place_features(named[~named["kind"].isin(TOO_SMALL)]))


def _sheet(answers: Answers) -> Sheet:
    return pin_map(
        current_app.config["HOTSPOTS"],
        places.borough(read_session()),
        answers.spot.lonlat if answers.spot else None,
        {"wards": url_for("report.wards"), "places": url_for("report.landmarks")},
    )
