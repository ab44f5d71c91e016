"""The first page of a report."""

from flask import g, redirect, render_template, request
from flask.typing import ResponseReturnValue

from geodata.posters import poster_codes
from geodata.reports import drafts
from web.clock import utc_now
from web.database import commits, read_session
from web.public.reporting.blueprint import address, limit_new, reporting
from web.services.common.placing import Spot
from web.services.reporting.answers import Answers

POSTER_ACCURACY_M = 30.0
"""Whoever scans a poster stands before it, but the canisters may lie across the car park."""


@reporting.get("", strict_slashes=False)
def start() -> ResponseReturnValue:
    """What it takes, and the safety message; ``?site=`` is the code of a scanned poster."""
    code = request.args.get("site", "")
    poster = poster_codes.find(read_session(), code) if code else None
    return render_template("public/report/start.html", poster=poster)


@reporting.post("", strict_slashes=False)
@limit_new
def begin() -> ResponseReturnValue:
    """Start a draft: only a person who presses the button makes one, not a crawler."""
    return _begin(request.form.get("site", ""))


@commits
def _begin(code: str) -> ResponseReturnValue:
    poster = poster_codes.find(g.session, code) if code else None
    answers = Answers()
    if poster is not None:
        at = poster.point
        spot = Spot(at.x, at.y, POSTER_ACCURACY_M, "poster", poster.name)
        answers = Answers(channel="poster", poster_code=poster.code).with_spot(spot)
    draft = drafts.start(g.session, answers.to_document(), now=utc_now())
    return redirect(address(draft.key, answers.next_question()))
