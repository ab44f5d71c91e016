"""What a detection found before it is stored, and who is who among it."""

from dataclasses import dataclass
from datetime import datetime

import pandas as pd
from sqlalchemy.orm import Session

from geodata import detections
from geodata.detections import Grid, MonthSquares, RunRecord
from hotspots.detection import DetectionResult
from hotspots.detection.identity import HotspotMatches, match_ground, match_hotspots


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
    months
        Incidents by square and month.
    """

    result: DetectionResult
    record: RunRecord
    members: dict[int, set[int]]
    matches: HotspotMatches
    latest_run: int | None
    suspicions: dict[int, str]
    note: str
    grids: dict[str, Grid]
    months: MonthSquares


def matches_of(
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
