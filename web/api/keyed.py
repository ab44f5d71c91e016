"""Whose request it is: by the key that it bears, and how many it may still make.

Counters stand in the memory of each process, as those of the pages do.
"""

import time

from flask import Response, after_this_request, current_app, request
from limits import RateLimitItemPerMinute

from geodata.accounts import api_keys
from geodata.accounts.api_keys import Holder
from geodata.core.errors import BusyStoreError
from geodata.core.vocabulary import SCOPE_WORDS, Scope
from web.api.faults import FaultError
from web.clock import utc_now
from web.database import close_session, read_session, store
from web.extensions import limiter, this_visitor

OPEN_PER_MINUTE = 600
"""What somebody without a key may read; some sit behind one address together."""
WRONG_PER_MINUTE = 30
"""Keys that are none, of one visitor: 256 bits are not guessed, but the store need not look."""
LONGEST_KEY = 200


def bearer() -> str:
    """The key of the header ``Authorization``; empty where there is none.

    Excel, Power BI and map programs ask for a name and a password: the key is the password.
    """
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if kind.casefold() == "basic" and request.authorization is not None:
        return request.authorization.password or ""
    return token.strip() if kind.casefold() == "bearer" else ""


def let_in(scope: Scope | None, token: str) -> Holder | None:
    """Whose request it is; None: anybody's, which only an open address takes.

    Raises
    ------
    FaultError
        The key is missing, none of ours, over, not for this, or over its rate.
    """
    if not token and scope is None:
        _count(OPEN_PER_MINUTE, "open", this_visitor())
        return None
    holder = _holder(token)
    _count(holder.per_minute, "key", str(holder.id))
    if scope is not None:
        refuse_without(scope, holder)
    _note_use(holder)
    return holder


def refuse_without(scope: Scope, holder: Holder) -> None:
    """Let nobody on whose key does not open what a scope names.

    Raises
    ------
    FaultError
        It does not.
    """
    if not holder.may(scope):
        raise FaultError(
            403,
            "The key is not for this",
            f"The key of {holder.name} does not have the scope {scope}, which says: "
            f"{SCOPE_WORDS[scope].lower()}. Ask the council for a key that has it.",
        )


def _holder(token: str) -> Holder:
    if not token:
        raise _unproven("There is no key", "Send one in the header Authorization: Bearer KEY.")
    if len(token) > LONGEST_KEY or not token.startswith(api_keys.PREFIX):
        raise _unproven(
            "This is no key of ours", f"A key begins with {api_keys.PREFIX}: copy it whole."
        )
    holder = api_keys.find(read_session(), token)
    if holder is None:
        _count(WRONG_PER_MINUTE, "wrong-key", this_visitor())
        raise _unproven("We know no such key", "Copy it whole, or ask the council for a new one.")
    if holder.is_over(utc_now()):
        over = "was revoked" if holder.revoked_at else f"ended on {holder.ends_at:%-d %B %Y}"
        raise _unproven(f"The key of {holder.name} {over}", "Ask the council for a new one.")
    return holder


def _unproven(title: str, detail: str) -> FaultError:
    return FaultError(401, title, detail, headers={"WWW-Authenticate": "Bearer"})


def _count(per_minute: int, *whose: str) -> None:
    rate, counter = RateLimitItemPerMinute(per_minute), limiter.limiter
    counted = "api", current_app.config["MOUNT"].code, *whose  # key 1 of each council is another
    if counter.hit(rate, *counted):
        return
    wait_s = max(1, round(counter.get_window_stats(rate, *counted).reset_time - time.time()))
    raise FaultError(
        429,
        "Too many requests",
        f"There may be {per_minute} in a minute: send the next one in {wait_s} seconds.",
        headers={"Retry-After": str(wait_s)},
    )


def _note_use(holder: Holder) -> None:
    """Once the answer stands, and only if nobody else writes: it is to within ten minutes."""
    now = utc_now()
    if not holder.is_use_to_note(now):
        return

    @after_this_request
    def note(response: Response) -> Response:
        close_session()
        try:
            with store().writing_if_free() as session:
                api_keys.touch(session, holder.id, now=now)
        except BusyStoreError:
            pass  # a later request notes it
        return response
