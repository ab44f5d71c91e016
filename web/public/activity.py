"""What was enforced, year by year, as a page and as a file: read from releases alone."""

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from geodata.core.vocabulary import ACTION_WORDS, ActionKind
from web.clock import today
from web.database import read_session
from web.services.publishing.enforcement_activity import activity_csv, published_activity
from web.services.publishing.penalties_asked import penalties_asked
from web.services.publishing.public_figures import WITHHELD

activity = Blueprint("activity", __name__)


@activity.get("/enforcement-activity")
def enforcement_activity() -> ResponseReturnValue:
    session = read_session()
    return render_template(
        "public/activity.html",
        years=published_activity(session),
        amounts=penalties_asked(session, today()),
        words={kind.value: ACTION_WORDS[kind] for kind in ActionKind},
        withheld=WITHHELD,
    )


@activity.get("/enforcement-activity.csv")
def enforcement_activity_csv() -> ResponseReturnValue:
    answer = Response(activity_csv(published_activity(read_session())), mimetype="text/csv")
    answer.headers["Content-Disposition"] = "attachment; filename=enforcement-activity.csv"
    return answer
