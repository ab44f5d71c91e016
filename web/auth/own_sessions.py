"""Ending one's own sessions: one by one, or all the others."""

from flask import flash, g, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_required

from web.auth.blueprint import accounts
from web.auth.signed_in import actor
from web.database import commits
from web.services.accounts import own_account, signing_in


@accounts.post("/account/sessions/<int:key>/end")
@login_required  # type: ignore[untyped-decorator]
@commits
def end_session(key: int) -> ResponseReturnValue:
    signing_in.end(g.session, current_user.account, key, actor(), act="end_session")
    flash("That browser is signed out.", "success")
    return redirect(url_for(".account"))


@accounts.post("/account/sessions/end-others")
@login_required  # type: ignore[untyped-decorator]
@commits
def end_other_sessions() -> ResponseReturnValue:
    mine, opened = current_user.account, current_user.opened
    ended = own_account.end_other_sessions(g.session, mine, opened, actor())
    flash("All other browsers are signed out." if ended else "There was no other.", "success")
    return redirect(url_for(".account"))
