"""iCalendar documents (RFC 5545), and the addresses by which a diary subscribes to them."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from flask import Response, abort, current_app
from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy.orm import Session

from geodata.accounts import users
from geodata.accounts.account import Account

LIFETIME = timedelta(days=180)
"""Of a calendar's address: who forgets it in a diary forgets it for half a year at most."""


@dataclass(frozen=True)
class Event:
    """What stands in a diary: whole days, or from one moment to another (aware).

    Attributes
    ----------
    key
        Tells the event from others, the same each time.
    first, last
        Days, both included, or moments.
    """

    key: str
    first: date | datetime
    last: date | datetime
    summary: str


def as_calendar(name: str, events: Iterable[Event], *, now: datetime) -> Response:
    """Events as a calendar that nobody but its reader keeps."""
    rows = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//canister-hotspots//calendar//EN",
        f"X-WR-CALNAME:{_escaped(name)}",
        *(row for event in events for row in _rows(event, now)),
        "END:VCALENDAR",
    ]
    text = "".join(part for row in rows for part in _folded(row))
    headers = {"Cache-Control": "private, no-store", "X-Robots-Tag": "noindex"}
    return Response(text, mimetype="text/calendar", headers=headers)


def _rows(event: Event, now: datetime) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{hashlib.sha256(event.key.encode()).hexdigest()[:32]}@canister-hotspots"
    yield f"DTSTAMP:{_instant(now)}"
    if isinstance(event.first, datetime) and isinstance(event.last, datetime):
        yield f"DTSTART:{_instant(event.first)}"
        yield f"DTEND:{_instant(event.last)}"
    else:
        yield f"DTSTART;VALUE=DATE:{event.first:%Y%m%d}"
        yield f"DTEND;VALUE=DATE:{event.last + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{_escaped(event.summary)}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _instant(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    for character in ("\\", ";", ","):
        text = text.replace(character, f"\\{character}")
    return text.replace("\n", "\\n")


def _folded(row: str) -> Iterator[str]:
    """A line of at most 75 octets, what is over on lines that begin with a space."""
    start = ""
    while len((start + row).encode()) > 75:
        cut = 74
        while len((start + row[:cut]).encode()) > 75:
            cut -= 1
        yield f"{start}{row[:cut]}\r\n"
        row, start = row[cut:], " "
    yield f"{start}{row}\r\n"


def calendar_token(kind: str, account: Account) -> str:
    """What an account's address of a kind of calendar ends in: the address itself is the key."""
    return _signer(kind).dumps([account.id, account.session_token[:16]])


def calendar_reader(kind: str, token: str, session: Session) -> Account:
    """Whose calendar it is; 404 where nobody may read it any more: the password was changed."""
    try:
        user_id, mark = _signer(kind).loads(token, max_age=int(LIFETIME.total_seconds()))
    except (BadSignature, ValueError, TypeError):
        abort(404)
    account = users.find_active(session, user_id)
    if account is None or account.session_token[:16] != mark:
        abort(404)
    return account


def _signer(kind: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(
        current_app.config["SECRET_KEY"],
        salt=kind,
        signer_kwargs={"digest_method": hashlib.sha256, "key_derivation": "hmac"},
    )
