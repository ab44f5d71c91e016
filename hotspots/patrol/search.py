"""Good rounds by PyVRP: prizes for stops, a window for each quarter of an hour.

What a stop covers depends on when it is made, which a prize cannot. So each place is offered in
every slot of the shift, at most once, or at most once early and once late.
"""

from collections.abc import Callable

import numpy as np
from pyvrp import Model, Solution
from pyvrp.stop import MaxIterations

from hotspots.patrol.alternatives import improve_rounds
from hotspots.patrol.rounds import Rounds, Shift, time_stops

SLOT_MIN = 15
_PRIZE = 10_000
"""Of the best stop; a minute of way counts as 1, so that ways decide between equal plans only. Well
below PyVRP's largest penalty, or breaking a rule would pay."""
_POLISHED = 1
_ORDERS = 20
"""Of the required places, tried before they are said not to fit."""
NOISE = 0.15
"""Of prizes, as a standard deviation: it makes the searches look in different directions."""


def search_rounds(
    shift: Shift,
    *,
    restarts: int,
    iterations: int,
    rng: np.random.Generator,
    on_search: Callable[[], None] = lambda: None,
) -> list[Rounds]:
    """Different good rounds, best first; none where what is required does not fit.

    Parameters
    ----------
    restarts
        Searches; the first with the true prizes, the others with prizes somewhat off.
    iterations
        Of each search.
    on_search
        Called before each search.
    """
    worths: dict[Rounds, float] = {}
    if shift.required.any() and (least := required_rounds(shift, rng)) is not None:
        least = improve_rounds(shift, least, is_thorough=True)
        worths[least] = shift.worth(least)
    for n in range(restarts):
        on_search()
        noise = np.exp(rng.normal(0, NOISE if n else 0, len(shift.value)))
        splits = _splits(shift, rng if n else None)
        rounds = _search(shift, noise, splits, iterations, int(rng.integers(2**31)))
        if rounds is not None:
            rounds = improve_rounds(shift, rounds)
            worths[rounds] = shift.worth(rounds)
    for rounds in sorted(worths, key=lambda rounds: (-worths[rounds], rounds))[:_POLISHED]:
        better = improve_rounds(shift, rounds, is_thorough=True)
        worths[better] = shift.worth(better)
    return sorted(worths, key=lambda rounds: (-worths[rounds], rounds))


def required_rounds(shift: Shift, rng: np.random.Generator) -> Rounds | None:
    """Rounds of the required places alone, put in one by one; None where no order tried fits."""
    required = np.flatnonzero(shift.required)
    for _ in range(_ORDERS):
        rounds: Rounds | None = ((),) * shift.teams
        for place in rng.permutation(required).tolist():
            rounds = rounds and _with_place(shift, rounds, place)
        if rounds is not None:
            return rounds
    return None


def _with_place(shift: Shift, rounds: Rounds, place: int) -> Rounds | None:
    """The rounds with one stop more, where it costs least; None where it fits nowhere."""
    best: tuple[float, Rounds | None] = (-np.inf, None)
    for team, stops in enumerate(rounds):
        others = rounds[:team] + rounds[team + 1 :]
        order = [other for other, _ in stops]
        for at in range(len(order) + 1) if len(order) < shift.max_stops else ():
            new = time_stops(shift, (*order[:at], place, *order[at:]), others)
            if new is not None and (worth := shift.worth((new,)) - shift.worth((stops,))) > best[0]:
                best = worth, (*rounds[:team], new, *rounds[team + 1 :])
    return best[1]


def _splits(shift: Shift, rng: np.random.Generator | None) -> np.ndarray:
    """(k,) last minute of early visits to each place; the whole shift where it is seen once."""
    once = np.full(len(shift.value), shift.minutes)
    room = shift.minutes - shift.dwell - shift.revisit
    if rng is None or room <= 0:
        return once
    is_twice = (rng.random(len(once)) < 0.5) & ~shift.required
    return np.where(is_twice, rng.integers(0, room + 1, len(once)), once)


def _search(
    shift: Shift, noise: np.ndarray, splits: np.ndarray, iterations: int, seed: int
) -> Rounds | None:
    model, stop_of = _model(shift, noise, splits)
    if not stop_of:
        return ((),) * shift.teams
    # Staying put breaks no rule, so that neither does the best that is found from there.
    start = None if shift.required.any() else Solution(model.data(), [])
    result = model.solve(
        MaxIterations(iterations),
        seed=seed,
        collect_stats=False,
        display=False,
        initial_solution=start,
    )
    if not result.is_feasible():
        return None
    orders = [
        tuple(stop_of[visit.idx] for visit in route.schedule() if visit.is_client())
        for route in result.best.routes()
    ]
    return _timed_rounds(shift, orders)


def _timed_rounds(shift: Shift, orders: list[tuple[int, ...]]) -> Rounds | None:
    rounds: Rounds = ()
    for order in [*orders, *[()] * (shift.teams - len(orders))]:
        stops = time_stops(shift, order, rounds)
        if stops is None:
            return None
        rounds = (*rounds, stops)
    return rounds


def _model(shift: Shift, noise: np.ndarray, splits: np.ndarray) -> tuple[Model, list[int]]:
    """The problem, and the place of each of its clients."""
    model, stop_of = Model(), []
    spots = [model.add_location(float(n), 0.0) for n in range(len(shift.travel))]
    depot = model.add_depot(spots[-1])
    scale = _PRIZE / max(float(shift.value.max()), 1e-300)
    for place in range(len(shift.value)):
        prizes = shift.open_value[place] * noise[place] * scale
        for first, last in _periods(shift, int(splits[place])):
            slots = _slots(prizes, first, last)
            if not slots:
                continue
            group = model.add_client_group(required=bool(shift.required[place]))
            for early, late, prize in slots:
                model.add_client(
                    spots[place],
                    delivery=[1],
                    service_duration=shift.dwell,
                    tw_early=early,
                    tw_late=late,
                    prize=prize,
                    required=False,
                    group=group,
                )
                stop_of.append(place)
    model.add_vehicle_type(
        shift.teams,
        capacity=[shift.max_stops],
        start_depot=depot,
        end_depot=depot,
        tw_late=shift.minutes,
    )
    for a, one in enumerate(spots):
        for b, other in enumerate(spots):
            way = int(shift.travel[a, b])
            if a != b:
                model.add_edge(one, other, way, way)
    return model, stop_of


def _periods(shift: Shift, split: int) -> list[tuple[int, int]]:
    after = split + shift.dwell + shift.revisit
    return [(0, split)] + ([(after, shift.minutes)] if after <= shift.minutes else [])


def _slots(prizes: np.ndarray, first: int, last: int) -> list[tuple[int, int, int]]:
    """Windows in which a stop may begin, with the mean prize of their minutes."""
    slots = []
    for early in range(first, last + 1, SLOT_MIN):
        late = min(early + SLOT_MIN - 1, last)
        minutes = np.flatnonzero(np.isfinite(prizes[early : late + 1])) + early
        if len(minutes):
            prize = round(float(prizes[minutes].mean()))
            slots.append((int(minutes[0]), int(minutes[-1]), prize))
    return slots
