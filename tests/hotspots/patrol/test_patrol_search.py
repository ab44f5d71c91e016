"""The search against every plan there is, on shifts small enough to try them all."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspots.patrol.alternatives import improve_rounds
from hotspots.patrol.deterrence import Deterrence, arrival_values, stop_weights
from hotspots.patrol.rounds import Shift, time_stops
from hotspots.patrol.search import search_rounds

DWELL, REVISIT = 15, 120


def random_shift(
    seed: int, *, places: int, minutes: int, teams: int = 1, max_stops: int = 3
) -> Shift:
    rng = np.random.default_rng(seed)
    xy = rng.uniform(0, 2_000, (places + 1, 2))
    travel = np.ceil(np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1)) / 75).astype(int)
    by_hour = rng.dirichlet(np.ones(8), places) * rng.random((places, 1))
    values = arrival_values(np.repeat(by_hour, 60, axis=1), stop_weights(DWELL, Deterrence()))
    value = values[:, : minutes + 1]
    return Shift(value, travel, DWELL, REVISIT, teams, max_stops, np.zeros(places, bool))


def most_by_trying_all(shift: Shift, step: int) -> float:
    """What the best of all plans covers whose stops begin on a grid of minutes."""
    home, needed = len(shift.value), set(np.flatnonzero(shift.required).tolist())

    def most(team: int, place: int, minute: int, log: list[tuple[int, int]], stops: int) -> float:
        if team + 1 < shift.teams:
            best = most(team + 1, home, 0, log, 0)
        else:
            best = 0.0 if needed <= {p for p, _ in log} else -np.inf
        if stops == shift.max_stops:
            return best
        for other in range(home):
            first = -(-(minute + shift.travel[place, other]) // step) * step
            last = shift.minutes - shift.dwell - shift.travel[other, home]
            for t in range(first, last + 1, step):
                if any(p == other and abs(t - u) < DWELL + REVISIT for p, u in log):
                    continue
                rest = most(team, other, t + shift.dwell, [*log, (other, t)], stops + 1)
                best = max(best, shift.value[other, t] + rest)
        return best

    return most(0, home, 0, [], 0)


CASES = [
    *(({"places": 4, "minutes": 110}, seed) for seed in range(4)),
    *(({"places": 2, "minutes": 80, "teams": 2, "max_stops": 2}, seed) for seed in range(4, 8)),
    *(({"places": 2, "minutes": 200}, seed) for seed in range(8, 14)),  # long enough to come back
]


@pytest.mark.parametrize(("size", "seed"), CASES, ids=str)
def test_plans_cover_as_much_as_the_best_of_all(size: dict[str, int], seed: int) -> None:
    shift = random_shift(seed, **size)
    plans = search_rounds(shift, restarts=6, iterations=200, rng=np.random.default_rng(1))
    assert shift.worth(plans[0]) >= 0.97 * most_by_trying_all(shift, step=4)
    assert_keeps_the_rules(shift, plans[0])


@pytest.mark.parametrize("seed", range(20, 26))
def test_with_places_asked_for_plans_still_cover_as_much_as_the_best_of_all(seed: int) -> None:
    # One place where nothing was ever dumped must be visited, and one of the others.
    shift = random_shift(seed, places=4, minutes=110)
    value = shift.value.copy()
    value[0] = 0.0
    required = np.array([True, False, seed % 2 == 0, False])
    shift = Shift(**{**vars(shift), "value": value, "required": required})
    most = most_by_trying_all(shift, step=4)
    plans = search_rounds(shift, restarts=6, iterations=200, rng=np.random.default_rng(1))
    assert bool(plans) == np.isfinite(most)
    assert shift.worth(plans[0]) >= 0.97 * most
    assert set(np.flatnonzero(required)) <= {place for place, _ in plans[0][0]}
    assert_keeps_the_rules(shift, plans[0])


def assert_keeps_the_rules(shift: Shift, rounds) -> None:
    assert len(rounds) == shift.teams
    for stops in rounds:
        assert len(stops) <= shift.max_stops
        free, place = 0, len(shift.value)
        for other, minute in stops:
            assert minute >= free + shift.travel[place, other]
            free, place = minute + shift.dwell, other
        assert free + shift.travel[place, -1] <= shift.minutes
    for place in range(len(shift.value)):
        minutes = sorted(t for stops in rounds for p, t in stops if p == place)
        assert (np.diff(minutes) >= shift.dwell + shift.revisit).all()


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 6), st.integers(20, 420), st.integers(1, 3), st.data())
def test_every_plan_keeps_windows_dwell_revisit_and_shift(
    seed: int, places: int, minutes: int, teams: int, data: st.DataObject
) -> None:
    max_stops = data.draw(st.integers(1, 5))
    shift = random_shift(seed, places=places, minutes=min(minutes, 330), teams=teams)
    shift = Shift(**{**vars(shift), "max_stops": max_stops})
    plans = search_rounds(shift, restarts=2, iterations=50, rng=np.random.default_rng(seed))
    assert plans
    for rounds in plans:
        assert_keeps_the_rules(shift, rounds)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.permutations(range(3)))
def test_minutes_for_an_order_are_the_best_there_are(seed: int, order: list[int]) -> None:
    shift = random_shift(seed, places=3, minutes=100)
    stops = time_stops(shift, tuple(order))
    most = -1.0
    for a in range(shift.travel[-1, order[0]], 101):
        for b in range(a + DWELL + shift.travel[order[0], order[1]], 101):
            third = b + DWELL + shift.travel[order[1], order[2]]
            last = shift.minutes - DWELL - shift.travel[order[2], -1]
            if third <= last:
                tail = shift.value[order[2], third : last + 1].max()
                most = max(most, shift.value[order[0], a] + shift.value[order[1], b] + tail)
    assert (stops is None) == (most < 0)
    if stops is not None:
        assert shift.worth((stops,)) == pytest.approx(most)


def test_a_plan_made_better_is_not_worse_and_keeps_what_is_required() -> None:
    shift = random_shift(3, places=5, minutes=180)
    shift = Shift(**{**vars(shift), "required": np.array([0, 0, 1, 0, 0], bool)})
    start = time_stops(shift, (2,))
    better = improve_rounds(shift, (start,), is_thorough=True)
    assert shift.worth(better) > shift.worth((start,))
    assert 2 in {place for place, _ in better[0]}


def test_the_same_seed_finds_the_same_plans() -> None:
    shift = random_shift(5, places=5, minutes=200, teams=2)
    one, two = (
        search_rounds(shift, restarts=3, iterations=50, rng=np.random.default_rng(9))
        for _ in range(2)
    )
    assert one == two
