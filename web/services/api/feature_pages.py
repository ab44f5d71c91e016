"""A page of a collection's features, exactly within an area, with how many there are in all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from geodata.exporters.layer_pages import Row, Wanted
    from web.services.api.feature_collections import Collection

BATCH = 1_000
MOST_COUNTED = 5_000
"""Features near an area that are looked at to say how many are in it; else it is not said."""
Meets = Callable[[list[Any]], Any]
"""Of shapes (EPSG:27700) whether each is wanted."""


@dataclass(frozen=True)
class FeaturePage:
    """Features, the key after which the next page begins (None: it is the last), and how many."""

    rows: list[Row]
    next_after: int | None
    matched: int | None


def feature_page(
    session: Session, collection: Collection, wanted: Wanted, meets: Meets | None, *, limit: int
) -> FeaturePage:
    """So many features of a collection, in the order of their keys.

    Parameters
    ----------
    meets
        None: wherever they lie. ``wanted.box`` holds at least all that it lets through.
    """
    features = list(islice(_matching(session, collection, wanted, meets, limit + 1), limit + 1))
    rows = features[:limit]
    next_after = rows[-1].key if len(features) > limit else None
    return FeaturePage(rows, next_after, _matched(session, collection, wanted, meets))


def _matching(
    session: Session, collection: Collection, wanted: Wanted, meets: Meets | None, batch: int
) -> Iterator[Row]:
    while True:
        rows = collection.rows(session, wanted, batch)
        if not rows:
            return
        let_through = [True] * len(rows) if meets is None else meets([row.shape for row in rows])
        yield from (row for row, is_in in zip(rows, let_through, strict=True) if is_in)
        if len(rows) < batch:
            return
        wanted = replace(wanted, after=rows[-1].key)


def _matched(
    session: Session, collection: Collection, wanted: Wanted, meets: Meets | None
) -> int | None:
    """Of all pages together, wherever this one begins."""
    everything = replace(wanted, after=0)
    near = collection.count(session, everything)
    if meets is None:
        return near
    if near > MOST_COUNTED:
        return None
    return sum(1 for _ in _matching(session, collection, everything, meets, BATCH))
