"""Rows that a session does not see, whatever it asks: a condition that each of its queries gets.

A query that goes past the session, to its connection, is narrowed by hand.
"""

from collections.abc import Sequence
from typing import Any, TypeVar

from sqlalchemy import Executable
from sqlalchemy.orm import Session

Q = TypeVar("Q", bound=Executable)
_OPTIONS = "options that hide rows"


def hide_by(session: Session, options: Sequence[Any]) -> None:
    """Hide rows from a session by loader criteria; by none, nothing is hidden."""
    session.info[_OPTIONS] = tuple(options)


def narrowed_to_visible(session: Session, query: Q) -> Q:
    """The same query for what the session may see; ask once its transaction has begun."""
    options = session.info.get(_OPTIONS)
    return query.options(*options) if options else query
