"""Drawing a plan by lot among those near the best: nobody can learn what is drawn afresh."""

from collections.abc import Callable, Sequence

import numpy as np

from hotspots.patrol_rounds import Rounds, Shift, timed

START_DELAY_MIN = 15
"""Teams set out up to so many minutes after the shift begins."""
_TRIES = 24


def near_best(
    shift: Shift, found: Sequence[Rounds], least: float, rng: np.random.Generator
) -> list[Rounds]:
    """Different rounds that cover at least so much: those found, and shuffles of them.

    Parameters
    ----------
    found
        Rounds, best first, all that is required in each.
    least
        Dumps to be covered.
    """
    good = [rounds for rounds in found if shift.worth(rounds) >= least]
    known = dict.fromkeys(good)
    for rounds in good:
        for _ in range(_TRIES):
            other = _shuffled(shift, rounds, rng)
            if other is not None and shift.worth(other) >= least:
                known[other] = None
    return list(known)


def drawn(
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
        stops = timed(shift, tuple(order), other, not_before=delay)
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
