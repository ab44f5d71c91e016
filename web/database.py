"""One session a request, committed once, at the edge."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import current_app, g, request
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from geodata.store.engine import Store

P = ParamSpec("P")
R = TypeVar("R")


def store() -> Store:
    """The application's store."""
    opened: Store = current_app.extensions["store"]
    return opened


def read_session() -> Session:
    """This request's session for reading; closed when the request ends."""
    if "read_session" not in g:
        g.read_session = store().session(is_writer=False)
    session: Session = g.read_session
    return session


def open_session() -> Session:
    """The session that the request has open, the writer's before its own for reading.

    A second connection beside the writer's could be one that every other writer waits for too.
    """
    writer: Session | None = g.get("session")
    return writer if writer is not None and writer.in_transaction() else read_session()


def close_session(_: BaseException | None = None) -> None:
    """Give the connection back; registered to run when a request ends."""
    session = g.pop("read_session", None)
    if session is None:
        return
    try:
        session.close()
    except DBAPIError:  # the database went away after it was read: the answer is made
        session.invalidate()


def commits(view: Callable[P, R]) -> Callable[P, R]:
    """Run a view in one transaction: committed when it returns, rolled back when it raises.

    The session is ``g.session``. It takes the writer's lock at once, so that what the view reads
    is what it changes.
    """

    @wraps(view)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        close_session()  # its snapshot would be older than what we are about to write
        with store().writing() as session:
            g.session = session
            return view(*args, **kwargs)

    return wrapped


def commits_when_sent(view: Callable[P, R]) -> Callable[P, R]:
    """The same for a page with a form: only to look at it must not wait for those who write."""
    committing = commits(view)

    @wraps(view)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        if request.method == "POST":
            return committing(*args, **kwargs)
        g.session = read_session()
        return view(*args, **kwargs)

    return wrapped
