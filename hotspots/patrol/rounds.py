"""A shift as whole minutes: which orders of stops fit, when to be where, what that covers."""

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

Stop = tuple[int, int]
"""Number of the place, and the minute of the shift in which a team arrives there."""
Rounds = tuple[tuple[Stop, ...], ...]
"""The stops of each team, in order."""
_FINE_MIN, _COARSE_STEPS = 5, 16


@dataclass(frozen=True, eq=False)
class Shift:
    """What a plan must keep to.

    Attributes
    ----------
    value
        (k, m + 1) incidents covered by a stop at each place that begins in each minute.
    travel
        (k + 1, k + 1) minutes between places; the last row and column are where teams start and
        end.
    dwell, revisit
        Minutes of a stop, and from its end to the next stop of any team at the same place.
    teams, max_stops
        Number of teams, and of stops that each may make.
    required
        (k,) whether a place must be visited.
    """

    value: np.ndarray
    travel: np.ndarray
    dwell: int
    revisit: int
    teams: int
    max_stops: int
    required: np.ndarray

    @property
    def minutes(self) -> int:
        return int(self.value.shape[1]) - 1

    @cached_property
    def open_value(self) -> np.ndarray:
        """``value``, and minus infinity where a team could not be there or be back in time."""
        minute = np.arange(self.minutes + 1)
        there, back = self.travel[-1, :-1, None], self.travel[:-1, -1, None]
        is_open = (minute >= there) & (minute + self.dwell + back <= self.minutes)
        return np.where(is_open, self.value, -np.inf)

    def worth(self, rounds: Rounds) -> float:
        """Incidents covered by all stops; visits to one place are far enough apart to add up."""
        return float(sum(self.value[place, minute] for stops in rounds for place, minute in stops))


def time_stops(
    shift: Shift,
    order: tuple[int, ...],
    others: Rounds = (),
    *,
    not_before: int = 0,
    above: float = -np.inf,
) -> tuple[Stop, ...] | None:
    """The best minutes for one team's order of places; None where the order does not fit.

    Exact where no place comes twice, by going back from the last stop; where one does, the best
    over a grid of minutes between its visits.

    Parameters
    ----------
    others
        Stops of the other teams, which keep their distance in time at the same place.
    not_before
        Minute before which the team makes no stop.
    above
        None is returned too where the order cannot cover more than this: it saves the search.
    """
    values = [_open_value(shift, place, others) for place in order]
    if sum(float(value.max()) for value in values) <= above:
        return None
    stops = _best_minutes(shift, order, values, not_before)
    if stops is None or shift.worth((stops,)) <= above:
        return None
    if (pair := _crowded(shift, stops)) is None:
        return stops
    return _parted(shift, order, values, not_before, pair)


def _parted(
    shift: Shift,
    order: tuple[int, ...],
    values: list[np.ndarray],
    not_before: int,
    pair: tuple[int, int],
) -> tuple[Stop, ...] | None:
    """The best minutes with two stops at one place apart: by a coarse grid, then a fine one."""
    apart = shift.dwell + shift.revisit
    best: tuple[float, int, tuple[Stop, ...] | None] = (-np.inf, 0, None)

    def try_out(last: int) -> None:
        nonlocal best
        parted = list(values)
        parted[pair[0]] = _without(values[pair[0]], last + 1, shift.minutes + 1)
        parted[pair[1]] = _without(values[pair[1]], 0, last + apart)
        stops = _best_minutes(shift, order, parted, not_before)
        if stops is not None and _crowded(shift, stops) is None:
            best = max(best, (shift.worth((stops,)), last, stops), key=lambda tried: tried[0])

    latest = shift.minutes - apart
    step = max(_FINE_MIN, latest // _COARSE_STEPS)
    for last in range(0, latest + 1, step):
        try_out(last)
    if step > _FINE_MIN:
        around = max(best[1] - step, 0), min(best[1] + step, latest)
        for last in range(around[0], around[1] + 1, _FINE_MIN):
            try_out(last)
    return best[2]


def _best_minutes(
    shift: Shift, order: tuple[int, ...], values: list[np.ndarray], not_before: int
) -> tuple[Stop, ...] | None:
    # Dynamic programming from the last stop back (Bellman 1957). With V_i(t) the most that stops i,
    # i + 1, … can cover if i begins at minute t, and g_i the minutes from its start to the next:
    #     V_i(t) = value_i(t) + max over t' >= t + g_i of V_{i+1}(t')
    # The running maximum from the right is that max for every t at once.
    # To the next stop; the way home is in the values of the last.
    gaps = [shift.dwell + int(shift.travel[a, b]) for a, b in pairwise(order)] + [0]
    ahead = np.zeros(shift.minutes + 1)  # the most that the stops to come can cover, by minute
    from_here = []
    for value, gap in zip(reversed(values), reversed(gaps[: len(order)]), strict=True):
        from_here.append(value + _later(ahead, gap))
        ahead = np.maximum.accumulate(from_here[-1][::-1])[::-1]
    stops: list[Stop] = []
    earliest = not_before
    for place, best, gap in zip(order, reversed(from_here), gaps, strict=False):
        rest = best[earliest:]
        if len(rest) == 0 or rest.max() == -np.inf:
            return None
        minute = earliest + int(rest.argmax())
        stops.append((place, minute))
        earliest = minute + gap
    return tuple(stops)


def _open_value(shift: Shift, place: int, others: Rounds) -> np.ndarray:
    value: np.ndarray = shift.open_value[place]
    taken = [minute for stops in others for other, minute in stops if other == place]
    if not taken:
        return value
    apart = shift.dwell + shift.revisit
    for minute in taken:
        value = _without(value, max(minute - apart + 1, 0), minute + apart)
    return value


def _without(value: np.ndarray, first: int, end: int) -> np.ndarray:
    """The same, with no stop in some minutes."""
    kept: np.ndarray = value.copy()
    kept[first:end] = -np.inf
    return kept


def _later(ahead: np.ndarray, gap: int) -> np.ndarray:
    shifted = np.full(len(ahead), -np.inf)
    shifted[: max(len(ahead) - gap, 0)] = ahead[gap:]
    return shifted


def _crowded(shift: Shift, stops: tuple[Stop, ...]) -> tuple[int, int] | None:
    """Positions of two stops at one place that come too close in time."""
    last: dict[int, int] = {}
    for position, (place, minute) in enumerate(stops):
        before = last.get(place)
        if before is not None and minute - stops[before][1] < shift.dwell + shift.revisit:
            return before, position
        last[place] = position
    return None
