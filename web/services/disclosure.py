"""Which small counts are not published, so that nobody can reckon them back.

Counts under 5 are hidden. A hidden count could be told as the total less the rest, so further
counts are hidden until the hidden ones leave room for each other (DOMAIN.md section 7).
"""

from collections.abc import Sequence

SMALLEST_SHOWN = 5


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
