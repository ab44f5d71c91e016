"""A detection run stored: its hotspots keep the identities that they had."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from sqlalchemy.orm import Session

from geodata import detections
from hotspots.detection.identity import HotspotMatches
from web.services.detection import along_streets
from web.services.detection.along_streets import AlongStreets
from web.services.detection.found_hotspots import FoundHotspots, matches_of
from web.services.detection.hotspot_names import new_hotspot_name

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
    "hours_verdict",
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
        matches = matches_of(session, result, hotspots.members, as_of)
    saved = detections.save_run(session, hotspots.record)
    for name, grid in hotspots.grids.items():
        detections.save_grid(session, saved.id, name, grid)
    detections.save_month_squares(session, saved.id, hotspots.months)
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
