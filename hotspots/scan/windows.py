"""Circular windows over places: each centre with the places about it, nearest first.

A window is a prefix of such a list. Places at one distance enter one at a time (by their first,
then their second coordinate), as they do in SaTScan, so that results can be compared.
"""

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree


@dataclass(frozen=True, eq=False)
class Windows:
    """All windows of all centres.

    Attributes
    ----------
    start
        (centres + 1,) where each centre's list begins in ``member``.
    member
        (m,) rows of places; the window that ends at position i holds the list's members up to i.
    radius
        (m,) distance of the member from its centre: the radius of the window that ends there.
    """

    start: np.ndarray
    member: np.ndarray
    radius: np.ndarray

    @property
    def centre(self) -> np.ndarray:
        """(m,) row of the centre of the window that ends at each position."""
        return np.repeat(np.arange(len(self.start) - 1), np.diff(self.start))

    def sums(self, values: np.ndarray) -> np.ndarray:
        """(m, ...) sum of ``values`` (places, ...) over the window that ends at each position."""
        total = np.cumsum(values[self.member], axis=0, dtype=values.dtype)
        lengths = np.diff(self.start)
        # Not zeros_like(total[:1]), which is empty where there is no window at all.
        nothing = np.zeros((1, *total.shape[1:]), dtype=total.dtype)
        before = np.concatenate([nothing, total])[self.start[:-1]]
        total -= np.repeat(before, lengths, axis=0)
        return total

    def members_of(self, position: int) -> np.ndarray:
        """Rows of the places in the window that ends at a position."""
        first = self.start[np.searchsorted(self.start, position, side="right") - 1]
        return self.member[first : position + 1]


def circular_windows(
    centres: np.ndarray,
    places: np.ndarray,
    *,
    max_radius: float,
    weights: np.ndarray,
    max_share: float = 0.5,
) -> Windows:
    """Windows that grow until they reach a radius, or more than a share of all weight.

    Parameters
    ----------
    centres, places
        (c, d) and (p, d) coordinates; two columns in metres, or three of a sphere's chord.
    max_radius
        Inclusive; in the unit of the coordinates; may be infinite.
    weights
        (p,) what the share is of: population, or cases.
    max_share
        A window stops growing before the first place that would take it beyond this share.
    """
    tree = cKDTree(places)
    starts, members, radii = [0], [], []
    limit = max_share * weights.sum()
    for centre in centres:  # lists differ in length: one centre at a time
        near = np.asarray(tree.query_ball_point(centre, max_radius * (1 + 1e-12)), dtype=np.int64)
        apart = np.sqrt(((places[near] - centre) ** 2).sum(axis=1))
        order = np.lexsort((places[near, 1], places[near, 0], apart))
        inside = np.cumsum(weights[near[order]]) <= limit
        n = len(inside) if inside.all() else int(inside.argmin())
        members.append(near[order[:n]])
        radii.append(apart[order[:n]])
        starts.append(starts[-1] + n)
    empty = np.empty(0, dtype=np.int64)
    return Windows(
        np.array(starts),
        np.concatenate([empty, *members]),
        np.concatenate([empty.astype(float), *radii]),
    )
