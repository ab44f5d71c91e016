"""How many rows a change met: of two who do the same at once, one finds none left."""

from typing import Any

from sqlalchemy import Delete, Update
from sqlalchemy.orm import Session


def changed_rows(session: Session, change: Update | Delete) -> int:
    """Make a change; the number of rows that it changed or deleted."""
    result: Any = session.execute(change)
    return int(result.rowcount)
