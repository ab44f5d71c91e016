"""Small counts cannot be reckoned back from what is published."""

import itertools
from collections.abc import Iterator

from hypothesis import given, settings
from hypothesis import strategies as st

from web.services.publishing.disclosure import BANDS, share_in_words, suppressed, suppressed_pairs

counts = st.lists(st.integers(0, 12), min_size=1, max_size=6)


def readings(published: list[int | None], total: int) -> list[set[int]]:
    """Every value that each hidden count may have, by trying all, for one who knows the total."""
    hidden = [i for i, count in enumerate(published) if count is None]
    rest = total - sum(count for count in published if count is not None)
    possible: list[set[int]] = [set() for _ in hidden]
    for guess in itertools.product(range(1, rest + 1), repeat=len(hidden)):
        if sum(guess) == rest:
            for values, value in zip(possible, guess, strict=True):
                values.add(value)
    return possible


@given(counts)
def test_no_count_under_5_is_published(numbers: list[int]) -> None:
    assert not any(count in {1, 2, 3, 4} for count in suppressed(numbers))


@given(st.lists(st.integers(0, 7), min_size=1, max_size=4))
def test_subtraction_leaves_all_small_values_open(numbers: list[int]) -> None:
    published = suppressed(numbers)
    everything_hidden = all(count in {None, 0} for count in published)
    for values in readings(published, sum(numbers)):
        assert everything_hidden or values >= {1, 2, 3, 4, 5}


@given(counts)
def test_what_is_published_is_true(numbers: list[int]) -> None:
    for told, count in zip(suppressed(numbers), numbers, strict=True):
        assert told in {None, count}


pairs = st.lists(
    st.integers(0, 9).flatmap(lambda r: st.tuples(st.just(r), st.integers(0, r))),
    min_size=1,
    max_size=4,
)


def worlds(
    published: list[tuple[int | None, int | None]], reported: int, cleared: int
) -> Iterator[list[tuple[int, int]]]:
    """Every table that agrees with what is published and with both totals, by trying all.

    Whoever tries knows the rules too: a hidden count of reports is at least 1, and a count of
    clearances is at least 1 where only it is hidden.
    """
    choices = []
    for r, c in published:
        if r is not None and c is not None:
            choices.append([(r, c)])
        elif r is not None:
            choices.append([(r, guess) for guess in range(1, r + 1)])
        else:
            some = range(1, reported + 1)
            choices.append([(guess, part) for guess in some for part in range(guess + 1)])
    for world in itertools.product(*choices):
        if sum(r for r, _ in world) == reported and sum(c for _, c in world) == cleared:
            yield list(world)


@settings(max_examples=150, deadline=None)
@given(pairs)
def test_neither_part_of_a_pair_can_be_reckoned_back(rows: list[tuple[int, int]]) -> None:
    published = suppressed_pairs(rows)
    if all(c is None for _, c in published):
        return  # then no total of the cleared is published either
    totals = sum(r for r, _ in rows), sum(c for _, c in rows)
    possible = list(worlds(published, *totals))
    for i, (r, c) in enumerate(rows):
        for count, values in (
            (r, {world[i][0] for world in possible}),
            (c, {world[i][1] for world in possible}),
            (r - c, {world[i][0] - world[i][1] for world in possible}),
        ):
            if 0 < count < 5:
                assert len(values) >= 5, (i, count, values, published)


@given(pairs)
def test_pairs_are_published_truly_and_no_small_one(rows: list[tuple[int, int]]) -> None:
    for (r, c), (told_r, told_c) in zip(rows, suppressed_pairs(rows), strict=True):
        assert told_r in {None, r}
        assert told_c in {None, c}
        assert told_r not in {1, 2, 3, 4}
        assert told_c not in {1, 2, 3, 4}
        if told_c is not None:
            assert r - c not in {1, 2, 3, 4}


def test_a_table_of_large_counts_is_shown_whole() -> None:
    rows = [(100, 80), (50, 40), (0, 0), (12, 6)]
    assert suppressed_pairs(rows) == rows


@given(st.integers(20, 400).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n))))
def test_a_share_gives_no_count_away(counts: tuple[int, int]) -> None:
    whole, part = counts
    alike = [n for n in range(whole + 1) if share_in_words(n, whole) == share_in_words(part, whole)]
    assert len(alike) >= 2


def test_few_give_no_share() -> None:
    assert {share_in_words(n, 19) for n in range(20)} == {"Too few to show"}
    assert len({words for _, words in BANDS}) == 4
