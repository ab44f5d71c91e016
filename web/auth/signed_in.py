"""Who is signed in, by the server's own table of sessions; what roles may open.

The browser's cookie carries the random key of a session and nothing about its holder. Each request
reads the session's row, so that ending the row ends the session, wherever the cookie was copied to.
"""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import Response, abort, current_app, g, session
from flask_login import UserMixin, current_user, login_required, login_user, logout_user

from geodata.accounts import sessions
from geodata.accounts.account import Account
from geodata.accounts.sessions import OpenSession, Stage
from geodata.core.errors import BusyStoreError
from geodata.core.vocabulary import Role
from geodata.people.audit import Actor
from web.auth import session_ends
from web.clock import utc_now
from web.config import Config
from web.database import open_session, store
from web.extensions import login_manager
from web.services.accounts.signing_in import Begun

P = ParamSpec("P")
R = TypeVar("R")
HALF_WAY = "half_way"


class SignedIn(UserMixin):  # type: ignore[misc]
    """Who is signed in, as the pages see it."""

    def __init__(self, account: Account, token: str, opened: OpenSession | None = None) -> None:
        self.account = account
        self.token = token
        self.opened = opened

    def get_id(self) -> str:
        return self.token

    @property
    def role(self) -> str:
        return self.account.role


@login_manager.user_loader  # type: ignore[untyped-decorator]
def load_user(token: str) -> SignedIn | None:
    opened_account = _find(token)
    if opened_account is None or opened_account[0].stage != Stage.FULL:
        return None
    opened, account = opened_account
    if session_ends.is_due_to_note(_config(), opened, account.role, now=utc_now()):
        g.session_in_use = opened.id
    return SignedIn(account, token, opened)


def half_way() -> tuple[OpenSession, Account] | None:
    """The session of somebody whose password was right and who has one more step to go."""
    token = session.get(HALF_WAY)
    opened_account = _find(token) if isinstance(token, str) else None
    return opened_account if opened_account and opened_account[0].stage != Stage.FULL else None


def carry(begun: Begun) -> None:
    """Give the browser the key of a session that has begun, and nothing of what it had before."""
    session.clear()
    if begun.stage != Stage.FULL:
        session[HALF_WAY] = begun.token
        return
    # Crews' telephones close their browsers all the time; a shared computer should forget.
    session.permanent = begun.account.role == Role.CONTRACTOR
    login_user(SignedIn(begun.account, begun.token))


def forget() -> None:
    """Take the key from the browser."""
    logout_user()
    session.clear()


def requires_role(*roles: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let only these roles in; an admin is let in everywhere."""

    def decorate(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        @login_required  # type: ignore[untyped-decorator]
        def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
            if current_user.role not in {*roles, "admin"}:
                abort(403)
            return view(*args, **kwargs)

        return wrapped

    return decorate


def actor() -> Actor:
    """Who is signed in, now: whose doing the audit says it is."""
    return Actor(current_user.account.id, utc_now())


def note_use(response: Response) -> Response:
    """Write that the session is in use, after the page's work and only if nobody writes."""
    key = g.pop("session_in_use", None)
    if key is not None:
        try:
            with store().writing_if_free() as writer:
                sessions.touch(writer, key, now=utc_now())
        except BusyStoreError:
            current_app.logger.debug("session %s: its use is noted with a later page", key)
    return response


def _find(token: str) -> tuple[OpenSession, Account] | None:
    opened_account = sessions.find(open_session(), token)
    if opened_account is None:
        return None
    opened, account = opened_account
    is_over = session_ends.is_over(_config(), opened, account.role, now=utc_now())
    return None if is_over else opened_account


def _config() -> Config:
    config: Config = current_app.config["HOTSPOTS"]
    return config
