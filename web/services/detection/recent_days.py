"""What a run reckons of the last weeks: what is new, and whether one incident draws the next.

A detection run keeps it in its summary; pages and mails read it there.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import numpy as np

from hotspots.detection import DetectionParams
from hotspots.scan import SpikeParams
from hotspots.scan.spikes import false_alerts_a_year

KEPT_AS = "recent_days"
FEWEST_INCIDENTS = DetectionParams().min_incidents
SPIKE = SpikeParams(n_simulations=199)  # half an alert a year is p = 0.01
REPEAT_M, REPEAT_DAYS = SPIKE.party_radius_m, 3
REPEAT_ALPHA = 0.05


@dataclass(frozen=True)
class Spike:
    """A circle in which the last weeks hold more than their own past explains.

    Attributes
    ----------
    x, y, radius_m
        EPSG:27700 metres; a radius of 0 is one place.
    where
        The place in words, with its grid reference.
    since
        The first night of it.
    incidents, expected
        Separate incidents since then: counted, and by chance.
    every_days
        The reciprocal of its p-value: of single looks, one in so many is as strong by chance.
    """

    x: float
    y: float
    radius_m: float
    where: str
    since: date
    incidents: int
    expected: float
    every_days: float

    @property
    def every_years(self) -> float:
        """Chance alone raises a new alert as strong once in so many years of nightly looks."""
        return 1 / false_alerts_a_year(1 / self.every_days)

    def reaches(self, other: "Spike") -> bool:
        """Whether both are of the same ground: their circles, no smaller than a party, touch."""
        apart = np.hypot(self.x - other.x, self.y - other.y)
        return bool(apart <= sum(max(s.radius_m, SPIKE.party_radius_m) for s in (self, other)))


@dataclass(frozen=True)
class NearRepeat:
    """Pairs of incidents within ``REPEAT_M`` and ``REPEAT_DAYS`` of each other, against chance."""

    pairs: int
    expected: float
    p_value: float

    @property
    def is_real(self) -> bool:
        """Whether chance does not explain them."""
        return self.p_value <= REPEAT_ALPHA


@dataclass(frozen=True)
class RecentDays:
    """What a run reckoned of the last weeks.

    Attributes
    ----------
    months
        Length of the past that was compared; None: even the shortest holds too many incidents.
    begins_on
        First day of what was compared: of the window, or of a record that is younger.
    incidents
        How many were compared. With fewer than ``FEWEST_INCIDENTS`` nothing was.
    spikes
        Likeliest first; empty where the record is quiet.
    near_repeat
        None where nothing was compared.
    """

    months: int | None
    begins_on: date
    incidents: int
    spikes: tuple[Spike, ...] = ()
    near_repeat: NearRepeat | None = None

    @property
    def is_compared(self) -> bool:
        """Whether there were enough incidents, and not too many."""
        return self.months is not None and self.incidents >= FEWEST_INCIDENTS


def kept(recent: RecentDays) -> dict[str, Any]:
    """As a run's summary holds it: plain JSON."""
    return asdict(recent) | {
        "begins_on": recent.begins_on.isoformat(),
        "spikes": [kept_spike(spike) for spike in recent.spikes],
    }


def kept_spike(spike: Spike) -> dict[str, Any]:
    """A spike as plain JSON."""
    return asdict(spike) | {"since": spike.since.isoformat()}


def spike_of(document: Mapping[str, Any]) -> Spike:
    """A spike from what ``kept_spike`` made of it."""
    return Spike(**{**document, "since": date.fromisoformat(document["since"])})


def read(summary: Mapping[str, Any]) -> RecentDays | None:
    """What a run's summary holds; None where an older run did not reckon it."""
    document = summary.get(KEPT_AS)
    if document is None:
        return None
    repeat = document["near_repeat"]
    return RecentDays(
        months=document["months"],
        begins_on=date.fromisoformat(document["begins_on"]),
        incidents=document["incidents"],
        spikes=tuple(spike_of(spike) for spike in document["spikes"]),
        near_repeat=NearRepeat(**repeat) if repeat else None,
    )
