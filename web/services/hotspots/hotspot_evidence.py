"""What a run keeps beside each hotspot, and what its incidents add up to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from sqlalchemy.orm import Session

from geodata import detections, frames
from geodata.core.vocabulary import IncidentState

if TYPE_CHECKING:
    from geodata.models import DetectionRun

RECENT_DAYS = 28
OPEN_STATES = (IncidentState.OPEN.value, IncidentState.PAUSED.value)


@dataclass(frozen=True)
class Evidence:
    """The sentences and hours that a run reckoned; None or empty where an older one did not.

    ``hour_shares`` are 168 shares of the London week, Monday 00:00 first.
    """

    months: int
    class_sentence: str | None = None
    change: str | None = None
    change_sentence: str | None = None
    hot_hours: str | None = None
    hour_shares: tuple[float, ...] = ()
    vague_share: float | None = None
    prior_share: float | None = None
    null: str | None = None
    rate_ratio: float | None = None
    weeks: int | None = None

    @property
    def hours_in_short(self) -> str | None:
        """Days and hours without how they are known: "Fri and Sat 22:00-02:00"."""
        return self.hot_hours and self.hot_hours.split(": ")[0].rstrip(".")


@dataclass(frozen=True)
class MemberCounts:
    """What a hotspot's incidents add up to.

    Attributes
    ----------
    recent
        Incidents in the last ``RECENT_DAYS`` of the run.
    from_vehicles, known_vehicles
        Incidents from a vehicle, of those of which it is known.
    cylinders
        Large cylinders.
    open_jobs
        Incidents that nobody has cleared yet, as of now.
    """

    recent: int = 0
    from_vehicles: int = 0
    known_vehicles: int = 0
    cylinders: int = 0
    open_jobs: int = 0


def evidence_of(record: Mapping[str, Any], months: int) -> Evidence:
    """What a stored hotspot's evidence says."""
    names = (
        "class_sentence",
        "change",
        "change_sentence",
        "hot_hours",
        "vague_share",
        "prior_share",
        "null",
        "rate_ratio",
        "weeks",
    )
    shares = record.get("hour_shares") or ()
    return Evidence(months, hour_shares=tuple(shares), **{name: record.get(name) for name in names})


def member_counts(session: Session, run: DetectionRun) -> dict[int, MemberCounts]:
    """By identity, what the incidents of a run's hotspots add up to."""
    home = pd.Series(
        {
            incident: identity
            for identity, members in detections.members_of(session, run.id).items()
            for incident in members
        },
        dtype="Int64",
    )
    incidents = frames.incidents(session, flagged_in=run.id).set_index("incident_id")
    members = incidents.loc[incidents.index.intersection(home.index)]
    vehicle = members["from_vehicle"].astype(object)
    since = pd.Timestamp(run.as_of) - pd.Timedelta(days=RECENT_DAYS)
    facts = pd.DataFrame(
        {
            "recent": members["first_reported_at"] > since,
            "from_vehicles": vehicle.map(lambda known: known is True or known == 1),
            "known_vehicles": vehicle.notna(),
            "cylinders": members["cylinders"].fillna(0),
            "open_jobs": members["state"].isin(OPEN_STATES),
        }
    )
    sums = facts.astype(np.int64).groupby(home.reindex(members.index).to_numpy()).sum()
    return {
        int(key): MemberCounts(**{str(k): int(v) for k, v in row.items()})
        for key, row in sums.to_dict("index").items()
    }
