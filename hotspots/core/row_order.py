"""Rows by what they hold: an order that is their own, and hotspot labels as numbers."""

import numpy as np
import pandas as pd


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


def coded_labels(hotspots: pd.Series | np.ndarray) -> tuple[np.ndarray, pd.Index]:
    """Positions of hotspots among their sorted names.

    Parameters
    ----------
    hotspots
        (n,) label of each row's hotspot; -1 or null where it has none.

    Returns
    -------
    tuple of ndarray and Index
        (n,) position of each row's hotspot, -1 where it has none; the k names.

    Examples
    --------
    >>> code, names = coded_labels(np.array([7, -1, 3, 7]))
    >>> code.tolist(), names.tolist()
    ([1, -1, 0, 1], [3, 7])
    """
    labels = np.asarray(hotspots)
    inside = ~pd.isna(labels) & (labels != -1)
    code = np.full(len(labels), -1)
    code[inside], names = pd.factorize(labels[inside], sort=True)
    return code, pd.Index(names)
