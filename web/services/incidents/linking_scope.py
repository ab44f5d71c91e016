"""What is to be linked anew: everything, or what a change of some reports can have changed.

Linking goes through a history in the order in which it became known, and each report chooses
among the incidents there are. So incidents taken whole come out by themselves as they do among
all others, until a report of theirs chooses otherwise or they stay open longer: then whatever lies
within reach of that, in place and time, is taken in too, until nothing more changes.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

import geopandas as gpd
import pandas as pd
from shapely.geometry.base import BaseGeometry
from sqlalchemy.orm import Session

from geodata import frames, incidents
from geodata.incidents import neighbours
from hotspots.linking.incidents import LinkedReports, LinkingParams, link_reports

MOST = 20_000
"""Reports; where more are within reach of each other it is as quick to link everything."""


@dataclass(frozen=True)
class Touched:
    """What a change touches.

    Attributes
    ----------
    reports
        Keys of reports that are new, gone, or answered by a clearance that is.
    incidents
        Keys of the incidents that these reports were in before the change.
    places
        Where a clearance of no report is new or gone, EPSG:27700.
    """

    reports: frozenset[int]
    incidents: frozenset[int]
    places: tuple[BaseGeometry, ...]

    def with_those_of(self, other: Touched) -> Touched:
        """What either change touches."""
        return Touched(
            self.reports | other.reports,
            self.incidents | other.incidents,
            self.places + other.places,
        )


NOTHING = Touched(frozenset(), frozenset(), ())


@dataclass(frozen=True, eq=False)
class Linked:
    """Reports linked. ``former``: keys of the incidents they were in; None where of all."""

    reports: gpd.GeoDataFrame
    links: LinkedReports
    former: frozenset[int] | None

    @property
    def keys(self) -> Collection[str] | None:
        """The incidents' references; None for all that there are."""
        return None if self.former is None else set(self.links.incidents["incident_id"])


def touched_by(
    session: Session, reports: Collection[int], places: Collection[BaseGeometry]
) -> Touched:
    """What a change touches, asked while its reports are there."""
    former = neighbours.incidents_of(session, reports)
    return Touched(frozenset(reports), frozenset(former), tuple(places))


def link_all(session: Session, params: LinkingParams) -> Linked:
    """Every report, but for those of incidents that a person put together."""
    return _link(session, frames.reports(session), frames.clearances(session), params, None)


def link_around(session: Session, touched: Touched, params: LinkingParams) -> Linked | None:
    """What a change can have changed; None where that is too much to look for."""
    scope = _wholly(session, touched.reports | _beside(session, touched.places, params))
    scope |= neighbours.members(session, touched.incidents)
    while len(scope) <= MOST:
        reports = frames.reports(session, keys=scope)
        former = touched.incidents | neighbours.incidents_of(session, scope)
        done = frames.clearances(session, keys=_answers(session, reports, params))
        linked = _link(session, reports, done, params, frozenset(former))
        wider = scope | _wholly(session, _within_reach(session, linked, params))
        if wider == scope:
            return linked
        scope = wider
    return None


def _link(
    session: Session,
    reports: gpd.GeoDataFrame,
    done: gpd.GeoDataFrame,
    params: LinkingParams,
    former: frozenset[int] | None,
) -> Linked:
    handmade = reports["incident_id"].isin(list(incidents.handmade(session, among=former)))
    free = reports[~(handmade | reports["is_pinned"].astype(bool))].set_index("id", drop=False)
    done = done[done["report_id"].isna() | done["report_id"].isin(free["report_id"])]
    return Linked(free, link_reports(free, done if len(done) else None, params), former)


def _wholly(session: Session, reports: Collection[int]) -> set[int]:
    """With the others of their incidents."""
    return set(reports) | neighbours.members(session, neighbours.incidents_of(session, reports))


def _beside(session: Session, places: Collection[BaseGeometry], params: LinkingParams) -> set[int]:
    """Reports, however old, that a clearance at one of some places may answer."""
    around = pd.DataFrame({"x": [p.x for p in places], "y": [p.y for p in places]}, dtype=float)
    return neighbours.near(session, around, reach_m=params.max_radius_m + 1)


def _answers(session: Session, reports: gpd.GeoDataFrame, params: LinkingParams) -> set[int]:
    """Clearances of some reports, or of a place beside one of them."""
    around = pd.DataFrame({"x": reports.geometry.x, "y": reports.geometry.y})
    beside = neighbours.cleared_nearby(session, around, reach_m=params.max_radius_m + 1)
    return neighbours.clearances_of(session, reports["id"].tolist()) | beside


def _within_reach(session: Session, linked: Linked, params: LinkingParams) -> set[int]:
    """Reports that may choose an incident that is not as it was, or be chosen by what moved."""
    # A report lies within the radius of an incident's first one, as does its last one.
    return neighbours.near(
        session,
        pd.concat([_moved(session, linked), _altered(session, linked)], ignore_index=True),
        reach_m=2 * params.max_radius_m + 1,
        within=timedelta(days=params.link_days),
    )


def _moved(session: Session, linked: Linked) -> pd.DataFrame:
    """Where and when reports were made that go elsewhere than before."""
    reports, goes_to = linked.reports, linked.links.membership
    went_to = reports["incident_id"].map(incidents.keys_by_id(session, linked.former or ()))
    moved = reports[goes_to.reindex(reports.index) != went_to]
    at = moved["reported_at"]
    return pd.DataFrame({"x": moved.geometry.x, "y": moved.geometry.y, "since": at, "until": at})


def _altered(session: Session, linked: Linked) -> pd.DataFrame:
    """Where and while incidents were open that closed, opened or ended at another time."""
    linked_now = linked.links.incidents.set_index("incident_id")
    kept = incidents.stored(session, linked.keys).reindex(linked_now.index)
    is_same = _same(linked_now["last_reported_at"], kept["last_reported_at"])
    is_same &= _same(linked_now["cleared_at"], kept["closed_at"])
    altered = linked_now[~is_same]
    return pd.DataFrame(
        {
            "x": altered.geometry.x,
            "y": altered.geometry.y,
            "since": altered["first_reported_at"],
            "until": altered["last_reported_at"],
        }
    )


def _same(fresh: pd.Series, kept: pd.Series) -> pd.Series:
    before = pd.to_datetime(kept, utc=True)
    return (fresh == before) | (fresh.isna() & before.isna())
