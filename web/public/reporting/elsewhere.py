"""A place that is not ours: whose it is, and the way on to a neighbour who is in the same house."""

from flask import g, redirect, render_template
from flask.typing import ResponseReturnValue

from geodata.reports.drafts import Draft
from web.clock import utc_now
from web.council import council_name
from web.database import close_session, commits, read_session
from web.public.reporting.blueprint import (
    address,
    limit_address,
    limit_draft,
    open_draft,
    reporting,
)
from web.server.neighbours import Neighbour, neighbours
from web.services.common import placing
from web.services.reporting import crossing
from web.services.reporting.answers import Answers


@reporting.get("/<key>/elsewhere")
def elsewhere(key: str) -> ResponseReturnValue:
    """Whose the place is, where it is not ours."""
    _, answers = open_draft(key)
    away = answers.spot and placing.elsewhere(read_session(), answers.spot, now=utc_now())
    if not away:
        return redirect(address(key, answers.next_question()))
    return render_template(
        "public/report/elsewhere.html",
        away=away,
        key=key,
        neighbour=_neighbour(answers),
        back=address(key, "place"),
    )


@reporting.post("/<key>/elsewhere")
@limit_address
@limit_draft
def pass_on(key: str) -> ResponseReturnValue:
    """To the council next door with all that was entered; pressed twice, it goes once."""
    draft, answers = open_draft(key)
    session = read_session()
    away = answers.spot and placing.elsewhere(session, answers.spot, now=utc_now())
    there, door = _neighbour(answers), neighbours()
    if not away or there is None or door is None:
        return redirect(address(key, answers.next_question()))
    parcel = crossing.pack(session, draft, council=council_name())
    close_session()  # one store at a time
    goes_on_at = door.pass_on(parcel, there, now=utc_now())
    _mark(draft, goes_on_at)
    return redirect(goes_on_at)


@commits
def _mark(draft: Draft, goes_on_at: str) -> None:
    crossing.mark_passed(g.session, draft, goes_on_at, now=utc_now())


@reporting.get("/<key>/passed-on")
def passed_on(key: str) -> ResponseReturnValue:
    """What somebody sees first whose report began next door."""
    _, answers = open_draft(key)
    return render_template(
        "public/report/passed_on.html",
        key=key,
        answers=answers,
        onward=address(key, answers.next_question()),
    )


def _neighbour(answers: Answers) -> Neighbour | None:
    door = neighbours()
    return door.at(answers.spot.point) if door and answers.spot else None
