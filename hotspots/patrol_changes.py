"""Making rounds better, one stop at a time, until no change gains."""

from collections.abc import Iterator

import numpy as np

from hotspots.patrol_rounds import Rounds, Shift, Stop, timed

Order = tuple[int, ...]
_PLACES = 12
_GAIN = 1e-9
"""Part of the whole by which a change must gain: less is rounding."""


def improved(shift: Shift, rounds: Rounds, *, is_thorough: bool = False) -> Rounds:
    """Rounds in which no single change gains: a stop added, or one put in the place of another.

    Parameters
    ----------
    is_thorough
        Let the new stop come at any place in the order, not only where the old one was.
    """
    worth = shift.open_value.max(axis=1)
    places = [int(place) for place in np.argsort(-worth, kind="stable") if worth[place] > 0]
    while True:
        best = max(
            (
                _best_change(shift, rounds, team, places[:_PLACES], is_thorough=is_thorough)
                for team in range(len(rounds))
            ),
            key=lambda change: change[0],
        )
        gain, team, stops = best
        if gain <= _GAIN * shift.worth(rounds):
            return rounds
        rounds = (*rounds[:team], stops, *rounds[team + 1 :])


def _best_change(
    shift: Shift, rounds: Rounds, team: int, places: list[int], *, is_thorough: bool
) -> tuple[float, int, tuple[Stop, ...]]:
    now = rounds[team]
    others = rounds[:team] + rounds[team + 1 :]
    order = tuple(place for place, _ in now)
    kept = {place for place in order if shift.required[place]}
    best, worth = now, shift.worth((now,))
    for changed in _changes(order, places, shift.max_stops, is_thorough=is_thorough):
        if kept.issubset(changed):
            stops = timed(shift, changed, others, above=worth)
            if stops is not None and (value := shift.worth((stops,))) > worth:
                best, worth = stops, value
    return worth - shift.worth((now,)), team, best


def _changes(
    order: Order, places: list[int], max_stops: int, *, is_thorough: bool
) -> Iterator[Order]:
    yield order
    if len(order) < max_stops:
        yield from _with_one_more(order, places)
    for at in range(len(order)):
        rest = order[:at] + order[at + 1 :]
        if is_thorough:
            yield from _with_one_more(rest, list(dict.fromkeys((*places, order[at]))))
        else:
            yield from ((*order[:at], place, *order[at + 1 :]) for place in places)


def _with_one_more(order: Order, places: list[int]) -> Iterator[Order]:
    for at in range(len(order) + 1):
        for place in places:
            yield (*order[:at], place, *order[at:])
