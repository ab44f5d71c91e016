"""Repeating a run from its record, to show that its hotspots follow from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from sqlalchemy.orm import Session

from geodata import detections, frames
from geodata.core.errors import RefusedError
from hotspots.detection import DetectionResult, detect_hotspots
from web.services.detection.at_risk import at_risk_then
from web.services.detection.detection_settings import from_record

if TYPE_CHECKING:
    from geodata.models import Hotspot

FIGURES = ("incidents", "nights", "expected", "p_value", "q_value", "centre_x", "centre_y")


@dataclass(frozen=True)
class Repetition:
    """Whether a run came out the same again, and if not, how far."""

    is_same: bool
    sentence: str


def repeat(session: Session, run_id: int) -> Repetition:
    """Detect again as a run's record says, and compare; nothing is saved.

    Raises
    ------
    NotFoundError
        There is no such run.
    """
    run = detections.find_run(session, run_id)
    try:
        at_risk = at_risk_then(session, run.params)
    except RefusedError as error:
        return Repetition(False, f"It cannot be repeated: {error}.")
    result = detect_hotspots(
        frames.incidents(session, as_of=run.as_of),
        frames.study_area(session),
        from_record({"null": "even"} | run.params),
        as_of=run.as_of,
        exposure=at_risk.frame,
        exposure_name=at_risk.measure,
    )
    stored = [hotspot for hotspot, _ in detections.hotspots_of(session, run_id)]
    members = list(detections.members_of(session, run_id).values())
    if len(result.incidents) != run.incidents:
        return Repetition(
            False,
            f"The record has changed: the run saw {run.incidents} incidents, today there are "
            f"{len(result.incidents)} in its window. Imports, merges and corrections do that.",
        )
    if _members(result) != sorted(map(sorted, members)):
        return Repetition(False, _difference(len(stored), len(result.hotspots), run.code_version))
    if not _is_close(result, stored):
        return Repetition(False, _difference(len(stored), len(stored), run.code_version))
    return Repetition(True, f"Repeated: all {len(stored)} hotspots came out the same.")


def _members(result: DetectionResult) -> list[list[int]]:
    flagged = result.incidents[result.incidents["hotspot"] >= 0]
    groups = flagged.groupby("hotspot")["incident_id"]
    return sorted(sorted(int(i) for i in ids) for _, ids in groups)


def _is_close(result: DetectionResult, stored: list[Hotspot]) -> bool:
    """Both in the order of their ranks."""
    now = result.hotspots[list(FIGURES)].to_numpy(dtype=float)
    then = np.array([[getattr(hotspot, name) for name in FIGURES] for hotspot in stored])
    return bool(np.allclose(now, then.reshape(now.shape), rtol=1e-9, atol=1e-9))


def _difference(then: int, now: int, version: str) -> str:
    return (
        f"It comes out differently: {then} hotspots then, {now} now, with the same number of "
        f"incidents. Incidents were moved since, or another version than {version} reckons "
        f"otherwise."
    )
