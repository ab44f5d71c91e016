"""The deadlines board, and the same as a calendar that a diary subscribes to."""

import hashlib
from datetime import timedelta

from flask import Response, abort, current_app, g, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from itsdangerous import BadSignature, URLSafeTimedSerializer

from geodata.people import users
from geodata.people.audit import Actor
from geodata.rules.days import local_day
from web.auth import actor
from web.clock import utc_now
from web.database import commits
from web.enforcement.blueprint import enforcement, enforcers_only
from web.enforcement.calendar import calendar_text
from web.extensions import limiter
from web.services.enforcement.notice_deadlines import board

LIFETIME = timedelta(days=180)
"""Of a calendar's address: who forgets it in a diary forgets it for half a year at most."""


@enforcement.get("/deadlines")
@enforcers_only
@commits
def deadline_board() -> ResponseReturnValue:
    account = current_user.account
    token = _signer().dumps([account.id, account.session_token[:16]])
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
def deadline_calendar(token: str) -> ResponseReturnValue:
    """For diaries, which cannot sign in: the address itself is the key, until the password changes.

    References and days only: no place, no person, no amount.
    """
    now = utc_now()
    reader = Actor(_reader(token), now)
    text = calendar_text(board(g.session, reader), now=now)
    headers = {"Cache-Control": "private, no-store", "X-Robots-Tag": "noindex"}
    return Response(text, mimetype="text/calendar", headers=headers)


def _reader(token: str) -> int:
    """Whose feed it is; 404 where nobody may read it any more."""
    try:
        user_id, mark = _signer().loads(token, max_age=int(LIFETIME.total_seconds()))
    except (BadSignature, ValueError, TypeError):
        abort(404)
    account = users.find_active(g.session, user_id)
    if account is None or account.session_token[:16] != mark or not account.may_read_enforcement:
        abort(404)
    return account.id


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(
        current_app.config["SECRET_KEY"],
        salt="deadlines",
        signer_kwargs={"digest_method": hashlib.sha256, "key_derivation": "hmac"},
    )
