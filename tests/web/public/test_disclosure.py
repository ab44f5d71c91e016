"""Small counts cannot be reckoned back from what is published of one year."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from web.services.publishing.disclosure import share_percent, suppressed

counts = st.lists(st.integers(0, 12), min_size=1, max_size=5)
elsewhere = st.integers(0, 7)


def readings(published: list[int | None], total: int) -> list[set[int]]:
    """Every value that each hidden count may have, by trying all, for one who knows the total.

    What is elsewhere may be anything: it is one more count that is never shown.
    """
    hidden = [i for i, count in enumerate(published) if count is None]
    rest = total - sum(count for count in published if count is not None)
    possible: list[set[int]] = [set() for _ in hidden]
    for guess in itertools.product(range(rest + 1), repeat=len(hidden)):
        if sum(guess) <= rest:
            for values, value in zip(possible, guess, strict=True):
                values.add(value)
    return possible


@given(counts, elsewhere)
def test_no_count_under_5_is_published(numbers: list[int], outside: int) -> None:
    published = suppressed(numbers, elsewhere=outside)
    assert not any(count is not None and count < 5 for count in published)


@given(counts, elsewhere)
def test_subtraction_leaves_five_values_open(numbers: list[int], outside: int) -> None:
    published = suppressed(numbers, elsewhere=outside)
    total = sum(numbers) + outside
    is_all_hidden = all(count is None for count in published)  # nothing is left to hide behind
    for values in readings(published, total):
        assert is_all_hidden or len(values) >= 5


@given(counts)
def test_even_who_is_sure_that_nothing_lies_elsewhere_reads_nothing(numbers: list[int]) -> None:
    published = suppressed(numbers)
    hidden = [i for i, count in enumerate(published) if count is None]
    if not hidden or len(hidden) == len(numbers):
        return
    assert len(hidden) >= 2
    assert sum(numbers[i] for i in hidden) >= 5


@given(counts, st.integers(1, 4))
def test_a_small_count_outside_every_ward_is_not_the_total_less_the_wards(
    numbers: list[int], outside: int
) -> None:
    assert None in suppressed(numbers, elsewhere=outside)


@given(counts, elsewhere)
def test_what_is_published_is_true(numbers: list[int], outside: int) -> None:
    for published, count in zip(suppressed(numbers, elsewhere=outside), numbers, strict=True):
        assert published in {None, count}


def test_a_table_of_large_counts_is_shown_whole() -> None:
    assert suppressed([100, 50, 5]) == [100, 50, 5]
    assert suppressed([100, 50, 5], elsewhere=9) == [100, 50, 5]


def test_ten_fell_due_before_a_share_is_told() -> None:
    assert share_percent(9, 9) is None
    assert share_percent(9, 10) == 90
