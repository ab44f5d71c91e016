"""What draws dumping, as the newest run learnt it."""

from flask import render_template
from flask.typing import ResponseReturnValue

from geodata import detections
from web.database import read_session
from web.hotspot_desk.blueprint import desk, officers_only
from web.services.detection import what_draws


@desk.get("/what-draws")
@officers_only
def draws() -> ResponseReturnValue:
    run = detections.latest_run(read_session())
    return render_template(
        "hotspot_desk/draws.html",
        run=run,
        in_words=what_draws.times_in_words,
        share=what_draws.share_in_words,
        learnt=what_draws.read(run.summary) if run else None,
        is_kept=run is not None and what_draws.KEPT_AS in run.summary,
    )
