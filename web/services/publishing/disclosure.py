"""Which small counts are not published, so that nobody can reckon them back.

Counts under 5 are hidden. A hidden count could be told as the total less the rest, so further
counts are hidden until the hidden ones leave room for each other (DOMAIN.md section 7).
"""

from collections.abc import Iterator, Sequence

SMALLEST_SHOWN = 5
BANDS = ((0.95, "At least 95%"), (0.8, "80% to 94%"), (0.6, "60% to 79%"), (0.0, "Under 60%"))
LEAST_FOR_A_SHARE = 20
Pair = tuple[int, int]
Told = tuple[int | None, int | None]


def suppressed(counts: Sequence[int], *, smallest_shown: int = SMALLEST_SHOWN) -> list[int | None]:
    """Counts whose total is known to all, with those that must not be told as None.

    A count of 0 is shown: it says of nobody what they did. What is hidden is at least 1, so with
    k hidden counts of sum s each may be anything from 1 to s - k + 1; the next smallest counts
    are hidden too until that reaches ``smallest_shown`` or more.

    Examples
    --------
    >>> suppressed([30, 3, 0, 12])
    [30, None, 0, None]
    >>> suppressed([30, 12, 0])
    [30, 12, 0]
    """
    hidden = {i for i, count in enumerate(counts) if 0 < count < smallest_shown}
    others = sorted(
        (i for i, count in enumerate(counts) if count >= smallest_shown),
        key=lambda i: (counts[i], i),
    )
    while hidden and others and not _is_safe([counts[i] for i in hidden], smallest_shown):
        hidden.add(others.pop(0))
    return [None if i in hidden else count for i, count in enumerate(counts)]


def _is_safe(hidden: Sequence[int], smallest_shown: int) -> bool:
    return len(hidden) > 1 and sum(hidden) - len(hidden) + 1 >= smallest_shown


def suppressed_pairs(rows: Sequence[Pair]) -> list[Told]:
    """Reported and cleared side by side, both totals known to all; None where not to be told.

    What was reported and not cleared follows by subtraction, so it is protected as they are. The
    cleared are hidden wherever the reported are, and wherever either part is under 5; then more
    of them, smallest first, until no part under 5 can be told to within fewer than 5 values.

    Examples
    --------
    >>> suppressed_pairs([(30, 20), (40, 38), (50, 25), (20, 10)])
    [(30, 20), (40, None), (50, 25), (20, None)]
    """
    reported = [told for told, _ in rows]
    cleared = [told for _, told in rows]
    rest = sum(reported) - sum(cleared)
    shown = suppressed(reported)
    no_reported = {i for i, told in enumerate(shown) if told is None}
    if _is_small(sum(cleared)) or _is_small(rest):
        return [(told, None) for told in shown]
    no_cleared = no_reported | {
        i for i, (r, c) in enumerate(rows) if _is_small(c) or _is_small(r - c)
    }
    left = sorted(set(range(len(rows))) - no_cleared, key=lambda i: (cleared[i], i))
    while left and any(_is_told(*part) for part in _parts(rows, no_reported, no_cleared)):
        no_cleared.add(left.pop(0))
    if any(_is_told(*part) for part in _parts(rows, no_reported, no_cleared)):
        return [(told, None) for told in shown]
    return [(told, None if i in no_cleared else cleared[i]) for i, told in enumerate(shown)]


def _is_small(count: int) -> bool:
    return 0 < count < SMALLEST_SHOWN


def _is_told(count: int, least: int, most: int) -> bool:
    """Whether a small count can be told to within fewer than ``SMALLEST_SHOWN`` values."""
    return _is_small(count) and most - least + 1 < SMALLEST_SHOWN


def _parts(
    rows: Sequence[Pair], no_reported: set[int], no_cleared: set[int]
) -> Iterator[tuple[int, int, int]]:
    """Each hidden part: its count, and the least and most that it can be for who knows the rest.

    Known are both totals, that what is hidden of the reported is at least 1, that the cleared
    are at most the reported, and that they are at least 1 where the reported are shown.
    """
    only_cleared = no_cleared - no_reported
    both, one = len(no_reported), len(only_cleared)
    hidden_reported = sum(rows[i][0] for i in no_reported)
    hidden_cleared = sum(rows[i][1] for i in no_cleared)
    room = sum(rows[i][0] for i in only_cleared)
    for i in only_cleared:
        reported, cleared = rows[i]
        least = max(1, hidden_cleared - (room - reported) - hidden_reported)
        most = min(reported, hidden_cleared - (one - 1))
        yield cleared, least, most
        yield reported - cleared, reported - most, reported - least
    # The cleared among rows of which nothing is shown: what the others cannot take up, or leave.
    fewest = max(0, hidden_cleared - room)
    largest = hidden_reported - (both - 1)
    for i in no_reported:
        reported, cleared = rows[i]
        yield reported, 1 if both > 1 else reported, largest
        least = int(fewest == hidden_reported) if both > 1 else fewest
        yield cleared, least, min(largest, hidden_cleared - one)
        yield reported - cleared, 0, min(largest, hidden_reported - fewest)


def share_in_words(part: int, total: int) -> str:
    """A share as a band wide enough that the counts behind it stay unknown.

    >>> share_in_words(19, 20), share_in_words(3, 4), share_in_words(0, 0)
    ('At least 95%', 'Too few to show', 'None fell due')
    """
    if total == 0:
        return "None fell due"
    if total < LEAST_FOR_A_SHARE:
        return "Too few to show"
    return next(words for least, words in BANDS if part / total >= least)
