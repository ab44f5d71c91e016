"""An order that is the rows' own, so that no result depends on the one they came in."""

import numpy as np


def row_order(first: np.ndarray, *ties: np.ndarray) -> np.ndarray:
    """Rows ascending by one key, and by the others in turn where it is equal.

    As `numpy.lexsort` has it, but the other keys are read only where they are needed.

    Parameters
    ----------
    first, ties
        (n,) each, no nulls in ``first``.

    Examples
    --------
    >>> row_order(np.array([3, 1, 3]), np.array([9, 0, 7])).tolist()
    [1, 2, 0]
    """
    order = np.argsort(first)
    ranked = first[order]
    is_tied = np.zeros(len(order), dtype=bool)
    is_tied[1:] = ranked[1:] == ranked[:-1]
    is_tied[:-1] |= is_tied[1:]
    rows = np.sort(order[is_tied])
    keys = [key[rows] for key in (first, *ties)]
    order[is_tied] = rows[np.lexsort(keys[::-1])]
    return order
