"""A row that says in several ways where it lies: they must agree, and a valid one helps out."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import shapely

from geodata.core.geography import GREAT_BRITAIN

APART_M = 1_000
"""Two positions of one row that lie further apart, beyond their own accuracy, contradict."""


class Positions:
    """Eastings and northings of a file's rows, with what is wrong where they have none.

    Attributes
    ----------
    xy
        (n, 2) EPSG:27700 metres, NaN where there is none.
    accuracy_m
        (n,) half the diagonal of a grid square, NaN where the file does not tell.
    problem
        A sentence for each row that cannot stand; empty for the others.
    column
        The file's name of the columns that positions come from.
    notes
        Sentences about rows that stand, but not by their best column.
    """

    def __init__(self, index: pd.Index, column: str) -> None:
        self.xy = np.full((len(index), 2), np.nan)
        self.accuracy_m = np.full(len(index), np.nan)
        self.problem = pd.Series("", index=index, dtype=object)
        self.column = column
        self.notes: list[str] = []


def combined(ways: Sequence[Positions]) -> Positions:
    """Each row by its best way that gives a position; rows that contradict themselves named.

    Parameters
    ----------
    ways
        Positions of the same rows, best first.
    """
    best = ways[0]
    for other in ways[1:]:
        is_there, has_other = _is_in_britain(best), _is_in_britain(other)
        _refuse_apart(best, other, is_there & has_other)
        _fall_back(best, other, ~is_there & has_other)
    return best


def _is_in_britain(located: Positions) -> np.ndarray:
    """Whether each row has a place at all; one in another borough is one, and may contradict."""
    return np.asarray(shapely.contains_xy(GREAT_BRITAIN, located.xy), dtype=bool)


def _refuse_apart(best: Positions, other: Positions, both: np.ndarray) -> None:
    apart = np.hypot(*(best.xy - other.xy).T)
    fuzzy = np.nan_to_num(best.accuracy_m) + np.nan_to_num(other.accuracy_m)
    for row in np.flatnonzero(both & (apart > APART_M + fuzzy)):
        (x, y), (u, v) = best.xy[row], other.xy[row]
        best.problem.iloc[row] = (
            f"lies at {x:.0f}, {y:.0f}, but by {other.column} at {u:.0f}, {v:.0f} (easting, "
            f"northing), {apart[row] / 1000:.1f} km away; {APART_M / 1000:.0f} km is the most: "
            "correct one of them, or leave the column out that is wrong"
        )


def _fall_back(best: Positions, other: Positions, rows: np.ndarray) -> None:
    if not rows.any():
        return
    first = best.problem.index[rows.argmax()]
    best.notes.append(
        f"{rows.sum()} rows have no valid {best.column}: {other.column} was taken; row {first} is "
        "the first"
    )
    best.xy[rows], best.accuracy_m[rows] = other.xy[rows], other.accuracy_m[rows]
    best.problem[rows] = other.problem[rows]
