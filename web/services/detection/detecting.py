"""A detection run: from the store's incidents to hotspots that keep their identity.

`find` reads and computes, which takes as long as it takes; `run_saving.save` writes what was found,
and needs milliseconds. Only the latter belongs in a transaction that holds the writer's lock.
"""

import hashlib
from dataclasses import asdict
from datetime import datetime
from importlib import metadata
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from sqlalchemy.orm import Session

from geodata import detections, frames
from geodata.core.errors import RefusedError
from geodata.detections import RunRecord
from geodata.rules.days import date_in_words, local_day
from hotspots.core.executors import IN_TURN, Executor
from hotspots.core.frames import coordinates
from hotspots.core.study_areas import lies_in
from hotspots.detection import DetectionParams, DetectionResult, detect_hotspots
from web.services.detection import (
    along_streets,
    borough_hours,
    busy_list,
    map_grids,
    month_counts,
    next_month,
    recent_days,
    recent_scan,
    suspecting,
    weekly_watch,
    what_draws,
)
from web.services.detection.at_risk import AtRisk, at_risk_of
from web.services.detection.found_hotspots import FoundHotspots, matches_of
from web.services.detection.knowledge import knowledge_of
from web.services.detection.run_saving import RunSummary, save


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
    executor: Executor = IN_TURN,
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
    executor
        Does the parts of the detection (`hotspots.core.executors`).

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
        executor=executor,
    )
    known = knowledge_of(session, area, at_risk, as_of=as_of)
    surfaces, learnt = map_grids.surface_grids(incidents, area, as_of, known)
    cells = map_grids.cells(surfaces[map_grids.SURFACE], "expected_per_day")
    result = next_month.foretold(result, cells, as_of=as_of, record=incidents)
    by_street = along_streets.with_streets(session, result, streets)
    result = result if by_street is None else by_street
    members = _members(result)
    watched = _watched(session, incidents, area, as_of)
    if by_street is not None:
        watched[along_streets.KEPT_AS] = along_streets.kept(session, by_street)
    watched[what_draws.KEPT_AS] = what_draws.kept(learnt, known, at_risk.measure)
    watched[busy_list.KEPT_AS] = busy_list.kept(session, result.busy)
    watched[borough_hours.KEPT_AS] = borough_hours.reckon(result.incidents, as_of=as_of)
    return FoundHotspots(
        result=result,
        record=_record(result, incidents, watched, at_risk, now, user_id),
        members=members,
        matches=matches_of(session, result, members, as_of),
        latest_run=detections.latest_run_key(session),
        suspicions=suspecting.suspected(session, members, as_of=as_of, months=params.months),
        note=_note(result, at_risk, _hint(incidents, result)),
        grids={
            **surfaces,
            map_grids.DENSITY: map_grids.density_grid(_in_window(incidents, params, as_of)),
        },
        months=month_counts.month_squares(incidents, as_of),
    )


def _in_window(
    incidents: gpd.GeoDataFrame, params: DetectionParams, as_of: datetime
) -> gpd.GeoDataFrame:
    reported, until = incidents["first_reported_at"], pd.Timestamp(as_of)
    after = until - pd.DateOffset(months=params.months)
    return incidents[(reported > after) & (reported <= until)]


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
