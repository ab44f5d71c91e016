"""Running detection now, and by which parameters it runs."""

from datetime import datetime, time

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from geodata import detections
from geodata.core.errors import RefusedError
from geodata.places import exposures
from geodata.rules.days import LONDON
from web.auth import actor
from web.clock import today
from web.database import commits_when_sent, read_session, store
from web.filters import sentence
from web.hotspot_desk.blueprint import desk, officers_only
from web.hotspot_desk.detection_form import (
    MEANINGS,
    DetectionForm,
    exposure_choices,
    form_data,
    in_words,
)
from web.hotspot_desk.form_pages import form_page
from web.server.request_bounds import sent_day
from web.services.detection import detection_settings, running


@desk.get("/hotspots/detection")
@officers_only
def detection() -> ResponseReturnValue:
    return _page()


def _page(fault: str = "") -> ResponseReturnValue:
    session = read_session()
    page = render_template(
        "hotspot_desk/detection.html",
        runs=detections.runs(session),
        params=in_words(detection_settings.current(session)),
        exposure=exposure_choices(exposures.sources(session), detection_settings.exposure(session))[
            detection_settings.exposure(session)
        ],
        meanings=MEANINGS,
        fault=fault,
        day=request.form.get("day", ""),
        today=today(),
    )
    return page, 400 if fault else 200


@desk.post("/hotspots/detection/run")
@officers_only
def run_detection() -> ResponseReturnValue:
    try:
        moment = _end_of(request.form.get("day", ""))
        message = _run(moment)
    except RefusedError as error:
        return _page(str(error))
    flash(message, "success")
    return redirect(url_for(".hotspots"))


def _run(moment: datetime | None) -> str:
    return running.run_apart(store(), actor(), as_of=moment).sentence


def _end_of(text: str) -> datetime | None:
    """The last moment of a day in London, or now where it is today or none is given."""
    if not text.strip():
        return None
    try:
        day = sent_day(text.strip())
    except ValueError:
        raise RefusedError(f"{text!r} is no day: enter one such as 2026-06-30") from None
    if day == today():
        return None
    return datetime.combine(day, time(23, 59, 59), LONDON)


@desk.route("/hotspots/detection/parameters", methods=["GET", "POST"])
@officers_only
@commits_when_sent
def detection_parameters() -> ResponseReturnValue:
    chosen = detection_settings.exposure(g.session)
    data = form_data(detection_settings.current(g.session)) | {"exposure": chosen}
    form = DetectionForm(data=data)
    form.exposure.choices = list(exposure_choices(exposures.sources(g.session), chosen).items())
    if form.validate_on_submit() and (params := form.chosen()) and _is_exposure_saved(form):
        detection_settings.save(g.session, actor(), params)
        flash("The parameters are saved: every run from now on uses them.", "success")
        return redirect(url_for(".detection"))
    lead = "They hold for every run from now on, the nightly one too. Earlier runs keep theirs."
    return form_page(form, "Parameters of detection", back=url_for(".detection"), lead=lead)


def _is_exposure_saved(form: DetectionForm) -> bool:
    try:
        detection_settings.save_exposure(g.session, actor(), form.exposure.data)
    except RefusedError as error:
        form.exposure.errors = [sentence(error)]
        return False
    return True
