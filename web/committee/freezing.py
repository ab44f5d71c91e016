"""Freeze a draft: what that means is shown first, and pressing twice freezes once."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from geodata.rules.days import local_day
from geodata.store import committee_papers
from web.auth import actor
from web.clock import utc_now
from web.committee.blueprint import check_may_read, committee, officers_only
from web.database import commits, read_session
from web.services.committee import freezing
from web.services.committee.freezing import ChangedError


@committee.get("/draft/<int:key>/freeze")
@officers_only
def confirm_freeze(key: int) -> str:
    return _page(key)


@committee.post("/draft/<int:key>/freeze")
@officers_only
def freeze(key: int) -> ResponseReturnValue:
    try:
        release = _freeze(key, request.form.get("shown", ""))
    except ChangedError:
        return _page(key, is_changed=True), 409
    flash("The report is frozen. Nothing in it changes from now on.")
    return redirect(url_for(".release", key=release))


@commits
def _freeze(key: int, shown: str) -> int:
    release = freezing.freeze_once(g.session, key, shown, actor())
    check_may_read(committee_papers.release(g.session, release).audience)
    return release


def _page(key: int, *, is_changed: bool = False) -> str:
    session = read_session()
    draft = committee_papers.draft(session, key)
    check_may_read(draft.audience)
    return render_template(
        "committee/freeze.html",
        draft=draft,
        ready=freezing.readiness(session, draft, today=local_day(utc_now())),
        is_changed=is_changed,
    )
