"""An Atom feed for officers' readers: what changed, with a link to its page."""

from flask import Response, url_for

from geodata.core.vocabulary import Scope
from web.api.operations import KeyQuery, Operation, operation
from web.clock import utc_now
from web.council import council_name
from web.database import read_session
from web.documents.atom import Entry, Feed, as_atom
from web.services.api.changes import Change, changes

PAGES = {"incidents": ("casework.incident", "key"), "hotspots": ("desk.hotspot", "code")}
"""Where each is read: the endpoint and the name of its reference."""


@operation(
    "/changes.atom",
    Operation(
        "Follow what changes",
        None,
        Scope.READ_OFFICER,
        KeyQuery,
        takes_key_in_address=True,
        media=("application/atom+xml",),
    ),
)
def change_feed(query: KeyQuery) -> Response:
    """Incidents and hotspots that changed in the last two weeks; their pages ask for a sign-in."""
    now, council = utc_now(), council_name()
    entries = changes(read_session(), now=now)
    feed = Feed(
        title=f"Incidents and hotspots, {council}",
        author=council,
        page=url_for("casework.incidents", _external=True),
        address=url_for("api.change_feed", _external=True),
        updated=entries[0].at if entries else now,
    )
    return as_atom(feed, [_entry(each) for each in entries])


def _entry(change: Change) -> Entry:
    endpoint, name = PAGES[change.layer]
    href = url_for(endpoint, _external=True, **{name: change.reference})
    return Entry(
        f"{href}#{change.at:%Y%m%dT%H%M%SZ}", change.title, change.at, change.summary, href
    )
