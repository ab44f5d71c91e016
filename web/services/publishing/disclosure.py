"""Which small counts of people's reports are not published, so that nobody can reckon them back.

What is protected and what is not: `docs/decisions/0013-frozen-releases.md`.
"""

from collections.abc import Sequence

SMALLEST_SHOWN = 5
LEAST_FOR_A_SHARE = 10
STEP = 5


def suppressed(
    counts: Sequence[int], *, elsewhere: int = 0, smallest_shown: int = SMALLEST_SHOWN
) -> list[int | None]:
    """Counts of the parts of a total that all may know; None where a count must not be told.

    Counts under ``smallest_shown`` are hidden, 0 as well: no record is not nothing. What is hidden
    can be told as the total less the rest, so the next smallest counts are hidden too, until those
    hidden are two or more and share at least ``smallest_shown``. Then each of them may be any
    number from 0 to that sum.

    Parameters
    ----------
    counts
        Of parts that are shown or hidden one by one.
    elsewhere
        Of the total in no part. It is never shown, and nobody can know that it is 0; one that is
        small is protected like a part.

    Examples
    --------
    >>> suppressed([30, 3, 0, 12])
    [30, None, None, None]
    >>> suppressed([30, 12])
    [30, 12]
    >>> suppressed([30, 12, 7], elsewhere=2)
    [30, 12, None]
    """
    hidden = {i for i, count in enumerate(counts) if count < smallest_shown}
    others = sorted(set(range(len(counts))) - hidden, key=lambda i: (counts[i], i))
    while others and not _is_safe([counts[i] for i in hidden], elsewhere, smallest_shown):
        hidden.add(others.pop(0))
    return [None if i in hidden else count for i, count in enumerate(counts)]


def _is_safe(hidden: Sequence[int], elsewhere: int, smallest_shown: int) -> bool:
    """Whether what is hidden leaves each hidden part ``smallest_shown`` values or more.

    What is elsewhere is counted as a part only where it is one that needs protection: somebody
    may be sure that there is none.
    """
    is_elsewhere_small = 0 < elsewhere < smallest_shown
    if not hidden:
        return not is_elsewhere_small
    return (len(hidden) > 1 or is_elsewhere_small) and sum(hidden) >= smallest_shown


def share_percent(part: int, total: int) -> int | None:
    """A share in whole percent; None of a total under ten.

    >>> share_percent(19, 20), share_percent(9, 9)
    (95, None)
    """
    return None if total < LEAST_FOR_A_SHARE else round(100 * part / total)


def about(count: int) -> str:
    """A count at one place, as roughly as a post tells it.

    >>> about(4), about(5), about(23)
    ('fewer than 5', 'about 5', 'about 25')
    """
    if count < SMALLEST_SHOWN:
        return f"fewer than {SMALLEST_SHOWN}"
    return f"about {STEP * round(count / STEP)}"


def range_of(count: int) -> range:
    """What a count may be for one who knows it roughly.

    >>> range_of(4), range_of(5), range_of(23)
    (range(0, 5), range(5, 8), range(23, 28))
    """
    if count < SMALLEST_SHOWN:
        return range(SMALLEST_SHOWN)
    middle = STEP * round(count / STEP)
    return range(max(middle - STEP // 2, SMALLEST_SHOWN), middle + STEP // 2 + 1)
