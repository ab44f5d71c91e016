"""What a run learnt of places where dumping is heavier: kept in its summary, read by its page."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hotspots.forecast.other_knowledge import OtherKnowledge

KEPT_AS = "what_draws"
DUMPING = "the dumping"
MOST_TIMES = 20
"""Beyond it a multiple tells of a few hotspots, and no longer of a kind of place."""
LITTLE = 1.1
"""An interval inside one over this and this says that there is hardly a difference."""


@dataclass(frozen=True)
class Nearness:
    """A kind of feature: how many times the rate far from it, beside it, with the 90 % interval.

    ``incidents_near`` and ``ground_near``, 0 to 1, are what lies within 100 m of one of the
    ``features``; ``features_struck`` of them have dumping so near (None in an older run).
    """

    kind: str
    beside: float
    low: float
    high: float
    at_100_m: float
    at_500_m: float
    incidents_near: float
    ground_near: float
    features: int
    features_struck: int | None = None

    @property
    def sentence(self) -> str:
        times = _times(self.beside, self.low, self.high)
        return f"Beside {self.kind}: {times.replace(DUMPING, f'{DUMPING} far from them')}"


@dataclass(frozen=True)
class Level:
    """What wards have more or less of: how many times the rate where it is twice as dense."""

    level: str
    times: float
    low: float
    high: float

    @property
    def sentence(self) -> str:
        return f"Where {self.level} are twice as dense: {_times(self.times, self.low, self.high)}"


@dataclass(frozen=True)
class WhatDraws:
    """What was learnt.

    Attributes
    ----------
    foretells
        Whether it held in parts of the map that were left out: else the forecast leaves it aside.
    given
        0 to 1, how much of the forecast rests on it and on flat ground, and not on incidents.
    struck
        Struck months of squares of 100 m that it was learnt from.
    exposure
        What the council holds dumping to follow, empty for none.
    offences
        How many recorded offences were looked at as other events.
    """

    nearnesses: tuple[Nearness, ...]
    levels: tuple[Level, ...]
    foretells: bool
    given: float
    struck: int
    exposure: str
    offences: int

    @property
    def differences(self) -> tuple[str, ...]:
        """Sentences of what differs, the strongest first."""
        rows: tuple[Nearness | Level, ...] = (*self.nearnesses, *self.levels)
        return tuple(row.sentence for row in rows if row.low > 1 or row.high < 1)


def _times(times: float, low: float, high: float) -> str:
    """As an officer reads it.

    >>> _times(4.12, 2.5, 6.3)
    'about 4.1 times the dumping (likely 2.5 to 6.3 times)'
    >>> _times(1.3, 0.8, 2.0)
    'no difference can be told (likely 0.8 to 2.0 times)'
    >>> _times(1.0, 0.95, 1.05)
    'hardly a difference (likely 0.95 to 1.05 times)'
    >>> _times(6481.9, 3650.5, 10000.0)  # a few hotspots beside a few places
    'more than 20 times the dumping'
    """
    if low > MOST_TIMES:
        return f"more than {MOST_TIMES} times {DUMPING}"
    if low > 1 / LITTLE and high < LITTLE:
        return f"hardly a difference (likely {low:.2f} to {high:.2f} times)"
    likely = f"(likely {times_in_words(low)} to {times_in_words(high)} times)"
    if low <= 1 <= high:
        return f"no difference can be told {likely}"
    return f"about {times_in_words(times)} times {DUMPING} {likely}"


def times_in_words(times: float) -> str:
    """A multiple, no further than a few places of a kind can tell it.

    >>> times_in_words(4.12), times_in_words(309.3)
    ('4.1', 'more than 20')
    """
    return f"{times:.1f}" if times <= MOST_TIMES else f"more than {MOST_TIMES}"


def share_in_words(share: float) -> str:
    """A percentage that is not rounded to nothing.

    >>> share_in_words(0.293), share_in_words(0.0031), share_in_words(0.0), share_in_words(0.00001)
    ('29%', '0.3%', '0%', 'under 0.1%')
    """
    if 0 < share < 0.0005:
        return "under 0.1%"
    return f"{share:.1%}" if 0 < share < 0.01 else f"{share:.0%}"


def kept(
    learnt: Mapping[str, Any] | None, known: OtherKnowledge, exposure: str
) -> dict[str, Any] | None:
    """As a run's summary holds it; None where the store holds no features.

    Parameters
    ----------
    learnt
        As `hotspots.forecast.intensity.explained_terrain`.
    """
    if learnt is None or known.features is None:
        return None
    features = known.features["kind"].value_counts()
    return {
        "kinds": [
            _rounded(row)
            | {
                "features": int(features[row["kind"]]),
                "features_struck": int(row["features_struck"]),
            }
            for row in learnt["kinds"]
        ],
        "levels": [_rounded(row) for row in learnt["levels"]],
        "foretells": learnt["foretells"],
        "given": round(learnt["given"], 4),
        "struck": int(learnt["struck"]),
        "exposure": exposure,
        "offences": sum(len(layer) for layer in known.layers),
    }


def _rounded(row: Mapping[str, Any]) -> dict[str, Any]:
    """Figures no longer than they are known; a bound beyond all measure is only large."""
    return {
        name: value if isinstance(value, str) else round(min(float(value), 1e4), 4)
        for name, value in row.items()
    }


def read(summary: Mapping[str, Any]) -> WhatDraws | None:
    """What a run's summary holds; None where an older run, or one without features, holds none."""
    document = summary.get(KEPT_AS)
    if not document:
        return None
    return WhatDraws(
        nearnesses=tuple(Nearness(**row) for row in document["kinds"]),
        levels=tuple(Level(**row) for row in document["levels"]),
        foretells=document["foretells"],
        given=document["given"],
        struck=document["struck"],
        exposure=document["exposure"],
        offences=document["offences"],
    )
