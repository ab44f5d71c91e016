"""The indicators that the store knows, and their terms: what a figure of each means."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from geodata.files.columns import plain
from geodata.models import Indicator, Observation

TERMS = ("name", "unit", "polarity", "disclosure", "paragraph", "source", "definition")


def key_of(name: str) -> str:
    """What tells an indicator from others, however its name is written.

    >>> key_of("Criminal damage & arson ")
    'criminal-damage-arson'
    """
    return plain(name).replace(" ", "-")[:80]


def by_key(session: Session) -> dict[str, Indicator]:
    """All indicators, by key, in the order of their names."""
    rows = session.scalars(select(Indicator).order_by(Indicator.name, Indicator.id))
    return {row.key: row for row in rows}


def ensure(session: Session, terms: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """Add the indicators that are not here yet; the row of each key.

    Parameters
    ----------
    terms
        One a key: ``key`` and ``TERMS``.
    """
    known = {key: row.id for key, row in by_key(session).items()}
    new = [
        Indicator(key=each["key"], **{term: each[term] for term in TERMS})
        for each in terms
        if each["key"] not in known
    ]
    session.add_all(new)
    session.flush()
    return known | {row.key: row.id for row in new}


def drop_unused(session: Session) -> None:
    """Delete indicators that no observation is left of."""
    used = select(Observation.indicator_id)
    session.execute(delete(Indicator).where(Indicator.id.not_in(used)))
