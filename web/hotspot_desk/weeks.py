"""The borough week by week, as the newest run reckoned it."""

from flask import render_template
from flask.typing import ResponseReturnValue

from geodata import detections
from web.charts.control import control_chart
from web.database import read_session
from web.hotspot_desk.blueprint import desk, officers_only
from web.services.detection import weekly_watch


@desk.get("/weeks")
@officers_only
def weeks() -> ResponseReturnValue:
    run = detections.latest_run(read_session())
    watch = weekly_watch.read(run.summary) if run else None
    return render_template(
        "hotspot_desk/weeks.html",
        run=run,
        watch=watch,
        chart=control_chart(watch.weeks) if watch and watch.weeks else None,
    )
