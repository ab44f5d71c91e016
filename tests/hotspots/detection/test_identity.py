"""Hotspots keep their names from run to run by the incidents they share."""

from itertools import permutations

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from hotspots.core.errors import ParameterError
from hotspots.detection.identity import match_ground, match_hotspots

RUN = st.dictionaries(
    st.integers(0, 4), st.sets(st.integers(0, 12), min_size=1, max_size=8), max_size=4
)


def jaccard(a: set[int], b: set[int]) -> float:
    return len(a & b) / len(a | b)


def disjoint(run: dict[int, set[int]]) -> dict[int, set[int]]:
    """Each incident in one hotspot only, as detection gives them."""
    taken: set[int] = set()
    result = {}
    for name in sorted(run):
        if own := run[name] - taken:
            result[name] = own
        taken |= run[name]
    return result


def test_identity_is_kept_when_most_incidents_are_shared() -> None:
    # 3 shared of 3 + 1 + 1 = 5 incidents: Jaccard 0.6.
    matches = match_hotspots({"H7": {1, 2, 3, 4}}, {0: {2, 3, 4, 5}})
    assert matches.kept == {0: "H7"}
    assert matches.jaccard == {0: pytest.approx(0.6)}
    assert (matches.new, matches.ended, matches.splits, matches.merges) == ((), (), {}, {})


def test_too_little_in_common_is_an_end_and_a_beginning() -> None:
    # 2 shared of 7: 0.286 < 0.3.
    matches = match_hotspots({"H7": {1, 2, 3, 4}}, {0: {3, 4, 5, 6, 7}})
    assert matches.kept == {}
    assert matches.new == (0,)
    assert matches.ended == ("H7",)


def test_jaccard_of_exactly_the_threshold_is_kept() -> None:
    # 3 shared of 10.
    matches = match_hotspots({"A": set(range(6))}, {0: set(range(3, 10))})
    assert matches.kept == {0: "A"}


def test_larger_part_of_a_split_keeps_the_name() -> None:
    matches = match_hotspots({"A": set(range(10))}, {0: set(range(4)), 1: set(range(4, 10))})
    assert matches.kept == {1: "A"}
    assert matches.new == (0,)
    assert matches.splits == {"A": (0, 1)}


def test_larger_part_keeps_the_name_even_when_all_parts_are_small() -> None:
    # Four parts of 8, 7, 7 and 8 of 30 incidents: Jaccard below 0.3 for each.
    parts = {k: set(range(a, b)) for k, (a, b) in enumerate([(0, 7), (7, 14), (14, 22), (22, 30)])}
    matches = match_hotspots({"A": set(range(30))}, parts)
    assert matches.kept == {2: "A"}
    assert matches.splits == {"A": (0, 1, 2, 3)}


def test_merger_keeps_the_name_of_the_larger() -> None:
    matches = match_hotspots({"A": {1, 2, 3}, "B": {4, 5, 6, 7}}, {0: {1, 2, 3, 4, 5, 6, 7, 8}})
    assert matches.kept == {0: "B"}
    assert matches.ended == ("A",)
    assert matches.merges == {0: ("A", "B")}
    assert matches.splits == {}


def test_stray_incident_is_no_split() -> None:
    previous = {"A": set(range(20)), "B": set(range(20, 40))}
    current = {0: set(range(19)), 1: {19, *range(20, 40)}}
    matches = match_hotspots(previous, current)
    assert matches.kept == {0: "A", 1: "B"}
    assert matches.splits == matches.merges == {}


def test_assignment_is_the_best_as_a_whole_not_the_best_for_one() -> None:
    # Jaccard: A-0 6 of 13 (0.46), A-1 4 of 10 (0.40), B-0 3 of 9 (0.33). Taking the best pair
    # first leaves B and 1 without a match; together A-1 and B-0 are worth 0.73.
    previous = {"A": set(range(10)), "B": {30, 31, 32}}
    current = {0: {*range(6), 30, 31, 32}, 1: {6, 7, 8, 9}}
    matches = match_hotspots(previous, current)
    assert matches.kept == {0: "B", 1: "A"}


