"""What a batch that nobody sees yet does to the incidents: reckoned, written ahead, and ended.

Most of a file's reports make incidents of their own. These are written while nobody sees them, in
pieces; what the file changes of incidents that are there is written at its end, all at once. Where
others changed something meanwhile, that is linked anew then, and that alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from geodata import incidents
from geodata.incidents import arrivals
from geodata.incidents.arrivals import Seen
from web.services.incidents import linking
from web.services.incidents.incident_assignment import PARAMS
from web.services.incidents.linking import Reckoned
from web.services.incidents.linking_scope import Touched, touched_by

REACH_M = 2 * PARAMS.max_radius_m + 1
WITHIN = pd.Timedelta(days=PARAMS.link_days)


class Reach:
    """Which reports of some incidents something that happened at a place may have to do with."""

    def __init__(self, *several: Reckoned) -> None:
        known = pd.concat([each.incidents for each in several])
        self._keys = known["key"].to_numpy(dtype=object)
        self._x, self._y = known.geometry.x.to_numpy(), known.geometry.y.to_numpy()
        self._first = (known["first_reported_at"] - WITHIN).to_numpy()
        self._last = (known["last_reported_at"] + WITHIN).to_numpy()
        self._members = pd.concat([each.membership for each in several])

    def reports_beside(self, place: BaseGeometry, at: pd.Timestamp | None) -> set[int]:
        """Database keys of reports.

        Parameters
        ----------
        at
            When it was reported; None: a clearance, which may answer what is however old.
        """
        near = (np.abs(self._x - place.x) <= REACH_M) & (np.abs(self._y - place.y) <= REACH_M)
        keys = [
            self._keys[row]
            for row in np.flatnonzero(near)
            if at is None or self._first[row] <= at <= self._last[row]
        ]
        if not keys:
            return set()
        is_beside = self._members.isin(keys)
        return set(self._members.index[is_beside].tolist())


@dataclass(frozen=True, eq=False)
class BatchLinking:
    """What is to be written of incidents.

    Attributes
    ----------
    batch
        The key of the batch.
    own
        Incidents of which only the batch's reports speak.
    others
        What changes of all others.
    members
        Of those: ``key`` (of the incident), ``id`` (its database key, NaN where it is new) and
        ``was`` (the incident before, NaN where none), by the report's database key.
    stood
        Those others, as they were when this was reckoned.
    reach
        Of all of these.
    places
        Where the batch's clearances that answer no report were made.
    seen
        How far the record was read.
    """

    batch: int
    own: Reckoned
    others: Reckoned
    members: pd.DataFrame
    stood: dict[int, tuple[Any, ...]]
    places: tuple[BaseGeometry, ...]
    reach: Reach
    seen: Seen


def reckon(session: Session, batch: int, touched: Touched, *, now: datetime) -> BatchLinking:
    """What a batch changes.

    Parameters
    ----------
    session
        One that sees the batch.
    touched
        By all that the batch brings: its reports are in no incident yet.
    """
    seen = arrivals.seen(session)
    reckoned = linking.reckon_around(session, touched, now=now)
    members = _members(session, reckoned)
    is_new = members["id"].isna() & members["was"].isna() & members.index.isin(touched.reports)
    own_keys = set(members["key"]) - set(members["key"][~is_new])
    own = reckoned.only(own_keys, ())
    own = Reckoned(own.incidents.assign(batch_id=batch), own.membership, own.former)
    kept = reckoned.only(set(members["key"]) - own_keys, ())
    moved = members["key"][~(members["id"] == members["was"])]
    answered = members["key"][members.index.isin(touched.reports)]
    keys = incidents.differing(session, kept.incidents) | set(moved) | set(answered)
    keys -= own_keys
    members = members[members["key"].isin(list(keys))]
    former = _ids(members["was"]) | touched.incidents
    stood = incidents.as_they_stand(session, former | _ids(members["id"]))
    others = kept.only(keys, former)
    reach = Reach(own, others)
    return BatchLinking(batch, own, others, members, stood, touched.places, reach, seen)


def _members(session: Session, reckoned: Reckoned) -> pd.DataFrame:
    reports = reckoned.membership.index
    was = incidents.incidents_by_report(session, reports.tolist())
    ids = incidents.ids_by_key(session, set(reckoned.membership))
    return pd.DataFrame(
        {
            "key": reckoned.membership,
            "id": reckoned.membership.map(ids).astype(float),
            "was": pd.Series(was, dtype=float).reindex(reports),
        }
    )


def _ids(column: pd.Series) -> set[int]:
    return {int(key) for key in column.dropna()}


def write_own(session: Session, batch: BatchLinking, rows: slice, *, now: datetime) -> None:
    """Write some of the incidents of which only the batch's reports speak."""
    part = batch.own.incidents.iloc[rows]
    linking.save(session, batch.own.only(set(part["key"]), ()), now=now)


def end(session: Session, batch: BatchLinking, *, besides: Touched, now: datetime) -> None:
    """Write what changes of the others, now that the batch is to be seen.

    Parameters
    ----------
    besides
        What else the transaction changed, to be linked anew.
    """
    again = besides.with_those_of(_again(session, batch))  # before we add to it ourselves
    overtaken = _overtaken(session, batch)
    of_them = batch.members[batch.members["key"].isin(list(overtaken))]
    former = (batch.others.former or frozenset()) - _ids(of_them["was"]) - _ids(of_them["id"])
    keys = set(batch.members["key"]) - overtaken
    linking.save(session, batch.others.only(keys, former), now=now)
    again = again.with_those_of(touched_by(session, of_them.index.tolist(), ()))
    if again.reports or again.incidents or again.places:
        linking.relink_around(session, again, now=now)
    else:
        linking.lapse(session, now=now)


def _overtaken(session: Session, batch: BatchLinking) -> set[str]:
    """Keys of incidents that others changed since they were reckoned, and of all they share
    reports with."""
    members = batch.members
    stand = incidents.as_they_stand(session, batch.stood)
    ids = {key for key, row in batch.stood.items() if stand.get(key) != row}
    was = pd.Series(
        incidents.incidents_by_report(session, members.index.tolist()), dtype=float
    ).reindex(members.index)
    is_moved = ~((was == members["was"]) | (was.isna() & members["was"].isna()))
    keys = set(members["key"][is_moved])
    while True:
        is_hit = members["key"].isin(list(keys))
        is_hit |= members["id"].isin(list(ids)) | members["was"].isin(list(ids))
        hit = members[is_hit]
        more = ids | _ids(hit["id"]) | _ids(hit["was"])
        if more == ids and set(hit["key"]) == keys:
            return keys
        keys, ids = set(hit["key"]), more


def _again(session: Session, batch: BatchLinking) -> Touched:
    """What came meanwhile within the batch's reach, with what of the batch it has to do with."""
    came = arrivals.reports_since(session, batch.seen, besides=batch.batch)
    cleared = arrivals.places_cleared_since(session, batch.seen, besides=batch.batch)
    again, places = set[int](), []
    for key, place, at in zip(came["id"].tolist(), came.geometry, came["at"], strict=True):
        beside = batch.reach.reports_beside(place, at)
        if beside or any(place.distance(other) <= REACH_M for other in batch.places):
            again |= {key} | beside
    for place in cleared.geometry:
        if beside := batch.reach.reports_beside(place, None):
            again |= beside
            places.append(place)
    return touched_by(session, again, places)
