"""Reports and clearances become incidents, by the one rule of ``hotspots.linking.incidents``."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

import geopandas as gpd
import numpy as np
import pandas as pd
from sqlalchemy.orm import Session

from geodata import incidents
from geodata.clearances.contracts import contractor_on
from geodata.core.bulk import plain
from geodata.core.errors import RefusedError
from geodata.core.vocabulary import IncidentState
from geodata.incidents import open_incidents
from geodata.places import whereabouts
from geodata.reports import RECORDED_ELSEWHERE
from geodata.rules.clearances.service_level import Due, Hazard, ServiceClock, service_clock
from geodata.store.engine import Store, lock
from hotspots.linking.incident_frames import PUBLIC_SOURCES
from web.services.incidents import linking_scope
from web.services.incidents.incident_assignment import LOCK, PARAMS, settle
from web.services.incidents.linking_scope import Linked, Touched

TRIES = 3
LAPSES_AFTER = timedelta(days=PARAMS.link_days)
LONDON = "Europe/London"
HAZARD_FLAGS = {Hazard.NEEDLES: "has_needles", Hazard.LEAKING: "is_leaking"}


@dataclass(frozen=True, eq=False)
class Reckoned:
    """Incidents as ``incidents.save_linked`` takes them."""

    incidents: gpd.GeoDataFrame
    membership: pd.Series
    former: frozenset[int] | None

    def only(self, keys: Collection[str], former: Collection[int]) -> Reckoned:
        """Some of the incidents, whose reports were in some others before."""
        kept = self.incidents[self.incidents["key"].isin(list(keys))]
        members = self.membership[self.membership.isin(list(keys))]
        return Reckoned(kept, members, frozenset(former))


def relink(session: Session, *, now: datetime) -> int:
    """Link all reports anew and store what came out; how many incidents there are.

    Incidents that a person put together are left as they are.
    """
    lock(session, LOCK)
    save(session, _reckoned(session, linking_scope.link_all(session, PARAMS), now), now=now)
    return incidents.count(session)


def relink_apart(store: Store, *, now: datetime) -> int:
    """The same as `relink`, reckoned while others write.

    Raises
    ------
    RefusedError
        Something was reported or done meanwhile, each time that it tried.
    """
    for _ in range(TRIES):
        with store.reading() as session:
            seen = incidents.last_changes(session)
            reckoned = _reckoned(session, linking_scope.link_all(session, PARAMS), now)
        with store.writing() as session:
            lock(session, LOCK)
            if incidents.last_changes(session) == seen:
                save(session, reckoned, now=now)
                return incidents.count(session)
    raise RefusedError(
        f"reports or outcomes came in while all were linked, {TRIES} times: try again in a quiet "
        "hour"
    )


def relink_around(session: Session, touched: Touched, *, now: datetime) -> None:
    """Link anew what a change can have changed, and store it: the incidents are `relink`'s.

    What it costs grows with the change and not with the record.
    """
    lock(session, LOCK)
    linked = linking_scope.link_around(session, touched, PARAMS)
    if linked is None:
        relink(session, now=now)
        return
    save(session, _reckoned(session, linked, now), now=now)
    lapse(session, now=now)


def lapse(session: Session, *, now: datetime) -> None:
    """Give up what nobody spoke of for long, where another system follows it up."""
    incidents.lapse(session, before=now - LAPSES_AFTER)


def reckon_around(session: Session, touched: Touched, *, now: datetime) -> Reckoned:
    """What `relink_around` would store."""
    linked = linking_scope.link_around(session, touched, PARAMS)
    linked = linked or linking_scope.link_all(session, PARAMS)
    return _reckoned(session, linked, now)


def _reckoned(session: Session, linked: Linked, now: datetime) -> Reckoned:
    """What is to be stored of linked incidents; nothing is written."""
    frame = linked.links.incidents.rename(columns={"incident_id": "key"})
    frame = frame.set_index("key", drop=False)
    kept = incidents.stored(session, linked.keys).reindex(frame.index)
    members = linked.reports.loc[linked.links.membership.index]
    frame = frame.join(_facts(members, linked.links.membership))
    frame["state"] = _states(frame, kept["state"], now)
    _keep_promises(frame, kept, service_clock(session))
    _put_in_place(session, frame, kept)
    return Reckoned(frame, linked.links.membership, linked.former)


def save(session: Session, reckoned: Reckoned, *, now: datetime) -> None:
    """Write linked incidents, and settle those that a person put together."""
    incidents.save_linked(
        session, reckoned.incidents, reckoned.membership, now=now, former=reckoned.former
    )
    for key in sorted(incidents.handmade(session, among=reckoned.former)):
        settle(session, open_incidents.by_id(session, key))


def _facts(members: gpd.GeoDataFrame, membership: pd.Series) -> pd.DataFrame:
    """What an incident's reports add up to beyond linking itself, by the incident's key."""
    public = members["source"].isin(PUBLIC_SOURCES)
    reported = members["reported_at"]
    by_time = members.sort_values(["reported_at", "report_id"])
    landmark = by_time["landmark"].replace("", None).astype(object)
    facts = {
        "public_at": reported.where(public).groupby(membership).min(),
        "is_elsewhere": members["channel"].isin(RECORDED_ELSEWHERE).groupby(membership).all(),
        "landmark": landmark.groupby(membership.reindex(by_time.index)).first(),
    }
    for flag in ("has_needles", "has_glass", "is_leaking"):
        facts[flag] = members[flag].astype(bool).groupby(membership).any()
    for hazard, flag in HAZARD_FLAGS.items():
        is_reported = public & members[flag].astype(bool)
        facts[hazard.value] = reported.where(is_reported).groupby(membership).min()
    return pd.DataFrame(facts)


def _states(linked_frame: gpd.GeoDataFrame, stored: pd.Series, now: datetime) -> list[str]:
    """What linking says; what was paused stays so while it is open."""
    # Only what another system clears can lapse: on our own worklist a job waits for its outcome.
    is_old = linked_frame["last_reported_at"] < now - LAPSES_AFTER
    states = [
        incidents.state_of(None if pd.isna(outcome) else outcome, has_lapsed=old).value
        for outcome, old in zip(
            linked_frame["outcome"], is_old & linked_frame["is_elsewhere"], strict=True
        )
    ]
    paused, opened = IncidentState.PAUSED.value, IncidentState.OPEN.value
    return [
        paused if state == opened and before == paused else state
        for state, before in zip(states, stored, strict=True)
    ]


def _keep_promises(linked_frame: gpd.GeoDataFrame, kept: pd.DataFrame, clock: ServiceClock) -> None:
    """Add ``due_at`` and ``due_rule``: as stored, unless something new makes it earlier."""
    stored = (plain(kept[name]) for name in ("first_public_at", "due_at", "due_rule"))
    due: list[tuple[object, object]] = []
    for promise, public_at, public_before, due_at, rule in zip(
        _promises(linked_frame, clock), plain(linked_frame["public_at"]), *stored, strict=True
    ):
        if promise is None:
            due.append((None, None))
            continue
        stands = public_before == public_at and due_at is not None and due_at <= promise.at
        due.append((due_at, rule) if stands else (promise.at, promise.rule))
    linked_frame["due_at"] = pd.Series(
        [at for at, _ in due], index=linked_frame.index, dtype=object
    )
    linked_frame["due_rule"] = pd.Series(
        [rule for _, rule in due], index=linked_frame.index, dtype=object
    )


def _promises(linked_frame: gpd.GeoDataFrame, clock: ServiceClock) -> Iterator[Due | None]:
    """What the rules promise each incident; None where no member of the public told of it."""
    by_hour = cache(clock.due)  # without a hazard all turns on whole hours: the cut-off, the day
    hours = plain(linked_frame["public_at"].dt.floor("h"))
    due_by_hazard = {hazard.value: plain(linked_frame[hazard.value]) for hazard in Hazard}
    for hour, at, *moments in zip(
        hours, plain(linked_frame["public_at"]), *due_by_hazard.values(), strict=True
    ):
        hazards = {
            h: then for h, then in zip(due_by_hazard, moments, strict=True) if then is not None
        }
        if hour is None:
            yield None
        else:
            yield clock.promise(at, hazards) if hazards else by_hour(hour)


def _put_in_place(session: Session, linked_frame: gpd.GeoDataFrame, kept: pd.DataFrame) -> None:
    """Add ward, named place and contractor, as stored or, where none of them is, found."""
    columns = ["ward_id", "place_id", "contractor"]
    where = kept[columns].astype(object)
    unplaced = where.isna().all(axis=1).to_numpy()
    fresh = linked_frame[unplaced]
    points = list(fresh.geometry)
    days = list(fresh["first_reported_at"].dt.tz_convert(LONDON).dt.date)
    periods = open_incidents.contract_periods(session)
    where.loc[unplaced, "ward_id"] = _objects(whereabouts.wards_of(session, points, days))
    where.loc[unplaced, "place_id"] = _objects(whereabouts.places_of(session, points, days))
    where.loc[unplaced, "contractor"] = _objects([contractor_on(periods, day) for day in days])
    linked_frame[columns] = where


def _objects(values: list[object] | list[int | None] | list[str | None]) -> np.ndarray:
    return np.array(values, dtype=object)
