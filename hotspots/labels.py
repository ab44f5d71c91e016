"""Which hotspot a row belongs to, as a number."""

import numpy as np
import pandas as pd


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
