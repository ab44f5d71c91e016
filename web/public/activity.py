"""What was enforced, year by year, as a page and as a file: read from releases alone."""

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from geodata.core.vocabulary import ACTION_WORDS, ActionKind
from geodata.store import releases
from web.clock import today
from web.database import read_session
from web.public.kept import kept
from web.services.publishing.enforcement_activity import activity_csv, published_activity
from web.services.publishing.penalties_asked import PenaltyAsked, penalties_asked
from web.services.publishing.public_figures import WITHHELD

activity = Blueprint("activity", __name__)


@activity.get("/enforcement-activity")
def enforcement_activity() -> ResponseReturnValue:
    session = read_session()
    amounts = penalties_asked(session, today())
    return kept(lambda: _page(session, amounts), releases.latest(session), amounts)


def _page(session: Session, amounts: list[PenaltyAsked]) -> str:
    return render_template(
        "public/activity.html",
        years=published_activity(session),
        amounts=amounts,
        words={kind.value: ACTION_WORDS[kind] for kind in ActionKind},
        withheld=WITHHELD,
    )


@activity.get("/enforcement-activity.csv")
def enforcement_activity_csv() -> ResponseReturnValue:
    session = read_session()
    return kept(lambda: _csv(session), releases.latest(session))


def _csv(session: Session) -> Response:
    answer = Response(activity_csv(published_activity(session)), mimetype="text/csv")
    answer.headers["Content-Disposition"] = "attachment; filename=enforcement-activity.csv"
    return answer
