"""A run's record, its repetition, and two runs side by side."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from geodata import detections
from web.database import read_session
from web.hotspot_desk.blueprint import desk, officers_only
from web.hotspot_desk.detection_form import LABELS, value_words
from web.services.detection.run_comparison import compare_runs
from web.services.hotspots.repeating import repeat


@desk.get("/hotspots/runs/<int:key>")
@officers_only
def run(key: int) -> ResponseReturnValue:
    session = read_session()
    return render_template(
        "hotspot_desk/run.html",
        run=detections.find_run(session, key),
        hotspots=detections.hotspots_of(session, key),
        runs=detections.runs(session),
        labels=LABELS,
        value_words=value_words,
    )


@desk.post("/hotspots/runs/<int:key>/repeat")
@officers_only
def repeat_run(key: int) -> ResponseReturnValue:
    came_out = repeat(read_session(), key)
    flash(came_out.sentence, "success" if came_out.is_same else "message")
    return redirect(url_for(".run", key=key))


@desk.get("/hotspots/runs/compare")
@officers_only
def compare() -> ResponseReturnValue:
    session = read_session()
    first, second = (request.args.get(name, type=int) for name in ("first", "second"))
    return render_template(
        "hotspot_desk/compare.html",
        compared=compare_runs(session, first, second) if first and second else None,
        runs=detections.runs(session),
        labels=LABELS,
        value_words=value_words,
    )
