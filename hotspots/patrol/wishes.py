"""What is asked of a patrol, and the sentence that says which wish cannot be granted."""

from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from hotspots.core.errors import InfeasibleError, ParameterError
from hotspots.core.frames import LONDON
from hotspots.core.words import counted, listed
from hotspots.patrol.deterrence import Deterrence

DWELL_MIN = (10, 16)
"""Shorter stops deter no longer than driving past; longer ones gain little (Koper 1995)."""
OFFICERS_AFTER_DARK = 2
ON_FOOT_KMH, BY_VEHICLE_KMH = 4.5, 25.0


@dataclass(frozen=True)
class PatrolParams:
    """How teams move and stand, and how hard the search looks.

    Attributes
    ----------
    speed_kmh
        On the way, > 0: some 4.5 on foot, 25 by vehicle in a town.
    detour_factor
        Metres of way for a metre of straight line, ≥ 1.
    dwell_min
        Minutes of a stop, 10 to 16.
    revisit_min
        From the end of a stop to the next at the same place, whoever makes it; at least
        ``deterrence.residual_min``, so that what two stops cover adds up.
    max_stops
        Of each team, ≥ 1.
    deterrence
        What a stop covers.
    near_best
        Share of the best plan's cover that a random plan may give up, 0 to 0.5.
    restarts, iterations
        Searches, and iterations of each, ≥ 1: counts and no times, so that a seed gives one plan.
    """

    speed_kmh: float = ON_FOOT_KMH
    detour_factor: float = 1.3
    dwell_min: int = 15
    revisit_min: int = 120
    max_stops: int = 5
    deterrence: Deterrence = field(default_factory=Deterrence)
    near_best: float = 0.03
    restarts: int = 6
    iterations: int = 200

    def __post_init__(self) -> None:
        for name, least, most in (
            ("speed_kmh", 0.1, 130),
            ("detour_factor", 1, 5),
            ("dwell_min", *DWELL_MIN),
            ("revisit_min", 120, 1_440),
            ("max_stops", 1, 20),
            ("near_best", 0, 0.5),
            ("restarts", 1, 1_000),
            ("iterations", 1, 1_000_000),
        ):
            value = getattr(self, name)
            if not least <= value <= most:
                raise ParameterError(f"{name} is {value}: it must be from {least} to {most}")
        if self.deterrence.residual_min > self.revisit_min:
            raise ParameterError(
                f"residual_min is {self.deterrence.residual_min}: it must be at most revisit_min, "
                f"{self.revisit_min}"
            )


def check(
    index: pd.Index,
    include: Collection[Hashable],
    avoid: Collection[Hashable],
    teams: Sequence[int],
    dark_from: pd.Timestamp | None,
    params: PatrolParams,
) -> None:
    """Refuse wishes that contradict each other, or safety, whatever the places.

    Raises
    ------
    InfeasibleError
        They do.
    ParameterError
        A place to include or avoid is not among those given.
    """
    for verb, wished in (("include", include), ("avoid", avoid)):
        unknown = [str(label) for label in wished if label not in index]
        if unknown:
            raise ParameterError(f"cannot {verb} {listed(unknown)}: not among the places given")
    both = [str(label) for label in include if label in set(avoid)]
    if both:
        raise InfeasibleError(
            f"{listed(both)} cannot be both included and avoided: take it off one of the lists"
        )
    _refuse_lone_officers(teams, dark_from)
    _refuse_too_many(len(set(include)), len(teams), params.max_stops)


def _refuse_lone_officers(teams: Sequence[int], dark_from: pd.Timestamp | None) -> None:
    """After dark nobody patrols alone: each team has at least two officers.

    Raises
    ------
    InfeasibleError
        A team of one would be out in the dark.
    """
    lone = [f"team {n}" for n, size in enumerate(teams, 1) if size < OFFICERS_AFTER_DARK]
    if dark_from is not None and lone:
        raise InfeasibleError(
            f"after dark, from {dark_from.tz_convert(LONDON):%H:%M}, each team needs at least "
            f"{OFFICERS_AFTER_DARK} officers, and {listed(lone)} has one: put two officers "
            "together, or choose a shift that ends by then and begins after sunrise"
        )


def _refuse_too_many(wished: int, teams: int, max_stops: int) -> None:
    """Refuse more places to include than stops that may be made."""
    if wished > teams * max_stops:
        raise InfeasibleError(
            f"{counted(wished, 'place')} must be included, but {counted(teams, 'team')} of at most "
            f"{counted(max_stops, 'stop')} can make {teams * max_stops}: include fewer, allow more "
            "stops, or add a team"
        )


def refuse_too_short(
    needed_min: np.ndarray, minutes: int, names: Sequence[str], required: np.ndarray
) -> None:
    """Refuse a shift in which a place to include, or every place, cannot be reached.

    Parameters
    ----------
    needed_min
        (k,) minutes there, of the stop, and back.
    names
        (k,) of the places.
    """
    for place in np.flatnonzero(required & (needed_min > minutes)).tolist():
        raise InfeasibleError(
            f"{names[place]} cannot be included: the way there and back with the stop takes "
            f"{needed_min[place]} minutes and the shift has {minutes}: lengthen the shift, start "
            "nearer, go by vehicle, or leave it out"
        )
    if needed_min.min() > minutes:
        nearest = int(needed_min.argmin())
        raise InfeasibleError(
            f"no stop fits: the nearest place, {names[nearest]}, takes {needed_min[nearest]} "
            f"minutes with the way there and back and the shift has {minutes}: lengthen the "
            "shift, start nearer, or go by vehicle"
        )


def no_room(names: Sequence[str]) -> InfeasibleError:
    """That the places to include fit the shift one by one, but not together."""
    together = " together: leave one out," if len(names) > 1 else ": leave it out,"
    return InfeasibleError(
        f"{listed(list(names))} could not be fitted into one shift{together} lengthen the shift, "
        "allow more stops, or add a team"
    )
