"""Other plans near a plan: better by one stop, or drawn by lot so that nobody can learn them."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from hotspots.patrol.rounds import Rounds, Shift, Stop, time_stops

Order = tuple[int, ...]
_PLACES = 12
_GAIN = 1e-9
"""Part of the whole by which a change must gain: less is rounding."""


def improve_rounds(shift: Shift, rounds: Rounds, *, is_thorough: bool = False) -> Rounds:
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
            stops = time_stops(shift, changed, others, above=worth)
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


START_DELAY_MIN = 15
"""Teams set out up to so many minutes after the shift begins."""
_TRIES = 24


def near_best(
    shift: Shift, candidates: Sequence[Rounds], least: float, rng: np.random.Generator
) -> list[Rounds]:
    """Different rounds that cover at least so much: those found, and shuffles of them.

    Parameters
    ----------
    candidates
        Rounds, best first, all that is required in each.
    least
        Incidents to be covered.
    """
    good = [rounds for rounds in candidates if shift.worth(rounds) >= least]
    known = dict.fromkeys(good)
    for rounds in good:
        for _ in range(_TRIES):
            other = _shuffled(shift, rounds, rng)
            if other is not None and shift.worth(other) >= least:
                known[other] = None
    return list(known)


def draw_plan(
    rounds: Sequence[Rounds], is_repeated: Callable[[Rounds], bool], rng: np.random.Generator
) -> Rounds | None:
    """One of the rounds by lot that does not repeat the night before; None where all do."""
    order = [rounds[n] for n in rng.permutation(len(rounds))]
    return next((choice for choice in order if not is_repeated(choice)), None)


def _shuffled(shift: Shift, rounds: Rounds, rng: np.random.Generator) -> Rounds | None:
    """Rounds from another minute on, the teams changed about, an order or a place exchanged."""
    other: Rounds = ()
    for team in rng.permutation(len(rounds)).tolist():
        order = [place for place, _ in rounds[team]]
        if order and rng.random() < 0.5:
            order = _changed(shift, order, rng)
        delay = int(rng.integers(0, START_DELAY_MIN + 1))
        stops = time_stops(shift, tuple(order), other, not_before=delay)
        if stops is None:
            return None
        other = (*other, stops)
    return other


def _changed(shift: Shift, order: list[int], rng: np.random.Generator) -> list[int]:
    """Two neighbours exchanged, or one place that is not required put for another."""
    at = int(rng.integers(len(order)))
    if rng.random() < 0.5 and len(order) > 1:
        at = max(at, 1)
        return [*order[: at - 1], order[at], order[at - 1], *order[at + 1 :]]
    if shift.required[order[at]]:
        return order
    return [*order[:at], int(rng.integers(len(shift.value))), *order[at + 1 :]]
