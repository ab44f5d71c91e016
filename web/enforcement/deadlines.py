"""The deadlines board, and the same as a calendar that a diary subscribes to."""

from flask import Response, abort, g, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from geodata.people.audit import Actor
from geodata.rules.days import local_day
from web.auth import actor
from web.clock import utc_now
from web.database import commits
from web.documents.icalendar import LIFETIME, Event, as_calendar, calendar_reader, calendar_token
from web.enforcement.blueprint import enforcement, enforcers_only
from web.extensions import limiter
from web.services.enforcement.notice_deadlines import Due, board

KIND = "deadlines"


@enforcement.get("/deadlines")
@enforcers_only
@commits
def deadline_board() -> ResponseReturnValue:
    token = calendar_token(KIND, current_user.account)
    return render_template(
        "enforcement/deadlines.html",
        lines=board(g.session, actor()),
        today=local_day(utc_now()),
        ends_on=local_day(utc_now() + LIFETIME),
        feed=url_for(".deadline_calendar", token=token, _external=True),
    )


@enforcement.get("/deadlines/<token>.ics")
@limiter.limit("60 per hour")
@commits
def deadline_calendar(token: str) -> Response:
    """For diaries, which cannot sign in: the address itself is the key, until the password changes.

    References and days only: no place, no person, no amount.
    """
    reader, now = calendar_reader(KIND, token, g.session), utc_now()
    if not reader.may_read_enforcement:
        abort(404)
    lines = board(g.session, Actor(reader.id, now))
    return as_calendar("Enforcement deadlines", map(_event, lines), now=now)


def _event(due: Due) -> Event:
    key = f"{due.subject}|{due.words}|{due.on}"
    return Event(key, due.on, due.on, f"{due.subject}: {due.words}")