def test_equal_parts_are_told_apart_by_the_smaller_id() -> None:
    matches = match_hotspots({"A": {1, 2}}, {5: {1}, 3: {2}})
    assert matches.kept == {3: "A"}


def test_ties_keep_the_order_of_the_ids() -> None:
    matches = match_hotspots({"A": {1, 2}, "B": {3, 4}}, {0: {1, 3}, 1: {2, 4}})
    assert matches.kept == {0: "A", 1: "B"}


def test_runs_without_hotspots() -> None:
    assert match_hotspots({}, {}).kept == {}
    assert match_hotspots({}, {1: {1}}).new == (1,)
    assert match_hotspots({1: {1}}, {}).ended == (1,)


@pytest.mark.parametrize("value", [0, -0.1, 1.1, float("nan")])
def test_threshold_out_of_range_is_refused(value: float) -> None:
    with pytest.raises(ParameterError):
        match_hotspots({}, {}, min_jaccard=value)


@given(RUN, RUN)
@settings(max_examples=150, deadline=None)
def test_matching_is_the_best_of_all_by_brute_force(previous, current) -> None:
    previous, current = disjoint(previous), disjoint(current)
    matches = match_hotspots(previous, current, min_jaccard=0.3)
    related = {(p, c) for p, parts in matches.splits.items() for c in parts}
    related |= {(p, c) for c, parts in matches.merges.items() for p in parts}

    def worth(p: int | None, c: int) -> float:
        if p is None:
            return 0
        value = jaccard(previous[p], current[c])
        return value if value >= 0.3 or (p, c) in related else 0

    names = [*previous, *[None] * len(current)]
    best = max(sum(map(worth, choice, current)) for choice in permutations(names, len(current)))
    assert sum(worth(p, c) for c, p in matches.kept.items()) == pytest.approx(best)
    assert all(worth(p, c) > 0 for c, p in matches.kept.items())


@given(RUN, RUN)
@settings(max_examples=150, deadline=None)
def test_every_hotspot_is_accounted_for_once_whatever_the_order(previous, current) -> None:
    matches = match_hotspots(previous, current)
    assert sorted([*matches.kept, *matches.new]) == sorted(current)
    assert sorted([*matches.kept.values(), *matches.ended]) == sorted(previous)
    turned = match_hotspots(dict(reversed(previous.items())), dict(reversed(current.items())))
    assert turned == matches


@given(RUN)
@settings(max_examples=60, deadline=None)
def test_unchanged_run_keeps_every_name(run) -> None:
    run = disjoint(run)
    assert match_hotspots(run, run).kept == {name: name for name in run}


def disc(x: float, radius: float = 25) -> shapely.Polygon:
    return shapely.Point(x, 0).buffer(radius)


@pytest.mark.parametrize(
    ("x", "radius", "is_same"),
    [
        (36, 25, True),  # two codes 36 m apart were one car park
        (50, 5, True),
        (51, 5, False),
        (60, 100, True),  # a wide one that holds the whole of the old
        (124, 100, False),
    ],
)
def test_ground_decides_where_no_incident_is_shared(x: float, radius: float, is_same: bool) -> None:
    matches = match_hotspots({"A": set()}, {0: {9}})
    assert matches.new == (0,)
    grounded = match_ground(matches, {"A": disc(0)}, {0: disc(x, radius)})
    assert grounded.kept == ({0: "A"} if is_same else {})
    assert (grounded.new, grounded.ended) == (((), ()) if is_same else ((0,), ("A",)))


def test_who_is_carried_on_by_incidents_is_not_given_away_by_ground() -> None:
    matches = match_hotspots({"A": {1, 2, 3}}, {0: {1, 2, 3}, 1: {8, 9}})
    grounded = match_ground(matches, {"A": disc(0)}, {0: disc(0), 1: disc(10)})
    assert (grounded.kept, grounded.new) == ({0: "A"}, (1,))


def test_of_two_that_once_stood_there_the_nearer_is_carried_on() -> None:
    matches = match_hotspots({"A": set(), "B": set()}, {0: {9}})
    grounded = match_ground(matches, {"A": disc(0), "B": disc(60)}, {0: disc(40)})
    assert (grounded.kept, grounded.ended) == ({0: "B"}, ("A",))
