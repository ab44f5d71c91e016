"""A detection run: from the store's incidents to saved hotspots that keep their identity.

`find` reads and computes, which takes as long as it takes; `save` writes what was found, and needs
milliseconds. Only the latter belongs in a transaction that holds the writer's lock.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib import metadata
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from sqlalchemy.orm import Session

from geodata import detections, frames
from geodata.core.errors import RefusedError
from geodata.detections import Grid, RunRecord
from geodata.rules.days import date_in_words, local_day
from hotspots.core.frames import coordinates
from hotspots.core.study_areas import lies_in
from hotspots.detection import DetectionParams, DetectionResult, detect_hotspots
from hotspots.detection.identity import HotspotMatches, match_ground, match_hotspots
from web.services.hotspots import (
    along_streets,
    borough_hours,
    busy_list,
    map_grids,
    next_month,
    recent_days,
    recent_scan,
    suspecting,
    weekly_watch,
)
from web.services.hotspots.along_streets import AlongStreets
from web.services.hotspots.at_risk import AtRisk, at_risk_of
from web.services.hotspots.hotspot_names import new_hotspot_name

if TYPE_CHECKING:
    from geodata.models import DetectionRun, HotspotIdentity

STORED = (
    "incidents",
    "reports",
    "nights",
    "expected",
    "p_value",
    "q_value",
    "radius_m",
    "centre_x",
    "centre_y",
    "area_m2",
    "reason",
    "geometry",
)
EVIDENCE = (
    "weeks",
    "observed",
    "rate_ratio",
    "rate_ratio_low",
    "rate_ratio_high",
    "llr",
    "gumbel_p",
    "null",
    "discs",
    "cylinders",
    "vehicle_share",
    "class_sentence",
    "nights_a_month",
    "nights_a_month_low",
    "nights_a_month_high",
    "rate_sentence",
    "next_month",
    "next_month_low",
    "next_month_high",
    "next_month_sentence",
    "change",
    "change_sentence",
    "hot_hours",
    "hour_shares",
    "hours_known",
    "vague_share",
    "prior_share",
)
"""What is shown but never searched for: kept together in one document."""


@dataclass(frozen=True)
class RunSummary:
    """What a run came to: the key it was saved under, and its frame of hotspots.

    ``suspected`` of its hotspots may be none. ``hotspots`` has the columns of
    ``hotspots.DetectionResult.hotspots`` and besides ``identity_id``, ``code`` and ``name``.
    """

    run_id: int
    as_of: datetime
    incidents: int
    hotspots: gpd.GeoDataFrame
    note: str
    suspected: int
    by_street: AlongStreets | None = None


@dataclass(frozen=True, eq=False)
class FoundHotspots:
    """What was found, before anything of it is stored.

    Attributes
    ----------
    members
        Keys of the incidents of each hotspot, by its row in ``result.hotspots``.
    matches
        Who is who among the hotspots that were known when this began.
    latest_run
        Key of the newest run at that time, None before the first.
    suspicions
        Why a hotspot may be none, by its row.
    grids
        What its map shows cell by cell, by name (`map_grids`).
    """

    result: DetectionResult
    record: RunRecord
    members: dict[int, set[int]]
    matches: HotspotMatches
    latest_run: int | None
    suspicions: dict[int, str]
    note: str
    grids: dict[str, Grid]


def run(
    session: Session,
    params: DetectionParams,
    *,
    as_of: datetime,
    now: datetime,
    user_id: int | None = None,
) -> RunSummary:
    """Find and save in one session, where nobody waits: the demo, which is being made.

    Raises
    ------
    RefusedError
        The store knows no borough: chance cannot be told without an area.
    """
    return save(session, find(session, params, as_of=as_of, now=now, user_id=user_id))


def find(
    session: Session,
    params: DetectionParams,
    *,
    as_of: datetime,
    now: datetime,
    user_id: int | None = None,
    exposure: str | None = None,
    streets: gpd.GeoDataFrame | None = None,
) -> FoundHotspots:
    """Detect hotspots as of a moment and match them to earlier ones; nothing is written.

    Parameters
    ----------
    exposure
        Key of what dumping follows (`geodata.places.exposures`), empty for ground alone; None: as
        the council has chosen.
    streets
        Lines, EPSG:27700, along which places are read beside the plane; None: the store's, where
        it holds any.

    Raises
    ------
    RefusedError
        The store knows no borough: chance cannot be told without an area. It holds no such
        exposure.
    HotspotsError
        The streets that are given are none of this place.
    """
    area = frames.study_area(session)
    if area.empty:
        raise RefusedError(
            "this store knows no borough: make one with  hotspots init --area WARDS.geojson"
        )
    incidents = frames.with_channels(session, frames.incidents(session, as_of=as_of))
    at_risk = at_risk_of(session, exposure)
    result = detect_hotspots(
        incidents,
        area,
        params,
        as_of=as_of,
        exposure=at_risk.frame,
        exposure_name=at_risk.measure,
    )
    surfaces = map_grids.surface_grids(incidents, area, as_of)
    cells = map_grids.cells(surfaces[map_grids.SURFACE], "expected_per_day")
    result = next_month.foretold(result, cells, as_of=as_of)
    by_street = along_streets.with_streets(session, result, streets)
    result = result if by_street is None else by_street
    members = _members(result)
    watched = _watched(session, incidents, area, as_of)
    if by_street is not None:
        watched[along_streets.KEPT_AS] = along_streets.kept(session, by_street)
    watched[busy_list.KEPT_AS] = busy_list.kept(session, result.busy)
    watched[borough_hours.KEPT_AS] = borough_hours.reckon(result.incidents, as_of=as_of)
    return FoundHotspots(
        result=result,
        record=_record(result, incidents, watched, at_risk, now, user_id),
        members=members,
        matches=_matches(session, result, members, as_of),
        latest_run=detections.latest_run_key(session),
        suspicions=suspecting.suspected(session, members, as_of=as_of, months=params.months),
        note=_note(result, at_risk, _hint(incidents, result)),
        grids={
            **surfaces,
            map_grids.DENSITY: map_grids.density_grid(_in_window(incidents, params, as_of)),
        },
    )


def _in_window(
    incidents: gpd.GeoDataFrame, params: DetectionParams, as_of: datetime
) -> gpd.GeoDataFrame:
    reported, until = incidents["first_reported_at"], pd.Timestamp(as_of)
    after = until - pd.DateOffset(months=params.months)
    return incidents[(reported > after) & (reported <= until)]


def is_current(session: Session, hotspots: FoundHotspots) -> bool:
    """Whether every incident that makes a hotspot is still one: an undone import takes some out."""
    keys = {key for incidents in hotspots.members.values() for key in incidents}
    return detections.are_all_there(session, keys)


def save(session: Session, hotspots: FoundHotspots) -> RunSummary:
    """Store what was found, which `is_current` says still holds.

    A run that was saved since it was computed is taken into account: its hotspots keep their names.
    """
    result, as_of = hotspots.result, hotspots.record.as_of
    matches = hotspots.matches
    if detections.latest_run_key(session) != hotspots.latest_run:
        matches = _matches(session, result, hotspots.members, as_of)
    saved = detections.save_run(session, hotspots.record)
    for name, grid in hotspots.grids.items():
        detections.save_grid(session, saved.id, name, grid)
    identities = []
    for rank, row in enumerate(result.hotspots.to_dict("records")):
        identities.append(_identity(session, matches, rank, row, as_of))
        columns = _columns(row, rank) | {"suspicion": hotspots.suspicions.get(rank)}
        detections.save_hotspot(
            session, saved, identities[-1].id, hotspots.members[rank], **columns
        )
    named = result.hotspots.assign(
        identity_id=[identity.id for identity in identities],
        code=[identity.code for identity in identities],
        name=[identity.name for identity in identities],
    )
    _save_successions(session, saved, matches, [identity.id for identity in identities])
    return RunSummary(
        saved.id,
        as_of,
        len(result.incidents),
        named,
        hotspots.note,
        len(hotspots.suspicions),
        along_streets.read(hotspots.record.summary),
    )


def _matches(
    session: Session, result: DetectionResult, members: dict[int, set[int]], as_of: datetime
) -> HotspotMatches:
    """Who is who, by the incidents that both the earlier runs and this one could see.

    Where none is left in the window, by the ground.
    """
    before = detections.last_incidents_by_identity(session, as_of=as_of)
    known_then = set().union(*before.values())
    last_run = detections.latest_run(session, as_of=as_of)
    reported = result.incidents["first_reported_at"]
    is_old = pd.Series(False, reported.index) if last_run is None else reported <= last_run.as_of
    both = set(result.incidents.loc[is_old, "incident_id"]) | known_then
    in_window = set(result.incidents["incident_id"])
    matches = match_hotspots(
        {name: ids & in_window for name, ids in before.items()},
        {name: ids & both for name, ids in members.items()},
    )
    outlines = dict(enumerate(result.hotspots.geometry))
    return match_ground(matches, detections.last_ground_by_identity(session, as_of=as_of), outlines)


def _note(result: DetectionResult, at_risk: AtRisk, hint: str = "") -> str:
    return "; ".join(part for part in (result.note, hint, at_risk.note) if part)


def _hint(incidents: gpd.GeoDataFrame, result: DetectionResult) -> str:
    """Where the incidents are, when the window holds none."""
    if len(result.incidents) or incidents.empty:
        return ""
    newest = incidents["first_reported_at"].max()
    return (
        f"the newest of the store's {len(incidents)} incidents is of "
        f"{date_in_words(local_day(newest))}"
    )


def _members(result: DetectionResult) -> dict[int, set[int]]:
    counted = result.incidents[result.incidents["hotspot"] >= 0]
    grouped = counted.groupby("hotspot")["incident_id"]
    return {int(rank): set(ids.tolist()) for rank, ids in grouped}


def _watched(
    session: Session, incidents: gpd.GeoDataFrame, area: gpd.GeoDataFrame, as_of: datetime
) -> dict[str, Any]:
    """The last weeks of the borough, place by place and as a whole."""
    inside = incidents[lies_in(area.union_all(), coordinates(incidents))]
    begins = frames.record_begins(session)
    recent = recent_scan.reckon(session, inside, begins=begins, as_of=as_of)
    return {
        recent_days.KEPT_AS: recent_days.kept(recent),
        weekly_watch.KEPT_AS: weekly_watch.reckon(inside, begins=begins, as_of=as_of),
    }


def _record(
    result: DetectionResult,
    incidents: gpd.GeoDataFrame,
    watched: dict[str, Any],
    at_risk: AtRisk,
    now: datetime,
    user_id: int | None,
) -> RunRecord:
    """What a run was and came to; ``watched`` is kept in its summary."""
    counts = {
        "note": _note(result, at_risk),
        "hotspots": len(result.hotspots),
        "stored": len(incidents),
    }
    return RunRecord(
        as_of=result.as_of.to_pydatetime(),
        run_at=now,
        params=asdict(result.params) | at_risk.document,
        data_fingerprint=_fingerprint(result.incidents),
        code_version=metadata.version("canister-hotspots"),
        incidents=len(result.incidents),
        summary=counts | watched,
        user_id=user_id,
    )


def _fingerprint(incidents: gpd.GeoDataFrame) -> str:
    """A hash of what the run saw: the same incidents give the same one."""
    times = incidents["first_reported_at"].astype("datetime64[us, UTC]").astype(np.int64)
    seen = np.column_stack([times, incidents["incident_id"]]).astype("<i8")
    wkb = b"".join(shapely.to_wkb(np.asarray(incidents.geometry)))
    return hashlib.sha256(seen.tobytes() + wkb).hexdigest()


def _identity(
    session: Session, matches: HotspotMatches, rank: int, row: dict[str, Any], as_of: datetime
) -> HotspotIdentity:
    kept = matches.kept.get(rank)
    if kept is not None:
        return detections.find_identity(session, int(str(kept)))
    centre = shapely.Point(row["centre_x"], row["centre_y"])
    return detections.new_identity(session, new_hotspot_name(session, centre), as_of)


def _columns(row: dict[str, Any], rank: int) -> dict[str, Any]:
    return {name: row[name] for name in STORED} | {
        "rank": rank + 1,
        "last_incident_at": pd.Timestamp(row["last_incident"]).to_pydatetime(warn=False),
        "hotspot_class": row["class"],
        "evidence": {name: _plain(row[name]) for name in EVIDENCE},
    }


def _plain(value: object) -> object:
    """As JSON has it: no NumPy, and null for what is not known."""
    if isinstance(value, np.ndarray):
        return value.round(6).tolist()
    value = value.item() if isinstance(value, np.generic) else value
    return None if isinstance(value, float) and np.isnan(value) else value


def _save_successions(
    session: Session, saved: DetectionRun, matches: HotspotMatches, identities: list[int]
) -> None:
    for old, parts in matches.splits.items():
        for part in parts:
            new = identities[int(str(part))]
            if new != old:
                detections.save_succession(session, saved, "split", int(str(old)), new)
    for now, parts in matches.merges.items():
        for part in parts:
            new = identities[int(str(now))]
            if new != part:
                detections.save_succession(session, saved, "merge", int(str(part)), new)
