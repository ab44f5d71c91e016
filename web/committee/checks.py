"""Whether a release still is what the record says: checked in the background, figure by figure."""

from __future__ import annotations

from flask import g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from geodata.store import background, committee_papers
from web.auth import actor
from web.clock import utc_now
from web.committee.blueprint import check_may_read, committee, officers_only, readers
from web.committee.releases import note_reading
from web.database import commits, read_session
from web.server.ticks import wake
from web.services.committee import checking
from web.services.common.asked_work import State

AGAIN_S = 2
GOES_ON = (State.WAITING, State.RUNNING)


@committee.get("/release/<int:key>/check")
@readers
def release_check(key: int) -> ResponseReturnValue:
    """What came of the last check, or how far the next one is, which asks again by itself."""
    session, now = read_session(), utc_now()
    release = committee_papers.release(session, key)
    check_may_read(release.audience)
    state, request = checking.state_of(session, key, now) or (None, None)
    goes_on, last = state in GOES_ON, checking.last_check(session, key)
    page = render_template(
        "committee/check.html",
        release=release,
        state=state.name if state else "",
        fault=request.reason if request and state is State.FAILED else "",
        check=last,
        tables=checking.checked_figures(release, last) if last and not goes_on else {},
        last_tick=next(iter(background.ticks(session)), None) if goes_on else None,
    )
    if last and not goes_on:
        note_reading(key, release.audience, "check")
    return page, {"Refresh": str(AGAIN_S)} if goes_on else {}


@committee.post("/release/<int:key>/check")
@officers_only
def check_release(key: int) -> ResponseReturnValue:
    check_may_read(committee_papers.release(read_session(), key).audience)
    _ask(key)
    wake()
    return redirect(url_for(".release_check", key=key))


@commits
def _ask(key: int) -> None:
    checking.ask(g.session, key, actor())
