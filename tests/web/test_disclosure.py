"""Small counts cannot be reckoned back from what is published."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from web.services.disclosure import suppressed

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
